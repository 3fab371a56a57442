"""Rules on paper beside what was done: each rule, how many cases it was looked at in, and those that broke it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, select
from sqlmodel import col

from engine.human_tasks import COMPLETER, STARTER
from engine.looking.choice import Case
from engine.looking.keeping import rules_of
from engine.looking.reckoning import BREAKS
from engine.looking.rules import DUE, FOUR_EYES, MOST, OFFICE, ORDER, OWN, REQUIRED, TIME, exclusions
from engine.looking.shape import PERSON, shape_of
from engine.looking.spread import Share
from engine.looking.visits import DONE
from models import Instance, PaperRule
from web.audit.looking.choosing import seen_by
from web.audit.looking.frame import Looking
from web.audit.looking.pictures import group_url, key_of
from web.audit.looking.tables import Cell, Column, Group, Section, bars, count, figure, percent, plain, share
from web.context import services
from web.i18n import number

Key = tuple[str, str, str]
"""Rule, step, other step (or nothing)."""


@dataclass(frozen=True)
class Line:
    """One rule at one step."""

    key: Key
    text: str
    checked: int
    cases: Sequence[Case]


def rule_sections(found: Looking) -> list[Section]:
    """First what the package itself says, then what its owner wrote down."""
    broken = _broken(found)
    with services().database.read() as unit:
        own = rules_of(unit, found.key)
    package = _package(found, broken)
    return [
        _section(found, "aturan-paket", _("Aturan dari paket proses"), package,
                 _("Proses ini tidak memuat aturan empat mata, peran, atau tenggat.")),
        _section(found, "aturan-pemilik", _("Aturan yang ditulis pemilik proses"), _own(found, own, broken),
                 _("Pemilik proses belum menulis aturan.")),
    ]  # fmt: skip


def rule_text(found: Looking, kind: str, terms: dict[str, Any]) -> str:
    """An owner's rule as a sentence."""
    one, other, amount = found.step(terms.get("one")), found.step(terms.get("other")), number(terms.get("number", 0))
    if kind == ORDER:
        return _("“%(other)s” hanya sesudah “%(one)s” selesai", one=one, other=other)
    if kind == FOUR_EYES:
        return _("“%(one)s” dan “%(other)s” dikerjakan orang yang berbeda", one=one, other=other)
    if kind == TIME and terms.get("working", True):
        return _("Dari “%(one)s” sampai “%(other)s” paling lama %(num)s hari kerja", one=one, other=other, num=amount)
    if kind == TIME:
        return _("Dari “%(one)s” sampai “%(other)s” paling lama %(num)s × 24 jam", one=one, other=other, num=amount)
    if kind == REQUIRED:
        return _("Kasus yang selesai harus melalui “%(one)s”", one=one)
    return _("“%(one)s” paling banyak %(num)s kali", one=one, num=amount)


def _section(found: Looking, key: str, title: str, lines: Sequence[Line], empty: str) -> Section:
    rows: list[list[Cell]] = []
    groups = {}
    for line in sorted(lines, key=lambda line: (-len(line.cases), line.text)):
        group = key_of(*line.key)
        wrong = Share(len(line.cases), max(line.checked, len(line.cases)))
        rows.append([plain(line.text), count(wrong.whole), count(wrong.part, group_url(found, key, group)),
                     share(wrong, of=False)])  # fmt: skip
        groups[group] = Group(line.text, line.cases)
    columns = [Column(_("Aturan")), figure(_("Kasus diperiksa")), figure(_("Melanggar")), percent(_("Bagian"))]
    drawn = bars([(li.text, len(li.cases), number(len(li.cases))) for li in sorted(lines, key=lambda x: -len(x.cases))])
    return Section(key, title, columns, rows, bars=drawn, empty=empty, groups=groups)


