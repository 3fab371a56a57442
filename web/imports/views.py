"""Pages of imports: choose, upload, look at the dry run, run it, follow it, take the report away."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import ForbiddenError, NotFoundError
from engine.imports import ImportContext, ImportKind, ImportRefusedError, Scope, intake, runs
from engine.imports.errors import NoFileError
from engine.imports.template import template_csv, template_xlsx
from engine.imports.workbook import MEDIA_TYPE
from models import BulkRun
from web.context import require_actor, services
from web.export import file_response, long_csv_response, table_response
from web.i18n import locale_code
from web.imports import queries
from web.imports.words import RUN_TONES, run_state, shown
from web.paging import Page
from web.progress import led_to
from web.security import allow, signed_in

blueprint = Blueprint("imports", __name__)

MAX_UPLOAD = 102 * 1024 * 1024
XLSX_ROWS = 20_000
"""A report of more rows is CSV, sent as it is read; those that need repair are a workbook all the same."""


@blueprint.get("/impor")
@allow(signed_in)
def index() -> str:
    """What this person may import, and what they imported so far."""
    actor = require_actor()
    with services().database.read() as unit:
        page = queries.runs(
            unit.connection, actor.user_id or "", after=request.args.get("sesudah"), before=request.args.get("sebelum")
        )
    return render_template(
        "imports/index.html",
        kinds=[kind for kind in services().registry.imports.all() if kind.offered_to(actor)],
        runs=[(row, _title_of(row.kind), run_state(row.state), RUN_TONES[row.state]) for row in page.rows],
        previous_url=_neighbour("imports.index", page, "sebelum"),
        next_url=_neighbour("imports.index", page, "sesudah"),
    )


@blueprint.get("/impor/baru/<name>")
@allow(signed_in)
def new(name: str) -> str:
    """Where the file is chosen. `lingkup` says for what, when another page knows it."""
    return _new(_kind(name), request.args.get("lingkup", ""))


@blueprint.post("/impor/baru/<name>")
@allow(signed_in, max_body=MAX_UPLOAD)
def upload(name: str) -> Response | str | tuple[str, int]:
    """Read the file and show what would happen. Nothing is done yet."""
    kind, key = _kind(name), request.form.get("lingkup", "")
    context = _context(kind, key)
    if context is None:
        return _new(kind, key, fault=_("Pilih untuk apa impor ini.")), 422
    try:
        run_id = _take(kind, context)
    except ImportRefusedError as error:
        return _new(kind, key, fault=error.message(locale_code())), error.http_status
    wake = services().runner.wake
    if wake is not None:
        wake()  # a large file is read by the worker
    return redirect(url_for("imports.show", run_id=run_id), 303)


@blueprint.get("/impor/templat/<name>.xlsx", defaults={"form": "xlsx"})
@blueprint.get("/impor/templat/<name>.csv", defaults={"form": "csv"})
@allow(signed_in)
def template(name: str, form: str) -> Response:
    """An empty file with the right headings."""
    kind = _kind(name)
    if kind.source != "spreadsheet":
        raise NotFoundError
    if form == "csv":
        return file_response(f"{name}.csv", template_csv(kind, locale_code()), "text/csv; charset=utf-8")
    return file_response(f"{name}.xlsx", template_xlsx(kind, locale_code()), MEDIA_TYPE)


@blueprint.get("/impor/<run_id>")
@allow(signed_in)
def show(run_id: str) -> str:
    """The dry run; while it runs, how far it is; at its end, the report."""
    chosen = request.args.get("baris", "semua")
    with services().database.read() as unit:
        run = runs.run_of(unit, run_id, require_actor())
        chosen = chosen if chosen in queries.SHOWN else "semua"
        page = queries.rows(
            unit.connection, run_id, chosen, after=request.args.get("sesudah"), before=request.args.get("sebelum")
        )
    kind = _known(run.kind)
    keys, headings = _columns(kind, telling=True)
    return render_template(
        "imports/show.html",
        run=run,
        follows=_known(kind.follows) if kind is not None and run.done else None,
        title=_title_of(run.kind),
        headings=headings,
        rows=[shown(row, keys, kind, run.state) for row in page.rows],
        shown=chosen,
        views=_views(run),
        previous_url=_neighbour("imports.show", page, "sebelum", run_id=run_id, baris=chosen),
        next_url=_neighbour("imports.show", page, "sesudah", run_id=run_id, baris=chosen),
        **_progress(run),
    )


@blueprint.get("/impor/<run_id>/kemajuan")
@allow(signed_in)
def progress(run_id: str) -> Response | str:
    """How far it is: the part of the page that asks for itself again. At the end the whole page is loaded anew."""
    with services().database.read() as unit:
        run = runs.run_of(unit, run_id, require_actor())
    here = url_for("imports.show", run_id=run_id)
    return led_to(here, working=run.state in ("reading", "running")) or render_template(
        "imports/progress.html", run=run, **_progress(run)
    )


@blueprint.post("/impor/<run_id>/jalankan")
@allow(signed_in)
def start(run_id: str) -> Response:
    """The person's yes: the good rows are done, in the background."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        run = runs.run_of(unit, run_id, actor)
        kind = _kind(run.kind)
        if kind.scope(unit, actor, run.context["scope"], now) is None:
            raise ForbiddenError(why=_("impor ini untuk peran atau instansi lain."))
        runs.start(unit, run, now)
        if services().runner.wake is not None:
            unit.after_commit(services().runner.wake)
    return redirect(url_for("imports.show", run_id=run_id), 303)


