"""What a comparison shows: its sentences by subject, and for each diagram what is marked on it and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from engine.studio.comparing import AREAS, Change, Comparison, Kind, merged_drawing
from engine.studio.comparing.drawings import Drawing, Drawn, read_drawing
from web.i18n import locale_code
from web.words.names import type_text

ONE, OLD, NEW = "satu", "dari", "ke"
PLACES = frozenset({"process", "participant", "lane", "group"})


@dataclass(frozen=True)
class KindWords:
    """How a kind of change is called and marked."""

    name: Kind
    text: str
    icon: str
    tone: str


def kinds() -> dict[str, KindWords]:
    known = (
        KindWords("added", _("ditambahkan"), "plus-lg", "good"),
        KindWords("changed", _("diubah"), "pencil", "warn"),
        KindWords("renamed", _("berganti nama"), "tag", "warn"),
        KindWords("moved", _("dipindah"), "arrow-right", "busy"),
        KindWords("removed", _("dihapus"), "x-circle", "bad"),
    )
    return {kind.name: kind for kind in known}


def area_text(area: str) -> str:
    return {
        "parameter": _("Parameter"),
        "diagram": _("Jalannya proses"),
        "lane": _("Siapa mengerjakan apa"),
        "form": _("Formulir"),
        "decision": _("Keputusan"),
        "letter": _("Surat"),
        "mail": _("E-mail"),
        "setting": _("Pengaturan proses"),
        "scenario": _("Skenario"),
        "text": _("Keterangan"),
    }[area]


@dataclass(frozen=True)
class Sentence:
    """A change in the reader's language. `before` and `after` where they say more than the sentence."""

    kind: Kind
    text: str
    before: str = ""
    after: str = ""


def by_area(found: Comparison) -> list[tuple[str, list[Sentence]]]:
    """The sentences under the headings of their subjects."""
    groups = [(area, [sentence(c) for c in found.changes if c.area == area]) for area in AREAS]
    return [(area_text(area), sentences) for area, sentences in groups if sentences]


def sentence(change: Change) -> Sentence:
    long = max(len(change.before), len(change.after)) > 60 or "\n" in change.before + change.after
    shown = (change.before, change.after) if long else ("", "")
    return Sentence(change.kind, change.sentence.in_locale(locale_code()), *shown)


def counts(found: Comparison) -> list[tuple[KindWords, int]]:
    numbers = [(kind, sum(c.kind == kind.name for c in found.changes)) for kind in kinds().values()]
    return [(kind, number) for kind, number in numbers if number]


@dataclass(frozen=True)
class Mark:
    """An element that is marked on a drawing."""

    element: str
    kind: Kind
    name: str
    what: str
    sentences: list[str]
    is_flow: bool
    is_place: bool
    """A pool or lane: told in the list; painted, it would cover what stands in it."""


@dataclass(frozen=True)
class Side:
    """One drawing: `side` is satu (both in one), dari, or ke."""

    side: str
    marks: list[Mark]

    @property
    def steps(self) -> list[Mark]:
        return [mark for mark in self.marks if not mark.is_flow or mark.sentences]

    @property
    def flows(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.is_flow and not mark.sentences]


@dataclass(frozen=True)
class Diagram:
    """A diagram that differs, drawn once or twice."""

    file: str
    name: str
    sides: list[Side] = field(default_factory=list)


def diagrams(found: Comparison, old: Mapping[str, bytes], new: Mapping[str, bytes], *, beside: bool) -> list[Diagram]:
    """The diagrams on which something is marked, the main one first."""
    files = sorted((f for f, marks in found.elements.items() if marks), key=lambda f: (f != "process.bpmn", f))
    made = []
    for file in files:
        was, now = (read_drawing(file, files[file]) if file in files else None for files in (old, new))
        sides = [Side(side, _marks(found, file, was, now, side)) for side in _sides(was, now, beside)]
        made.append(Diagram(file, (now or was or _UNNAMED).name or file, sides))
    return made


def drawing(found: Comparison, file: str, old: bytes | None, new: bytes | None, side: str) -> bytes | None:
    """The XML that a side draws; None where there is no such file."""
    if old is None or new is None or side in (OLD, NEW):
        return old if side == OLD or new is None else new
    gone = frozenset(ident for ident, kind in found.elements.get(file, {}).items() if kind == "removed")
    return merged_drawing(file, old, new, gone)


_UNNAMED = Drawing("", None, {})


def _sides(old: Drawing | None, new: Drawing | None, beside: bool) -> list[str]:
    if old is None or new is None:
        return [OLD if new is None else NEW]
    return [OLD, NEW] if beside else [ONE]


def _marks(found: Comparison, file: str, old: Drawing | None, new: Drawing | None, side: str) -> list[Mark]:
    """On the old drawing nothing was added yet, on the new one nothing is there that was removed."""
    renamed = {now: was for was, now in found.renamed.get(file, {}).items()}
    marks = []
    for ident, kind in found.elements[file].items():
        gone = kind == "removed"
        if (side == OLD and kind == "added") or (side == NEW and gone):
            continue
        source = old if gone else new
        drawn = source.drawn.get(ident) if source is not None else None
        if drawn is not None:
            said = [c.sentence.in_locale(locale_code()) for c in found.of(file) if c.element == ident]
            here = renamed.get(ident, ident) if side == OLD else ident
            place = drawn.kind in PLACES
            marks.append(Mark(here, kind, _name(drawn, source), _what(drawn), said, drawn.is_flow, place))
    return _in_order(marks)


def _in_order(marks: Iterable[Mark]) -> list[Mark]:
    """What says something first; what only was shifted on the drawing last."""
    return sorted(marks, key=lambda mark: (not mark.sentences, mark.is_flow))


def _name(drawn: Drawn, drawing: Drawing | None) -> str:
    if drawn.name or drawing is None:
        return drawn.name or drawn.id
    ends = (drawing.drawn.get(end) for end in (drawn.source, drawn.target))
    return " → ".join(end.name for end in ends if end is not None) or drawn.id


def _what(drawn: Drawn) -> str:
    other = {"lane": _("jalur"), "participant": _("pool"), "process": _("proses"), "textAnnotation": _("catatan")}
    if drawn.is_flow:
        return _("alir")
    return other.get(drawn.kind) or type_text(drawn.kind, drawn.event)
