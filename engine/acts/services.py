"""Calling handlers for an act, and answering the same calls from the record in a replay.

Answers are recorded in the order of the calls: in a replay the n-th call must be the recorded n-th call, with the same
inputs, and gets the recorded answer; no handler runs twice.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import psycopg
from sqlalchemy.exc import DBAPIError

from engine.actors import Actor
from engine.acts.again import given_up
from engine.acts.errors import HandlerFailedError
from engine.acts.facts import Facts
from engine.errors import AlurError
from engine.manifest import Manifest
from engine.registry import BusinessError, Handler, HandlerContext, RecordedRefusalError, Registry
from engine.spiff import ServiceCall
from engine.spiff.values import canonical, clean
from engine.unit_of_work import UnitOfWork


class ReplayMismatchError(AlurError):
    """The re-execution differs from the record: {why}"""

    indonesian = "Pengulangan berbeda dari catatan: {why}"
    code = "replay_mismatch"


@dataclass(frozen=True)
class Answer:
    """One call as it is recorded. `outputs` None with no `error`: it is answered later, by an act of its own.

    With an `error`, `outputs` are the words of the refusal, by locale.
    """

    name: str
    element_id: str
    token_id: str
    inputs_digest: str
    outputs: Mapping[str, Any] | None = None
    error: str | None = None

    @property
    def is_pending(self) -> bool:
        return self.outputs is None and self.error is None

    def to_record(self) -> list[Any]:
        return [self.name, self.element_id, self.token_id, self.inputs_digest, self.outputs, self.error]


class Services(Protocol):
    """A ServiceCaller that remembers its answers in call order."""

    answers: list[Answer]

    def __call__(self, call: ServiceCall) -> Mapping[str, Any] | None: ...


@dataclass
class LiveServices:
    """Runs inline handlers inside the act's transaction, each in a savepoint; async ones become jobs."""

    unit: UnitOfWork
    registry: Registry
    facts: Facts
    manifest: Manifest
    actor: Actor
    now: datetime
    answers: list[Answer] = field(default_factory=list)

    def __call__(self, call: ServiceCall) -> Mapping[str, Any] | None:
        handler = self.registry.get(call.name)
        if handler.mode == "async":
            self.answers.append(answer_to(call))
            return None
        try:
            outputs = self._run(handler, call)
        except BusinessError as refusal:
            self.answers.append(answer_to(call, outputs=refusal.words or None, error=refusal.error_code))
            raise
        self.answers.append(answer_to(call, outputs=outputs))
        return outputs

    def _run(self, handler: Handler, call: ServiceCall) -> dict[str, Any]:
        try:
            # A savepoint, so that what a handler wrote before it said no is not kept, and so that on PostgreSQL a
            # refused row (a unique constraint lost in a race) does not spoil the act's whole transaction.
            with self.unit.savepoint():
                return _outputs(handler.function(self._context(call), **call.inputs))
        except BusinessError:
            raise
        except (DBAPIError, psycopg.Error) as error:
            if given_up(error):  # no fault of the handler's: the whole act is done again
                raise
            raise HandlerFailedError(name=call.name, element=call.element_id) from error
        except Exception as error:  # a handler is anybody's code: whatever it raises undoes the act and is an incident
            raise HandlerFailedError(name=call.name, element=call.element_id) from error

    def _context(self, call: ServiceCall) -> HandlerContext:
        return HandlerContext(
            unit=self.unit,
            now=self.now,
            instance_id=self.facts.instance_id,
            element_id=call.element_id,
            token_id=call.token_id,
            idempotency_key=idempotency_key(self.facts.instance_id, call.token_id),
            starter_id=self.facts.starter_id,
            instansi_id=self.facts.instansi_id,
            actor=self.actor,
            data=call.data,
            programme_id=self.facts.programme_id,
            parameters=self.facts.parameter_values(self.manifest),
            zone=self.facts.zone,
            calendar_of=self.facts.calendar_of,
            number=self.facts.number,
            version_id=self.facts.version_id,
        )


@dataclass
class RecordedServices:
    """Answers from the journal."""

    recorded: Sequence[Answer]
    answers: list[Answer] = field(default_factory=list)

    def __call__(self, call: ServiceCall) -> Mapping[str, Any] | None:
        if len(self.answers) == len(self.recorded):
            raise ReplayMismatchError(why=f"handler {call.name} at {call.element_id} was not called then")
        then = self.recorded[len(self.answers)]
        now = answer_to(call, outputs=then.outputs, error=then.error)
        if now != then:
            raise ReplayMismatchError(why=f"handler {call.name} at {call.element_id} was called otherwise then")
        self.answers.append(now)
        if then.error is not None:
            raise RecordedRefusalError(then.error, then.outputs or {})
        return then.outputs


def idempotency_key(instance_id: str, token_id: str) -> str:
    """Equal at every retry of one call, different in each round of a loop (each has its own token)."""
    return f"{instance_id}:{token_id}"


def answer_to(call: ServiceCall, outputs: Mapping[str, Any] | None = None, error: str | None = None) -> Answer:
    digest = hashlib.sha256(canonical(dict(call.inputs))).hexdigest()
    return Answer(call.name, call.element_id, call.token_id, digest, outputs, error)


def _outputs(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        msg = f"a handler answers with a record, not with {type(value).__name__}"
        raise TypeError(msg)
    plain: dict[str, Any] = clean(value)
    return plain
