"""What a back-test says of one case: plain records that are stored, shown and exported."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.texts import Text

Kind = Literal["same", "differs", "missing", "failed"]
MOST_SHIFTS = 20
"""Moved deadlines that are kept of one case; all are counted."""


@dataclass(frozen=True)
class Difference:
    """The first place where the changed procedure does something else, or cannot go on.

    `missing` is no difference of the outcome: the record has no answer to what is asked there.
    """

    verdict: Kind
    code: str
    element_id: str | None
    text: Text


@dataclass(frozen=True)
class Shift:
    """A deadline of one step, then and now. `days` are working days between them, None where no calendar tells."""

    element_id: str
    kind: str
    """due (of a person's task) | timer"""
    before: str | None
    after: str | None
    days: int | None
    minutes: int | None

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass
class Lateness:
    """Tasks of one element that had a deadline: how many there were, and how many were done after it."""

    tasks: int = 0
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Length:
    """From the start of a case to its end (or to where both stand)."""

    minutes: int
    days: int | None


@dataclass
class CaseResult:
    """Everything found of one case."""

    instance_id: str
    number: str
    first: Difference | None = None
    passed_before: Counter[str] = field(default_factory=Counter)
    """How often each element was completed, then; and on the changed files, up to the first difference."""
    passed_after: Counter[str] = field(default_factory=Counter)
    shifts: list[Shift] = field(default_factory=list)
    lateness: dict[str, Lateness] = field(default_factory=dict)
    remarks: dict[str, set[str]] = field(default_factory=dict)
    """asked | assumed | people | skipped | added → element ids: not another way, but worth knowing."""
    before: Length | None = None
    after: Length | None = None
    stands: tuple[str, ...] = ()
    """Where the case waits in the end on the changed files."""

    @property
    def verdict(self) -> Kind:
        return "same" if self.first is None else self.first.verdict

    def remark(self, name: str, element_id: str) -> None:
        self.remarks.setdefault(name, set()).add(element_id)

    @property
    def late_before(self) -> int:
        return sum(found.before for found in self.lateness.values())

    @property
    def late_after(self) -> int:
        return sum(found.after for found in self.lateness.values())

    def detail(self) -> dict[str, Any]:
        """What is kept beside the columns of its own."""
        moved = [s for s in self.shifts if s.moved]
        return {
            "code": None if self.first is None else self.first.code,
            "remarks": {name: sorted(ids) for name, ids in sorted(self.remarks.items())},
            "moved": len(moved),
            "shifts": [[s.element_id, s.kind, s.before, s.after, s.days] for s in moved[:MOST_SHIFTS]],
            "stands": list(self.stands),
        }
