"""Pages of exports: ask for one, follow it, take the file within a day."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.bundles import runs
from engine.errors import AlurError, NotFoundError
from models import ExportRun, Instance
from web.audit.access import AUDITORS, audited_case, sees_persons
from web.audit.bundles import words
from web.audit.find.views import chosen_cases
from web.audit.story.views import masking_of
from web.context import require_actor, services
from web.export import file_response
from web.i18n import locale_code
from web.paging import Key, fetch_page
from web.progress import led_to
from web.security import allow, public

blueprint = Blueprint("audit_bundles", __name__, url_prefix="/audit")

PIECE = 1 << 16
MOST_NAMED = 30
_NEWEST = (Key(col(ExportRun.created_at), "created_at", descending=True), Key(col(ExportRun.id), "id", descending=True))
MEDIA_TYPES = {"bundle": "application/zip", "xes": "application/xml", "ocel": "application/json"}


@blueprint.get("/bundel")
@allow(AUDITORS)
def index() -> str:
    """What goes in and what not, and this person's own exports."""
    mine = select(ExportRun.__table__).where(col(ExportRun.created_by) == require_actor().user_id)  # type: ignore[attr-defined]
    with services().database.read() as unit:
        page = fetch_page(unit.connection, mine, _NEWEST, after=request.args.get("sesudah"),
                          before=request.args.get("sebelum"))  # fmt: skip
    here = "audit_bundles.index"
    return render_template(
        "audit/bundles/index.html",
        rows=[(row, words.format_text(row.format), words.result(row)) for row in page.rows],
        previous_url=url_for(here, sebelum=page.previous) if page.previous else None,
        next_url=url_for(here, sesudah=page.next) if page.next else None,
    )


@blueprint.get("/kasus/<number>/bundel")
@allow(AUDITORS)
def case(number: str) -> str:
    """Take one case along: what would be in it at this moment."""
    with services().database.read() as unit:
        found = audited_case(unit, require_actor(), number)
        masking = masking_of(unit, found)
    return render_template("audit/bundles/one.html", number=number, level=words.level_text(str(masking.level)),
                           open_now=masking.shows_bodies, may_open_mask=sees_persons(require_actor()))  # fmt: skip


@blueprint.post("/bundel")
@allow(AUDITORS)
def begin() -> Response:
    """Write down what was chosen; a worker makes the file."""
    actor, parts = require_actor(), services()
    now = parts.clock.now()
    wanted = request.form.get("format")
    form: runs.Format = wanted if wanted in runs.FORMATS else "bundle"  # type: ignore[assignment]
    try:
        with parts.database.write() as unit:
            chosen = chosen_cases(unit, actor, request.form, now)
            run_id = runs.begin(unit, chosen, form, by=actor.user_id, locale=locale_code(), now=now)
            if parts.runner.wake is not None:
                unit.after_commit(parts.runner.wake)
    except AlurError as error:
        flash(error.message(locale_code()), "error")
        return redirect(url_for("audit.index"), 303)
    return redirect(url_for("audit_bundles.show", run=run_id), 303)


@blueprint.get("/bundel/<run>")
@allow(AUDITORS)
def show(run: str) -> str:
    """One export: how far it is, its file, and how it is checked."""
    found = _own(run)
    query = select(col(Instance.number)).where(col(Instance.id).in_(found.cases[:MOST_NAMED]))
    with services().database.read() as unit:
        numbers = list(unit.session.scalars(query.order_by(col(Instance.number))))
    return render_template(
        "audit/bundles/run.html",
        run=found,
        form=words.format_text(found.format),
        level=words.level_text(found.level),
        result=words.result(found),
        numbers=numbers,
        until=found.finished_at + runs.KEPT if found.finished_at else None,
    )


@blueprint.get("/bundel/<run>/kemajuan")
@allow(AUDITORS)
def progress(run: str) -> Response | str:
    """How far it is: the part of the page that asks for itself again; at the end the whole page is loaded anew."""
    found = _own(run)
    here = url_for("audit_bundles.show", run=run)
    return led_to(here, working=found.state == "running") or render_template("audit/bundles/progress.html", run=found)


@blueprint.post("/bundel/<run>/berhenti")
@allow(AUDITORS)
def cancel(run: str) -> Response:
    """Stop; what was gathered is removed."""
    _own(run)
    with services().database.write() as unit:
        runs.cancel(unit, run, services().clock.now())
    flash(_("Pembuatan berkas dihentikan."))
    return redirect(url_for("audit_bundles.show", run=run), 303)


@blueprint.get("/bundel/<run>/berkas")
@allow(AUDITORS)
def download(run: str) -> Response:
    """The file, to who asked for it and nobody else."""
    found = _own(run)
    path = services().settings.exports_folder / f"{found.id}.{runs.SUFFIX[found.format]}"
    if found.state != "ready" or not path.is_file():
        raise NotFoundError
    name = f"alur-{found.format}-{found.created_at:%Y%m%d}-{found.id[:8]}.{runs.SUFFIX[found.format]}"
    response = file_response(name, _pieces(path), MEDIA_TYPES[found.format])
    response.content_length = path.stat().st_size
    return response


@blueprint.get("/bundel/verify.py")
@allow(public)
def verifier() -> Response:
    """The program that checks bundles, for whoever got one: from here it is not the copy that came with it."""
    return file_response("verify.py", runs.VERIFIER.read_bytes(), "text/x-python; charset=utf-8")


def _own(run: str) -> ExportRun:
    with services().database.read() as unit:
        found = unit.session.get(ExportRun, run)
    if found is None or found.created_by != require_actor().user_id:
        raise NotFoundError
    return found


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
