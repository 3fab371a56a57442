"""Pages of the library: all processes, and one of them with its versions and drafts."""

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.studio.drafts import create_draft
from engine.studio.packing import pack
from engine.studio.publishing import publications_of, waiting
from engine.studio.sources import read_source
from web.context import require_actor, services
from web.export import file_response, table_response
from web.processes.queries import versions as versions_of
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import TONES, is_editor
from web.studio.library import blueprint, queries
from web.studio.publishing.present import shown
from web.studio.words import draft_state
from web.words.names import in_locale

ZIP = "application/zip"


@blueprint.get("")
@allow(READERS)
def index() -> str:
    """Every process: what is current, what runs, and what is being changed."""
    text = request.args.get("cari", "").strip()[:100]
    with services().database.read() as unit:
        rows = queries.definitions(unit.connection, text)
        running = queries.running(unit.connection)
        drafts = queries.drafts(unit.connection, text=text)
        reviews = len(waiting(unit))
    return render_template(
        "studio/index.html",
        text=text,
        processes=[(row, _title(row.manifest, row.title), sum(running.get(row.key, {}).values())) for row in rows],
        drafts=drafts,
        reviews=reviews,
        draft_state=draft_state,
        tones=TONES,
        edits=is_editor(),
    )


@blueprint.get("/proses.csv", defaults={"kind": "csv"})
@blueprint.get("/proses.xlsx", defaults={"kind": "xlsx"})
@allow(READERS)
def export(kind: str) -> Response:
    """The same list for a spreadsheet."""
    with services().database.read() as unit:
        rows = queries.definitions(unit.connection, request.args.get("cari", "").strip()[:100])
        running = queries.running(unit.connection)
    header = (
        _("Proses"), _("Kunci"), _("Pemilik proses"), _("Versi berlaku"), _("Terbit"), _("Oleh"), _("Alasan"),
        _("Kasus berjalan"),
    )  # fmt: skip
    lines = (
        (_title(row.manifest, row.title), row.key, row.owner, row.number, row.deployed_at, row.deployed_by, row.note,
         sum(running.get(row.key, {}).values()))
        for row in rows
    )  # fmt: skip
    return table_response("proses", header, lines, kind)


@blueprint.get("/proses/<key>")
@allow(READERS)
def process(key: str) -> str:
    """One process: its versions, the cases on each, its drafts, and what can be done with it."""
    with services().database.read() as unit:
        versions = versions_of(unit.connection, key)
        drafts = queries.drafts(unit.connection, key=key)
        finished = queries.drafts(unit.connection, key=key, finished=True)
        if not versions and not drafts and not finished:
            raise NotFoundError
        running = queries.running(unit.connection, key).get(key, {})
        newest = services().definitions.version(versions[0].id, unit) if versions else None
        publications = shown(unit, publications_of(unit, key))
    current = next((row for row in versions if row.is_current), None)
    return render_template(
        "studio/process.html",
        key=key,
        title=in_locale(newest.manifest.title, key) if newest else (drafts or finished)[0].title,
        owner=newest.manifest.owner if newest else "",
        versions=versions,
        current=current,
        running=running,
        drafts=drafts,
        finished=finished,
        publications=publications,
        draft_state=draft_state,
        tones=TONES,
        edits=is_editor(),
        compares="studio_compare.show" in current_app.view_functions,
        moves="studio_moving.index" in current_app.view_functions,
    )


@blueprint.post("/proses/<key>/draf")
@allow(OWNERS)
def new_draft(key: str) -> Response:
    """A draft of a version: of the one asked for, else of the current one."""
    version_id = request.form.get("versi") or services().definitions.current_id(key)
    with services().database.write() as unit:
        source = read_source(unit, services().definitions, version_id)
        if source.key != key or source.version_id is None:
            raise NotFoundError
        number = services().definitions.version(version_id, unit).number
        draft = create_draft(
            unit,
            key=key,
            title=request.form.get("judul", "") or _("Perubahan dari versi %(number)s", number=number),
            files=source.files,
            based_on=version_id,
            by=require_actor().user_id or "",
            now=services().clock.now(),
        )
    return redirect(url_for("studio_drafts.show", draft=draft.id), 303)


@blueprint.get("/proses/<key>/versi/<int:number>/paket.zip")
@allow(READERS)
def download(key: str, number: int) -> Response:
    """A version as a zip: always the same bytes."""
    with services().database.read() as unit:
        row = next((row for row in versions_of(unit.connection, key) if row.number == number), None)
        if row is None:
            raise NotFoundError
        files = services().definitions.version(row.id, unit).files
    return file_response(f"{key}-v{number}.zip", pack(files), ZIP)


def _title(manifest: dict[str, dict[str, str]] | None, title: str) -> str:
    return in_locale((manifest or {}).get("title"), title)
