"""What the world tells a case: messages, signals, the time, and the answers of handlers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy.exc import OperationalError

from engine import programmes
from engine.actors import SYSTEM, Actor
from engine.acts import cases, recipients
from engine.acts.again import whole_act
from engine.acts.command import Command
from engine.acts.engine import Engine
from engine.acts.errors import NobodyWaitsError
from engine.acts.starting import new_case, started_by_message
from engine.history import Kind
from engine.spiff.values import clean
from engine.unit_of_work import UnitOfWork

LONGEST_HOLD_SECONDS = 0.25
"""After so long a group of acts is committed: nobody of another process waits for the lock much longer than this."""


class EventCommands(Engine):
    """Each is one transaction. A fault is the caller's to retry: the ticker's, or the job queue's."""

    @whole_act
    def correlate(  # noqa: PLR0913 -- everything that tells which case a message is for, each by its name
        self,
        message: str,
        actor: Actor,
        payload: Mapping[str, Any],
        *,
        instance_id: str | None = None,
        business_key: str | None = None,
        correlation: str | None = None,
        job_id: str | None = None,
        begins: str | None = None,
        now: datetime | None = None,
    ) -> str | None:
        """Deliver a message to the one case that waits for it, or start a case by it; returns that case's id.

        `begins`: the id of the case that it starts, where it was given before; then it is for no case that waits.
        `job_id`: the job that carries this message; it is marked done in the same transaction, so that a job that is
        run twice delivers once (then None). Raises NobodyWaitsError when no case waits and no process starts by it,
        AmbiguousMessageError when several cases wait for it.
        """
        now = now or self.clock.now()
        letter = {"name": message, "payload": clean(dict(payload)), "correlation": correlation}
        with self.database.write() as unit:
            sender = recipients.sender_of(unit, job_id)
            if not recipients.take_job(unit, job_id, now):
                return None
            target = instance_id
            if target is None and begins is None:
                target = recipients.waiting_for_message(
                    unit, message, business_key=business_key, correlation=correlation, sender=sender
                )
            if target is not None:
                case = self._case(unit, target)
                case.must_be("active")
                detail = {"name": message, **({"from": sender} if sender else {})}
                if self._act(unit, case, Command(Kind.MESSAGE_RECEIVED, letter, detail=detail), actor, now).taken:
                    return target
            version = None if instance_id else started_by_message(unit, self.definitions, message)
            if version is None:
                raise NobodyWaitsError(name=message)
            programme = programmes.joined(unit, version.manifest, programmes.of_case(unit, sender), now)
            if programme is not None:
                version = self.definitions.version(programmes.version_of(programme, version.manifest), unit)
            case = new_case(unit, version, actor, now, business_key=business_key, programme=programme,
                            instance_id=begins)  # fmt: skip
            return self._start(unit, case, {"data": {}, "message": letter}, actor, now, sender)

    @whole_act
    def broadcast(
        self,
        signal: str,
        actor: Actor,
        payload: Mapping[str, Any],
        *,
        instance_id: str | None = None,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> int:
        """Send a signal to every case that waits for it; returns how many will get it.

        Without `instance_id` this queues one `signal` job per waiting case (each case's act is its own transaction);
        with it, the signal is delivered to that case. `job_id` as for `correlate`.
        """
        now = now or self.clock.now()
        given = clean(dict(payload))
        with self.database.write() as unit:
            sender = recipients.sender_of(unit, job_id)
            if not recipients.take_job(unit, job_id, now):
                return 0
            if instance_id is None:
                key = f"signal:{job_id or uuid4().hex}"
                queued = recipients.queue_signal(unit, signal, given, now, key, sender=sender)
                self._woken(unit, queued > 0)
                return queued
            case = self._case(unit, instance_id)
            case.must_be("active")
            command = Command(Kind.SIGNAL_RECEIVED, {"name": signal, "payload": given}, detail={"name": signal})
            return int(self._act(unit, case, command, actor, now).taken)

    @whole_act
    def fire(self, deadline_id: str, now: datetime | None = None) -> bool:
        """Fire a due timer. False when there is nothing (any more) to fire."""
        now = now or self.clock.now()
        with self.database.write() as unit:
            return self._fire(unit, deadline_id, now)

    def fire_together(self, deadline_ids: Sequence[str], now: datetime | None = None) -> list[bool | Exception]:
        """Fire due timers in one transaction: each an act of its own in a savepoint, and one wait for the disk for all.

        Answers for the first of them, in their order: as `fire` does, or with what that act raised, of which nothing is
        left. It ends early when somebody else of this process wants to write, or when it has held the lock for long.
        What it raises itself undoes all of it; then each may be fired alone.
        """
        now = now or self.clock.now()
        answers: list[bool | Exception] = []
        began = monotonic()
        with self.database.write() as unit:
            for deadline_id in deadline_ids:
                answers.append(self._fire_apart(unit, deadline_id, now))
                if self.database.is_awaited or monotonic() - began > LONGEST_HOLD_SECONDS:
                    break
        return answers

    def _fire_apart(self, unit: UnitOfWork, deadline_id: str, now: datetime) -> bool | Exception:
        try:
            with unit.part():
                return self._fire(unit, deadline_id, now)
        except (OperationalError, psycopg.OperationalError):
            raise  # the database gave the transaction up, or its disk is full: no fault of this act alone
        except Exception as error:  # noqa: BLE001 -- one broken case must not keep the others from their deadlines
            return error

    def _fire(self, unit: UnitOfWork, deadline_id: str, now: datetime) -> bool:
        found = cases.lock_by_deadline(unit, self.definitions, deadline_id)
        if found is None:
            return False
        case, deadline = found
        if deadline.kind != "timer" or deadline.state != "pending" or deadline.due_at > now:
            return False
        case.must_be("active")
        command = Command(Kind.DEADLINE_FIRED, {}, deadline.element_id, deadline.token_id)
        self._act(unit, case, command, SYSTEM, now)
        return True

    @whole_act
    def report(
        self,
        instance_id: str,
        token_id: str,
        outputs: Mapping[str, Any],
        *,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> bool:
        """An async handler answered. False when its token does not wait any more (cancelled, or reported before)."""
        inputs = {"outputs": clean(dict(outputs))}
        return self._answered(Kind.SERVICE_REPORTED, instance_id, token_id, inputs, job_id, now)

    @whole_act
    def report_error(
        self,
        instance_id: str,
        token_id: str,
        error_code: str,
        *,
        words: Mapping[str, str] | None = None,
        job_id: str | None = None,
        now: datetime | None = None,
    ) -> bool:
        """An async handler said no (BusinessError): the diagram's error event with `error_code` is taken."""
        inputs = {"error_code": error_code, **({"words": dict(words)} if words else {})}
        return self._answered(Kind.SERVICE_FAILED, instance_id, token_id, inputs, job_id, now)

    def _answered(
        self,
        kind: Kind,
        instance_id: str,
        token_id: str,
        inputs: dict[str, Any],
        job_id: str | None,
        now: datetime | None,
    ) -> bool:
        now = now or self.clock.now()
        with self.database.write() as unit:
            case = self._case(unit, instance_id)
            if not recipients.take_job(unit, job_id, now):
                return False
            case.must_be("active")
            session = case.session(unit)
            element_id = session.pending_service(token_id)
            if element_id is None:
                return False
            self._act(unit, case, Command(kind, inputs, element_id, token_id), SYSTEM, now, session=session)
            return True
