"""The commands of the engine. Each is one transaction: lock, load, run to the next wait state, record, commit."""

from datetime import datetime

from engine.actors import Actor
from engine.acts import cases, rows
from engine.acts.again import whole_act
from engine.acts.by_events import EventCommands
from engine.acts.by_owners import OwnerCommands
from engine.acts.by_people import PeopleCommands
from engine.acts.cases import Case
from engine.acts.command import Command
from engine.history import Kind
from engine.unit_of_work import UnitOfWork


class Runner(PeopleCommands, EventCommands, OwnerCommands):
    """Runs cases: what people command, what the world tells, and what becomes of a case as a whole."""

    @whole_act
    def cancel(self, instance_id: str, actor: Actor, reason: str, *, now: datetime | None = None) -> None:
        """End a case for good: its tasks, deadlines and handler jobs are cancelled."""
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            case.must_be("active", "suspended")
            self._cancel(unit, case, actor, reason, now)

    @whole_act
    def cancel_at(self, task_id: str, actor: Actor, reason: str, *, now: datetime | None = None) -> None:
        """End the case that still stands at a task of this person: what was begun by mistake.

        Raises TaskClosedError where the case went on meanwhile, and whatever forbids claiming the task.
        """
        with self._open_task(task_id, actor, None) as (unit, case, _task):
            self._cancel(unit, case, actor, reason, now or self.clock.now())

    def _cancel(self, unit: UnitOfWork, case: Case, actor: Actor, reason: str, now: datetime) -> None:
        self._act(unit, case, Command(Kind.CASE_CANCELLED, {"reason": reason}), actor, now)
        rows.end_all(unit, case.facts.instance_id, now)

    def suspend(self, instance_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None) -> None:
        """Freeze a case: no task can be completed, no timer fires until it is resumed."""
        self._standing(instance_id, actor, reason, now, Kind.CASE_SUSPENDED)

    def resume(self, instance_id: str, actor: Actor, reason: str = "", *, now: datetime | None = None) -> None:
        """Take a suspended case up again; timers that came due meanwhile fire with the next tick."""
        self._standing(instance_id, actor, reason, now, Kind.CASE_RESUMED)

    @whole_act
    def _standing(self, instance_id: str, actor: Actor, reason: str, now: datetime | None, kind: Kind) -> None:
        before, after = ("active", "suspended") if kind == Kind.CASE_SUSPENDED else ("suspended", "active")
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            case.must_be(before)
            cases.note(unit, case, Command(kind, {"reason": reason}), actor, now, status=after)
            rows.freeze(unit, instance_id) if after == "suspended" else rows.thaw(unit, instance_id)
            self._woken(unit, after == "active")
