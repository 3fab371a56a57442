"""What a passed exam leads to: certificate, recommendation, appointment, and their letters as real PDF files."""

import threading
from datetime import date
from pathlib import Path

import pytest

from engine.documents import Documents
from engine.registry import BusinessError, Registry
from handlers import register_all
from handlers.inpassing import DiagramFaultError
from models import (
    Appointment,
    Attachment,
    CaseLink,
    Certificate,
    DefinitionFile,
    ExamSchedule,
    Letter,
    LetterFile,
    Participant,
    Recommendation,
    RecommendedParticipant,
)
from tests.support.desk import Desk

PACKAGES = Path(__file__).resolve().parents[2] / "bpmn"


@pytest.fixture
def desk(prepared, clock, tmp_path):
    registry = Registry()
    register_all(registry, documents=Documents(tmp_path / "documents"))
    desk = Desk(prepared, registry, clock)
    for instansi in ("kapuas", "katingan"):
        desk.formasi(instansi, muda=9)
    return desk


def letters_of(desk, *packages):
    """The templates that the packages come with."""
    found = {f.name: f.read_bytes() for package in packages for f in (PACKAGES / package / "letters").glob("*.typ")}
    with desk.database.write() as unit:
        for name, body in found.items():
            unit.session.add(DefinitionFile(version_id="desk", path=f"letters/{name}", body=body))


def certified(desk, instansi="kapuas", outcome="lulus"):
    person, schedule = desk.participant(instansi), desk.schedule()
    desk.call("book_seat", person, schedule_id=schedule)
    desk.call("record_result", person, outcome=outcome, score=80)
    if outcome == "lulus":
        desk.call("issue_certificate", person)
    return person


def refused(code, act, *args, **inputs):
    with pytest.raises(BusinessError) as error:
        act(*args, **inputs)
    assert error.value.error_code == code
    return error.value.words


# --- certificate -----------------------------------------------------------------------------------------------------


def test_certificates_are_numbered_one_after_the_other_and_issued_once(desk):
    people = [certified(desk) for _ in range(2)]
    again = desk.call("issue_certificate", people[0])

    assert sorted(c.number for c in desk.rows(Certificate)) == ["0001/SERT/2026", "0002/SERT/2026"]
    assert again["certificate_number"] == desk.row(Certificate, participant_id=people[0]).number
    assert desk.row(Participant, id=people[0]).state == "sertifikat"


def test_who_did_not_pass_gets_none(desk):
    person = certified(desk, outcome="tidak_lulus")
    with pytest.raises(DiagramFaultError):
        desk.call("issue_certificate", person)


def test_the_certificate_is_a_pdf_of_the_case_written_once(desk):
    letters_of(desk, "lkpp_participant")
    person = certified(desk)

    first, second = (desk.call("write_certificate", person)["attachment"] for _ in range(2))

    assert first == second
    attachment = desk.row(Attachment)
    assert (attachment.instance_id, attachment.uploaded_by, attachment.submitted) == (person, None, True)
    assert desk.row(Certificate).attachment_id == first["id"]
    assert first["kind"] == "pdf"


def test_the_certificate_is_a_sealed_letter_of_the_book(desk):
    letters_of(desk, "lkpp_participant")
    person = certified(desk)
    assert desk.row(Letter).state == "issued", "numbered with the act; the file comes after it"

    desk.call("write_certificate", person)

    letter = desk.row(Letter)
    assert (letter.number, letter.office, letter.state) == ("0001/SERT/2026", "lkpp", "signed")
    assert letter.holder.startswith("Peserta ")
    assert letter.holder.endswith("•••")
    [stage] = desk.rows(LetterFile)
    assert [one["kind"] for one in stage.signatures] == ["seal"]
    assert stage.attachment_id == desk.row(Certificate).attachment_id == letter.attachment_id


def test_a_certificate_from_before_the_book_keeps_its_number(desk):
    letters_of(desk, "lkpp_participant")
    person = certified(desk)
    with desk.database.write() as unit:
        unit.session.delete(unit.session.get_one(Letter, desk.row(Letter).id))

    desk.call("write_certificate", person)

    letter = desk.row(Letter)
    assert (letter.number, letter.running, letter.state) == ("0001/SERT/2026", None, "signed")
    assert len(desk.rows(LetterFile)) == 1


