"""Files of a draft over HTTP: read with an ETag, saved with If-Match, and who has them open. Spoken by draft.js."""

from typing import Any

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import AlurError, NotFoundError
from engine.gate.package import MAX_FILE_BYTES
from engine.studio import drafts, presence
from engine.studio.errors import StaleDraftError
from web.context import require_actor, services
from web.i18n import clock_time, locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.drafts import blueprint
from web.studio.drafts.views import editor_url
from web.studio.frame import open_draft
from web.studio.words import finding_json

TYPES = {".bpmn": "application/xml", ".dmn": "application/xml", ".json": "application/json", ".svg": "text/plain"}


@blueprint.get("/berkas/<path:path>")
@allow(READERS)
def read_file(draft: str, path: str) -> Response:
    """A file as it is now. Nothing a browser would run: an uploaded drawing is text here."""
    file = open_draft(draft).files.get(path)
    if file is None:
        raise NotFoundError
    kind = TYPES.get(path[path.rfind(".") :], "text/plain")
    answer = Response(file.body, content_type=f"{kind}; charset=utf-8")
    answer.set_etag(str(file.revision))
    answer.headers["Content-Disposition"] = "attachment"
    return answer


@blueprint.put("/berkas/<path:path>")
@allow(OWNERS, max_body=MAX_FILE_BYTES)
def save_file(draft: str, path: str) -> Response:
    """Save it, if it is still what the sender saw."""
    seen = _seen()
    body, now = request.get_data(), services().clock.now()
    try:
        with services().database.write() as unit:
            revision = drafts.save_file(unit, draft, path, body, seen=seen, by=_me(), now=now)
    except AlurError as error:
        return _refused(error)
    answer = jsonify(
        revision=revision,
        saved_at=now.isoformat(),
        saved_text=_("Draf tersimpan %(when)s", when=clock_time(now)),
    )
    answer.set_etag(str(revision))
    return answer


@blueprint.delete("/berkas/<path:path>")
@allow(OWNERS)
def remove_file(draft: str, path: str) -> Response:
    """Take it out of the draft, if it is still what the sender saw."""
    try:
        with services().database.write() as unit:
            revision = drafts.remove_file(unit, draft, path, seen=_seen() or 0, by=_me(), now=services().clock.now())
    except AlurError as error:
        return _refused(error)
    return jsonify(revision=revision)


@blueprint.post("/hadir")
@allow(OWNERS)
def tell_presence(draft: str) -> Response:
    """Somebody has this file open; who else is here?"""
    told = request.get_json(silent=True) or {}
    path = str(told.get("path") or "")[:300] if isinstance(told, dict) else ""
    with services().database.write() as unit:
        drafts.read_head(unit, draft)
        found = presence.here(unit, draft, path, user_id=_me(), now=services().clock.now())
    return jsonify(
        others=[
            {"name": o.name, "path": o.path, "text": _("terlihat %(when)s", when=clock_time(o.seen_at))} for o in found
        ]
    )


@blueprint.get("/temuan")
@allow(READERS)
def findings(draft: str) -> Response:
    """What the gate says of it now."""
    view = open_draft(draft)
    found = drafts.findings_of(view, services().registry)
    told = [{**finding_json(f), "url": editor_url(view, f.file, f.element)} for f in found]
    return jsonify(revision=view.revision, findings=told)


@blueprint.post("/salinan")
@allow(OWNERS, max_body=2 * MAX_FILE_BYTES)
def copy(draft: str) -> Response:
    """A draft of its own for somebody whose version of one file was overtaken: nothing of it is lost."""
    told: Any = request.get_json(silent=True)
    with services().database.read() as unit:
        drafts.read_head(unit, draft)
    if not isinstance(told, dict) or not isinstance(told.get("path"), str) or not isinstance(told.get("body"), str):
        return _refused(AlurError())
    try:
        with services().database.write() as unit:
            made = drafts.copy_draft(
                unit, draft, {told["path"]: told["body"].encode()}, by=_me(), now=services().clock.now()
            )
            answer = {"id": made.id, "title": made.title}
    except AlurError as error:
        return _refused(error)
    return jsonify(url=f"/studio/draf/{answer['id']}", title=answer["title"])


def _me() -> str:
    return require_actor().user_id or ""


def _seen() -> int | None:
    """The revision in If-Match; None for a new file. Whoever names none saw nothing, and overwrites nothing."""
    tags = list(request.if_match.as_set(include_weak=False)) if request.if_match else []
    return int(tags[0]) if tags and tags[0].isdecimal() and len(tags[0]) < 10 else None


def _refused(error: AlurError) -> Response:
    """A refusal as scripts read it; a conflict says who saved, and when."""
    told: dict[str, Any] = {"message": error.message(locale_code()), "code": error.code}
    if isinstance(error, StaleDraftError):
        told |= {"by": error.who, "at": error.at.isoformat(), "revision": error.revision}
        told["text"] = _("pukul %(when)s", when=clock_time(error.at))
    answer = jsonify(told)
    answer.status_code = error.http_status
    return answer
