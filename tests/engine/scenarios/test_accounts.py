"""People whose account is not active yet, and cases that are named inside the data of another."""

from tests.engine.scenarios.theatre import failures, play

PENDING = """
    Eka: {akun: belum aktif}
    Farah: {account: not activated}
"""


def test_somebody_who_cannot_sign_in_yet_still_has_a_case(stage):
    report = play(
        stage,
        """
        - when: {siapa: Eka, mulai: ya}
        - then: {tugas: {Isi formulir: Eka}}
        - when: {siapa: Farah, mulai: ya}
        - then: {tugas: {Isi formulir: Farah}}
        """,
        given=PENDING,
    )
    assert failures(report) == []


def test_without_an_activation_mail_there_is_no_link_to_use(stage):
    report = play(stage, "        - when: {siapa: Eka, aktifkan: ya}", given=PENDING)
    ((_, _, actual),) = failures(report)
    assert actual == "Eka has got no activation link"


def test_a_case_may_be_named_inside_the_data_of_another(stage):
    report = play(
        stage,
        """
        - when: {siapa: Ani, mulai: ya, sebagai: pertama}
        - when: {siapa: Citra, mulai: jadwal, isi: {kind: instansi, peserta: [{kasus: pertama}, bebas], ketua: {case: pertama}}}
        - then: {data: {kind: instansi}}
        - when: {siapa: Citra, mulai: jadwal, isi: {peserta: [{kasus: tidak dikenal}]}}
        """,  # noqa: E501 -- one step, one line
        companions="jadwal",
    )
    ((_, _, actual),) = failures(report)
    assert actual == "there is no case yet tidak dikenal"
