"""What is due by the events of a case, and what became of it: the rows of deadlines, held against that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from engine.acts.rows import due_id
from engine.definitions import LoadedVersion
from engine.history import Finding, Kind
from engine.history.chain import instant
from engine.history.verify import finding

if TYPE_CHECKING:
    from engine.proof.reading import Kept


@dataclass
class _Due:
    """A deadline as the events tell of it."""

    kind: str
    token_id: str
    element_id: str | None
    due: str
    seq: int
    zone: str | None
    calendar: int | None
    version_id: str | None
    state: str = "pending"
    fired_at: datetime | None = None


@dataclass
class Deadlines:
    """Follows the events that set, fire and end them. By kind and token: a task and a timer may share one."""

    known: dict[tuple[str, str], _Due] = field(default_factory=dict)
    _zone: str | None = None
    _calendar: int | None = None
    """Of the act whose events are followed."""

    def follow(self, event: Row[Any], detail: dict[str, Any], version_id: str | None) -> None:
        if "zone" in detail:
            self._zone, self._calendar = detail["zone"], detail.get("calendar")
        match event.kind:
            case Kind.DEADLINE_SET:
                self._set(event, detail, version_id)
            case Kind.DEADLINE_MOVED:
                self._postpone(event, detail)
            case Kind.DEADLINE_CLEARED:
                self._end("timer", event.token_id, "cancelled")
            case Kind.DEADLINE_FIRED:
                self._end("timer", event.token_id, "fired", event.at)
            case Kind.TASK_COMPLETED:
                self._end("due", event.token_id, "done")
            case Kind.TASK_CANCELLED:
                self._end("due", event.token_id, "cancelled")
            case Kind.CASE_CANCELLED | Kind.CASE_COMPLETED:
                for kind, token_id in self.known:
                    self._end(kind, token_id, "cancelled")
            case Kind.CASE_MIGRATED:
                self._move(detail, version_id)

    def _set(self, event: Row[Any], detail: dict[str, Any], version_id: str | None) -> None:
        key = (str(detail.get("kind")), event.token_id)
        known = self.known.get(key)
        due = str(detail.get("due"))
        if known is None:
            self.known[key] = _Due(*key, event.element_id, due, event.seq, self._zone, self._calendar, version_id)
        else:  # another round of a cycle, or set anew: the row keeps where it stands
            known.due, known.seq, known.calendar, known.state = due, event.seq, self._calendar, "pending"

    def _postpone(self, event: Row[Any], detail: dict[str, Any]) -> None:
        """By hand: whatever calendar it was computed with is still the row's."""
        known = self.known.get(("due", event.token_id))
        if known is not None:
            known.due, known.seq = str(detail.get("due")), event.seq

    def _end(self, kind: str, token_id: str, state: str, fired_at: datetime | None = None) -> None:
        known = self.known.get((kind, token_id))
        if known is not None and known.state == "pending":
            known.state = state
            known.fired_at = fired_at or known.fired_at

    def _move(self, detail: dict[str, Any], version_id: str | None) -> None:
        renamed = detail.get("renamed", {})
        for known in self.known.values():
            if known.state == "pending":
                known.element_id = renamed.get(known.element_id, known.element_id)
                known.version_id = version_id

    # --- the rows ----------------------------------------------------------------------------------------------------

    def check(self, kept: "Kept", version_of: Callable[[str | None], LoadedVersion | None]) -> Iterator[Finding]:
        rows = {(row.kind, row.token_id): row for row in kept.deadlines}
        doubled = len(kept.deadlines) - len(rows)
        for key, known in self.known.items():
            row = rows.pop(key, None)
            columns = ["–"] if row is None else list(_differing(kept, row, known, version_of(known.version_id)))
            if columns:
                what = ", ".join(columns)
                yield finding(
                    "deadline",
                    f"Tenggat yang dicatat peristiwa {known.seq} hilang atau diubah: {what}.",
                    f"The deadline that event {known.seq} recorded is gone or was changed: {what}.",
                    known.seq,
                )
        for row in rows.values():
            yield finding(
                "deadline",
                f"Tenggat pada “{row.element_id}” tidak pernah dicatat.",
                f"The deadline at “{row.element_id}” was never recorded.",
            )
        if doubled:
            text = f"{doubled} tenggat tercatat lebih dari sekali."
            yield finding("deadline", text, f"{doubled} deadlines are there more than once.")


def _differing(kept: "Kept", row: Row[Any], known: _Due, version: LoadedVersion | None) -> Iterator[str]:
    same = {
        "id": due_id(known.token_id) if known.kind == "due" else known.token_id,
        "element_id": known.element_id,
        "zone": known.zone,
        "calendar_version": known.calendar,
        "fired_at": known.fired_at,
    }
    yield from (name for name, said in same.items() if getattr(row, name) != said)
    if instant(row.due_at) != known.due:
        yield "due_at"
    if not _stands(kept, row, known):
        yield "state"
    element = None if version is None else version.specs.elements.get(known.element_id or "")
    if element is not None and row.name != element.name[:300]:
        yield "name"


def _stands(kept: "Kept", row: Row[Any], known: _Due) -> bool:
    if known.state != "pending":
        return bool(row.state == known.state)
    if row.state == "failed":
        return row.id in kept.incidents
    return bool(row.state == ("suspended" if kept.record.case.status == "suspended" else "pending"))