def test_the_list_of_results_is_a_pdf_of_the_schedule(desk):
    letters_of(desk, "lkpp_schedule")
    schedule = desk.schedule(quota=3)
    for outcome in ("lulus", "tidak_lulus", "tidak_hadir"):
        person = desk.participant()
        desk.call("book_seat", person, schedule_id=schedule)
        desk.call("record_result", person, outcome=outcome)

    desk.call("finish_schedule", schedule)
    assert desk.row(Letter).number == "0001/HASIL/2026"
    written = desk.call("write_result_list", schedule)["attachment"]

    assert desk.row(Letter).state == "signed"
    assert desk.row(ExamSchedule).result_attachment_id == written["id"]
    assert written["filename"].startswith("Hasil Ujian")


def test_a_schedule_whose_name_has_a_slash_gets_its_list(desk):
    letters_of(desk, "lkpp_schedule")
    schedule = desk.schedule(quota=3, name="Tes Tertulis I/2026")

    written = desk.call("write_result_list", schedule)["attachment"]

    assert written["filename"] == "Hasil Ujian Tes Tertulis I-2026.pdf"


# --- recommendation --------------------------------------------------------------------------------------------------


def test_a_recommendation_names_several_and_tells_each_case(desk):
    people = [certified(desk) for _ in range(3)]
    case = desk.case("kapuas")

    issued = desk.call("issue_recommendation", case, participants=people)
    again = desk.call("issue_recommendation", case, participants=people)
    told = [desk.call("announce_recommendation", case)["told"] for _ in range(2)]

    assert issued == again
    assert (issued["number"], len(issued["names"])) == ("0001/REK/2026", 3)
    assert told == [3, 3]
    assert sorted(desk.messages("recommended")) == sorted(people), "each is told once"
    assert {(link.instance_id, link.other_id) for link in desk.rows(CaseLink, kind="recommendation")} == {
        (person, case) for person in people
    }


def test_nobody_is_recommended_without_a_certificate_or_for_another_instansi(desk):
    fit, failed, stranger = certified(desk), certified(desk, outcome="tidak_lulus"), certified(desk, "katingan")

    for unfit in (failed, stranger):
        words = refused("not_certified", desk.call, "issue_recommendation", desk.case(), participants=[fit, unfit])
        assert desk.row(Participant, id=unfit).name in words["id"]
    refused("not_certified", desk.call, "issue_recommendation", desk.case(), participants=[fit, "nobody"])
    assert desk.rows(Recommendation) == []


def test_two_recommendations_that_name_one_participant_at_once(desk):
    shared, *others = (certified(desk) for _ in range(3))
    cases = {desk.case(): [shared, other] for other in others}
    barrier, outcomes = threading.Barrier(2), []

    def issue(case, participants):
        barrier.wait()
        try:
            desk.call("issue_recommendation", case, participants=participants)
            outcomes.append("done")
        except BusinessError as refusal:
            outcomes.append(refusal.error_code)

    threads = [threading.Thread(target=issue, args=item) for item in cases.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["already_recommended", "done"]
    assert desk.row(Recommendation).number == "0001/REK/2026"
    assert len(desk.rows(RecommendedParticipant)) == 2


def test_the_recommendation_is_a_pdf_of_its_case(desk):
    letters_of(desk, "lkpp_recommendation")
    case = desk.case("kapuas")
    desk.call("issue_recommendation", case, participants=[certified(desk) for _ in range(2)])

    written = desk.call("write_recommendation", case)["attachment"]

    assert desk.row(Recommendation).attachment_id == written["id"]


# --- appointment -----------------------------------------------------------------------------------------------------


def test_a_reported_appointment_may_be_corrected(desk):
    person = certified(desk)
    for number in ("800/1", "800/2"):
        desk.call("report_appointment", person, sk_number=number, sk_date=date(2026, 9, 1))

    assert desk.row(Appointment).sk_number == "800/2"
    assert desk.row(Participant).state == "diangkat"
