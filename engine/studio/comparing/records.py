"""What differs between two states of a process, as records: for people a sentence, for the drawing a mark."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.texts import Text

Kind = Literal["added", "removed", "changed", "moved", "renamed"]
Area = Literal["setting", "lane", "parameter", "diagram", "form", "decision", "letter", "mail", "scenario", "text"]

AREAS: tuple[Area, ...] = (
    "parameter", "diagram", "lane", "form", "decision", "letter", "mail", "setting", "scenario", "text",
)  # fmt: skip
"""In the order in which an owner wants to know of them."""


@dataclass(frozen=True)
class Change:
    """One difference. `element` is the id in the diagram, the path in the form, the row of the table … or empty.

    `before` and `after` are what stands in the files, where that is more than the sentence says.
    """

    kind: Kind
    area: Area
    file: str
    element: str
    sentence: Text
    before: str = ""
    after: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "area": self.area,
            "file": self.file,
            "element": self.element,
            "sentence": self.sentence.to_json(),
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True)
class Comparison:
    """Every difference between two states. `elements` marks the drawings: file → element → kind."""

    changes: tuple[Change, ...]
    elements: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By diagram: the old id of a step → the id of the one that most likely took its place."""

    @property
    def same(self) -> bool:
        return not self.changes

    def of(self, file: str) -> list[Change]:
        return [change for change in self.changes if change.file == file]

    def to_json(self) -> dict[str, Any]:
        return {
            "same": self.same,
            "changes": [change.to_json() for change in self.changes],
            "elements": {file: dict(marks) for file, marks in self.elements.items()},
            "renamed": {file: dict(pairs) for file, pairs in self.renamed.items()},
        }


def sort(changes: list[Change]) -> tuple[Change, ...]:
    """By area, then as they were found."""
    return tuple(sorted(changes, key=lambda change: AREAS.index(change.area)))
