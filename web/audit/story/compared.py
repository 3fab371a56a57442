"""The addresses of two cases beside each other."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import AlurError, NotFoundError
from engine.privacy import names_people
from engine.story.comparing import walk
from engine.unit_of_work import UnitOfWork
from web.audit.access import AUDITORS, audited_case
from web.audit.story.beside import OtherProcessError, Side, drawn, newer, rows_of, states, ways_part
from web.audit.story.pausing import paused_at
from web.audit.story.views import blueprint, masking_of
from web.audit.story.words import Narrator
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.security import allow
from web.words.names import process_title
from web.words.spans import elapsed_text, working_text


@blueprint.get("/audit/banding")
@allow(AUDITORS)
def beside() -> str | tuple[str, int]:
    """Two cases side by side; without both of them, the form that asks which."""
    asked = {name: request.args.get(name, "").strip().upper()[:24] for name in ("kiri", "kanan")}
    shown: dict[str, Any] = {"asked": asked, "left": None, "fault": ""}
    if not all(asked.values()):
        return render_template("audit/story/beside.html", **shown)
    try:
        with services().database.read() as unit:
            left, right = _sides(unit, asked)
    except (OtherProcessError, NotFoundError) as error:
        fault = _("Salah satu nomor kasus ini tidak ada.") if isinstance(error, NotFoundError) else _said(error)
        return render_template("audit/story/beside.html", **{**shown, "fault": fault}), 422
    return render_template(
        "audit/story/beside.html",
        asked=asked,
        fault="",
        left=left,
        right=right,
        spans=[(elapsed_text(side.walk.elapsed), working_text(side.walk.working)) for side in (left, right)],
        parting=ways_part(left, right),
        rows=rows_of(left, right),
        states=states(),
        drawings=drawn(left, right),
        key=left.version.key,
        version=newer(left, right),
    )


@blueprint.get("/audit/banding.csv", defaults={"kind": "csv"})
@blueprint.get("/audit/banding.xlsx", defaults={"kind": "xlsx"})
@allow(AUDITORS)
def beside_table(kind: str) -> Response:
    """The table for a spreadsheet; times in hours."""
    asked = {name: request.args.get(name, "").strip().upper()[:24] for name in ("kiri", "kanan")}
    with services().database.read() as unit:
        left, right = _sides(unit, asked)
    header = [_("Langkah"), _("Jenis"), _("Lajur"), _("Keadaan")]
    for side in (left, right):
        header += [f"{side.number}: {_('kali')}", f"{side.number}: {_('jam')}", f"{side.number}: {_('jam hari kerja')}"]
    named = states()
    cells = []
    for row in rows_of(left, right):
        measured: list[Any] = []
        for side in (left, right):
            stay = side.walk.stays.get(row.element_id)
            measured += [0, None, None] if stay is None else [
                stay.times, _hours(stay.elapsed), None if stay.working is None else _hours(stay.working)
            ]  # fmt: skip
        cells.append([row.name, row.kind, row.lane, named[row.state].text, *measured])
    return table_response(f"banding-{left.number}-{right.number}", header, cells, kind)


def _sides(unit: UnitOfWork, asked: dict[str, str]) -> tuple[Side, Side]:
    left, right = _side(unit, asked["kiri"]), _side(unit, asked["kanan"])
    if left.version.key != right.version.key:
        raise OtherProcessError
    return left, right


def _side(unit: UnitOfWork, number: str) -> Side:
    parts = services()
    case = audited_case(unit, require_actor(), number)
    story = paused_at(unit, parts.database, parts.definitions, case).story
    masking = masking_of(unit, case)
    version = story.phases[-1].version
    process = process_title(version)
    title = masking.title(case.title or process, process, personal=names_people(version))
    return Side(story, walk(unit, story, parts.clock.now()), Narrator(story, masking), title, version)


def _said(error: AlurError) -> str:
    return error.message(locale_code())


def _hours(span: Any) -> float:
    return round(span.total_seconds() / 3600, 2)
