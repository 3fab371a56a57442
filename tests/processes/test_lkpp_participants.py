"""Formasi and participants: the database itself keeps numbers and NIP, also against two who act at once."""

import threading

import pytest

from engine.registry import BusinessError
from handlers.inpassing import DiagramFaultError
from models import CaseLink, Formasi, Participant, ParticipantStage
from tests.support.desk import Desk

NIP = "198501012010011001"


@pytest.fixture
def desk(prepared, registry, clock):
    return Desk(prepared, registry, clock)


def used(desk, jenjang="muda", instansi="kapuas"):
    return desk.row(Formasi, instansi_id=instansi, jenjang=jenjang).used


def refused(code, act, *args, **inputs):
    with pytest.raises(BusinessError) as error:
        act(*args, **inputs)
    assert error.value.error_code == code
    return error.value.words


def test_a_fourth_muda_when_three_are_approved(desk):
    desk.formasi(muda=3)
    for _ in range(3):
        desk.participant()

    words = refused("formasi_full", desk.participant)

    assert words["id"] == "Formasi jenjang muda sudah habis: 3 disetujui, 3 terpakai."
    assert len(desk.rows(Participant)) == used(desk) == 3


def test_without_an_approval_there_is_no_formasi(desk):
    refused("formasi_full", desk.participant)


def test_formasi_is_counted_by_instansi_and_jenjang(desk):
    desk.formasi(muda=1, madya=1)
    desk.formasi("katingan", muda=1)
    desk.participant()
    desk.participant("katingan")
    desk.participant(jenjang="madya", golongan="IV/a", allowed=["IV/a"])

    assert (used(desk), used(desk, "madya"), used(desk, instansi="katingan")) == (1, 1, 1)


def test_a_nip_takes_part_once_in_a_programme_but_again_in_another(desk, prepared, registry, clock):
    desk.formasi(muda=3)
    desk.participant(nip=NIP)
    other = Desk(prepared, registry, clock)
    other.formasi(muda=1)

    words = refused("nip_taken", desk.participant, nip=NIP)
    other.participant(nip=NIP)

    assert words["en"] == f"A participant with NIP {NIP} is registered in this programme already."
    assert [p.nip for p in desk.rows(Participant)] == [NIP, NIP]


def test_a_golongan_that_does_not_fit_is_refused_with_those_that_do(desk):
    desk.formasi(muda=1)

    words = refused("golongan_mismatch", desk.participant, golongan="III/a")

    assert words["id"] == "Golongan III/a tidak sesuai untuk jenjang muda; yang sesuai: III/c, III/d."


def test_two_who_register_one_nip_at_once(desk):
    desk.formasi(muda=5)
    cases = [desk.case() for _ in range(2)]
    outcomes = at_once(*(lambda c=case: desk.participant(case=c, nip=NIP) for case in cases))

    assert sorted(outcomes) == ["done", "nip_taken"]
    assert used(desk) == len(desk.rows(Participant)) == 1


def test_six_who_want_the_last_two_formasi_at_once(desk):
    desk.formasi(muda=2)
    cases = [desk.case() for _ in range(6)]
    outcomes = at_once(*(lambda c=case: desk.participant(case=c) for case in cases))

    assert sorted(outcomes) == ["done"] * 2 + ["formasi_full"] * 4
    assert used(desk) == len(desk.rows(Participant)) == 2


