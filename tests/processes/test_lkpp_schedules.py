"""Exam schedules: their deadlines with the reasons, seats and the waiting list, results and another try."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.clock import VirtualClock
from engine.registry import BusinessError
from handlers.inpassing import DiagramFaultError
from models import Booking, CaseLink, ExamResult, ExamSchedule, Participant
from tests.support.desk import Desk

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


@pytest.fixture
def desk(prepared, registry, clock):
    desk = Desk(prepared, registry, clock)
    for instansi in ("kapuas", "katingan"):
        desk.formasi(instansi, muda=40)
    return desk


def refused(code, act, *args, **inputs):
    with pytest.raises(BusinessError) as error:
        act(*args, **inputs)
    assert error.value.error_code == code
    return error.value.words


# --- deadlines -------------------------------------------------------------------------------------------------------


def test_registration_closes_at_the_end_of_h_12_and_says_why(desk):
    schedule = desk.row(ExamSchedule, id=desk.schedule(starts_on=date(2026, 6, 30)))

    # 16 June is the Islamic new year (1448): that day and the weekends are not counted.
    assert schedule.starts_at == datetime(2026, 6, 30, 9, 0, tzinfo=WIB)
    assert schedule.closes_at == datetime(2026, 6, 11, 23, 59, 59, tzinfo=WIB)
    assert schedule.repair_until == datetime(2026, 7, 2, 16, 0, tzinfo=WIB)
    assert schedule.closes_why["amount"] == 12
    assert "16 Juni" in schedule.closes_why["sentence"]["id"]


def test_in_jayapura_the_day_ends_there_but_repairs_end_by_jakartas_clocks(desk):
    schedule = desk.row(ExamSchedule, id=desk.schedule(starts_on=date(2026, 6, 30), zone="Asia/Jayapura"))

    assert schedule.closes_at == datetime(2026, 6, 11, 23, 59, 59, tzinfo=WIT)
    assert schedule.repair_until == datetime(2026, 7, 2, 18, 0, tzinfo=WIT)


def test_a_schedule_of_an_instansi_is_in_its_zone(desk):
    desk.instansi("merauke", "Asia/Jayapura")
    case = desk.case("kapuas")
    desk.schedule("kapuas", case=case, instansi={"id": "merauke"})

    assert desk.row(ExamSchedule, id=case).zone == "Asia/Jayapura"


def test_h_plus_2_counts_saturday_as_well(desk):
    schedule = desk.row(ExamSchedule, id=desk.schedule(starts_on=date(2026, 7, 2)))

    assert schedule.repair_until == datetime(2026, 7, 4, 16, 0, tzinfo=WIB)
    assert schedule.repair_until.astimezone(WIB).isoweekday() == 6


def test_an_exam_so_soon_that_registration_would_have_closed_is_refused(desk):
    words = refused("too_late", desk.schedule, starts_on=date(2026, 6, 2))

    assert words["id"].startswith("Pendaftaran ujian ini sudah harus ditutup pada ")
    assert "May 2026" in words["en"]


def test_lebaran_and_the_turn_of_the_year_between_h_12_and_the_exam(prepared, registry):
    desk = Desk(prepared, registry, VirtualClock(datetime(2025, 11, 3, 2, 0, tzinfo=UTC)))

    lebaran = desk.row(ExamSchedule, id=desk.schedule(starts_on=date(2026, 3, 30)))
    new_year = desk.row(ExamSchedule, id=desk.schedule(starts_on=date(2026, 1, 9)))

    assert lebaran.closes_at == datetime(2026, 3, 5, 23, 59, 59, tzinfo=WIB)
    assert "Idul" in lebaran.closes_why["sentence"]["id"]
    assert new_year.closes_at.astimezone(WIB).date() == date(2025, 12, 19)


def test_no_exam_on_a_holiday_nor_on_a_saturday(desk):
    holiday = refused("exam_on_day_off", desk.schedule, starts_on=date(2026, 8, 17))
    saturday = refused("exam_on_day_off", desk.schedule, starts_on=date(2026, 7, 4))

    assert holiday["id"].startswith("Ujian tidak diadakan pada hari libur. Senin, 17 Agustus 2026 bukan hari kerja: ")
    assert "Saturday" in saturday["en"]
    assert desk.rows(ExamSchedule) == []


def test_no_exam_in_a_year_without_its_decree(desk):
    words = refused("no_decree", desk.schedule, starts_on=date(2028, 3, 7))

    assert "2028" in words["id"]
    assert "2028" in words["en"]


def test_what_h_12_is_belongs_to_the_programme(desk):
    desk = desk.with_parameters(registration_working_days=5, repair_days=1, repair_time="12.00")

    schedule = desk.row(ExamSchedule, id=desk.schedule(starts_on=date(2026, 6, 30)))

    assert schedule.closes_at == datetime(2026, 6, 23, 23, 59, 59, tzinfo=WIB)
    assert schedule.repair_until == datetime(2026, 7, 1, 12, 0, tzinfo=WIB)


def test_a_package_without_the_parameter_is_its_own_fault(desk):
    del desk.parameters["repair_days"]
    with pytest.raises(DiagramFaultError):
        desk.schedule()


def test_opening_again_is_opening_once(desk):
    case = desk.schedule(quota=7)
    desk.schedule(case=case, quota=7)

    assert desk.row(ExamSchedule).quota == 7


# --- seats -----------------------------------------------------------------------------------------------------------


def test_a_seat_links_participant_and_schedule(desk):
    sari, schedule = desk.participant(), desk.schedule()

    booked = desk.call("book_seat", sari, schedule_id=schedule)
    again = desk.call("book_seat", sari, schedule_id=schedule)

    assert booked == again
    assert (booked["booking"], booked["place_in_line"]) == ("booked", 0)
    assert booked["schedule"]["closes_at"] == datetime(2026, 6, 11, 23, 59, 59, tzinfo=WIB)
    assert desk.row(Participant, id=sari).method == "tes_tertulis"
    link = desk.row(CaseLink, kind="schedule")
    assert (link.instance_id, link.other_id) == (sari, schedule)
    desk.seats_add_up()


def test_the_last_seat_is_one_persons_and_a_freed_one_goes_to_who_waited_first(desk):
    first, second, third, fourth = (desk.participant() for _ in range(4))
    schedule = desk.schedule(quota=1)
    desk.call("book_seat", first, schedule_id=schedule)

    words = refused("seat_taken", desk.call, "book_seat", second, schedule_id=schedule)
    waits = [desk.call("book_seat", p, schedule_id=schedule, waiting=True) for p in (third, second, fourth)]
    desk.call("release_seat", first, reason="Pindah")

    assert words["id"].startswith("Kursi terakhir pada Gelombang 1 baru saja terisi.")
    assert [(w["booking"], w["place_in_line"]) for w in waits] == [("waiting", 1), ("waiting", 2), ("waiting", 3)]
    assert desk.booking(first) is None
    assert [desk.booking(p) for p in (third, second, fourth)] == [
        (schedule, "booked"), (schedule, "waiting"), (schedule, "waiting"),
    ]  # fmt: skip
    assert desk.messages("seat_given") == [third]
    desk.seats_add_up()


def test_who_books_elsewhere_gives_up_what_they_had(desk):
    sari, budi = desk.participant(), desk.participant()
    one, two = desk.schedule(quota=1), desk.schedule(quota=1, name="Gelombang 2")
    desk.call("book_seat", sari, schedule_id=one)
    desk.call("book_seat", budi, schedule_id=one, waiting=True)

    desk.call("book_seat", sari, schedule_id=two)

    assert (desk.booking(sari), desk.booking(budi)) == ((two, "booked"), (one, "booked"))
    desk.seats_add_up()


def test_a_refused_change_keeps_the_old_seat(desk):
    sari, budi = desk.participant(), desk.participant()
    one, two = desk.schedule(quota=1), desk.schedule(quota=1)
    desk.call("book_seat", sari, schedule_id=one)
    desk.call("book_seat", budi, schedule_id=two)

    refused("seat_taken", desk.call, "book_seat", sari, schedule_id=two)

    assert desk.booking(sari) == (one, "booked")


def test_after_its_last_day_a_schedule_takes_nobody_but_passes_on_what_is_freed(desk):
    sari, budi = desk.participant(), desk.participant()
    schedule = desk.schedule(quota=1)
    desk.call("book_seat", sari, schedule_id=schedule)
    desk.call("book_seat", budi, schedule_id=schedule, waiting=True)
    desk.wait_until(datetime(2026, 6, 11, 23, 59, 59, tzinfo=WIB))

    refused("schedule_closed", desk.call, "book_seat", desk.participant(), schedule_id=schedule)
    desk.call("release_seat", sari)

    assert desk.booking(budi) == (schedule, "booked")
    desk.wait_until(datetime(2026, 6, 30, 9, 0, tzinfo=WIB))
    desk.call("release_seat", budi)
    assert desk.row(ExamSchedule).taken == 0
    desk.seats_add_up()


def test_a_schedule_of_an_instansi_is_for_its_own(desk):
    schedule = desk.schedule("kapuas")

    refused("wrong_instansi", desk.call, "book_seat", desk.participant("katingan"), schedule_id=schedule)
    assert desk.call("book_seat", desk.participant("kapuas"), schedule_id=schedule)["booking"] == "booked"


def test_a_schedule_of_another_programme_is_none(desk, prepared, registry, clock):
    other = Desk(prepared, registry, clock)

    refused("no_schedule", desk.call, "book_seat", desk.participant(), schedule_id=other.schedule())
    refused("no_schedule", desk.call, "book_seat", desk.participant(), schedule_id="nowhere")


def test_who_is_not_complete_moves_to_the_next_schedule_that_has_a_seat(desk):
    sari, filler = desk.participant(), desk.participant()
    old = desk.schedule(quota=1, starts_on=date(2026, 6, 30))
    full = desk.schedule(quota=1, starts_on=date(2026, 7, 7))
    portfolio = desk.schedule(method="portofolio", starts_on=date(2026, 7, 8))
    later = desk.schedule(quota=1, starts_on=date(2026, 7, 21))
    soon = desk.schedule(quota=1, starts_on=date(2026, 7, 14))
    desk.call("book_seat", sari, schedule_id=old)
    desk.call("book_seat", filler, schedule_id=full)
    desk.wait_until(datetime(2026, 6, 12, 0, 0, tzinfo=WIB))

    moved = desk.call("next_schedule", sari, method="tes_tertulis")

    assert (moved["moved"], moved["schedule"]["id"]) == (True, soon)
    assert desk.booking(sari) == (soon, "booked")
    assert [b.state for b in desk.rows(Booking, schedule_id=old)] == ["dropped"]
    assert {portfolio, later}.isdisjoint(b.schedule_id for b in desk.rows(Booking))
    desk.seats_add_up()


def test_without_a_next_schedule_the_seat_is_free_all_the_same(desk):
    sari = desk.participant()
    schedule = desk.schedule(quota=1)
    desk.call("book_seat", sari, schedule_id=schedule)

    assert desk.call("next_schedule", sari, method="tes_tertulis") == {
        "moved": False, "booking": None, "schedule": None,
    }  # fmt: skip
    assert desk.booking(sari) is None
    assert desk.row(ExamSchedule).taken == 0


def test_a_schedule_that_is_called_off_tells_everybody(desk):
    people = [desk.participant() for _ in range(3)]
    schedule = desk.schedule(quota=2)
    for person in people:
        desk.call("book_seat", person, schedule_id=schedule, waiting=True)

    assert desk.call("cancel_schedule", schedule, reason="Banjir")["state"] == "cancelled"
    desk.call("cancel_schedule", schedule, reason="Banjir")

    assert [desk.booking(p) for p in people] == [None] * 3
    assert sorted(desk.messages("schedule_cancelled")) == sorted(people)
    desk.seats_add_up()


# --- results ---------------------------------------------------------------------------------------------------------


def examined(desk, outcome, **more):
    sari, schedule = desk.participant(), desk.schedule(starts_on=date(2026, 6, 30))
    desk.call("book_seat", sari, schedule_id=schedule)
    return sari, schedule, desk.call("record_result", sari, outcome=outcome, **more)


def test_a_passed_exam_uses_up_the_seat(desk):
    sari, schedule, told = examined(desk, "lulus", score=Decimal("87.5"), note="Baik")

    assert told == {"attempt": 1, "outcome": "lulus", "passed": True, "retest_allowed": False, "retest_from": None}
    result = desk.row(ExamResult)
    assert (result.score, result.method, result.schedule_id) == (Decimal("87.5"), "tes_tertulis", schedule)
    assert (desk.row(Participant, id=sari).state, desk.row(Participant, id=sari).attempts) == ("lulus", 1)
    assert desk.row(ExamSchedule).taken == 1
    desk.seats_add_up()


def test_failing_twice_and_passing(desk):
    sari, _, first = examined(desk, "tidak_lulus")
    outcomes = [first["retest_allowed"]]
    for outcome in ("tidak_hadir", "lulus"):
        desk.call("book_seat", sari, schedule_id=desk.schedule())
        outcomes.append(desk.call("record_result", sari, outcome=outcome)["retest_allowed"])

    assert outcomes == [True, True, False]
    assert sorted((r.attempt, r.outcome) for r in desk.rows(ExamResult)) == [
        (1, "tidak_lulus"), (2, "tidak_hadir"), (3, "lulus"),
    ]  # fmt: skip


def test_how_often_and_how_soon_is_the_programmes_to_say(desk):
    limited = desk.with_parameters(max_attempts=2, retest_wait_days=30)
    sari, _, first = examined(limited, "tidak_lulus")
    limited.call("book_seat", sari, schedule_id=limited.schedule())
    second = limited.call("record_result", sari, outcome="tidak_lulus")

    assert first["retest_from"] == limited.clock.now().astimezone(WIB).date() + timedelta(days=30)
    assert (second["retest_allowed"], second["retest_from"]) == (False, None)


def test_without_a_seat_there_is_no_result(desk):
    with pytest.raises(DiagramFaultError):
        desk.call("record_result", desk.participant(), outcome="lulus")


def test_a_schedule_is_finished_once_all_results_are_in(desk):
    people = [desk.participant() for _ in range(3)]
    schedule = desk.schedule(quota=3)
    for person in people:
        desk.call("book_seat", person, schedule_id=schedule)
    assert desk.call("close_schedule", schedule)["state"] == "closed"
    assert desk.call("hold_schedule", schedule)["state"] == "held"
    for person, outcome in zip(people, ("lulus", "tidak_hadir"), strict=False):
        desk.call("record_result", person, outcome=outcome)

    early = desk.call("finish_schedule", schedule)
    desk.call("record_result", people[2], outcome="tidak_lulus")
    late = desk.call("finish_schedule", schedule)

    assert (early["finished"], early["missing"]) == (False, 1)
    assert late == {"finished": True, "missing": 0, "passed": 1, "failed": 1, "absent": 1, "total": 3}
    assert desk.row(ExamSchedule).state == "finished"
