"""A case's data, act by act: its record executed again, which can pause after any act and go on in another request.

What parallel branches know differs; an act is compared with what its own branch knew before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.definitions import Definitions
from engine.enacting import CannotReEnactError, Enacted, Stage
from engine.errors import AlurError
from engine.history.kinds import Kind
from engine.history.verify import Record, read_record
from engine.spiff import Session
from engine.spiff.values import same
from engine.story.changes import ABSENT, Change, differences
from engine.story.records import Scope
from engine.texts import Text
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Retold:
    """One act: what it changed, and which sub-process or called process each of its events stood in."""

    act: int
    changes: tuple[Change, ...]
    scopes: dict[int, tuple[Scope, ...]] = field(default_factory=dict)
    """By the number of the event; only of those inside of one."""


class Retelling:
    """Reads the record at once; executes as far as it is asked."""

    def __init__(self, unit: UnitOfWork, definitions: Definitions, instance_id: str) -> None:
        self.record: Record = read_record(unit, instance_id)
        self.done = 0
        """How many acts were told."""
        self.failed: Text | None = None
        self.finished = False
        self._stage = Stage(unit, definitions, self.record)
        self._acts = self._stage.acts()
        self._entries = [event for event in self.record.events if event.state_digest is not None]
        self._known: dict[str, Any] = {}
        self._around: dict[str, tuple[Scope, ...]] = {}
        self._waits: set[str] = set()

    def go_on(self, unit: UnitOfWork) -> Iterator[Retold]:
        """The acts from where it stopped; stop asking to pause. `finished` or `failed` says why it ended."""
        self._stage.unit = unit
        while True:
            base = self._base()
            try:
                enacted = next(self._acts, None)
            except CannotReEnactError as error:
                self.failed, self.finished = error.why, True
                return
            if enacted is None:
                self.finished = True
                return
            self.done += 1
            yield Retold(enacted.entry.act, tuple(self._changes(base, enacted)), self._scopes(enacted))

    def _base(self) -> dict[str, Any]:
        """What is known, before the next act, to the branch that it will move."""
        session = self._stage.session
        if session is None or self.done >= len(self._entries):
            return {}
        entry = self._entries[self.done]
        token = entry.token_id or _waiting(session, entry.kind, entry.detail.get("name"))
        try:
            return session.data(token)
        except AlurError:  # a damaged record names any token; the act itself then says what is wrong
            return session.data()

    def _changes(self, base: dict[str, Any], enacted: Enacted) -> Iterator[Change]:
        if enacted.performed is None:
            return
        for after in self._views(base, enacted):
            # a name that is out of sight with the process that had it was not taken back
            for change in differences({name: base[name] for name in after if name in base}, after):
                # what comes from another branch at a join was told when that branch did it
                if not _is_same(self._known.get(change.path, ABSENT), change.after):
                    self._known[change.path] = change.after
                    yield change

    def _views(self, base: dict[str, Any], enacted: Enacted) -> Iterator[dict[str, Any]]:
        """What is known after the act: at what was submitted, at every token that it brought to rest, and at its end.

        A process that is called keeps to itself what it knows until it is over.
        """
        if enacted.entry.kind == Kind.TASK_COMPLETED:
            yield {**base, **enacted.inputs["data"]}
        delta = enacted.performed.delta if enacted.performed is not None else None
        waits = {wait.token_id for wait in enacted.session.waits()}
        arrived = [*_still_open(delta), *sorted(waits - self._waits)]
        self._waits = waits
        for token in dict.fromkeys(arrived):
            yield enacted.session.data(token)
        if not arrived or enacted.session.completed:
            yield enacted.session.data()

    def _scopes(self, enacted: Enacted) -> dict[int, tuple[Scope, ...]]:
        performed = enacted.performed
        if performed is not None:
            for step in performed.delta.steps:
                self._around[step.token_id] = tuple(Scope(a.element_id, a.token_id, a.index) for a in step.around)
            for token in _still_open(performed.delta):
                around = enacted.session.around(token)
                self._around[token] = tuple(Scope(a.element_id, a.token_id, a.index) for a in around)
        events = (enacted.entry, *enacted.followed)
        return {e.seq: self._around[e.token_id] for e in events if e.token_id and self._around.get(e.token_id)}


def _waiting(session: Session, kind: str, name: str | None) -> str | None:
    """The token that a message or signal of this name will find."""
    event = {Kind.MESSAGE_RECEIVED: f"message:{name}", Kind.SIGNAL_RECEIVED: f"signal:{name}"}.get(Kind(kind))
    return next((wait.token_id for wait in session.waits() if wait.event == event), None)


def _still_open(delta: Any) -> Iterator[str]:
    yield from (opened.id for opened in delta.opened)
    yield from (wait.token_id for wait in delta.timers_set)
    yield from (call.token_id for call in delta.services_pending)


def _is_same(left: Any, right: Any) -> bool:
    if left is ABSENT or right is ABSENT:
        return left is right
    return same(left, right)
