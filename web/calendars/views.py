"""Pages of the calendar. Anybody signed in may look: a deadline must be checkable by whom it binds."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlmodel import col

from calendars import BadDayError, Explained, WorkingCalendar, WorkingCalendarError
from calendars.month import month_of
from calendars.words import WEEKDAYS, month_name
from engine.calendar import load_calendar
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import CalendarVersion, Instansi
from web.calendars.question import local_today, read_question, rules
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow, signed_in

blueprint = Blueprint("calendars", __name__)


@dataclass(frozen=True)
class Chosen:
    """Whose calendar is shown, and whose else may be chosen."""

    calendar: WorkingCalendar
    instansi: Instansi | None
    others: list[Instansi]
    changed: CalendarVersion | None
    """The version itself: when it came, and why."""


@blueprint.get("/kalender")
@blueprint.get("/kalender/<int:year>/<int:month>")
@allow(signed_in)
def month(year: int | None = None, month: int | None = None) -> str:
    chosen = _chosen()
    today = local_today(chosen.calendar, services().clock.now())
    try:
        grid = month_of(chosen.calendar, today.year if year is None else year, today.month if month is None else month)
    except BadDayError:
        raise NotFoundError from None
    locale = locale_code()
    return render_template(
        "calendars/month.html",
        chosen=chosen,
        grid=grid,
        today=today,
        title=f"{month_name(grid.month, locale)} {grid.year}",
        weekdays=WEEKDAYS[locale],
        previous=_neighbour(grid.year, grid.month, -1),
        following=_neighbour(grid.year, grid.month, 1),
    )


@blueprint.get("/kalender/hitung")
@allow(signed_in)
def compute() -> str:
    chosen = _chosen()
    question = read_question(request.args)
    explained: Explained | None = None
    refusal = None
    if question.is_complete:
        try:
            explained = question.answer(chosen.calendar)
        except WorkingCalendarError as error:
            refusal = error.message(locale_code())
    return render_template(
        "calendars/compute.html", chosen=chosen, question=question, rules=rules(), explained=explained, refusal=refusal
    )


def _neighbour(year: int, month: int, step: int) -> str | None:
    index = year * 12 + month - 1 + step
    if not 1900 <= index // 12 <= 2200:
        return None
    kept = {"instansi": request.args["instansi"]} if request.args.get("instansi") else {}
    return url_for("calendars.month", year=index // 12, month=index % 12 + 1, **kept)


def _chosen() -> Chosen:
    """The national calendar, or that of the instansi in the address."""
    parts = services()
    wanted = request.args.get("instansi") or None
    with parts.database.read() as unit:
        instansi = unit.session.get(Instansi, wanted) if wanted else None
        if wanted and instansi is None:
            raise NotFoundError
        calendar = load_calendar(unit, wanted, now=parts.clock.now())
        changed = unit.session.get(CalendarVersion, calendar.version)
        others = _own_instansi(unit, wanted)
    return Chosen(calendar, instansi, others, changed)


def _own_instansi(unit: UnitOfWork, shown: str | None) -> list[Instansi]:
    ids = {grant.instansi_id for grant in require_actor().grants if grant.instansi_id} | ({shown} if shown else set())
    if not ids:
        return []
    query = select(Instansi).where(col(Instansi.id).in_(ids)).order_by(col(Instansi.name))
    return list(unit.session.scalars(query))
