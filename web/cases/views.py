"""Pages of cases: the list one may see, the case itself, its documents and its diagram."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.authorisation import may_look_after
from engine.calendar import load_calendar
from engine.errors import ForbiddenError, NotFoundError
from engine.mail.bounces import MailBouncedError
from engine.mail.resending import resend
from engine.mail.transports import MailDeferredError, MailRefusedError
from engine.unit_of_work import UnitOfWork
from web.cases import mails, present, queries, timeline
from web.cases.queries import Filters
from web.cases.related import programme_of, related
from web.cases.steps import states
from web.context import require_actor, services
from web.export import table_response
from web.looks import saw_case
from web.paging import Page
from web.security import allow, signed_in
from web.words.due import due
from web.words.names import process_title, stage_text, status_text

blueprint = Blueprint("cases", __name__)

MAIL_INCIDENTS = frozenset({MailBouncedError.code, MailRefusedError.code, MailDeferredError.code})
"""What happened to a mail: the case itself goes on."""


@blueprint.get("/kasus")
@allow(signed_in)
def index() -> str:
    """The cases this person may see."""
    actor = require_actor()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        page = queries.page(unit.connection, actor, filters)
        rows = [present.case(unit, row) for row in page.rows]
        processes = queries.processes(unit.connection)
    return render_template(
        "cases/index.html",
        filters=filters,
        rows=rows,
        processes=processes,
        statuses=[(status, status_text(status)) for status in queries.STATUSES],
        previous_url=_neighbour("cases.index", page, "sebelum", **filters.arguments()),
        next_url=_neighbour("cases.index", page, "sesudah", **filters.arguments()),
    )


@blueprint.get("/kasus.csv", defaults={"kind": "csv"})
@blueprint.get("/kasus.xlsx", defaults={"kind": "xlsx"})
@allow(signed_in)
def export(kind: str) -> Response:
    """The same list for a spreadsheet."""
    actor = require_actor()
    filters = Filters.from_arguments(request.args)
    with services().database.read() as unit:
        rows = [present.case(unit, row) for row in queries.export_rows(unit.connection, actor, filters)]
    header = [_("Nomor"), _("Judul"), _("Proses"), _("Instansi"), _("Pemohon"), _("Keadaan"), _("Tahap"), _("Mulai")]
    cells = [
        (r.number, r.title, r.process, r.instansi, r.starter, r.status_text, r.stage,
         r.started_at.astimezone(ZoneInfo(r.zone)).strftime("%Y-%m-%d %H:%M"))
        for r in rows
    ]  # fmt: skip
    return table_response("kasus", header, cells, kind)


@blueprint.get("/kasus/<number>")
@allow(signed_in)
def show(number: str) -> Response | str:
    """A case: where it stands, on its diagram and in words, what happened, and its documents.

    Whoever may only audit it reads it in the audit, where the people in it are masked.
    """
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        try:
            row = find(unit, number)
        except NotFoundError:
            if not queries.is_audited(unit, actor, number):
                raise
            return redirect(url_for("audit.case", number=number))
        version = services().definitions.version(row.version_id, unit)
        connection = unit.connection
        calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
        names = row.starter_id != actor.user_id
        tasks = queries.open_tasks(connection, [row.id])
        deadlines = queries.pending_deadlines(connection, row.id)
        incidents = queries.open_incidents(connection, row.id) if present.oversees(actor) else []
        steps = present.steps(unit, row, tasks=tasks, deadlines=deadlines, names=names, now=now)
        entries, events = timeline.read(
            connection,
            row.id,
            version,
            reader_id=actor.user_id,
            names=names,
            after=request.args.get("sesudah"),
            before=request.args.get("sebelum"),
        )
        documents = queries.documents(connection, row.id)
        return render_template(
            "cases/show.html",
            case=present.case(unit, row),
            tasks=present.tasks(unit, row, tasks, actor, names=names, now=now),
            timers=[(wait, due(wait.due_at, wait.zone, calendar, now)) for wait in deadlines if wait.kind == "timer"],
            movable=_movable(actor, row, deadlines),
            steps=steps,
            states=states(),
            diagrams=present.diagrams(version),
            incidents=incidents,
            documents=documents,
            related=related(unit, actor, row.id),
            mails=mails.of_case(unit, row, actor, names=names),
            mail_incidents=MAIL_INCIDENTS,
            programme=programme_of(unit, row.id),
            entries=entries,
            names=names,
            process_title=process_title(version),
            version_number=version.number,
            last_move=steps.last_move,
            stage=stage_text(version, row.stage_element, row.stage),
            previous_url=_neighbour("cases.show", events, "sebelum", number=number),
            next_url=_neighbour("cases.show", events, "sesudah", number=number),
        )


@blueprint.get("/kasus/<number>/diagram/<path:path>")
@allow(signed_in)
def drawing(number: str, path: str) -> Response:
    """A diagram of the version this case runs on, as it was deployed."""
    with services().database.read() as unit:
        row = find(unit, number)
        return present.drawing(services().definitions.version(row.version_id, unit), path)


@blueprint.get("/kasus/<number>/dokumen/<attachment_id>")
@allow(signed_in)
def document(number: str, attachment_id: str) -> Response:
    """A document of the case, always as a download; that it was read, and by whom, is recorded."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        row = find(unit, number)
        if attachment_id not in {d.id for d in queries.documents(unit.connection, row.id)}:
            raise NotFoundError
        found = services().documents.read(unit, attachment_id, actor.user_id, now)
    return present.download(found)


@blueprint.post("/kasus/<number>/surel/<mail_id>")
@allow(signed_in)
def resend_mail(number: str, mail_id: str) -> Response:
    """A mail once more, by somebody who looks after the case."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        row = find(unit, number)
        if not may_look_after(unit, actor, row.id, row.starter_id, row.instansi_id):
            raise ForbiddenError(why=_("surel kasus ini dikirim ulang oleh petugasnya."))
        resend(unit, row.id, mail_id, actor, now)
    flash(_("Surel dikirim ulang."), "success")
    return redirect(url_for("cases.show", number=number, _anchor="mails-title"), 303)


def find(unit: UnitOfWork, number: str) -> Any:
    """The case, or 404: one that is another's looks like one that is not there."""
    row = queries.case_row(unit.connection, require_actor(), number)
    if row is None:
        raise NotFoundError
    saw_case(row.id)
    return row


def _movable(actor: Actor, row: Any, deadlines: list[Any]) -> dict[str, str]:
    """The deadlines that this person may move, by token."""
    may = row.status == "active" and any(grant.role in ("owner", "admin") for grant in actor.grants)
    return {wait.token_id: wait.id for wait in deadlines} if may else {}


def _neighbour(endpoint: str, page: Page, name: str, **arguments: Any) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    return url_for(endpoint, **arguments, **{name: cursor}) if cursor else None
