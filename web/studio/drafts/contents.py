"""What a draft consists of: files added, renamed, removed; the whole as a zip, out and in; any file as text."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.manifest import FILE
from engine.studio import drafts
from engine.studio.beginning import replacement
from engine.studio.blanks import blank, kind_of, path_of
from engine.studio.errors import BadPackageError
from engine.studio.packing import LARGEST_UPLOAD, pack
from engine.texts import Text
from web.context import require_actor, services
from web.export import file_response
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.drafts import blueprint
from web.studio.drafts.views import editor_url
from web.studio.frame import open_draft, render_draft, telling
from web.studio.library.beginnings import tell_left_out

ZIP = "application/zip"


@blueprint.get("/paket.zip")
@allow(READERS)
def download(draft: str) -> Response:
    """The draft as a zip: the same files are always the same bytes."""
    view = open_draft(draft)
    return file_response(f"{view.key}-draf-{view.revision}.zip", pack(view.bodies), ZIP)


@blueprint.post("/paket")
@allow(OWNERS, max_body=LARGEST_UPLOAD)
def upload(draft: str) -> Response:
    """Make the draft what an uploaded zip holds, or its main diagram an uploaded BPMN file."""
    sent = request.files.get("file")
    with telling(draft):
        if sent is None or not sent.filename:
            raise BadPackageError(why=Text("pilih berkasnya dahulu.", "choose the file first."))
        _take(draft, sent.filename, sent.read())
    return _back(draft)


@blueprint.post("/berkas-baru")
@allow(OWNERS)
def add(draft: str) -> Response:
    """A new file with as little in it as its editor opens; go there."""
    with telling(draft):
        path, body = blank(request.form.get("jenis", ""), request.form.get("nama", ""))
        with services().database.write() as unit:
            drafts.save_file(unit, draft, path, body, seen=None, by=_me(), now=services().clock.now())
        return redirect(editor_url(open_draft(draft), path), 303)
    return _back(draft)


@blueprint.post("/ganti-nama")
@allow(OWNERS)
def rename_file(draft: str) -> Response:
    """Another name in the same place, if nobody changed the file meanwhile."""
    path, kind = request.form.get("path", ""), kind_of(request.form.get("path", ""))
    with telling(draft):
        if kind is None or path == FILE:
            raise NotFoundError
        to = path_of(kind, request.form.get("nama", ""))
        if kind == "diagram" and "/" not in path:
            to = to.rsplit("/", 1)[-1]
        with services().database.write() as unit:
            drafts.rename_file(unit, draft, path, to, seen=_seen(), by=_me(), now=services().clock.now())
        flash(_("%(old)s sekarang bernama %(new)s.", old=path, new=to))
    return _back(draft)


@blueprint.post("/hapus")
@allow(OWNERS)
def remove(draft: str) -> Response:
    """Take a file out, if nobody changed it meanwhile. It stays among the saves."""
    path = request.form.get("path", "")
    with telling(draft):
        with services().database.write() as unit:
            drafts.remove_file(unit, draft, path, seen=_seen(), by=_me(), now=services().clock.now())
        flash(_("%(path)s dihapus dari draf. Riwayat simpan masih memuatnya.", path=path))
    return _back(draft)


@blueprint.get("/teks/<path:path>")
@allow(READERS)
def text(draft: str, path: str) -> str:
    """A file as text: what has no editor of its own, and what somebody rather writes."""
    view = open_draft(draft)
    file = view.files.get(path)
    if file is None:
        raise NotFoundError
    return render_draft("studio/text.html", view, path=path, body=file.body.decode("utf-8", "replace"))


def _take(draft: str, filename: str, body: bytes) -> None:
    with services().database.write() as unit:
        view = drafts.read_draft(unit, draft)
        made = replacement(view.key, view.bodies, filename, body)
        before = view.revision
        after = drafts.replace_files(unit, draft, made.files, seen=_seen(), by=_me(), now=services().clock.now())
    tell_left_out(made)
    count = len(made.files)
    flash(
        _("Draf sekarang berisi unggahan itu: %(count)s berkas.", count=count)
        if after != before
        else _("Isi unggahan sama dengan draf; tidak ada yang berubah.")
    )


def _me() -> str:
    return require_actor().user_id or ""


def _seen() -> int:
    given = request.form.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _back(draft: str) -> Response:
    return redirect(url_for("studio_drafts.show", draft=draft), 303)
