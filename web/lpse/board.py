"""The board: the 17 standards by phase, each in its three stages; who has it, what is late, what is mine to do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.calendar import load_calendar
from engine.unit_of_work import UnitOfWork
from models import Instansi, Lpse
from web.context import require_actor, services
from web.export import table_response
from web.lpse import queries, words
from web.lpse.area import blueprint, coordinates, lpse_of, own_lpse, people, sees_all
from web.lpse.queries import FULFILLED, Filters, Item
from web.lpse.start import begin_page
from web.security import allow
from web.words.due import due


@dataclass(frozen=True)
class Standard:
    """One row of the board: a standard and its three items (None where the filters hide one)."""

    number: int
    title: str
    items: list[Item | None]


@dataclass(frozen=True)
class Phase:
    """One section of the board."""

    row: Any
    standards: list[Standard]
    done: int
    total: int


@blueprint.get("")
@allow(people)
def index() -> Response | str:
    """Everybody's own board; Direktorat SPD sees all LPSE first; a coordinator without an LPSE begins one."""
    actor = require_actor()
    with services().database.read() as unit:
        own = own_lpse(unit, actor)
    if sees_all(actor) and not own:
        return redirect(url_for("lpse.overview"))
    if len(own) == 1:
        return redirect(url_for("lpse.board", lpse_id=own[0].id))
    return begin_page(own)


@blueprint.get("/<lpse_id>")
@allow(people)
def board(lpse_id: str) -> str:
    """One LPSE. Its filters are its address."""
    actor, now, filters = require_actor(), services().clock.now(), Filters.from_arguments(request.args)
    with services().database.read() as unit:
        lpse = lpse_of(unit, actor, lpse_id)
        agency = unit.session.get_one(Instansi, lpse.instansi_id)
        items = queries.items(unit.connection, lpse.id, actor, now)
        shown = sections(unit, lpse, [i for i in items if filters.admits(i)], items)
        calendar = load_calendar(unit, agency.id, agency.zone, now=now)
        tasks = [
            (t, due(t.due_at, agency.zone, calendar, now)) for t in queries.own_tasks(unit.connection, lpse.id, actor)
        ]
    return render_template(
        "lpse/board.html",
        lpse=lpse,
        agency=agency,
        phases=[p for p in shown if p.standards or not filters.narrowed],
        strip=strip(items),
        counts=Counter(item.state for item in items),
        total=len(items),
        late=sum(item.late for item in items),
        own=[item for item in items if item.task_id],
        tasks=tasks,
        filters=filters,
        coordinates=coordinates(actor, lpse),
    )


@blueprint.get("/<lpse_id>/unduh")
@allow(people)
def board_file(lpse_id: str) -> Response:
    """The items of the board, as filtered, for a spreadsheet."""
    actor, now, filters = require_actor(), services().clock.now(), Filters.from_arguments(request.args)
    with services().database.read() as unit:
        lpse = lpse_of(unit, actor, lpse_id)
        items = [i for i in queries.items(unit.connection, lpse.id, actor, now) if filters.admits(i)]
    kind = "xlsx" if request.args.get("bentuk") == "xlsx" else "csv"
    return table_response("lpse", headings(), (cells(item) for item in items), kind=kind)


def sections(unit: UnitOfWork, lpse: Lpse, shown: Sequence[Item], items: Sequence[Item]) -> list[Phase]:
    """The phases in their order, each with the standards that are shown."""
    found = []
    for row in queries.phases(unit.connection, lpse.id):
        inside = [i for i in items if i.phase == row.phase]
        found.append(
            Phase(
                row=row,
                standards=_standards([i for i in shown if i.phase == row.phase]),
                done=sum(i.state == FULFILLED for i in inside),
                total=len(inside),
            )
        )
    return found


def _standards(items: Sequence[Item]) -> list[Standard]:
    numbers = sorted({(item.standard, item.title) for item in items})
    by_place = {(item.standard, item.stage): item for item in items}
    return [
        Standard(number, title, [by_place.get((number, stage)) for stage in words.STAGES]) for number, title in numbers
    ]


def strip(items: Sequence[Item]) -> list[tuple[int, list[Item]]]:
    """The picture above the board: a column per standard, a square per stage."""
    numbers = sorted({item.standard for item in items})
    return [(number, [item for item in items if item.standard == number]) for number in numbers]


def headings() -> list[str]:
    return [
        _("Standar"),
        _("Nama"),
        _("Tahap"),
        _("Tahap implementasi"),
        _("Keadaan"),
        _("PIC"),
        _("Tim"),
        _("Tenggat"),
        _("Terlambat"),
        _("Yang diminta"),
    ]


def cells(item: Item) -> tuple[object, ...]:
    return (
        item.standard,
        item.title,
        words.phase_text(item.phase),
        words.stage_text(item.stage),
        words.state_text(item.state),
        item.pic,
        item.team,
        item.due_at,
        _("Ya") if item.late else _("Tidak"),
        item.asked,
    )
