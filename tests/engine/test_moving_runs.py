"""Moving many cases: a dry run over all of them, the owner's choices, then case by case, resumable and stoppable."""

import pytest

from engine import moving
from engine.actors import Actor
from engine.calendar import seed_calendar
from engine.moving.errors import (
    NothingToMoveError,
    ReasonMissingError,
    RunEndedError,
    SameVersionError,
    UnknownStepError,
)
from engine.moving.likeness import candidates_for, proposed
from engine.moving.work import CHUNK
from engine.proof import check_case
from models import Membership, MoveCase, MoveRun, Token
from tests.support.bpmn import Process
from tests.support.office import Office


@pytest.fixture
def office(database):
    office = Office(database)
    with database.write() as unit:
        seed_calendar(unit, office.clock.now())
    return office


@pytest.fixture
def owner(office):
    """With the role in the books: a worker asks again whether whoever wanted it still holds it."""
    indah = office.person("Indah", "owner")
    with office.database.write() as unit:
        unit.session.add(Membership(id="m1", user_id=indah.user_id, role="owner", state="active",
                                    valid_from=office.clock.now().date(), created_at=office.clock.now()))  # fmt: skip
    return indah


def flow(*tasks: str) -> Process:
    p = Process("permit")
    p.start()
    for task in tasks:
        p.user(task, lane="Verifikator", name=task.replace("_", " ").title())
    p.end()
    p.chain("start", *tasks, "end")
    return p


class Desk:
    """An owner at work, and the worker that does it."""

    def __init__(self, office: Office, owner: Actor) -> None:
        self.office, self.owner = office, owner
        self.run_id = ""

    def begin(self, to: str, **more) -> str:
        with self.office.database.write() as unit:
            self.run_id = moving.open_run(
                unit, self.office.definitions, key="permit", from_version=more.pop("since", None), to_version=to,
                by=self.owner, now=self.office.clock.now(), **more,
            )  # fmt: skip
        return self.run_id

    def work(self, *, most: int = 100) -> int:
        did = moving.work_off(self.office.runner, self.office.clock.now(), most=most)
        return did + (self.work(most=most) if did == most else 0)

    @property
    def run(self) -> MoveRun:
        return self.office.rows(MoveRun, id=self.run_id)[0]

    @property
    def states(self) -> dict[str, int]:
        with self.office.database.read() as unit:
            return {state: n for state, n in moving.counts(unit, self.run_id).items() if n}

    def case(self, case: str) -> MoveCase:
        return self.office.rows(MoveCase, run_id=self.run_id, instance_id=case)[0]

    def choose(self, **mapping: str) -> None:
        with self.office.database.write() as unit:
            moving.choose(unit, self.office.definitions, moving.read_run(unit, "permit", self.run_id), mapping)

    def start(self, reason: str = "Permen baru") -> int:
        with self.office.database.write() as unit:
            run = moving.read_run(unit, "permit", self.run_id)
            return moving.start(unit, run, reason, self.office.clock.now())

    def cancel(self) -> None:
        with self.office.database.write() as unit:
            moving.cancel(unit, moving.read_run(unit, "permit", self.run_id), self.office.clock.now())


@pytest.fixture
def desk(office, owner):
    return Desk(office, owner)


def cases_at(office, *stops: str) -> dict[str, str]:
    """One case at each of these tasks of `permit`."""
    budi, found = office.person("Budi", "verifier"), {}
    for stop in stops:
        case = office.start("permit")
        while office.open(case) != [stop]:
            office.runner.complete(office.tasks(case)[0].id, budi, {})
        found[stop] = case
    return found


def test_a_dry_run_tells_all_three_ends_and_moves_nobody(office, desk):
    office.deploy(flow("check", "weigh", "sign"))
    cases = cases_at(office, "check", "weigh", "sign")
    office.runner.suspend(cases["sign"], desk.owner)
    desk.begin(office.deploy(flow("check", "weigh_all", "sign")))

    assert desk.work() == 3

    assert (desk.run.state, desk.states) == ("checked", {"ready": 1, "choice": 1, "cannot": 1})
    stuck = desk.case(cases["weigh"])
    assert (stuck.standing, stuck.obstacles[0]["code"]) == (["weigh"], "gone")
    assert stuck.obstacles[0]["id"].startswith("“Weigh” sedang")
    assert stuck.obstacles[0]["en"].startswith("“Weigh” is open")
    assert {office.case(case).version_id for case in cases.values()} == {stuck.version_id}


def test_a_choice_lets_all_be_looked_at_again_and_the_yes_moves_them(office, desk):
    first = office.deploy(flow("check", "weigh", "sign"))
    cases = cases_at(office, "check", "weigh", "sign")
    second = office.deploy(flow("check", "weigh_all", "sign"))
    desk.begin(second), desk.work()

    desk.choose(weigh="weigh_all")
    assert (desk.run.state, desk.states) == ("checking", {"new": 3})
    desk.work()
    assert desk.states == {"ready": 3}
    assert desk.start() == 3
    desk.work()

    assert (desk.run.state, desk.states) == ("done", {"moved": 3})
    assert {office.case(case).version_id for case in cases.values()} == {second}
    assert office.open(cases["weigh"]) == ["weigh_all"]
    assert desk.case(cases["weigh"]).version_id == first
    with office.database.read() as unit:
        assert check_case(unit, office.definitions, cases["weigh"], replay=True) == []


