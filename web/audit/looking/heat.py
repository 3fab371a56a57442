"""The heat of each step on the drawings: how often cases came there, or how long they stayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.looking.figures import Heat
from web.audit.looking.frame import Looking
from web.cases.present import Diagram, diagrams
from web.cases.steps import ALWAYS_SHOWN, ordered
from web.i18n import number
from web.words.names import element_name
from web.words.spans import elapsed_text, working_text

HOTTEST = 4


@dataclass(frozen=True)
class Warm:
    """A step on a drawing. `heat` is 0 (nothing) to 4 (most of all)."""

    element_id: str
    name: str
    note: str
    heat: int


def drawings(found: Looking, heats: Mapping[str, Heat], measure: str) -> list[tuple[Diagram, list[Warm]]]:
    """Each diagram with its steps; the warmest diagram first. Of a measure, the most is the hottest everywhere."""
    values = {element: _value(heat, measure) for element, heat in heats.items()}
    elements = [e for e in ordered(found.shown) if e.type.endswith(ALWAYS_SHOWN) or e.name]
    most = max((values.get(element.id, 0) for element in elements), default=0)
    steps = [
        Warm(
            element_id=element.id,
            name=element_name(found.shown, element.id),
            note="" if element.type.endswith(("Event", "Gateway")) else _note(heats.get(element.id), measure),
            heat=heat_level(values.get(element.id, 0), most),
        )
        for element in elements
    ]
    made = [(d, [step for step in steps if step.element_id in d.elements]) for d in diagrams(found.shown)]
    main, *others = made
    return [main, *sorted(others, key=lambda one: -sum(values.get(step.element_id, 0) for step in one[1]))]


def heat_level(value: int, most: int) -> int:
    return 0 if not value or not most else max(1, round(HOTTEST * value / most))


def _value(heat: Heat, measure: str) -> int:
    if measure == "kerja":
        return heat.working.median
    return heat.elapsed.median if measure == "jam" else heat.times


def _note(heat: Heat | None, measure: str) -> str:
    if heat is None:
        return ""
    if measure == "kali":
        return f"{number(heat.times)}×"
    spread, words = (heat.working, working_text) if measure == "kerja" else (heat.elapsed, elapsed_text)
    return words(timedelta(seconds=spread.median)) if spread.median else ""
