"""Cases of several processes in one story, and several people acting at once."""

import pytest

from tests.engine.scenarios.theatre import failures, play

STARTED = """
        - when: {siapa: Ani, mulai: ya}
        - when: {siapa: Ani, tugas: Isi formulir, isian: {Nama: Ani}}
"""


def test_a_case_of_another_process_plays_in_the_same_story(stage):
    report = play(
        stage,
        f"""{STARTED}
        - when: {{siapa: Citra, mulai: jadwal, sebagai: jadwal pertama}}
        - then: {{tugas: {{Tetapkan jadwal: [Citra, Dewi]}}, status: Menetapkan}}
        - when: {{siapa: Citra, tugas: Tetapkan jadwal, isian: {{tempat: Aula}}}}
        - then: {{selesai: Ditetapkan, data: {{tempat: Aula}}}}
        - then: {{kasus: Ani, tugas: tidak ada, selesai: tidak}}
        - when: {{pesan: jadwal_ada, isi: {{tempat: Aula}}, kasus: Ani}}
        - then: {{selesai: Terjadwal, data: {{jadwal.tempat: Aula}}}}
        - then: {{kasus: jadwal pertama, selesai: Ditetapkan}}
        """,
        companions="[jadwal]",
    )
    assert failures(report) == []
    assert report.diagrams[0].taken  # of the package's own diagram alone
    assert all(flow.startswith("daftar_") for flow in report.diagrams[0].flows | report.diagrams[0].taken)


def test_a_process_may_be_named_by_its_title_and_gets_data_and_instansi(stage):
    report = play(
        stage,
        """
        - when: {siapa: Citra, mulai: Jadwal Ujian, isi: {kind: instansi, kuota: 3}}
        - then: {data: {kind: instansi, kuota: 3}, tugas: {Tetapkan jadwal: [Citra, Dewi]}}
        - when: {siapa: Citra, mulai: jadwal, instansi: Kota Mana}
        """,
        companions="jadwal",
    )
    ((_, _, actual),) = failures(report)
    assert "no agency is called “Kota Mana”" in actual


def test_a_process_that_is_not_there_is_said(stage):
    report = play(stage, "        - when: {siapa: Ani, mulai: jadwal}")
    ((_, _, actual),) = failures(report)
    assert actual == "no process “jadwal”; there are: daftar"


@pytest.mark.parametrize("name", ["rekomendasi", "../daftar", ".."])
def test_a_package_that_is_not_beside_this_one_is_said_with_its_line(stage, name):
    report = play(stage, "        - when: {siapa: Ani, mulai: ya}", companions=f'["{name}"]')
    (said,) = report.refusal
    assert said.en.endswith(f"uji.yaml:1: no package “{name}” beside this one")


def test_what_the_gate_refuses_in_a_companion_is_said(stage):
    (stage / "jadwal" / "process.toml").write_text('key = "jadwal"\n')
    report = play(stage, "        - when: {siapa: Ani, mulai: ya}", companions="[jadwal]")
    assert all(said.en.startswith("jadwal/process.toml") for said in report.refusal)
    assert report.refusal


# --- at once ---------------------------------------------------------------------------------------------------------


def test_of_two_at_once_the_first_wins_and_the_other_hears_of_it(stage):
    report = play(
        stage,
        """
        - when: {siapa: Citra, mulai: jadwal}
        - bersamaan:
            - {siapa: Citra, tugas: Tetapkan jadwal, isian: {tempat: Aula}}
            - {siapa: Dewi, tugas: Tetapkan jadwal, isian: {tempat: Gedung}, ditolak: sudah diselesaikan}
        - then: {data: {tempat: Aula}, selesai: Ditetapkan}
        """,
        companions="[jadwal]",
    )
    assert failures(report) == []


def test_what_goes_otherwise_at_once_is_told_step_by_step(stage):
    report = play(
        stage,
        """
        - when: {siapa: Citra, mulai: jadwal}
        - at once:
            - {who: Citra, task: Tetapkan jadwal, refused: ya}
            - {who: Dewi, task: Tetapkan jadwal}
        """,
        companions="[jadwal]",
    )
    (first, second) = failures(report)
    assert first == ("refusal", "ya", "accepted")
    assert "already completed by Citra" in second[2]


def test_jobs_of_what_happens_at_once_are_done_after_all_of_it(stage):
    """Ani submits in the very moment that the message arrives for whoever waits: she does not wait yet."""
    report = play(
        stage,
        f"""{STARTED}
        - when: {{siapa: Budi, mulai: ya}}
        - bersamaan:
            - {{siapa: Budi, tugas: Isi formulir, isian: {{Nama: Budi}}, kasus: Budi}}
            - {{pesan: jadwal_ada, kasus: Ani}}
        - then: {{kasus: Ani, selesai: Terjadwal}}
        - then: {{kasus: Budi, selesai: tidak, tugas: tidak ada}}
        """,
    )
    assert failures(report) == []
