"""The standards of an LPSE on both databases: acts stay small with everything open, and four eyes hold in the table."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from engine.acts.errors import NobodyWaitsError
from engine.definitions import Definitions, deploy, read_package
from engine.errors import ForbiddenError
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.people import actor_for, add_membership, create_user
from engine.runner import Runner
from handlers.seeds import instansi_id, prepare
from models import Document, Incident, Instance, Lpse, LpseItem, LpsePhase, UserTask
from models.documents import Attachment
from tests.processes.conftest import PACKAGES
from tests.support.records import findings_of_all

KAPUAS = instansi_id("kabupaten", "Kabupaten Kapuas")
LATER = ("menengah", "atas", "faktual")
ITEMS = 51


@dataclass
class Office:
    """An LPSE with its people, on the real runner."""

    database: object
    registry: object
    clock: object
    people: dict = field(default_factory=dict)

    def __post_init__(self):
        self.runner = Runner(self.database, self.registry, Definitions(self.database), self.clock)
        now = self.clock.now()
        with self.database.write() as unit:
            prepare(unit, now)
            for key in ("lpse_item", "lpse_standards"):
                deploy(unit, read_package(PACKAGES / key), self.registry, by="t", note="", now=now)
            for name, role in (("kirana", "koordinator_lpse"), ("pita", "pic_lpse"), ("rani", "reviewer_lpse")):
                user = create_user(unit, email=f"{name}@contoh.go.id", name=name.title(), now=now)
                user.state = "active"
                add_membership(unit, user_id=user.id, role=role, instansi_id=KAPUAS, valid_from=now.date(),
                               valid_until=None, now=now)  # fmt: skip
                self.people[name] = user.id

    def actor(self, name):
        with self.database.read() as unit:
            return actor_for(unit, self.people[name], self.clock.now())

    def settle(self):
        run_ready(self.runner, self.registry, SpoolTransport(), self.clock.now(), limit=2_000)

    def task(self, case, element):
        found = select(UserTask).where(col(UserTask.instance_id) == case, col(UserTask.element_id) == element)
        with self.database.read() as unit:
            return unit.session.scalars(found.where(col(UserTask.state) == "open")).first()

    def do(self, case, element, who, **data):
        self.runner.complete(self.task(case, element).id, self.actor(who), data)

    def register(self):
        case = self.runner.start("lpse_standards", self.actor("kirana"))
        self.do(case, "register", "kirana", lpse_name="LPSE Kabupaten Kapuas")
        return case

    def override(self, case, phase):
        reason = {"reason": "Penilaian dimajukan"}
        self.runner.correlate("lpse_phase_override", self.actor("kirana"), reason, instance_id=case, correlation=phase)

    def name_pics(self, case):
        pita = self.people["pita"]
        named = {f"pic_{stage}": pita for stage in ("policy", "perencanaan", "pelaksanaan")}
        self.do(case, "assign_pics", "kirana", **named, exceptions=[])
        self.settle()

    def items(self):
        with self.database.read() as unit:
            return list(unit.session.scalars(select(LpseItem).order_by(LpseItem.standard, LpseItem.stage)))

    def submit(self, item):
        self.do(item.instance_id, "start_work", "pita")
        task = self.task(item.instance_id, "submit_evidence")
        evidence = self.evidence(task.id)
        self.do(item.instance_id, "submit_evidence", "pita", evidence=[{"about": "Bukti", "document": evidence}])

    def evidence(self, task_id):
        """A sound upload, as the scenarios have it."""
        with self.database.write() as unit:
            unit.session.merge(Document(digest="a" * 64, kind="pdf", size=150_000, stored_at=self.clock.now()))
            unit.session.flush()
            kept = Attachment(id=task_id, digest="a" * 64, filename="bukti.pdf", field="evidence.document",
                              user_task_id=task_id, uploaded_by=self.people["pita"],
                              uploaded_at=self.clock.now())  # fmt: skip
            unit.session.add(kept)
        return task_id


@pytest.fixture
def office(database, registry, clock):
    return Office(database, registry, clock)


def statements_of(database, work):
    """How many statements `work` sends, commits left out."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def test_an_act_costs_the_same_with_one_phase_open_and_with_all_51_items(office):
    case = office.register()
    office.name_pics(case)
    costs = {}
    for label in ("one phase", "all"):
        item = next(i for i in office.items() if i.state == "belum" and i.instance_id)
        started = office.task(item.instance_id, "start_work")
        pita = office.actor("pita")
        costs[label] = statements_of(office.database, lambda: office.runner.complete(started.id, pita, {}))  # noqa: B023
        if label == "one phase":
            for phase in LATER:
                office.override(case, phase)
            for _ in range(3):
                office.name_pics(case)
    assert len([i for i in office.items() if i.instance_id]) == ITEMS
    assert costs["all"] == costs["one phase"] <= 20
    item = next(i for i in office.items() if i.state == "belum")
    office.submit(item)
    office.do(item.instance_id, "review_evidence", "rani", decision="fulfilled")
    assert statements_of(office.database, office.settle) <= 40  # the message's job, the LPSE's act, mails beside them
    assert findings_of_all(office.database) == {}
    with office.database.read() as unit:
        assert unit.session.scalars(select(Incident)).all() == []


def test_who_submitted_an_item_is_never_its_reviewer_whatever_writes_the_table(office):
    case = office.register()
    office.name_pics(case)
    item = next(i for i in office.items() if i.instance_id)
    office.submit(item)
    with pytest.raises(ForbiddenError):
        office.do(item.instance_id, "review_evidence", "pita", decision="fulfilled")
    with pytest.raises(IntegrityError), office.database.write() as unit:
        unit.connection.execute(
            update(LpseItem).where(col(LpseItem.id) == item.id).values(reviewer_id=office.people["pita"])
        )


def test_an_override_is_kept_with_who_and_why_and_happens_once(office):
    case = office.register()
    office.override(case, "atas")
    with office.database.read() as unit:
        phase = unit.session.get_one(LpsePhase, {"lpse_id": case, "phase": "atas"})
        assert (phase.state, phase.override_reason) == ("open", "Penilaian dimajukan")
        assert phase.opened_by == office.people["kirana"]
        assert phase.target_on is not None
    with pytest.raises(NobodyWaitsError):
        office.override(case, "atas")


def test_the_second_lpse_of_an_instansi_is_told_so(office):
    office.register()
    second = office.register()
    with office.database.read() as unit:
        assert unit.session.get_one(Instance, second).outcome == "not_registered"
        assert len(unit.session.scalars(select(Lpse)).all()) == 1