def test_a_case_that_went_on_meanwhile_to_where_it_cannot_move_is_left_alone(office, desk):
    office.deploy(flow("check", "weigh"))
    case = cases_at(office, "check")["check"]
    desk.begin(office.deploy(flow("check", "weigh_all"))), desk.work()
    office.complete(case, "check", office.person("Budi", "verifier"))

    desk.start(), desk.work()

    assert (desk.run.state, desk.states) == ("done", {"choice": 1})
    assert office.open(case) == ["weigh"]


def test_a_worker_that_died_leaves_nothing_half_done(office, desk, monkeypatch):
    office.deploy(flow("check", "sign"))
    cases = [office.start("permit") for _ in range(3)]
    desk.begin(office.deploy(flow("check", "more", "sign"))), desk.work(), desk.start()
    real, moved = office.runner.migrate, []

    def dies(case, *arguments, **more):
        real(case, *arguments, **more)
        moved.append(case)
        raise KeyboardInterrupt

    monkeypatch.setattr(office.runner, "migrate", dies)
    with pytest.raises(KeyboardInterrupt):
        desk.work()
    monkeypatch.undo()

    assert desk.states == {"ready": 3}
    assert desk.work() == 0  # its lease still holds
    office.wait(minutes=2)
    assert desk.work() == 3
    assert (desk.run.state, desk.states) == ("done", {"moved": 3})
    assert [office.kinds(case).count("case:migrated") for case in cases] == [1, 1, 1]


def test_work_goes_on_where_it_was_left_and_stops_when_told(office, desk):
    office.deploy(flow("check", "sign"))
    for _ in range(CHUNK + 3):
        office.start("permit")
    desk.begin(office.deploy(flow("check", "more", "sign"))), desk.work(), desk.start()

    assert moving.work_off(office.runner, office.clock.now(), most=5) == CHUNK
    desk.cancel()
    assert desk.work() == 0

    assert (desk.run.state, desk.states) == ("cancelled", {"moved": CHUNK, "ready": 3})
    with pytest.raises(RunEndedError):
        desk.cancel()


def test_a_case_that_is_broken_does_not_keep_the_others_from_moving(office, desk):
    office.deploy(flow("check", "sign"))
    broken, sound = office.start("permit"), office.start("permit")
    kept = office.rows(Token, instance_id=broken)
    with office.database.write() as unit:
        unit.connection.execute(Token.__table__.update().where(Token.instance_id == broken).values(spec="nowhere"))
    desk.begin(office.deploy(flow("check", "more", "sign"))), desk.work()

    assert desk.states == {"ready": 1, "cannot": 1}
    assert desk.case(broken).obstacles[0]["code"] == "broken"
    desk.start(), desk.work()
    assert desk.case(sound).state == "moved"
    with office.database.write() as unit:  # whole again, for the check of all records at the end
        for token in kept:
            unit.session.merge(token)


def test_what_an_owner_may_not_say(office, desk):
    first = office.deploy(flow("check", "sign"))
    case = office.start("permit")
    second = office.deploy(flow("other", "sign"))
    with pytest.raises(SameVersionError):
        desk.begin(first, since=first)
    desk.begin(second, since=first), desk.work()

    with pytest.raises(NothingToMoveError):
        desk.start()
    with pytest.raises(UnknownStepError):
        desk.choose(check="nowhere")
    desk.choose(check="other"), desk.work()
    with pytest.raises(ReasonMissingError):
        desk.start(" ")
    desk.start()
    with pytest.raises(RunEndedError):
        desk.choose(check="sign")
    desk.work()
    assert office.open(case) == ["other"]


def test_whoever_is_no_owner_any_more_moves_nothing(office, desk):
    office.deploy(flow("check", "sign"))
    case = office.start("permit")
    before = office.case(case).version_id
    desk.begin(office.deploy(flow("check", "more", "sign"))), desk.work(), desk.start()
    with office.database.write() as unit:
        unit.connection.execute(Membership.__table__.update().values(state="inactive"))

    desk.work()

    assert (desk.run.state, office.case(case).version_id) == ("cancelled", before)


def test_a_step_under_a_new_name_is_proposed_and_a_step_that_stays_is_not(office):
    old = office.definitions.version(office.deploy(flow("check", "weigh", "sign")))
    new = office.definitions.version(office.deploy(flow("check", "weigh_again", "sign")))

    assert proposed(["weigh"], old, new) == {"weigh": "weigh_again"}
    assert [c.element.id for c in candidates_for("weigh", old, new)] == ["weigh_again", "check", "sign"]
    assert proposed(["nowhere"], old, new) == {}
