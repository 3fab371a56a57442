"""Pengaturan Akun INAPROC: my accesses, how long each lasts, and what I can do with it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.acts.errors import NobodyWaitsError
from web.context import require_actor, services
from web.portal.lives import OFF, ON, lives_of, wish
from web.portal.views import blueprint
from web.roles import role_titles
from web.security import allow, signed_in


@blueprint.get("/akses/pengaturan")
@allow(signed_in)
def settings() -> str:
    parts = services()
    with parts.database.read() as unit:
        lives = lives_of(parts, unit, require_actor(), parts.clock.now())
        return render_template("portal/settings.html", lives=lives, titles=role_titles(unit))


@blueprint.post("/akses/pengaturan/<membership_id>/nonaktifkan")
@allow(signed_in)
def deactivate(membership_id: str) -> Response:
    """Open the form on which the handover is declared; the access ends when it is sent."""
    return _wished(membership_id, OFF)


@blueprint.post("/akses/pengaturan/<membership_id>/reaktivasi")
@allow(signed_in)
def reactivate(membership_id: str) -> Response:
    """Open the form with the new end date and letter."""
    return _wished(membership_id, ON)


def _wished(membership_id: str, message: str) -> Response:
    parts = services()
    try:
        task_id = wish(parts, require_actor(), membership_id, message, parts.clock.now())
    except NobodyWaitsError:
        task_id = None
    if task_id is None:
        flash(_("Keadaan akses ini sudah berubah, atau permohonannya sedang diproses."), "warn")
        return redirect(url_for("portal.settings"), 303)
    return redirect(url_for("inbox.task", task_id=task_id), 303)
