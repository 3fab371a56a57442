"""What waits in a case on the changed files, and which wait of the record each of them is.

Where both go the same way, tokens have the same ids; else the n-th wait of an element is the n-th of the record, each
number of a multi-instance for itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.acts.perform import Performed
from engine.backtest.past import Index, Past, PastWait, tokens_by_element
from engine.history.chain import instant
from engine.human_tasks import Placement


@dataclass
class Wait:
    """Something that waits now. `past`: what it was in the record; None when the record has no such thing."""

    token_id: str
    element_id: str
    kind: str
    opened_at: datetime
    past: PastWait | None
    due_at: datetime | None = None
    placement: Placement | None = None
    rounds: int = 0
    """Of a repeating timer: how many dues it has had."""

    @property
    def past_due(self) -> str | None:
        if self.past is None or self.rounds > len(self.past.dues) or not self.rounds:
            return None
        return self.past.dues[self.rounds - 1]

    @property
    def follows(self) -> bool:
        """Is this timer due at the very instant of the record's? Then it fires when that one fired, or not at all."""
        return self.due_at is not None and self.past_due == instant(self.due_at)


class Waits:
    """All of a case's open waits, and the record's that nothing was matched with yet."""

    def __init__(self, past: Past) -> None:
        self.open: dict[tuple[str, str], Wait] = {}
        """By kind and token, in the order in which they began."""
        self._by_past: dict[tuple[str, str], Wait] = {}
        self._past = past
        self._unmatched = tokens_by_element(past.waits.values())

    def follow(self, performed: Performed) -> list[Wait]:
        """Take in what an act opened and closed; the waits that are new."""
        delta, now, found = performed.delta, performed.now, []
        for closed in delta.closed:
            self._close("task", closed.id)
        for token_id in delta.timers_cleared:
            self._close("timer", token_id)
        for token_id in delta.services_cleared:
            self._close("service", token_id)
        for opened in performed.opened:
            task = opened.task
            wait = self._open("task", task.id, task.element_id, now, task.index)
            wait.placement = opened.placement
            if opened.due is not None:
                wait.due_at, wait.rounds = opened.due.at, 1
            found.append(wait)
        for timer in delta.timers_set:
            known = self.open.get(("timer", timer.token_id))
            wait = known or self._open("timer", timer.token_id, timer.element_id, now, None)
            wait.due_at, wait.rounds = timer.due_at, wait.rounds + 1
            found += [] if known else [wait]
        for call in delta.services_pending:
            found.append(self._open("service", call.token_id, call.element_id, now, None))
        return found

    def of_past(self, kind: str, token_id: str | None) -> Wait | None:
        """The open wait that the record's token is here."""
        return self._by_past.get((kind, token_id or ""))

    def answered(self, wait: Wait) -> None:
        self._close(wait.kind, wait.token_id)

    def timers(self) -> Iterator[Wait]:
        return (wait for wait in self.open.values() if wait.kind == "timer")

    def standing(self) -> tuple[str, ...]:
        """Elements at which the case waits, people's tasks first."""
        kinds = {"task": 0, "service": 1, "timer": 2}
        return tuple(dict.fromkeys(w.element_id for w in sorted(self.open.values(), key=lambda w: kinds[w.kind])))

    def _open(self, kind: str, token_id: str, element_id: str, now: datetime, index: Index) -> Wait:
        past = self._match(kind, token_id, element_id, index)
        wait = Wait(token_id, element_id, kind, now, past)
        self.open[kind, token_id] = wait
        if past is not None:
            self._by_past[kind, past.token_id] = wait
        return wait

    def _close(self, kind: str, token_id: str) -> None:
        wait = self.open.pop((kind, token_id), None)
        if wait is not None and wait.past is not None:
            self._by_past.pop((kind, wait.past.token_id), None)

    def _match(self, kind: str, token_id: str, element_id: str, index: Index) -> PastWait | None:
        left = self._unmatched.get((kind, element_id), [])
        found = _best(left, token_id, index)
        if found is not None:
            left.remove(found)
        return found


def _best(left: Iterable[PastWait], token_id: str, index: Index) -> PastWait | None:
    """The same token; else the first with the same number; else the first whose number is not known."""
    listed: list[Any] = list(left)
    for fits in (
        lambda w: w.token_id == token_id,
        lambda w: index is not None and w.index == index,
        lambda w: index is None or w.index is None,
    ):
        for wait in listed:
            if fits(wait):
                chosen: PastWait = wait
                return chosen
    return None
