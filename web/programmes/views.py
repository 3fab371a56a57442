"""What programmes there are, one with its terms and its numbers, and two periods side by side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from calendars import WorkingCalendarError
from engine.calendar import load_calendar
from engine.flows import FlowParameter, parameters_of
from engine.programmes import parameter_values
from engine.unit_of_work import UnitOfWork
from models import Programme
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.programmes import blueprint, queries
from web.programmes.access import may_change, overseers, oversees
from web.programmes.funnel import Funnel, Step, funnel
from web.programmes.parameters import shown
from web.security import allow, signed_in
from web.words.due import due
from web.words.names import in_locale


@blueprint.get("")
@allow(signed_in)
def index() -> str:
    """Every programme: what is open, what comes, what was."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        found = queries.all_programmes(unit)
        counts = queries.case_counts(unit, [p.id for p in found]) if oversees(actor) else {}
        rows = [
            (p, queries.name_of(p), queries.standing(p, now), window(unit, p, now), counts.get(p.id)) for p in found
        ]
    return render_template("programmes/index.html", rows=rows, oversees=oversees(actor), changes=may_change(actor))


@blueprint.get("/<key>")
@allow(signed_in)
def show(key: str) -> str:
    """One programme: legal basis, window, terms; for those who oversee it also its numbers and what was done to it."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        programme = queries.programme_of(unit, key)
        sees = oversees(actor)
        others = [p for p in queries.all_programmes(unit) if p.flow == programme.flow and p.id != programme.id]
        return render_template(
            "programmes/show.html",
            programme=programme,
            title=queries.name_of(programme),
            standing=queries.standing(programme, now),
            window=window(unit, programme, now),
            versions=queries.versions(unit, programme),
            terms=terms(unit, programme),
            tallies=queries.tallies(unit, programme) if sees else [],
            funnel=funnel(unit, programme.id) if sees else None,
            events=queries.events(unit, programme) if sees else [],
            others=[(p.key, queries.name_of(p), p.period) for p in others],
            changes=may_change(actor, programme) and programme.state == "open",
            shown=shown,
        )


@blueprint.get("/<key>/corong.csv", defaults={"kind": "csv"})
@blueprint.get("/<key>/corong.xlsx", defaults={"kind": "xlsx"})
@allow(overseers)
def export(key: str, kind: str) -> Response:
    """The numbers of the funnel for a spreadsheet."""
    with services().database.read() as unit:
        found = funnel(unit, queries.programme_of(unit, key).id)
    header = [_("Tahap"), _("Pernah sampai"), _("Dari seluruhnya (%)"), _("Sekarang di sini")]
    return table_response(f"corong-{key}", header, [(s.text, s.reached, s.of_all, s.now) for s in found.steps], kind)


@blueprint.get("/bandingkan")
@allow(signed_in)
def compare() -> str:
    """Two periods side by side: what differs is marked."""
    actor, now = require_actor(), services().clock.now()
    keys = (request.args.get("a", ""), request.args.get("b", ""))
    with services().database.read() as unit:
        found = queries.all_programmes(unit)
        pair = [p for key in keys for p in found if p.key == key]
        sides = [_side(unit, p, now, oversees(actor)) for p in pair] if len(pair) == 2 else []
    names = [(p.key, f"{queries.name_of(p)} ({p.period})") for p in found]
    return render_template(
        "programmes/compare.html", names=names, a=keys[0], b=keys[1], sides=sides, rows=_compared(sides),
        steps=_steps(sides),
    )  # fmt: skip


# --- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """From when to when, how long that is, and what is left of it."""

    opens_at: datetime
    closes_at: datetime
    zone: str
    days: int
    sentence: str
    """How the working days of the window are counted; empty where the calendar cannot say."""
    left: Any


def window(unit: UnitOfWork, programme: Programme, now: datetime) -> Window:
    calendar = load_calendar(unit, programme.instansi_id, programme.zone, now=now)
    zone = ZoneInfo(programme.zone)
    first, last = (at.astimezone(zone).date() for at in (programme.opens_at, programme.closes_at))
    try:
        sentence = calendar.working_days_between(first, last).sentence(locale_code())
    except WorkingCalendarError as error:
        sentence = error.message(locale_code())
    standing = queries.standing(programme, now)
    until = {"open": programme.closes_at, "planned": programme.opens_at}.get(standing)
    left = due(until, programme.zone, calendar, now)
    return Window(programme.opens_at, programme.closes_at, programme.zone, (last - first).days + 1, sentence, left)


@dataclass(frozen=True)
class Term:
    """A parameter as new cases have it, and as the procedure itself has it."""

    name: str
    title: str
    value: Any
    usual: Any

    @property
    def differs(self) -> bool:
        return bool(self.value != self.usual)


def terms(unit: UnitOfWork, programme: Programme) -> list[Term]:
    known: dict[str, FlowParameter] = parameters_of(unit, programme.versions)
    values = parameter_values(unit, programme)
    return [Term(name, in_locale(p.title, name), values[name], p.value) for name, p in known.items()]


@dataclass(frozen=True)
class _Side:
    key: str
    title: str
    programme: Programme
    standing: str
    window: Window
    terms: dict[str, Term]
    versions: dict[str, queries.Version]
    funnel: Funnel | None


def _side(unit: UnitOfWork, programme: Programme, now: datetime, sees: bool) -> _Side:
    return _Side(
        key=programme.key,
        title=queries.name_of(programme),
        programme=programme,
        standing=queries.standing(programme, now),
        window=window(unit, programme, now),
        terms={t.name: t for t in terms(unit, programme)},
        versions={v.key: v for v in queries.versions(unit, programme)},
        funnel=funnel(unit, programme.id) if sees else None,
    )


def _compared(sides: list[_Side]) -> list[tuple[str, str, str, bool]]:
    """Title, the one, the other, and whether they differ: versions, then parameters."""
    if not sides:
        return []
    one, two = sides
    rows = []
    for key in dict.fromkeys([*one.versions, *two.versions]):
        title = (one.versions.get(key) or two.versions[key]).title
        left, right = (
            _("versi %(number)s", number=s.versions[key].number) if key in s.versions else "–" for s in sides
        )
        rows.append((title, left, right, left != right))
    for name in dict.fromkeys([*one.terms, *two.terms]):
        title = (one.terms.get(name) or two.terms[name]).title
        left, right = (shown(s.terms[name].value) if name in s.terms else "–" for s in sides)
        rows.append((title, left, right, left != right))
    return rows


def _steps(sides: list[_Side]) -> list[tuple[Step, Step]]:
    """The funnels beside each other, for whoever sees them."""
    one, two = (side.funnel.steps if side.funnel else () for side in sides) if sides else ((), ())
    return list(zip(one, two, strict=False))


def back_to(programme: Programme) -> str:
    return url_for("programmes.show", key=programme.key)
