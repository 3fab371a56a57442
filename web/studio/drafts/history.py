"""Everything that was saved of a draft, and going back to any of it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.studio import saves
from engine.studio.packing import pack
from engine.studio.presence import names_of
from web.context import require_actor, services
from web.export import file_response
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.drafts import blueprint
from web.studio.frame import open_draft, render_draft, telling

PAGE = 50


@blueprint.get("/riwayat")
@allow(READERS)
def history(draft: str) -> str:
    """Who saved what, newest first."""
    view = open_draft(draft)
    given = request.args.get("sebelum", "")
    before = int(given) if given.isdecimal() and len(given) < 10 else None
    with services().database.read() as unit:
        found = saves.saves_of(unit, draft, before=before)
        names = names_of(unit, [one.by for one in found])
    page = found[:PAGE]
    older = page[-1].revision - page[-1].times + 1 if page else 0
    return render_draft(
        "studio/history.html",
        view,
        saves=[(one, names.get(one.by, "")) for one in page],
        older=url_for("studio_drafts.history", draft=draft, sebelum=older) if older > 1 else None,
        newest=before is None,
    )


@blueprint.get("/riwayat/<int:revision>/paket.zip")
@allow(READERS)
def earlier(draft: str, revision: int) -> Response:
    """The draft as it was then, as a zip."""
    with services().database.read() as unit:
        files = saves.files_at(unit, draft, revision)
    return file_response(f"{open_draft(draft).key}-draf-{revision}.zip", pack(files), "application/zip")


@blueprint.post("/riwayat/<int:revision>")
@allow(OWNERS)
def restore(draft: str, revision: int) -> Response:
    """Make the draft, or one file of it, what it was then; what it is now stays in this list."""
    given = request.form.get("revision", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else 0
    path = request.form.get("path", "")
    with telling(draft):
        me, now = require_actor().user_id or "", services().clock.now()
        with services().database.write() as unit:
            if path:
                saves.restore_file(unit, draft, revision, path, seen=seen, by=me, now=now)
            else:
                saves.restore(unit, draft, revision, seen=seen, by=me, now=now)
        if path:
            flash(_("%(path)s dikembalikan ke simpanan %(number)s.", path=path, number=revision))
        else:
            flash(_("Draf dikembalikan ke simpanan %(number)s.", number=revision))
    return redirect(url_for("studio_drafts.history", draft=draft), 303)
