"""The shared reminders beside a task: nothing left over however the task ends, nothing sent twice or for the past.

The package's own scenarios tell of the moments; here the engine is stopped, late, interrupted and proved.
"""

from datetime import timedelta

import pytest

from engine.definitions import check_package, read_package
from engine.mail.templates import parse_template
from engine.people import add_membership
from engine.proof import check_case
from engine.runner import Runner
from engine.scenarios import run_package
from handlers.seeds import prepare
from models import OutgoingMail, Token
from tests.processes.conftest import PACKAGES
from tests.processes.drawings import Drawing
from tests.support.bpmn import Process, at, message, multi, terminate
from tests.support.office import Office

SHARED = PACKAGES / "pengingat"
LENT = {
    path.relative_to(SHARED).as_posix(): path.read_bytes()
    for folder in ("diagrams", "mails")
    for path in (SHARED / folder).iterdir()
}
PARAMETERS = """
[parameters.remind_before_days]
value = 1
title = { id = "a", en = "a" }
[parameters.escalate_after_days]
value = 1
title = { id = "b", en = "b" }
[roles.boss]
id = "Atasan"
en = "Superior"
"""
DUE = 'reminder = {"task": "Periksa", "due": now() + hours(72), "role": "verifier", "superior": "boss"}'


def reminded(**more):
    """The pattern of docs/bpmn.md."""
    inner = Process("check_reminded", tag="subProcess")
    inner.start("check_opened"), inner.parallel("check_split"), inner.user("check", lane=None, due="reminder.due")
    inner.end("check_done", terminate()), inner.call("check_remind", "pengingat"), inner.end("check_all")
    inner.chain("check_opened", "check_split", "check", "check_done")
    inner.chain("check_split", "check_remind", "check_all")
    p = Process("izin")
    p.start(), p.script("when", DUE), p.add(inner, lane="Verifikator", **more), p.end()
    p.chain("start", "when", "check_reminded", "end")
    return p


@pytest.fixture
def office(prepared, registry):
    found = Office(prepared, registry=registry)
    for name, role in (("Budi", "verifier"), ("Dewi", "boss")):
        _member(found, name, role)
    return found


def _member(office, name, role):
    actor = office.person(name, role)
    day = office.clock.now().date()
    with office.database.write() as unit:
        add_membership(unit, user_id=actor.user_id, role=role, instansi_id=None, valid_from=day, valid_until=None,
                       now=office.clock.now())  # fmt: skip
    return actor


def deployed(office, process):
    office.deploy(process, toml=PARAMETERS, files=LENT)
    return office.start(process.id, office.person("Ani"))


def mails(office):
    rows = sorted(office.rows(OutgoingMail), key=lambda m: m.created_at)
    return [(m.recipient.partition("@")[0].removeprefix("user-"), m.template.removeprefix("pengingat_")) for m in rows]


def left_over(office, case):
    """Deadlines, and tokens inside of what the case has left; its own first and last stay for ever."""
    inner = [t.spec for t in office.rows(Token, instance_id=case) if t.scope is not None]
    return [d.element_id for d in office.deadlines(case) if d.state == "pending"] + inner


def proved(office, case):
    with office.database.read() as unit:
        return [f.code for f in check_case(unit, office.definitions, case, replay=True)] == []


@pytest.mark.parametrize(
    ("hours", "sent"),
    [
        (0, []), (47, [("budi", "sebelum")]), (73, [("budi", "sebelum"), ("budi", "tenggat")]),
        (24 * 10, [("budi", "sebelum"), ("budi", "tenggat"), ("dewi", "eskalasi")]),
    ],
)  # fmt: skip
def test_whenever_the_task_ends_its_reminders_end_with_it(office, hours, sent):
    case = deployed(office, reminded())
    opened = office.clock.now()
    for passed in (47, 72, 95, hours):  # each of the three moments, and then the one in question
        office.clock.move_to(max(office.clock.now(), opened + timedelta(hours=min(passed, hours))))
        office.tick()
    office.runner = Runner(office.database, office.registry, office.definitions, office.clock)  # nothing in memory

    office.complete(case, "check", office.person("Budi", "verifier"), note="x")
    office.wait(days=30)
    office.tick()

    assert mails(office) == sent
    assert office.case(case).status == "completed"
    assert left_over(office, case) == []
    assert office.incidents() == []
    assert proved(office, case)


def test_a_server_that_was_away_past_the_due_instant_reminds_once_and_reports(office):
    case = deployed(office, reminded())
    office.wait(days=10)
    office.tick()

    assert mails(office) == [("budi", "tenggat"), ("dewi", "eskalasi")]
    assert office.open(case) == ["check"]
    assert proved(office, case)


@pytest.mark.parametrize("how", ["cancelled", "timer", "message"])
def test_what_interrupts_the_task_ends_the_reminders(office, how):
    p = reminded()
    p.boundary("late", "check_reminded", at("reminder.due + hours(1)")), p.end("gone")
    p.boundary("closed", "check_reminded", message("closed")), p.end("shut")
    p.chain("late", "gone"), p.chain("closed", "shut")
    case = deployed(office, p)
    if how == "cancelled":
        office.runner.cancel(case, office.person("Ani"), "tidak jadi")
    elif how == "message":
        office.runner.correlate("closed", office.person("Ani"), {}, instance_id=case)
    office.wait(hours=74)
    office.tick()
    office.wait(days=30)
    office.tick()

    assert ("dewi", "eskalasi") not in mails(office)
    assert mails(office) == ([("budi", "tenggat")] if how == "timer" else [])
    assert office.case(case).status in ("completed", "cancelled")
    assert left_over(office, case) == []
    assert proved(office, case)


def test_each_of_several_tasks_side_by_side_has_reminders_of_its_own(office):
    p = reminded(repeat=multi(cardinality=3))
    case = deployed(office, p)
    budi = office.person("Budi", "verifier")
    first, second, third = office.tasks(case)
    office.runner.complete(first.id, budi, {}, first.version)
    office.wait(hours=47)
    office.tick()
    assert mails(office) == [("budi", "sebelum")] * 2

    office.runner.complete(second.id, budi, {}, None)
    office.wait(hours=26)
    office.tick()
    office.runner.complete(third.id, budi, {}, None)
    office.wait(days=30)
    office.tick()

    assert mails(office) == [("budi", "sebelum")] * 2 + [("budi", "tenggat")]
    assert office.case(case).status == "completed"
    assert left_over(office, case) == []
    assert proved(office, case)


def test_the_shared_package_proves_itself(registry):
    report = run_package(SHARED, registry, prepare)

    assert [f.sentence("en") for d in report.diagrams for r in d.results for f in r.failures] == []
    assert {d.diagram: d.flows - d.taken for d in report.diagrams if d.flows - d.taken} == {}
    assert report.ok
    assert [f.reason.en for f in check_package(read_package(SHARED), registry)] == []


@pytest.mark.parametrize("path", sorted(SHARED.rglob("*.bpmn")), ids=lambda p: p.name)
def test_the_drawing_is_read_without_help(path):
    assert list(Drawing(path).faults()) == []


def test_reminders_are_courtesy_and_what_goes_to_a_superior_is_not():
    kinds = {p.stem: parse_template(p.stem, p.read_bytes()).courtesy for p in (SHARED / "mails").iterdir()}

    assert kinds == {"pengingat_sebelum": True, "pengingat_tenggat": True, "pengingat_eskalasi": False}
