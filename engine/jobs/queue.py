"""The queue: one interface, and its implementation on a table of the same database.

A job is written in the transaction that wants it. A worker leases it; whoever lost the lease (it slept, its machine
was paused) can no longer write a result, so that what a job does to our tables happens once.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import Insert, Update, bindparam, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlmodel import col

from engine.errors import ConflictError
from engine.incidents import describe, open_incident
from engine.jobs.backoff import delay
from engine.unit_of_work import Database, UnitOfWork
from models import Job, OutgoingMail
from models.types import UtcDateTime

LEASE = timedelta(seconds=45)
"""A worker that lives renews its leases well before; one that was killed gives its jobs back after this."""
BATCH = 500
KINDS = frozenset({"handler", "message", "signal", "mail", "errand"})


class LeaseLostError(ConflictError):
    """Another worker has taken over this job."""

    indonesian = "Pekerjaan ini sudah diambil alih pekerja lain."
    code = "lease_lost"


class WorkerDiedError(ConflictError):
    """The worker died at this job {times} times."""

    indonesian = "Pekerja berhenti mendadak pada pekerjaan ini {times} kali."
    code = "worker_died"


@dataclass(frozen=True)
class JobOrder:
    """A job to be. The same `key` twice is one job."""

    kind: str
    name: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    instance_id: str | None = None
    token_id: str | None = None
    element_id: str | None = None
    max_attempts: int = 5
    run_at: datetime | None = None


class JobQueue(Protocol):
    """What a queue must do; the embedded table and a cluster's queue are both one."""

    owner: str

    def claim(self, now: datetime, kinds: Collection[str] = KINDS) -> Job | None: ...

    def renew(self, now: datetime) -> int: ...

    def take_over(self, now: datetime) -> int: ...

    def done(self, unit: UnitOfWork, job: Job, now: datetime) -> None: ...

    def answered(self, unit: UnitOfWork, job: Job, answer: str) -> None: ...

    def drop(self, job: Job, now: datetime, why: str) -> None: ...

    def postpone(self, job: Job, until: datetime) -> None: ...

    def failed(self, job: Job, error: BaseException, now: datetime, *, for_good: bool = False) -> str | None: ...

    def keep_mails(self, now: datetime, limit: int) -> int: ...


def enqueue(unit: UnitOfWork, orders: Iterable[JobOrder], now: datetime) -> None:
    """Write jobs in the caller's transaction, in one statement."""
    rows = [_row(order, now) for order in orders]
    if not rows:
        return
    unit.connection.execute(_once(unit.is_postgresql), rows)


