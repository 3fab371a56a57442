"""What the buttons do: submit, approve, refuse, call off, withdraw. What is refused is said where it was asked."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.definitions import RefusedPackageError
from engine.errors import AlurError, NotFoundError
from engine.studio import publishing
from engine.studio.publishing import read_publication
from engine.unit_of_work import UnitOfWork
from models import Publication
from web.context import require_actor, services
from web.i18n import locale_code, zone
from web.security import allow
from web.studio.access import OWNERS
from web.studio.frame import open_draft
from web.studio.publishing import blueprint, views
from web.studio.publishing.forms import PublishForm
from web.studio.publishing.present import state_text

Answer = Response | tuple[str, int]


@blueprint.post("/draf/<draft>/terbit")
@allow(OWNERS)
def submit(draft: str) -> Answer:
    """Submit a draft: it is frozen until somebody decides, or holds at once where nobody has to look."""
    view = open_draft(draft)
    with services().database.read() as unit:
        form = views.make_form(unit, views.flow_of(view))
    if not form.validate():
        return views.publish_page(view, form), 422
    try:
        with services().database.write() as unit:
            made = publishing.submit_draft(unit, services().registry, draft, form.terms(zone()), **_who(form))
            ident, state = made.id, made.state
    except RefusedPackageError:
        return views.publish_page(view, form, _("Draf ini masih mempunyai galat; perbaiki dulu temuannya.")), 422
    except AlurError as error:
        return views.publish_page(view, form, error.message(locale_code())), error.http_status
    return _done(ident, state)


@blueprint.post("/proses/<key>/terbit")
@allow(OWNERS)
def submit_version(key: str) -> Answer:
    """Submit a version that is there already."""
    version_id = request.form.get("versi", "")
    if not version_id:
        return views.version_page(key, None, "", _("Pilih versinya.")), 422
    with services().database.read() as unit:
        version = services().definitions.version(version_id, unit)
        form = views.make_form(unit, version.manifest.flow)
    if version.key != key:
        raise NotFoundError
    if not form.validate():
        return views.version_page(key, form, version_id), 422
    try:
        with services().database.write() as unit:
            made = publishing.submit_version(unit, services().registry, version_id, form.terms(zone()), **_who(form))
            ident, state = made.id, made.state
    except AlurError as error:
        return views.version_page(key, form, version_id, error.message(locale_code())), error.http_status
    return _done(ident, state)


@blueprint.post("/proses/<key>/hentikan")
@allow(OWNERS)
def stop(key: str) -> Answer:
    """No new cases until a version is made to hold again."""
    try:
        with services().database.write() as unit:
            made = publishing.stop(
                unit,
                key,
                by=require_actor().user_id or "",
                reason=request.form.get("alasan", ""),
                now=services().clock.now(),
            )
            ident, state = made.id, made.state
    except NotFoundError:
        raise
    except AlurError as error:
        return views.version_page(key, None, "", stop_fault=error.message(locale_code())), error.http_status
    return _done(ident, state)


@blueprint.post("/tinjauan/<publication>/setuju")
@allow(OWNERS)
def approve(publication: str) -> Answer:
    """The second person's yes."""
    return _act(
        publication,
        lambda unit, who, reason: publishing.approve(
            unit,
            services().registry,
            publication,
            by=who,
            reason=reason,
            now=services().clock.now(),
            four_eyes=services().settings.studio_four_eyes,
        ),
    )


@blueprint.post("/tinjauan/<publication>/tolak")
@allow(OWNERS)
def refuse(publication: str) -> Answer:
    """The second person's no, with the reason."""
    return _decide(publication, publishing.refuse)


@blueprint.post("/tinjauan/<publication>/batalkan")
@allow(OWNERS)
def call_off(publication: str) -> Answer:
    """Not after all, before it holds."""
    return _decide(publication, publishing.call_off)


@blueprint.post("/tinjauan/<publication>/tarik")
@allow(OWNERS)
def withdraw(publication: str) -> Answer:
    """Back to what held before."""
    return _decide(publication, publishing.withdraw)


def _decide(ident: str, what: Callable[..., Publication]) -> Answer:
    return _act(ident, lambda unit, who, reason: what(unit, ident, by=who, reason=reason, now=services().clock.now()))


def _act(ident: str, what: Callable[[UnitOfWork, str, str], Publication]) -> Answer:
    with services().database.read() as unit:
        read_publication(unit, ident)
    try:
        with services().database.write() as unit:
            state = what(unit, require_actor().user_id or "", request.form.get("alasan", "")).state
    except AlurError as error:
        return views.review_page(ident, error.message(locale_code())), error.http_status
    return _done(ident, state)


def _who(form: PublishForm) -> dict[str, Any]:
    return {
        "note": form.note.data,
        "by": require_actor().user_id or "",
        "now": services().clock.now(),
        "four_eyes": services().settings.studio_four_eyes,
    }


def _done(ident: str, state: str) -> Response:
    flash(_("%(state)s. Tercatat dalam riwayat proses.", state=state_text(state)), "success")
    return redirect(url_for("studio_publish.review", publication=ident), 303)
