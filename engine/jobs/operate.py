"""What an operator may do about an incident: have it tried again, or leave it out with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.acts.command import Command
from engine.acts.recording import Recorded, lock_record, record
from engine.errors import AlurError, ConflictError, NotFoundError
from engine.history import Kind
from engine.spiff.values import encode
from engine.unit_of_work import Database, UnitOfWork
from models import Deadline, Incident, Job


class IncidentResolvedError(ConflictError):
    """This incident was resolved already."""

    indonesian = "Insiden ini sudah diselesaikan."
    code = "incident_resolved"


class ReasonMissingError(AlurError):
    """Leaving work out needs a reason."""

    indonesian = "Melewati pekerjaan harus disertai alasan."
    code = "reason_missing"


class NotSkippableError(ConflictError):
    """A deadline cannot be left out: the case would wait for ever. Have it tried again, or cancel the case."""

    indonesian = "Batas waktu tidak dapat dilewati: kasus akan menunggu selamanya. Coba lagi, atau batalkan kasusnya."
    code = "not_skippable"


def retry(database: Database, incident_id: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """Try again from the start, with all attempts anew. An incident without a job or deadline is only closed."""
    with database.write() as unit:
        case = _case_of(unit, incident_id)
        incident = _open(unit, incident_id)
        if incident.job_id is not None:
            _renew_job(unit, incident.job_id, now)
        if incident.deadline_id is not None:
            _renew_deadline(unit, incident.deadline_id)
        _resolve(incident, actor, "retry", now)
        _record(unit, case, incident, Kind.INCIDENT_RETRIED, actor, reason, now)


def skip(
    database: Database,
    incident_id: str,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    outputs: Mapping[str, Any] | None = None,
) -> None:
    """Leave the failed work out. The case of a handler goes on with `outputs` (or with nothing) as its answer."""
    if not reason.strip():
        raise ReasonMissingError
    with database.write() as unit:
        case = _case_of(unit, incident_id)
        incident = _open(unit, incident_id)
        if incident.deadline_id is not None:
            raise NotSkippableError
        job = unit.session.get(Job, incident.job_id, with_for_update=True) if incident.job_id else None
        if job is not None and job.state == "failed":
            _leave_out(job, outputs or {}, now)
        _resolve(incident, actor, reason.strip()[:1000], now)
        _record(unit, case, incident, Kind.INCIDENT_SKIPPED, actor, reason, now)


def _leave_out(job: Job, outputs: Mapping[str, Any], now: datetime) -> None:
    """A handler's job is given its answer, which the next run only reports; any other job just ends."""
    if job.kind != "handler":
        job.state, job.done_at = "skipped", now
        return
    job.answer = encode(dict(outputs)).decode()
    job.state, job.attempts, job.run_at = "ready", 0, now


def _case_of(unit: UnitOfWork, incident_id: str) -> Recorded | None:
    """The case it came of, locked before anything else of it, as every act does."""
    found = select(col(Incident.instance_id)).where(col(Incident.id) == incident_id)
    instance_id = unit.connection.execute(found).scalar()
    return None if instance_id is None else lock_record(unit, instance_id)


def _record(
    unit: UnitOfWork,
    case: Recorded | None,
    incident: Incident,
    kind: Kind,
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    """What an operator did about a case's incident is a part of its story."""
    if case is None:
        return
    job = unit.session.get(Job, incident.job_id) if incident.job_id else None
    deadline = unit.session.get(Deadline, incident.deadline_id) if incident.deadline_id else None
    token_id = job.token_id if job is not None else deadline.token_id if deadline is not None else None
    detail = {"incident": incident.reference, "cause": incident.cause,
              **({"job": job.kind, "name": job.name} if job is not None else {})}  # fmt: skip
    inputs = {"reason": reason.strip()[:1000]} if reason.strip() else {}
    record(unit, case, Command(kind, inputs, incident.element_id, token_id, detail), actor, now)


def _open(unit: UnitOfWork, incident_id: str) -> Incident:
    incident = unit.session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFoundError
    if incident.state != "open":
        raise IncidentResolvedError
    return incident


def _renew_job(unit: UnitOfWork, job_id: str, now: datetime) -> None:
    job = unit.session.get(Job, job_id, with_for_update=True)
    if job is not None and job.state == "failed":
        job.state, job.attempts, job.run_at = "ready", 0, now


def _renew_deadline(unit: UnitOfWork, deadline_id: str) -> None:
    deadline = unit.session.get(Deadline, deadline_id, with_for_update=True)
    if deadline is not None and deadline.state == "failed":
        deadline.state, deadline.attempts, deadline.retry_at = "pending", 0, None


def _resolve(incident: Incident, actor: Actor, resolution: str, now: datetime) -> None:
    incident.state, incident.resolution = "resolved", resolution
    incident.resolved_at, incident.resolved_by = now, actor.user_id
