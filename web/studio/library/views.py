"""Pages of the library."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.studio.drafts import create_draft
from engine.studio.sources import read_source
from web.context import require_actor, services
from web.security import allow
from web.studio.access import OWNERS, READERS

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


@blueprint.get("")
@allow(READERS)
def index() -> str:
    """Every process."""
    return render_template("studio/index.html")


@blueprint.get("/proses/<key>")
@allow(READERS)
def process(key: str) -> str:  # noqa: ARG001
    """One process."""
    return render_template("studio/index.html")


@blueprint.post("/proses/<key>/draf")
@allow(OWNERS)
def new_draft(key: str) -> Response:
    """A draft of a version: of the one asked for, else of the current one."""
    version_id = request.form.get("versi") or services().definitions.current_id(key)
    with services().database.write() as unit:
        source = read_source(unit, services().definitions, version_id)
        draft = create_draft(
            unit,
            key=source.key,
            title=request.form.get("judul", "") or source.label.id,
            files=source.files,
            based_on=version_id,
            by=require_actor().user_id or "",
            now=services().clock.now(),
        )
    return redirect(url_for("studio_drafts.show", draft=draft.id), 303)
