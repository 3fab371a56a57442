"""Two cases of one process beside each other: step by step in a table, and on the diagram of the newer version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from engine.definitions import LoadedVersion
from engine.errors import ConflictError
from engine.story import Story
from engine.story.comparing import Stay, Walk, parting
from web.audit.story.words import Narrator
from web.cases.present import Diagram, diagrams
from web.cases.steps import State, ordered
from web.i18n import number
from web.words.names import element_name, type_text
from web.words.spans import elapsed_text, working_text

NOWHERE = Stay()
SHOWN = ("Task", "callActivity", "subProcess", "transaction", "Event")


class OtherProcessError(ConflictError):
    """Only cases of one process can be laid beside each other."""

    indonesian = "Hanya kasus dari proses yang sama yang dapat disandingkan."
    code = "not_comparable"


@dataclass(frozen=True)
class Side:
    """One of the cases."""

    story: Story
    walk: Walk
    narrator: Narrator
    title: str
    version: LoadedVersion

    @property
    def number(self) -> str:
        return str(self.story.case.number)


@dataclass(frozen=True)
class Cell:
    """What one case did at a step."""

    times: int
    elapsed: str
    working: str
    who: str
    first_at: datetime | None
    open: bool
    late: int


@dataclass(frozen=True)
class Row:
    """A step in both cases; also an item of the list that the drawing is marked from."""

    element_id: str
    name: str
    kind: str
    lane: str
    state: str
    """done: both; removed: only the left one; added: only the right one; changed: both, but not as often; todo"""
    left: Cell
    right: Cell
    difference: str
    note: str
    times: int = 0
    waiting: int = 0
    who: str = ""
    at: None = None
    due_at: None = None


@dataclass(frozen=True)
class Parting:
    """Where the ways part."""

    shared: str
    left: str
    right: str


def states() -> dict[str, State]:
    """The states of steps that the drawing shows, in the words of a comparison."""
    known = (
        State("done", _("dilalui keduanya"), "check-circle-fill"),
        State("changed", _("dilalui keduanya, tidak sama seringnya"), "arrow-repeat"),
        State("removed", _("hanya kasus kiri"), "chevron-left"),
        State("added", _("hanya kasus kanan"), "chevron-right"),
        State("todo", _("tidak dilalui"), "circle", legend=False),
    )
    return {state.name: state for state in known}


def rows_of(left: Side, right: Side) -> list[Row]:
    """The steps that either reached, in the order in which they were reached."""
    places: dict[str, int] = {}
    for side in (left, right):
        for place, element in enumerate(dict.fromkeys(side.walk.way)):
            places[element] = min(place, places.get(element, place))
    reached = [row for row in all_rows(left, right) if row.state != "todo"]
    return sorted(reached, key=lambda row: places.get(row.element_id, len(places)))


def all_rows(left: Side, right: Side) -> Iterator[Row]:
    version = newer(left, right)
    known = {e.id: version for e in ordered(version) if e.type.endswith(SHOWN)}
    other = left.version if version is right.version else right.version
    known |= {e.id: other for e in ordered(other) if e.type.endswith(SHOWN) and e.id not in known}
    for element_id, its_version in known.items():
        element = its_version.specs.elements[element_id]
        stays = [side.walk.stays.get(element_id, NOWHERE) for side in (left, right)]
        cells = [_cell(side, stay) for side, stay in zip((left, right), stays, strict=True)]
        yield Row(
            element_id=element_id,
            name=element_name(its_version, element_id),
            kind=type_text(element.type, element.event),
            lane=element.lane or "",
            state=_state(*stays),
            left=cells[0],
            right=cells[1],
            difference=_difference(*stays),
            note=_note(*stays),
        )


def newer(left: Side, right: Side) -> LoadedVersion:
    return max((left.version, right.version), key=lambda version: version.number)


def ways_part(left: Side, right: Side) -> Parting | None:
    """In words; None where both went the same way."""
    shared, one, other = parting(left.walk, right.walk)
    if one is None and other is None:
        return None
    end = _("tidak ke mana-mana lagi")
    return Parting(
        element_name(left.version, shared) if shared else "",
        element_name(left.version, one) if one else end,
        element_name(right.version, other) if other else end,
    )


def drawn(left: Side, right: Side) -> list[tuple[Diagram, list[Row], list[str]]]:
    """The drawings of the newer version with their steps and the flows that either took, where there is any."""
    rows = list(all_rows(left, right))
    flows = [*left.walk.flows, *right.walk.flows]
    found = []
    for diagram in diagrams(newer(left, right)):
        own = [row for row in rows if row.element_id in diagram.elements]
        if any(row.state != "todo" for row in own):
            found.append((diagram, own, [flow for flow in dict.fromkeys(flows) if flow in diagram.elements]))
    return found


def _state(left: Stay, right: Stay) -> str:
    if left.times and right.times:
        return "done" if left.times == right.times else "changed"
    return "removed" if left.times else "added" if right.times else "todo"


def _cell(side: Side, stay: Stay) -> Cell:
    people = [side.narrator.person(user) for user in stay.people]
    return Cell(stay.times, elapsed_text(stay.elapsed), working_text(stay.working), ", ".join(people), stay.first_at,
                stay.open, stay.late)  # fmt: skip


def _difference(left: Stay, right: Stay) -> str:
    """How much longer the right one stayed, in working time; empty where one of them was never there."""
    if not (left.times and right.times) or left.working is None or right.working is None:
        return ""
    span = right.working - left.working
    if abs(span) < timedelta(minutes=1):
        return "="
    return ("+" if span > timedelta(0) else "−") + working_text(span)


def _note(left: Stay, right: Stay) -> str:
    """Under the step on the drawing: working time of each, where both were there long enough to tell."""
    if not (left.times and right.times) or max(left.elapsed, right.elapsed) < timedelta(minutes=1):
        return ""
    days = [_days(stay.working) for stay in (left, right)]
    return _("%(left)s | %(right)s hari kerja", left=days[0], right=days[1])


def _days(span: timedelta | None) -> str:
    return "–" if span is None else number(round(span / timedelta(days=1), 1))
