"""What can be said at an element: names with where they come from, deadlines in parts, and what they would give."""

from datetime import date, datetime

import pytest

from calendars.seed import seed_calendar
from engine.gate.package import package_of, read_package
from engine.gate.parts import read_parts
from engine.registry import Registry
from engine.settings import ROOT
from engine.studio.due_parts import DueParts, due_parts, reminder_parts
from engine.studio.previews import Setting, preview
from engine.studio.vocabulary import message_names, names_at, processes, tasks
from handlers import register_all


@pytest.fixture(scope="module")
def registry():
    found = Registry()
    register_all(found)
    return found


@pytest.fixture(scope="module")
def parts(registry):
    """Of the participant flow; nothing here changes it."""
    return read_parts(read_package(ROOT / "bpmn" / "lkpp_participant"), registry)


def known(parts, element, file="process.bpmn"):
    return {k.name: k for k in names_at(parts, file, element)}


def test_a_name_is_told_with_who_fills_it_and_whether_it_is_there_yet(parts):
    at_register = known(parts, "register")
    assert (at_register["golongan"].when, at_register["golongan"].by) == ("before", "form")
    assert (at_register["golongan"].source, at_register["golongan"].element) == ("biodata", "biodata")
    assert (at_register["golongan_allowed"].by, at_register["golongan_allowed"].when) == ("decision", "before")
    assert at_register["passed"].when == "later"
    assert known(parts, "flow_passed")["passed"].when == "before"


def test_what_the_engine_adds_is_always_there(parts):
    names = known(parts, "started")
    assert names["parameters.verification_days"].label.en == "Time to verify the documents, in working days"
    assert names["case.started_at"].type == "datetime"
    assert {names[n].when for n in ("case.id", "programme.period", "parameters.repair_time")} == {"always"}


def test_the_fields_of_a_record_are_learnt_from_those_who_read_them(parts):
    names = known(parts, "score_portfolio", "diagrams/portfolio.bpmn")
    assert names["schedule.repair_until"].type == "datetime"
    assert names["schedule.repair_until"].by == names["schedule"].by


def test_what_there_is_to_choose_from(parts):
    assert {"biodata", "verify_documents"} <= {t.id for t in tasks(parts)}
    assert {"qualification", "lkpp_participant"} <= {p.id for p in processes(parts)}
    assert {"withdraw", "programme_closed"} <= set(message_names(parts))


def test_a_draft_that_cannot_be_read_has_no_names_and_no_fault(registry):
    broken = read_parts(package_of("x", {"process.bpmn": b"<no", "forms/a.json": b"{", "process.toml": b"="}), registry)
    assert broken.diagrams == []
    assert {k.by for k in names_at(broken, "process.bpmn", "x")} == {"given"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("", DueParts("none")),
        ('working_days_after(now(), 3, at="16:00")', DueParts("after", "now()", "3", "16:00")),
        ("working_days_after(today(), parameters.n, at=parameters.h)",
         DueParts("after", "today()", "parameters.n", "parameters.h")),
        ("working_days_before(schedule.starts_at, 12)", DueParts("before", "schedule.starts_at", "12")),
        ("now() + hours(72)", DueParts("hours", "now()", "72")),
        ("days(2)", DueParts("days", "now()", "2")),
        ("schedule.closes_at", DueParts("name", "schedule.closes_at")),
        ('date("2026-12-31")', DueParts("date", "2026-12-31")),
        ('at("2026-12-31", "16:00")', DueParts("date", "2026-12-31", at="16:00")),
        ('at(today(), "16:00")', DueParts("own")),
        ("max(a, b)", DueParts("own")),
        ("working_days_after(", DueParts("own")),
    ],
)  # fmt: skip
def test_a_deadline_is_taken_apart_as_people_say_it(source, found):
    assert due_parts(source) == found


def test_a_reminder_is_found_within_a_longer_script():
    script = 'keputusan = None\nreminder = {"task": "Periksa “é”", "due": days(3)}\nx = 1\n'
    found = reminder_parts(script)
    assert found.fields == {"task": '"Periksa “é”"', "due": "days(3)"}
    assert script[found.start : found.end] == 'reminder = {"task": "Periksa “é”", "due": days(3)}'


@pytest.mark.parametrize("script", ["", "x = 1", "reminder = other", 'if x:\n    reminder = {"a": 1}', "reminder = {"])
def test_another_script_is_left_alone(script):
    assert reminder_parts(script) is None


@pytest.fixture
def setting(parts):
    calendar = seed_calendar("Asia/Makassar")
    opened = datetime(2026, 6, 1, 9, 0, tzinfo=calendar.zone)
    names = {k.name: k for k in names_at(parts, "process.bpmn", "biodata")}
    return Setting(opened, calendar, parts.manifest, names, {}, {"id": "Menurut Perka", "en": "By the decree"})


def test_a_deadline_is_shown_as_a_date_with_its_reasons(setting):
    found = preview('working_days_after(now(), parameters.verification_days, at="16:00")', "due", setting)
    assert found.at.isoformat() == "2026-06-08T16:00:00+08:00"
    assert found.sentence.id.startswith("Senin, 8 Juni 2026 pukul 16.00 WITA adalah 5 hari kerja setelah Senin, 1 Juni")
    assert not found.early


def test_what_a_case_would_bring_is_made_up_and_said(setting):
    found = preview("schedule.starts_at - days(2)", "due", setting)
    assert set(found.samples) == {"schedule.starts_at"}
    assert found.at == setting.opened.replace(day=13)
    assert found.sentence.en.startswith("By the decree. ")


def test_a_person_may_choose_the_sample(setting):
    given = {"schedule.starts_at": datetime(2026, 6, 2, 8, 0, tzinfo=setting.calendar.zone)}
    found = preview("schedule.starts_at - days(2)", "due", Setting(**{**setting.__dict__, "given": given}))
    assert found.early


@pytest.mark.parametrize(
    ("source", "kind", "at"),
    [
        ('"PT72H"', "timeDuration", "2026-06-04T09:00:00+08:00"),
        ("hours(2)", "timeDuration", "2026-06-01T11:00:00+08:00"),
        ('"R3/PT24H"', "timeCycle", "2026-06-02T09:00:00+08:00"),
        ('at("2026-08-18", "16:00")', "timeDate", "2026-08-18T16:00:00+08:00"),
    ],
)
def test_timers_are_tried_too(setting, source, kind, at):
    assert preview(source, kind, setting).at == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    ("source", "kind"),
    [("1 / 0", "expression"), ("working_days_after(1, 2)", "due"), ('"besok"', "timeDuration"), ("True", "timeDate")],
)
def test_what_gives_nothing_says_why(setting, source, kind):
    found = preview(source, kind, setting)
    assert found.at is None
    assert found.why.id
    assert found.why.en


def test_a_value_is_shown(setting):
    assert preview("2 + 3", "expression", setting).value == 5
    assert preview("default(nothing, date('2026-06-01'))", "expression", setting).value == date(2026, 6, 1)
