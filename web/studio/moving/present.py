"""A move in the owner's words: where the cases stand, what becomes of them, and what could take a step's place."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from engine.definitions import LoadedVersion
from engine.moving.likeness import candidates_for
from engine.unit_of_work import UnitOfWork
from models import MoveRun
from web.context import services
from web.i18n import locale_code
from web.words.names import element_name

VIEWS = {"pindah": "ready", "pilihan": "choice", "tidak": "cannot", "dipindahkan": "moved"}
TONES = {"new": "neutral", "ready": "good", "choice": "warn", "cannot": "bad", "moved": "good"}
RUN_TONES = {"checking": "busy", "checked": "neutral", "moving": "busy", "done": "good", "cancelled": "warn"}


def case_state(state: str) -> str:
    return {
        "new": _("Belum diperiksa"),
        "ready": _("Pindah sendiri"),
        "choice": _("Perlu pilihan"),
        "cannot": _("Tidak dapat"),
        "moved": _("Dipindahkan"),
    }.get(state, state)


def run_state(state: str) -> str:
    return {
        "checking": _("Sedang diperiksa"),
        "checked": _("Menunggu keputusan"),
        "moving": _("Sedang dipindahkan"),
        "done": _("Selesai"),
        "cancelled": _("Dihentikan"),
    }.get(state, state)


@dataclass
class Place:
    """Cases that stand at the same steps."""

    names: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Option:
    """A step of the new version that could take the place."""

    id: str
    name: str
    lane: str
    """Where it is another than that of the step that is gone."""
    is_likely: bool
    chosen: bool


@dataclass(frozen=True)
class Choice:
    """A step that is gone and at which cases stand, and what could take its place."""

    id: str
    name: str
    lane: str
    cases: int
    options: tuple[Option, ...]
    is_set: bool
    """Chosen already: the dry run counted with it."""


def places(unit: UnitOfWork, groups: Iterable[Any]) -> list[Place]:
    """Where the cases stand, the most crowded place first."""
    found: dict[tuple[str, ...], Place] = {}
    for group in groups:
        names = standing_names(unit, group.version_id, group.standing)
        place = found.setdefault(names, Place(names))
        place.counts[group.state] += group.cases
        for reason in reasons(group.obstacles):
            place.reasons[reason] = place.reasons.get(reason, 0) + group.cases
    return sorted(found.values(), key=lambda place: -place.total)


def standing_names(unit: UnitOfWork, version_id: str, standing: Iterable[str]) -> tuple[str, ...]:
    """The innermost steps as people call them, each once."""
    version = services().definitions.version(version_id, unit)
    outer = _outer(version, standing)
    names = [element_name(version, _plain(one)) for one in standing if _plain(one) not in outer]
    return tuple(dict.fromkeys(names))


def _outer(version: LoadedVersion, standing: Iterable[str]) -> set[str]:
    """Sub-processes and calls that are open only because something inside is."""
    return {
        one
        for one in map(_plain, standing)
        if one in version.specs.elements and version.specs.elements[one].type in CONTAINERS
    }


CONTAINERS = ("subProcess", "transaction", "callActivity")


def _plain(name: str) -> str:
    """Without what the engine adds for an item of a repetition."""
    return name.removesuffix(" [child]")


def reasons(obstacles: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why not, in the reader's language."""
    return [str(one.get(locale_code()) or one["id"]) for one in obstacles]


def choices(unit: UnitOfWork, run: MoveRun, groups: Iterable[Any]) -> list[Choice]:
    """What the owner is asked, and what was answered before."""
    wanted: dict[str, tuple[str, int]] = {}
    for group in groups:
        for one in group.obstacles:
            if one.get("choice"):
                _version, cases = wanted.get(one["element"], (group.version_id, 0))
                wanted[one["element"]] = (group.version_id, cases + group.cases)
        for name in map(_plain, group.standing):
            if name in run.mapping:
                _version, cases = wanted.get(name, (group.version_id, 0))
                already = any(one.get("choice") and one["element"] == name for one in group.obstacles)
                wanted[name] = (group.version_id, cases + (0 if already else group.cases))
    return [_choice(unit, run, name, *found) for name, found in sorted(wanted.items())]


def _choice(unit: UnitOfWork, run: MoveRun, name: str, version_id: str, cases: int) -> Choice:
    definitions = services().definitions
    old, new = definitions.version(version_id, unit), definitions.version(run.to_version, unit)
    ranked = candidates_for(name, old, new)
    set_to = run.mapping.get(name)
    proposed = ranked[0].element.id if ranked and ranked[0].is_likely else None
    element = old.specs.elements.get(name)
    return Choice(
        id=name,
        name=element_name(old, name),
        lane=(element.lane or "") if element is not None else "",
        cases=cases,
        options=tuple(
            Option(
                id=one.element.id,
                name=element_name(new, one.element.id),
                lane=(one.element.lane or "") if element is None or one.element.lane != element.lane else "",
                is_likely=one.is_likely,
                chosen=one.element.id == (set_to or proposed),
            )
            for one in ranked
        ),
        is_set=set_to is not None,
    )