def at_once(*works):
    """Run all at once: `done`, or the code of the refusal."""
    barrier, outcomes = threading.Barrier(len(works)), []

    def begin(work):
        barrier.wait()
        try:
            work()
            outcomes.append("done")
        except BusinessError as refusal:
            outcomes.append(refusal.error_code)

    threads = [threading.Thread(target=begin, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_corrected_biodata_moves_the_formasi_with_the_jenjang(desk):
    desk.formasi(muda=1, madya=1)
    case = desk.participant(nip=NIP)

    desk.participant(case=case, nip=NIP, jenjang="madya", golongan="IV/a", allowed=["IV/a"], name="Sari Dewi")

    participant = desk.row(Participant)
    assert (participant.name, participant.jenjang) == ("Sari Dewi", "madya")
    assert (used(desk), used(desk, "madya")) == (0, 1)


def test_a_correction_that_is_refused_changes_nothing(desk):
    desk.formasi(muda=2)
    desk.participant(nip=NIP)
    case = desk.participant()
    before = desk.row(Participant, id=case)

    refused("nip_taken", desk.participant, case=case, nip=NIP)
    refused("formasi_full", desk.participant, case=case, jenjang="madya", golongan="IV/a", allowed=["IV/a"])

    after = desk.row(Participant, id=case)
    assert (after.nip, after.jenjang, used(desk)) == (before.nip, "muda", 2)


def test_the_case_knows_the_proposal_that_gave_its_formasi(desk):
    proposal = desk.case()
    desk.call("approve_formasi", proposal, numbers={"muda": 1})

    case = desk.participant()

    link = desk.row(CaseLink)
    assert (link.instance_id, link.other_id, link.kind) == (case, proposal, "formasi")


def test_fewer_than_are_registered_cannot_be_approved(desk):
    desk.formasi(muda=3)
    desk.participant()
    desk.participant()

    words = refused("below_used", desk.formasi, muda=1)
    desk.formasi(muda=2)

    assert words["en"] == ("2 participants of jenjang muda are registered already: fewer than that cannot be approved.")
    assert desk.row(Formasi, jenjang="muda").approved == 2


def test_who_withdraws_leaves_nip_formasi_and_seat_to_others(desk):
    desk.formasi(muda=1)
    case = desk.participant(nip=NIP)
    schedule = desk.schedule()
    desk.call("book_seat", case, schedule_id=schedule)

    outcome = desk.call("withdraw_participant", case, reason="Mutasi", state="mengundurkan_diri")
    again = desk.call("withdraw_participant", case, reason="Mutasi", state="mengundurkan_diri")
    newcomer = desk.participant(nip=NIP)

    assert (outcome, again) == (
        {"state": "mengundurkan_diri", "seat_freed": True}, {"state": "mengundurkan_diri", "seat_freed": False},
    )  # fmt: skip
    assert used(desk) == 1
    assert desk.row(Participant, id=newcomer).counts
    assert desk.booking(case) is None
    desk.seats_add_up()


def test_each_state_is_kept_once_for_riwayat(desk):
    desk.formasi(muda=1)
    case = desk.participant()

    desk.call("set_participant_state", case, state="diajukan")
    desk.call("set_participant_state", case, state="diajukan")
    desk.call("set_participant_state", case, state="ujian_ulang", note="Ikut lagi")

    stages = desk.rows(ParticipantStage, participant_id=case)
    assert sorted((s.state, s.note) for s in stages) == [("diajukan", ""), ("draf", ""), ("ujian_ulang", "Ikut lagi")]
    assert desk.row(Participant, id=case).documents == "waiting"


def test_an_unknown_state_is_the_diagrams_fault(desk):
    desk.formasi(muda=1)
    case = desk.participant()
    with pytest.raises(DiagramFaultError):
        desk.call("set_participant_state", case, state="pensiun")


def test_only_the_faulty_documents_are_named(desk):
    desk.formasi(muda=1)
    case = desk.participant()
    checklist = {"ijazah": {"ok": False, "note": "Tidak terbaca"}, "ktp": {"ok": True, "note": ""}}

    found = desk.call("record_verification", case, checklist=checklist)

    assert (found["documents_complete"], found["faulty"], found["notes"]) == (
        False, ["ijazah"], {"ijazah": "Tidak terbaca"},
    )  # fmt: skip
    assert found["faulty_list"] == "• ijazah: Tidak terbaca"
    assert desk.row(Participant, id=case).state == "tidak_lengkap"
    assert desk.call("check_completeness", case) == {"complete": False}

    desk.call("set_participant_state", case, state="diajukan")
    desk.call("record_verification", case, checklist={"ijazah": {"ok": True, "note": ""}})

    assert desk.call("check_completeness", case) == {"complete": True}
    assert desk.row(Participant, id=case).state == "lengkap"
