"""The page on which is said when everything is proved by itself."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import AlurError
from engine.proof.runs import KINDS
from engine.proof.schedules import change, schedules
from web.audit.proofs import words
from web.audit.proofs.views import blueprint
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow, role

KEEPERS = role("auditor", "admin")


@blueprint.get("/jadwal")
@allow(KEEPERS)
def schedule() -> str:
    """When, as it is set now."""
    with services().database.read() as unit:
        known = schedules(unit)
    return render_template(
        "audit/proofs/schedule.html",
        schedules=[(kind, words.kind_text(kind), words.schedule_text(known.get(kind)), known.get(kind))
                   for kind in KINDS],
        weekdays=words.weekdays(),
    )  # fmt: skip


@blueprint.post("/jadwal")
@allow(KEEPERS)
def change_schedule() -> Response:
    """Both kinds at once, as the page shows them."""
    now, by = services().clock.now(), require_actor().user_id or ""
    try:
        with services().database.write() as unit:
            for kind in KINDS:
                change(
                    unit, kind, request.form.get(f"{kind}-setiap", ""),
                    weekday=request.form.get(f"{kind}-hari", -1, int),
                    hour=request.form.get(f"{kind}-jam", -1, int), by=by, now=now,
                )  # fmt: skip
        flash(_("Jadwal pembuktian disimpan."), "success")
    except AlurError as error:
        flash(error.message(locale_code()), "error")
    return redirect(url_for("audit_proofs.schedule"), 303)