def _broken(found: Looking) -> dict[Key, list[Case]]:
    """Every case that broke a rule, by rule and step; each once. With them, those whose open task is past its date."""
    by_id = {case.id: case for case in found.cases}
    together: dict[Key, dict[str, Case]] = defaultdict(dict)
    for row in _rows(found):
        if row.instance_id in by_id:
            together[row.rule, row.element_id or "", row.other or ""][row.instance_id] = by_id[row.instance_id]
    for case in found.cases:
        for visit in case.walk.visits:
            if visit.left is None and visit.late(found.at):
                together[DUE, visit.element, ""][case.id] = case
    return {key: list(cases.values()) for key, cases in together.items()}


def _rows(found: Looking) -> Iterable[Row[Any]]:
    wanted = select(BREAKS.c.instance_id, BREAKS.c.rule, BREAKS.c.element_id, BREAKS.c.other)
    with services().database.read() as unit:
        joined = wanted.join(Instance, col(Instance.id) == BREAKS.c.instance_id)
        return unit.connection.execute(joined.where(*found.choice.conditions(), seen_by(found.actor))).all()


# --- of the package --------------------------------------------------------------------------------------------------


def _package(found: Looking, broken: dict[Key, list[Case]]) -> list[Line]:
    """What the version shown says, and what cases of other versions broke besides."""
    done: dict[str, set[str]] = defaultdict(set)
    for case in found.cases:
        for visit in case.walk.visits:
            if visit.kind == PERSON and visit.how == DONE:
                done[visit.element].add(case.id)
    keys = dict.fromkeys([*_drawn(found, done), *(key for key in broken if not key[0].startswith(OWN))])
    return [Line(key, _package_text(found, key), len(done[key[1]]), broken.get(key, [])) for key in keys]


def _drawn(found: Looking, done: dict[str, set[str]]) -> Iterable[Key]:
    """Four eyes and due dates as they are drawn; offices only where somebody did the step at all."""
    shape = shape_of(found.shown)
    for element_id, kind in shape.kinds.items():
        if kind != PERSON:
            continue
        element = shape.elements[element_id]
        for rule in exclusions(shape, element_id):
            yield FOUR_EYES, element_id, rule.removeprefix(COMPLETER)
        if element.properties.get("due"):
            yield DUE, element_id, ""
        lane = found.shown.manifest.lanes.get(element.lane) if element.lane else None
        if lane is not None and lane.role and done.get(element_id):
            yield OFFICE, element_id, ""


def _package_text(found: Looking, key: Key) -> str:
    rule, element, other = key
    step = found.step(element)
    if rule == FOUR_EYES:
        if other == STARTER:
            return _("Empat mata: “%(step)s” tidak dikerjakan oleh pemohon sendiri", step=step)
        return _("Empat mata: “%(step)s” dan “%(other)s” oleh orang yang berbeda", step=step, other=found.step(other))
    if rule == OFFICE:
        return _("Peran: “%(step)s” dikerjakan pemegang perannya pada hari itu", step=step)
    return _("Tenggat: “%(step)s” selesai tepat waktu", step=step)


# --- of the owner ----------------------------------------------------------------------------------------------------


def _own(found: Looking, rules: Sequence[PaperRule], broken: dict[Key, list[Case]]) -> list[Line]:
    lines = []
    for rule in rules:
        name = OWN + rule.id
        cases = {case.id: case for key, those in broken.items() if key[0] == name for case in those}
        text = f"{rule.title}: {rule_text(found, rule.kind, rule.terms)}"
        lines.append(Line((name, "", ""), text, _checked(found, rule), list(cases.values())))
    return lines


def _checked(found: Looking, rule: PaperRule) -> int:
    """In how many cases the rule can be judged: those that were completed, or that did the step it is judged at."""
    if rule.kind == REQUIRED:
        return sum(case.completed for case in found.cases)
    element = rule.terms["one"] if rule.kind == MOST else rule.terms["other"]
    return sum(any(v.element == element and v.how == DONE for v in case.walk.visits) for case in found.cases)