@blueprint.post("/impor/<run_id>/batal")
@allow(signed_in)
def cancel(run_id: str) -> Response:
    """Stop, or never begin. What is done stays done."""
    with services().database.write() as unit:
        run = runs.run_of(unit, run_id, require_actor())
        runs.cancel(unit, run, services().clock.now())
        incoming = services().registry.imports.incoming
        if incoming is not None and run.state == "checked":
            unit.after_commit(lambda: incoming.drop(run_id))
    return redirect(url_for("imports.show", run_id=run_id), 303)


@blueprint.get("/impor/<run_id>/laporan.csv", defaults={"form": "csv"})
@blueprint.get("/impor/<run_id>/laporan.xlsx", defaults={"form": "xlsx"})
@allow(signed_in)
def report(run_id: str, form: str) -> Response:
    """Every row as it was written, or (`baris`) some, with what is wrong with it or what became of it."""
    chosen = request.args.get("baris", "semua")
    with services().database.read() as unit:
        run = runs.run_of(unit, run_id, require_actor())
    if form == "xlsx" and run.total > XLSX_ROWS and chosen != "salah":
        return redirect(url_for("imports.report", run_id=run_id, form="csv", baris=chosen), 303)
    kind = _known(run.kind)
    keys, headings = _columns(kind)
    rows = (shown(row, keys, kind, run.state) for row in queries.all_rows(services().database, run_id, chosen))
    header = [_("Baris"), *headings, _("Keadaan"), _("Nomor kasus"), _("Keterangan")]
    cells = ((r.number, *r.cells, r.state_text, r.case or "", " ".join(r.notes)) for r in rows)
    name = f"laporan-{run.kind}-{run.id[:8]}"
    if form == "csv" and run.total > XLSX_ROWS:
        return long_csv_response(name, header, cells)
    return table_response(name, header, cells, form)


# --- what the views share --------------------------------------------------------------------------------------------


def _kind(name: str) -> ImportKind:
    """The kind, for those who hold one of its roles."""
    kind = services().registry.imports.get(name)
    if not kind.offered_to(require_actor()):
        raise ForbiddenError(why=_("impor ini untuk peran lain."))
    return kind


def _known(name: str) -> ImportKind | None:
    """The kind of an old run; it may be gone."""
    return services().registry.imports.get(name) if name in services().registry.imports else None


def _title_of(name: str) -> str:
    kind = _known(name)
    return kind.title.in_locale(locale_code()) if kind is not None else name


def _columns(kind: ImportKind | None, *, telling: bool = False) -> tuple[list[str], list[str]]:
    """Keys and headings; `telling`: only those by which a row is known again, where a kind names any."""
    columns = kind.columns if kind is not None else ()
    columns = tuple(c for c in columns if c.telling) or columns if telling else columns
    return [column.key for column in columns], [column.heading.in_locale(locale_code()) for column in columns]


def _new(kind: ImportKind, key: str, *, fault: str = "") -> str:
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        scopes = kind.scopes(unit, actor, now)
        chosen = next((scope for scope in scopes if scope.key == key), scopes[0] if len(scopes) == 1 else None)
        candidates = None
        if kind.candidates is not None and chosen is not None:
            candidates = kind.candidates(unit, _made(runs.new_run_id(), chosen))
    return render_template(
        "imports/new.html",
        kind=kind,
        scopes=scopes,
        chosen=chosen,
        candidates=candidates,
        fault=fault,
    )


def _context(kind: ImportKind, key: str) -> ImportContext | None:
    with services().database.read() as unit:
        scope = kind.scope(unit, require_actor(), key, services().clock.now())
    return None if scope is None else _made(runs.new_run_id(), scope)


def _made(run_id: str, scope: Scope) -> ImportContext:
    parts = services()
    return runs.context_of(run_id, require_actor(), scope, parts.clock.now(), parts.registry, parts.definitions)


def _take(kind: ImportKind, context: ImportContext) -> str:
    """A dry run of whatever was sent."""
    database, incoming = services().database, services().registry.imports.incoming
    if kind.source == "list":
        return intake.take_list(database, kind, context, request.form.getlist("pilih"))
    if kind.source == "files" and incoming is not None:
        uploads = [(f.filename or "", f.stream.read()) for f in request.files.getlist("berkas") if f.filename]
        return intake.take_files(database, incoming, kind, context, uploads)
    file = request.files.get("berkas")
    if file is None or not file.filename:
        raise NoFileError
    if kind.is_large and incoming is not None:
        return intake.take_large(database, incoming, kind, context, file.filename, file.stream)
    return intake.take_table(database, kind, context, file.filename, file.stream.read(kind.limits.bytes + 1))


def _progress(run: BulkRun) -> dict[str, Any]:
    """Counts for the page; `share` is in whole percent."""
    good = run.total - run.faulty
    done = run.done + run.failed
    return {
        "good": good,
        "left": max(good - done, 0),
        "share": 100 * done // good if good else 0,
        "refused": run.context.get("refused"),
        "long": run.total > XLSX_ROWS,
        "state": run_state(run.state),
        "tone": RUN_TONES[run.state],
        "scope_title": (run.context.get("title") or {}).get(locale_code())
        or (run.context.get("title") or {}).get("id", ""),
        "ignored": run.context.get("ignored") or [],
    }


def _views(run: BulkRun) -> list[tuple[str, str, int]]:
    bad = run.faulty + run.failed
    return [
        ("semua", _("Semua baris"), run.total),
        ("salah", _("Perlu diperbaiki"), bad),
        ("selesai", _("Berhasil"), run.done),
        ("sisa", _("Belum dikerjakan"), run.total - bad - run.done),
    ]


def _neighbour(endpoint: str, page: Page, name: str, **arguments: Any) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    return url_for(endpoint, **arguments, **{name: cursor}) if cursor else None
