"""Where a new process begins: from a starter, as a copy, or from an uploaded diagram or package."""

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engine.studio import beginning
from engine.studio.beginning import Beginning
from engine.studio.drafts import create_draft
from engine.studio.errors import BadPackageError
from engine.studio.packing import LARGEST_UPLOAD
from engine.unit_of_work import UnitOfWork
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS
from web.studio.library import blueprint, queries

COPY, UPLOAD = "copy", "upload"


@dataclass
class _Asked:
    """What the form says; shown again when something of it is refused."""

    title: str = ""
    key: str = ""
    owner: str = ""
    source: str = "approval"
    process: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)


@blueprint.get("/baru")
@allow(OWNERS)
def new() -> str:
    """The form."""
    return _page(_Asked(source=request.args.get("dari", "approval"), process=request.args.get("proses", "")))


@blueprint.post("/baru")
@allow(OWNERS, max_body=LARGEST_UPLOAD)
def begin() -> Response:
    """Make the first draft of a process that is not there yet."""
    form = request.form
    asked = _Asked(
        form.get("title", "").strip()[:200],
        form.get("key", "").strip()[:64],
        form.get("owner", "").strip()[:200],
        form.get("source", ""),
        form.get("process", ""),
    )
    sent = request.files.get("file")
    if asked.source != UPLOAD and not asked.title:
        asked.faults.append(("title", _("Isi nama prosesnya.")))
    if asked.source == UPLOAD and (sent is None or not sent.filename):
        asked.faults.append(("file", _("Pilih berkas BPMN atau zip.")))
    if not asked.faults:
        try:
            with services().database.write() as unit:
                made = _beginning(unit, asked)
                beginning.check_key(made.key, queries.is_taken(unit.connection, made.key))
                draft = create_draft(
                    unit,
                    key=made.key,
                    title=made.title,
                    files=made.files,
                    based_on=None,
                    by=require_actor().user_id or "",
                    now=services().clock.now(),
                )
        except (BadPackageError, beginning.KeyTakenError) as error:
            asked.faults.append(("file" if asked.source == UPLOAD else "key", error.message(locale_code())))
        else:
            tell_left_out(made)
            return redirect(url_for("studio_drafts.show", draft=draft.id), 303)
    return Response(_page(asked), 422, content_type="text/html; charset=utf-8")


def tell_left_out(made: Beginning) -> None:
    """Which files of an upload are no part of it, and why."""
    if not made.left_out:
        return
    said = "; ".join(f"{f.file}: {f.reason.in_locale(locale_code())}" for f in made.left_out[:8])
    count = len(made.left_out)
    flash(ngettext("%(num)d berkas tidak diikutkan.", "%(num)d berkas tidak diikutkan.", count) + " " + said, "warning")


def _beginning(unit: UnitOfWork, asked: _Asked) -> Beginning:
    owner = asked.owner or require_actor().name
    if asked.source == UPLOAD:
        sent = request.files["file"]
        return beginning.from_upload(sent.filename or "", sent.read(), asked.key, asked.title, owner)
    key = asked.key or beginning.key_of(asked.title)
    if asked.source == COPY:
        files = services().definitions.current(asked.process, unit).files
        return beginning.from_copy(files, key, asked.title, owner)
    return beginning.from_starter(asked.source, key, asked.title, owner)


def _page(asked: _Asked) -> str:
    with services().database.read() as unit:
        processes = [row for row in queries.definitions(unit.connection) if row.current_version_id]
    starters = [(name, title.in_locale(locale_code())) for name, title in beginning.STARTERS.items()]
    return render_template("studio/new.html", asked=asked, processes=processes, starters=starters)