@cache
def _once(on_postgresql: bool) -> Insert:
    """Made once: to build the statement costs as much as to run it."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    return insert(Job).on_conflict_do_nothing(index_elements=["idempotency_key"])


def _in_state(state: str) -> ColumnElement[bool]:
    # Written out, not bound: only so may a partial index serve the query.
    return col(Job.state) == literal(state, literal_execute=True)


def _ready(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return _in_state("ready") & (col(Job.run_at) <= now)


# Asked and sent for every job, and so made once: to build them costs as much.
_NOW = bindparam("now", type_=UtcDateTime)
_OF_KINDS = col(Job.kind).in_(bindparam("kinds", expanding=True))
_EXPIRED = _in_state("running") & (col(Job.lease_until) < _NOW)
_LAPSED = select(col(Job.id)).where(_EXPIRED).limit(1)
_SOMETHING = select(col(Job.id)).where(or_(_ready(_NOW), _EXPIRED), _OF_KINDS).limit(1)
_NEAREST = (
    select(col(Job.id))
    .where(_ready(_NOW), _OF_KINDS)
    .order_by(col(Job.run_at), col(Job.id))
    .limit(1)
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(Job)
    .where(col(Job.id) == bindparam("key"))
    .values(state="running", lease_owner=bindparam("owner"), lease_until=bindparam("until", type_=UtcDateTime))
)


class TableQueue:
    """Jobs in our own table. `owner` is unique to a run of a process; before its colon stands the process's name."""

    def __init__(self, database: Database, owner: str = "worker") -> None:
        self.database = database
        self.process = owner
        self.owner = f"{owner}:{uuid4().hex[:12]}"

    def claim(self, now: datetime, kinds: Collection[str] = KINDS) -> Job | None:
        """Lease the next job that is ready; None when there is none. Looks before it takes a write lock."""
        with self.database.read() as unit:
            if not self._something(unit, now, kinds):
                return None
        with self.database.write() as unit:
            if unit.connection.execute(_LAPSED, {"now": now}).first() is not None:
                self._give_back(unit, now, col(Job.lease_until) < now)
            return self._lease(unit, now, kinds)

    def renew(self, now: datetime) -> int:
        """Tell that this worker lives; how many jobs it holds."""
        held = select(col(Job.id)).where(_in_state("running"), col(Job.lease_owner) == self.owner).limit(1)
        with self.database.read() as unit:
            if unit.connection.execute(held).first() is None:
                return 0
        mine = update(Job).where(_in_state("running"), col(Job.lease_owner) == self.owner)
        with self.database.write() as unit:
            return _count(unit, mine.values(lease_until=now + LEASE))

    def take_over(self, now: datetime) -> int:
        """At the start of a process that is the only one of its name: its predecessor's jobs need no waiting."""
        before = col(Job.lease_owner).startswith(f"{self.process}:", autoescape=True)
        with self.database.write() as unit:
            return self._give_back(unit, now, before & (col(Job.lease_owner) != self.owner))

    def done(self, unit: UnitOfWork, job: Job, now: datetime) -> None:
        """Mark it done in the transaction of what it did."""
        self._hold(unit, job, state="done", done_at=now, lease_owner=None, lease_until=None, last_error=None)

    def answered(self, unit: UnitOfWork, job: Job, answer: str) -> None:
        """Keep the handler's answer in the handler's transaction."""
        self._hold(unit, job, answer=answer)
        job.answer = answer

    def drop(self, job: Job, now: datetime, why: str) -> None:
        """Nobody waits for it any more. Harmless when it was finished elsewhere."""
        with self.database.write() as unit:
            _count(unit, self._held(job).values(state="cancelled", done_at=now, last_error=why, lease_owner=None))

    def postpone(self, job: Job, until: datetime) -> None:
        """Not now, and nobody's fault: no attempt is counted."""
        with self.database.write() as unit:
            _count(unit, self._held(job).values(state="ready", run_at=until, lease_owner=None, lease_until=None))

    def failed(self, job: Job, error: BaseException, now: datetime, *, for_good: bool = False) -> str | None:
        """Try again later, or stop and open an incident; returns the incident's id."""
        attempts = job.attempts + 1
        again = not for_good and attempts < job.max_attempts
        change: dict[str, Any] = {"attempts": attempts, "last_error": describe(error), "lease_owner": None}
        change |= {"state": "ready", "run_at": now + delay(attempts, job.id)} if again else {"state": "failed"}
        with self.database.write() as unit:
            held = _count(unit, self._held(job).values(**change)) > 0
            if held and job.kind == "mail":
                of_it = col(OutgoingMail.id) == job.payload.get("mail")
                unit.connection.execute(update(OutgoingMail).where(of_it).values(failure=describe(error)[:1000]))
            if not held or again:
                return None
            return _incident(unit, job, error, now)

    def keep_mails(self, now: datetime, limit: int) -> int:
        """Where mails stay in our own table: mark those that are ready as sent, many at once; how many."""
        with self.database.read() as unit:
            if not self._something(unit, now, ("mail",)):
                return 0
        lapsed = _in_state("running") & (col(Job.lease_until) < now)
        ready = select(col(Job.id), col(Job.payload)).where(or_(_ready(now), lapsed), col(Job.kind) == "mail")
        with self.database.write() as unit:
            rows = unit.connection.execute(ready.limit(min(limit, BATCH)).with_for_update(skip_locked=True)).all()
            mails = [row.payload["mail"] for row in rows]
            sent = update(OutgoingMail).where(col(OutgoingMail.id).in_(mails), col(OutgoingMail.sent_at).is_(None))
            unit.connection.execute(sent.values(sent_at=now, failure=None))
            done = {"state": "done", "done_at": now, "lease_owner": None, "lease_until": None, "last_error": None}
            unit.connection.execute(update(Job).where(col(Job.id).in_([row.id for row in rows])).values(**done))
            return len(rows)

    # --- inside ------------------------------------------------------------------------------------------------

    def _something(self, unit: UnitOfWork, now: datetime, kinds: Collection[str]) -> bool:
        return unit.connection.execute(_SOMETHING, {"now": now, "kinds": sorted(kinds)}).first() is not None

    def _lease(self, unit: UnitOfWork, now: datetime, kinds: Collection[str]) -> Job | None:
        found = unit.connection.execute(_NEAREST, {"now": now, "kinds": sorted(kinds)}).scalar()
        if found is None:
            return None
        unit.connection.execute(_TAKE, {"key": found, "owner": self.owner, "until": now + LEASE})
        return unit.session.get(Job, found)

    def _give_back(self, unit: UnitOfWork, now: datetime, which: ColumnElement[bool]) -> int:
        """Jobs whose worker is gone are ready again; one that has outlived too many workers is an incident."""
        query = select(Job).where(_in_state("running"), which).with_for_update(skip_locked=True)
        lost = list(unit.session.scalars(query))
        for job in lost:
            job.attempts += 1
            job.lease_owner = job.lease_until = None
            job.state = "ready"
            if job.attempts >= job.max_attempts:
                job.state = "failed"
                _incident(unit, job, WorkerDiedError(times=job.attempts), now)
        unit.session.flush()
        return len(lost)

    def _held(self, job: Job) -> Update:
        return update(Job).where(col(Job.id) == job.id, _in_state("running"), col(Job.lease_owner) == self.owner)

    def _hold(self, unit: UnitOfWork, job: Job, **change: Any) -> None:
        if _count(unit, self._held(job).values(**change)) == 0:
            raise LeaseLostError


def _count(unit: UnitOfWork, statement: Update) -> int:
    result = unit.connection.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0


def _incident(unit: UnitOfWork, job: Job, error: BaseException, now: datetime) -> str:
    opened = open_incident(unit, error, now=now, instance_id=job.instance_id, job_id=job.id, element_id=job.element_id)
    return opened.id


def _row(order: JobOrder, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "kind": order.kind,
        "name": order.name,
        "instance_id": order.instance_id,
        "token_id": order.token_id,
        "element_id": order.element_id,
        "idempotency_key": order.key,
        "payload": dict(order.payload),
        "max_attempts": order.max_attempts,
        "run_at": order.run_at or now,
        "created_at": now,
        "state": "ready",
        "attempts": 0,
    }
