"""A document in the page, and the pictures it is made of."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from engine.documents.preview import WIDTHS
from engine.errors import NotFoundError
from web.cases import queries
from web.context import require_actor, services
from web.documents.viewing import document_row, of_row, record, viewing
from web.security import allow, signed_in

blueprint = Blueprint("documents", __name__)


@blueprint.record_once
def _global(state: object) -> None:
    """`viewer` of documents/viewer.html calls it; a macro sees nothing but globals."""
    state.app.jinja_env.globals["viewing"] = viewing  # type: ignore[attr-defined]


@blueprint.get("/kasus/<number>/dokumen/<attachment_id>/lihat")
@allow(signed_in)
def view(number: str, attachment_id: str) -> str:
    """A document of a case, page by page; for htmx only the viewer, to be put where it stood."""
    actor = require_actor()
    with services().database.read() as unit:
        row = document_row(unit, number, attachment_id)
        others = queries.documents(unit.connection, row.instance_id)
    page, zoom = _whole("hal", 1), _whole("zum", 0)
    shown = of_row(row, page=page, zoom=zoom, opened=request.args.get("buka", ""))
    if request.headers.get("HX-Request"):
        return render_template("documents/frame.html", shown=shown)
    return render_template(
        "documents/view.html",
        document=row,
        shown=shown,
        others=[other for other in others if other.id != row.id],
        names=row.starter_id != actor.user_id,
    )


@blueprint.get("/kasus/<number>/dokumen/<attachment_id>/halaman/<int:page>")
@allow(signed_in)
def image(number: str, attachment_id: str, page: int) -> Response:
    """One page as a picture. That the document was opened, and by whom, is recorded once for all its pages."""
    with services().database.read() as unit:
        row = document_row(unit, number, attachment_id)
    zoom = _whole("zum", 0)
    if zoom >= len(WIDTHS):
        raise NotFoundError
    picture = services().previews.page(row.digest, row.kind, page, WIDTHS[zoom])
    record(row, request.args.get("buka", ""))
    return Response(picture.body, content_type=picture.media_type)


def _whole(name: str, default: int) -> int:
    """A small whole number out of the address; anything else is as if it were not there."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default
