"""The figures of a run as its page tells them: counts, the heat on the diagrams, deadlines, lengths, remarks."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.backtest.summary import usual_shift
from engine.definitions import LoadedVersion
from models import BacktestRun
from web.cases import present
from web.cases.steps import ALWAYS_SHOWN, ordered
from web.i18n import number
from web.studio.backtest.queries import VERDICTS
from web.studio.backtest.words import REMARKS, remark_text, shift_text, verdict_help, verdict_text
from web.words.names import element_name, in_locale, type_text

HOTTEST = 4


@dataclass(frozen=True)
class Bar:
    """One verdict: how many cases, and where its part of the bar begins and ends (per thousand)."""

    verdict: str
    text: str
    help: str
    cases: int
    share: int
    start: int
    width: int


@dataclass(frozen=True)
class Heat:
    """One element of a diagram: how often cases passed it, and how many part there."""

    element_id: str
    name: str
    kind: str
    is_event: bool
    before: int
    after: int
    differs: int
    missing: int
    heat: int
    """0 (none part here) to 4 (most do)."""

    @property
    def note(self) -> str:
        """What stands at the step on the drawing; at an event it would lie over its name, so only where cases part."""
        if not self.heat and (self.is_event or not (self.before or self.after)):
            return ""
        parts = [_("%(num)s berbeda", num=number(self.differs))] if self.differs else []
        parts += [_("%(num)s kurang", num=number(self.missing))] if self.missing else []
        if self.before != self.after:
            parts.append(f"{number(self.before)} → {number(self.after)}")
        elif not parts:
            return number(self.before)
        return " · ".join(parts)


class Names:
    """What steps are called, those that only the version before has too."""

    def __init__(self, now: LoadedVersion, then: LoadedVersion | None) -> None:
        self.now, self.then = now, then

    def __call__(self, element_id: str | None) -> str:
        if element_id is None:
            return _("Awal kasus")
        version = self.now if element_id in self.now.specs.elements or self.then is None else self.then
        return element_name(version, element_id)


def bars(run: BacktestRun) -> list[Bar]:
    """The verdicts side by side."""
    found: list[Bar] = []
    looked_at = sum(getattr(run, verdict) for verdict in VERDICTS)
    seen = start = 0
    for verdict in VERDICTS:
        cases = getattr(run, verdict)
        seen += cases
        end = round(1000 * seen / run.total)
        share = round(100 * cases / looked_at) if looked_at else 0
        found.append(Bar(verdict, verdict_text(verdict), verdict_help(verdict), cases, share, start, end - start))
        start = end
    return found


def heat(version: LoadedVersion, summary: dict[str, Any]) -> list[tuple[present.Diagram, list[Heat]]]:
    """Each diagram with its steps, those first in which most cases part."""
    parted: dict[str, dict[str, int]] = {}
    for first in summary["first"]:
        if first["element"] is not None:
            counts = parted.setdefault(first["element"], {})
            counts[first["verdict"]] = counts.get(first["verdict"], 0) + first["cases"]
    most = max((sum(counts.values()) for counts in parted.values()), default=0)
    steps = [_heat(version, e.id, summary["passed"].get(e.id, [0, 0]), parted.get(e.id, {}), most)
             for e in ordered(version) if e.type.endswith(ALWAYS_SHOWN) or e.name or e.id in parted]  # fmt: skip
    found = [(d, [step for step in steps if step.element_id in d.elements]) for d in present.diagrams(version)]
    return sorted(found, key=lambda one: -max((step.differs + step.missing for step in one[1]), default=0))


def _heat(version: LoadedVersion, element_id: str, passed: list[int], counts: dict[str, int], most: int) -> Heat:
    element = version.specs.elements[element_id]
    parting = sum(counts.values())
    return Heat(
        element_id=element_id,
        name=element_name(version, element_id),
        kind=type_text(element.type, element.event),
        is_event=element.type.endswith("Event"),
        before=passed[0],
        after=passed[1],
        differs=counts.get("differs", 0),
        missing=counts.get("missing", 0),
        heat=0 if not parting else max(1, round(HOTTEST * parting / most)),
    )


def first_differences(summary: dict[str, Any], names: Names) -> list[dict[str, Any]]:
    """Where cases part first, the most frequent place first, with the words of one of them."""
    return [
        {
            "verdict": found["verdict"],
            "verdict_text": verdict_text(found["verdict"]),
            "element": found["element"],
            "name": names(found["element"]),
            "cases": found["cases"],
            "text": in_locale(found["text"]),
        }
        for found in summary["first"]
    ]


def deadlines(summary: dict[str, Any], names: Names) -> list[dict[str, Any]]:
    """Deadlines that move, or that are missed more or less often."""
    return [
        {
            "name": names(element),
            "kind": _("Tenggat tugas") if found["kind"] == "due" else _("Pewaktu"),
            "set": found["set"],
            "moved": found["moved"],
            "usual": _usual(found["days"]),
            "days": [(shift_text(day), times) for day, times in sorted(found["days"].items(), key=lambda d: -d[1])][:5],
            "late": found["late"] if found["kind"] == "due" else None,
        }
        for element, found in sorted(summary["deadlines"].items(), key=lambda item: -item[1]["moved"])
        if found["moved"] or found["late"][0] != found["late"][1]
    ]


def _usual(days: dict[str, int]) -> str:
    usual = usual_shift(days)
    return "–" if usual is None else shift_text(str(usual))


def remarks(summary: dict[str, Any], names: Names) -> list[tuple[str, list[tuple[str, int]]]]:
    """What is no other way, but worth knowing."""
    found = summary["remarks"]
    return [
        (remark_text(name), sorted(((names(e), n) for e, n in found[name].items()), key=lambda item: -item[1])[:12])
        for name in REMARKS
        if found.get(name)
    ]
