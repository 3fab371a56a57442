"""The page of a comparison: which two states, the list, the drawings as one or beside each other."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.studio.comparing import Comparison, compare
from engine.studio.drafts import read_draft
from engine.studio.sources import Source, read_source
from engine.unit_of_work import UnitOfWork
from web.context import services
from web.processes.queries import versions as versions_of
from web.security import allow
from web.studio.access import READERS
from web.studio.comparing import present
from web.studio.frame import render_draft
from web.studio.library import queries as library
from web.words.names import in_locale

blueprint = Blueprint("studio_compare", __name__, url_prefix="/studio/bandingkan")

BESIDE = "berdampingan"


@blueprint.get("")
@allow(READERS)
def show() -> str | Response:
    """Two states of a process: `dari` and `ke`, each a version or a draft. They are chosen on the process's page."""
    if "dari" not in request.args or "ke" not in request.args:
        return redirect(url_for("studio.index"), 303)
    beside = request.args.get("tampilan") == BESIDE
    with services().database.read() as unit:
        old, new = _sources(unit)
        found = compare(old.files, new.files)
        view = None if new.version_id else read_draft(unit, new.ref)
        options = _options(unit, new.key, (old, new))
    context: dict[str, Any] = {
        "old": old,
        "new": new,
        "old_label": in_locale(old.label),
        "new_label": in_locale(new.label),
        "options": options,
        "found": found,
        "areas": present.by_area(found),
        "counts": present.counts(found),
        "kinds": present.kinds(),
        "diagrams": present.diagrams(found, old.files, new.files, beside=beside),
        "beside": beside,
        "here": _here,
    }
    if view is not None:
        return render_draft("studio/compare_draft.html", view, **context)
    return render_template("studio/compare_versions.html", key=new.key, **context)


@blueprint.get("/diagram/<path:path>")
@allow(READERS)
def drawing(path: str) -> Response:
    """The diagram that a side draws: as it was, as it is, or both in one."""
    with services().database.read() as unit:
        old, new = _sources(unit)
    was, now = old.files.get(path), new.files.get(path)
    if not path.endswith(".bpmn"):
        raise NotFoundError
    found = compare({path: was}, {path: now}) if was is not None and now is not None else Comparison(())
    xml = present.drawing(found, path, was, now, request.args.get("sisi", present.ONE))
    if xml is None:
        raise NotFoundError
    return Response(xml, content_type="application/xml; charset=utf-8", headers={"Cache-Control": "private, no-store"})


def _sources(unit: UnitOfWork) -> tuple[Source, Source]:
    definitions = services().definitions
    old, new = (read_source(unit, definitions, request.args.get(name, "")) for name in ("dari", "ke"))
    return old, new


def _options(unit: UnitOfWork, key: str, shown: tuple[Source, ...]) -> list[tuple[str, str]]:
    """What else of this process can be compared; what is compared now is there in any case."""
    found = {row.id: _("Versi %(number)s", number=row.number) for row in versions_of(unit.connection, key)}
    found |= {row.id: _("Draf “%(title)s”", title=row.title) for row in library.drafts(unit.connection, key=key)}
    return list(({source.ref: in_locale(source.label) for source in shown} | found).items())


def _here(endpoint: str = "studio_compare.show", **more: str) -> str:
    """An address about the same two states."""
    return url_for(endpoint, dari=request.args.get("dari"), ke=request.args.get("ke"), **more)
