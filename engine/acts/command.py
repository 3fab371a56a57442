"""What an act is told: the journal entry's inputs, and how they move the engine. A replay reads the same records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ExecutionError
from engine.history import Kind
from engine.spiff import Session, SpecSet


@dataclass(frozen=True)
class Command:
    """`inputs` are all the engine is told (kept as the entry's payload); `detail` is public and told to nobody."""

    kind: Kind
    inputs: Mapping[str, Any] = field(default_factory=dict)
    element_id: str | None = None
    token_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moves_engine(self) -> bool:
        """Claims, releases and the like are acts of people that the engine does not feel."""
        return self.kind in _MOVES or self.kind == Kind.CASE_MIGRATED

    def apply(self, session: Session, specs: SpecSet) -> bool:
        """Move the engine, inside `acting`. False when nothing in the case took it.

        `specs` are those of the version that the case has after this act.
        """
        if self.kind == Kind.CASE_MIGRATED:
            session.migrate(specs, self.inputs["renamed"])
            return True
        return _MOVES[self.kind](session, self)

    @property
    def token(self) -> str:
        if self.token_id is None:
            raise ExecutionError(element=self.element_id or "", why=f"{self.kind} names no token")
        return self.token_id


def _start(session: Session, command: Command) -> bool:
    session.start(command.inputs["data"])
    return _message(session, Command(command.kind, command.inputs["message"])) if "message" in command.inputs else True


def _complete(session: Session, command: Command) -> bool:
    session.complete(command.token, command.inputs["data"])
    return True


def _message(session: Session, command: Command) -> bool:
    given = command.inputs
    return session.message(given["name"], given["payload"], given["correlation"]) > 0


def _signal(session: Session, command: Command) -> bool:
    return session.signal(command.inputs["name"], command.inputs["payload"]) > 0


def _fire(session: Session, command: Command) -> bool:
    session.fire_timer(command.token)
    return True


def _report(session: Session, command: Command) -> bool:
    session.report_service(command.token, command.inputs["outputs"])
    return True


def _fail(session: Session, command: Command) -> bool:
    session.fail_service(command.token, command.inputs["error_code"], command.inputs.get("words"))
    return True


def _move_timer(session: Session, command: Command) -> bool:
    session.move_timer(command.token, command.inputs["to"])
    return True


def _cancel(session: Session, command: Command) -> bool:  # noqa: ARG001 -- the shape of a move
    session.cancel()
    return True


_MOVES = {
    Kind.CASE_STARTED: _start,
    Kind.TASK_COMPLETED: _complete,
    Kind.MESSAGE_RECEIVED: _message,
    Kind.SIGNAL_RECEIVED: _signal,
    Kind.DEADLINE_FIRED: _fire,
    Kind.SERVICE_REPORTED: _report,
    Kind.SERVICE_FAILED: _fail,
    Kind.CASE_CANCELLED: _cancel,
    Kind.TIMER_MOVED: _move_timer,
}
