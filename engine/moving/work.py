"""Works off moves of many cases: looks at those that nobody has looked at, moves those that an owner said yes to.

A run is leased to one worker. Each case is moved in a transaction of its own; one that was moved by a worker that died
before it could say so is found moved already.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from engine import people
from engine.actors import Actor
from engine.chores import SOME
from engine.errors import AlurError
from engine.leases import Lease, free, take
from engine.moving.runs import CASES, RUNS
from engine.runner import Runner
from engine.spiff import CannotMoveError, Obstacle
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import MoveRun

log = logging.getLogger(__name__)

CHUNK = 20
BROKEN = Text(
    "Kasus ini tidak dapat dibaca ({kind}); administrator dapat memeriksanya.",
    "This case cannot be read ({kind}); the administrator can look into it.",
)


def work_off(runner: Runner, now: datetime, *, most: int = SOME) -> int:
    """Up to `most` cases of the run that waits longest; returns how many were seen to."""
    taken = take(runner.database, RUNS, _waiting(now), now)
    if taken is None:
        return 0
    run, lease = taken
    with runner.database.read() as unit:
        actor = people.actor_for(unit, run.created_by, now)
    work = _Work(runner, run, lease, now)
    if actor is None or not any(grant.role == "owner" for grant in actor.grants):
        return work.give_up()
    return work.check(most, actor) if run.state == "checking" else work.move(most, actor)


def _waiting(now: datetime) -> Any:
    mine = select(MoveRun).where(col(MoveRun.state).in_(("checking", "moving")), free(RUNS, now))
    return mine.order_by(col(MoveRun.created_at), col(MoveRun.id)).limit(1)


class _Work:
    """One leased run."""

    def __init__(self, runner: Runner, run: MoveRun, lease: Lease, now: datetime) -> None:
        self.runner, self.run, self.lease, self.now = runner, run, lease, now

    def check(self, most: int, actor: Actor) -> int:
        """The dry run: each case is moved in memory, and its verdict written down."""
        return self._in_chunks(most, "new", "checked", lambda case: self._checked(case, actor))

    def move(self, most: int, actor: Actor) -> int:
        """For good. A case that went on meanwhile, to where it cannot be moved, is told of and left alone."""
        return self._in_chunks(most, "ready", "done", lambda case: self._moved(case, actor))

    def give_up(self) -> int:
        """Whoever wanted it is no owner any more."""
        with self.runner.database.write() as unit:
            self._let_go(unit, state="cancelled", finished_at=self.now)
        return 0

    def _in_chunks(self, most: int, waiting: str, afterwards: str, see_to: Callable[[Row[Any]], dict[str, Any]]) -> int:
        did = 0
        while True:
            with self.runner.database.read() as unit:
                cases = self._cases(unit, waiting)
            verdicts = [self._told(case, see_to) for case in cases]
            did += len(cases)
            with self.runner.database.write() as unit:
                if not self._holds(unit):
                    return did
                if verdicts:
                    self._write_down(unit, verdicts)
                if not cases:
                    ended = {"finished_at": self.now} if afterwards == "done" else {}
                    self._let_go(unit, state=afterwards, **ended)
                    return did
                if did >= most:
                    self._let_go(unit)
                    return did

    # one case --------------------------------------------------------------------------------------------------------

    def _checked(self, case: Row[Any], actor: Actor) -> dict[str, Any]:
        run = self.run
        found = self.runner.rehearse(case.instance_id, run.to_version, actor, mapping=run.mapping, now=self.now)
        return _verdict(case, found.obstacles, standing=list(found.standing))

    def _moved(self, case: Row[Any], actor: Actor) -> dict[str, Any]:
        run = self.run
        self.runner.migrate(
            case.instance_id, run.to_version, actor, mapping=run.mapping, reason=run.reason, now=self.now
        )
        return _verdict(case, (), state="moved")

    def _told(self, case: Row[Any], see_to: Callable[[Row[Any]], dict[str, Any]]) -> dict[str, Any]:
        """A case's fault is its own: it must not keep the others from being seen to."""
        try:
            return see_to(case)
        except CannotMoveError as error:
            return _verdict(case, error.obstacles)
        except AlurError as error:
            words = Text(error.message("id"), error.message("en"))
            return _verdict(case, [Obstacle(error.code, str(error.context.get("element") or ""), words)])
        except DBAPIError:
            raise  # the database is away: the case is seen to later
        except Exception as error:  # noqa: BLE001 -- whatever a damaged case makes the engine stumble over
            why = type(error).__name__
            log.error("case cannot be moved", extra={"action": "move_failed", "case": case.instance_id, "error": why})  # noqa: TRY400 -- a trace would carry what the case holds
            return _verdict(case, [Obstacle("broken", "", BROKEN.filled(kind=why))])

    # the run ---------------------------------------------------------------------------------------------------------

    def _cases(self, unit: UnitOfWork, state: str) -> list[Row[Any]]:
        mine = and_(CASES.c.run_id == self.run.id, CASES.c.state == state)
        found = select(CASES.c.instance_id, CASES.c.standing).where(mine).order_by(CASES.c.instance_id).limit(CHUNK)
        return list(unit.connection.execute(found)) if self._wanted(unit) else []

    def _wanted(self, unit: UnitOfWork) -> bool:
        """Stopped, or another mapping chosen meanwhile? Then what is left is for the next turn."""
        now = unit.connection.execute(select(RUNS.c.state, RUNS.c.mapping).where(RUNS.c.id == self.run.id)).first()
        return now is not None and (now.state, now.mapping) == (self.run.state, self.run.mapping)

    def _holds(self, unit: UnitOfWork) -> bool:
        """Renews the lease; false when another worker has it (this one was paused for too long)."""
        return self.lease.renew(unit, self.runner.clock.now())

    def _write_down(self, unit: UnitOfWork, verdicts: list[dict[str, Any]]) -> None:
        if not self._wanted(unit) and self.run.state == "checking":
            return  # looked at with a mapping that is not wanted any more
        this = and_(CASES.c.run_id == self.run.id, CASES.c.instance_id == bindparam("b_id"))
        values = {name: bindparam(f"b_{name}", type_=CASES.c[name].type) for name in ("state", "standing", "obstacles")}
        unit.connection.execute(update(CASES).where(this).values(values), verdicts)

    def _let_go(self, unit: UnitOfWork, **values: Any) -> None:
        """Give the lease back, and step on where nobody has meanwhile."""
        self.lease.let_go(unit)
        if values and self._wanted(unit):
            unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values(**values))


def _verdict(
    case: Row[Any], obstacles: Sequence[Obstacle], *, state: str = "ready", standing: list[str] | None = None
) -> dict[str, Any]:
    if obstacles:
        state = "choice" if all(o.choice for o in obstacles) else "cannot"
    told = [{"code": o.code, "element": o.element_id, "choice": o.choice, **o.reason.to_json()} for o in obstacles]
    stands = case.standing if standing is None else standing
    return {"b_id": case.instance_id, "b_state": state, "b_standing": stands, "b_obstacles": told}
