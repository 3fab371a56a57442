"""Doing one job, by its kind. Each kind says itself in which transaction it becomes done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from engine.actors import SYSTEM
from engine.acts.errors import NobodyWaitsError
from engine.acts.facts import Facts
from engine.acts.services import idempotency_key
from engine.errors import AlurError, ConflictError
from engine.jobs.queue import JobQueue
from engine.mail.transports import Transport
from engine.registry import BusinessError, HandlerContext, Registry
from engine.spiff.values import clean, decode, encode
from engine.unit_of_work import UnitOfWork
from models import Instance, Job, OutgoingMail, Token

if TYPE_CHECKING:
    from engine.runner import Runner

SUSPENDED_WAIT = timedelta(minutes=1)


class PostponedError(ConflictError):
    """The case is suspended; the work waits for it."""

    indonesian = "Kasus sedang ditangguhkan; pekerjaan menunggu."
    code = "postponed"


class NotWantedError(ConflictError):
    """Nothing waits for this work any more."""

    indonesian = "Tidak ada lagi yang menunggu pekerjaan ini."
    code = "not_wanted"


class UnknownJobError(AlurError):
    """There is no work of the kind "{kind}"."""

    indonesian = "Tidak ada pekerjaan jenis “{kind}”."
    code = "unknown_job"


@dataclass(frozen=True)
class Workshop:
    """What work is done with."""

    runner: "Runner"
    registry: Registry
    mailer: Transport
    queue: JobQueue


def do(shop: Workshop, job: Job, now: datetime) -> None:
    """Do `job`, or raise what stopped it. When this returns the job is done, or found not wanted."""
    work = _KINDS.get(job.kind)
    if work is None:
        raise UnknownJobError(kind=job.kind)
    work(shop, job, now)


def status_of(shop: Workshop, instance_id: str | None) -> str | None:
    """The standing of a case; None when there is none."""
    status = select(col(Instance.status)).where(col(Instance.id) == instance_id)
    with shop.runner.database.read() as unit:
        return unit.connection.execute(status).scalar()


# --- handlers ------------------------------------------------------------------------------------------------------


def _handler(shop: Workshop, job: Job, now: datetime) -> None:
    instance_id, token_id = str(job.instance_id), str(job.token_id)
    try:
        outputs = _answer(shop, job, now)
        taken = shop.runner.report(instance_id, token_id, outputs, job_id=job.id, now=now)
    except BusinessError as refusal:
        taken = shop.runner.report_error(
            instance_id, token_id, refusal.error_code, words=refusal.words, job_id=job.id, now=now
        )
    if not taken:
        raise NotWantedError


def _answer(shop: Workshop, job: Job, now: datetime) -> Mapping[str, Any]:
    """The handler's answer: kept from before a crash, or made now, in one transaction with all it wrote."""
    if job.answer is not None:
        kept: dict[str, Any] = decode(job.answer.encode())
        return kept
    case = _case(shop, job)
    handler = shop.registry.get(job.name)
    inputs: dict[str, Any] = decode(job.payload["inputs"].encode())
    facts = Facts.of_row(case)
    manifest = shop.runner.definitions.version(case.version_id).manifest

    def context(unit: UnitOfWork) -> HandlerContext:
        return HandlerContext(
            unit=unit,
            now=now,
            instance_id=case.id,
            element_id=str(job.element_id),
            token_id=str(job.token_id),
            idempotency_key=idempotency_key(case.id, str(job.token_id)),
            starter_id=case.starter_id,
            instansi_id=case.instansi_id,
            actor=SYSTEM,
            data=inputs,
            programme_id=facts.programme_id,
            parameters=facts.parameter_values(manifest),
            zone=facts.zone,
            calendar_of=facts.calendar_of,
            number=facts.number,
            version_id=facts.version_id,
        )

    prepared = None
    if handler.prepare is not None:
        with shop.runner.database.read() as unit:
            prepared = handler.prepare(context(unit), **inputs)
    # The unit opens its transaction only when the handler first uses it: one that talks to the network beforehand
    # holds no lock meanwhile.
    with shop.runner.database.write() as unit:
        outputs: dict[str, Any] = clean(handler.function(replace(context(unit), prepared=prepared), **inputs))
        shop.queue.answered(unit, job, encode(outputs).decode())
    return outputs


def _case(shop: Workshop, job: Job) -> Instance:
    """The case, if it can still use an answer: a handler is not run for a token that is gone."""
    waiting = select(col(Token.id)).where(col(Token.instance_id) == job.instance_id, col(Token.id) == job.token_id)
    with shop.runner.database.read() as unit:
        case = unit.session.get(Instance, job.instance_id)
        token = unit.connection.execute(waiting).first()
    if case is None or case.status not in ("active", "suspended") or token is None:
        raise NotWantedError
    if case.status == "suspended":
        raise PostponedError
    return case


# --- messages and signals between cases ----------------------------------------------------------------------------


def _message(shop: Workshop, job: Job, now: datetime) -> None:
    letter = job.payload
    try:
        shop.runner.correlate(
            job.name,
            SYSTEM,
            _payload(job),
            instance_id=letter.get("instance_id"),
            correlation=letter.get("correlation"),
            begins=letter.get("begins"),
            job_id=job.id,
            now=now,
        )
    except NobodyWaitsError:
        if letter.get("optional"):
            raise NotWantedError from None
        raise


def _signal(shop: Workshop, job: Job, now: datetime) -> None:
    target = job.payload.get("instance_id")
    shop.runner.broadcast(job.name, SYSTEM, _payload(job), instance_id=target, job_id=job.id, now=now)


def _payload(job: Job) -> dict[str, Any]:
    payload: dict[str, Any] = decode(job.payload["payload"].encode())
    return payload


# --- mail ----------------------------------------------------------------------------------------------------------


def _mail(shop: Workshop, job: Job, now: datetime) -> None:
    """Handed over outside any transaction: a slow server must not hold the database."""
    with shop.runner.database.read() as unit:
        mail = unit.session.get(OutgoingMail, job.payload["mail"])
    if mail is None:
        raise NotWantedError
    if mail.sent_at is None:
        shop.mailer.send(mail, now)
    with shop.runner.database.write() as unit:
        shop.queue.done(unit, job, now)
        kept = unit.session.get_one(OutgoingMail, mail.id)
        kept.sent_at, kept.failure = kept.sent_at or now, None


# --- what the installation itself sends out --------------------------------------------------------------------------


def _errand(shop: Workshop, job: Job, now: datetime) -> None:
    """Done outside any transaction, as a mail is."""
    run = shop.registry.errands.get(job.name)
    if run is None:
        raise UnknownJobError(kind=job.name)
    finish = run(shop.runner.database, job.payload, now)
    with shop.runner.database.write() as unit:
        shop.queue.done(unit, job, now)
        finish(unit)


_KINDS: dict[str, Callable[[Workshop, Job, datetime], None]] = {
    "handler": _handler,
    "message": _message,
    "signal": _signal,
    "mail": _mail,
    "errand": _errand,
}
