"""Re-executions that pause between requests: no page waits for a long case, and none is executed twice in a row.

Kept in memory by the head of the case's record; another process, or one that has forgotten, simply begins again.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

from engine.definitions import Definitions
from engine.story import Retelling, Retold, Story, tell
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import Instance

BUDGET_SECONDS = 0.7
MOST_KEPT = 8
MOST_AT_ONCE = 500


@dataclass
class Paused:
    """As much as was told so far."""

    story: Story
    told: list[Retold] = field(default_factory=list)
    retelling: Retelling | None = None
    """Begun when the data are first asked for."""
    lock: Lock = field(default_factory=Lock)

    @property
    def finished(self) -> bool:
        return self.retelling is not None and self.retelling.finished

    @property
    def failed(self) -> Text | None:
        return None if self.retelling is None else self.retelling.failed

    def go_on(self, unit: UnitOfWork, definitions: Definitions, until: int, budget: float | None) -> None:
        """On to the act `until`, or as far as the time allows."""
        began = monotonic()
        if self.retelling is None:
            self.retelling = Retelling(unit, definitions, self.story.case.id)
        for retold in self.retelling.go_on(unit):
            self.told.append(retold)
            if len(self.told) >= until or (budget is not None and monotonic() - began > budget):
                break


_kept: WeakKeyDictionary[Database, OrderedDict[tuple[str, bytes], Paused]] = WeakKeyDictionary()
_lock = Lock()


def acts_from(
    paused: Paused, unit: UnitOfWork, definitions: Definitions, first: int, *, budget: float | None = BUDGET_SECONDS
) -> list[Retold]:
    """The acts from the `first` on (numbered from 1): as many as there is time for, perhaps none yet."""
    with paused.lock:
        most = first - 1 + (MOST_AT_ONCE if budget is not None else len(paused.story.events))
        if len(paused.told) < most and not paused.finished:
            paused.go_on(unit, definitions, most, budget)
        return paused.told[first - 1 : most]


def paused_at(unit: UnitOfWork, database: Database, definitions: Definitions, case: Instance) -> Paused:
    """The story of a case as it is now, with the re-execution of its record from where that paused."""
    key = (case.id, bytes(case.chain_head))
    with _lock:
        kept = _kept.setdefault(database, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    made = Paused(tell(unit, definitions, case.id))
    with _lock:
        kept[key] = made
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return made
