"""A phase is opened before its turn: by the coordinator, with a reason that everybody may read."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import Form, TextAreaField
from wtforms.validators import InputRequired, Length

from engine.acts.errors import NobodyWaitsError
from engine.errors import NotFoundError
from web.context import require_actor, services
from web.lpse import queries, words
from web.lpse.area import blueprint, coordinates, lpse_of, people
from web.security import allow

MESSAGE = "lpse_phase_override"


class OverrideForm(Form):
    """Why it cannot wait."""

    reason = TextAreaField(
        _("Alasan"),
        [
            InputRequired(_("Tuliskan alasannya.")),
            Length(10, 500, _("Alasan terdiri atas 10 sampai 500 huruf.")),
        ],
        render_kw={"rows": 4, "maxlength": 500},
    )


@blueprint.route("/<lpse_id>/tahap/<phase>/buka", methods=["GET", "POST"])
@allow(people)
def override(lpse_id: str, phase: str) -> Response | str | tuple[str, int]:
    """Open a phase early."""
    actor = require_actor()
    with services().database.read() as unit:
        lpse = lpse_of(unit, actor, lpse_id)
        rows = queries.phases(unit.connection, lpse.id)
    row = next((r for r in rows if r.phase == phase), None)
    if row is None or not coordinates(actor, lpse):
        raise NotFoundError
    if row.state != "waiting":
        flash(gettext("%(phase)s sudah terbuka.", phase=words.phase_text(phase)), "info")
        return redirect(url_for("lpse.board", lpse_id=lpse.id), 303)
    form = OverrideForm(request.form if request.method == "POST" else None)
    before = [words.phase_text(r.phase) for r in rows if r.position < row.position and r.state != "done"]
    page = {"lpse": lpse, "phase": row, "form": form, "unfinished": before}
    if request.method == "GET":
        return render_template("lpse/override.html", faults=[], **page)
    if not form.validate():
        return render_template("lpse/override.html", faults=[(f.id, t) for f in form for t in f.errors], **page), 422
    try:
        services().runner.correlate(
            MESSAGE, actor, {"reason": form.reason.data}, instance_id=lpse.id, correlation=phase
        )
    except NobodyWaitsError:
        flash(gettext("%(phase)s sudah terbuka.", phase=words.phase_text(phase)), "info")
    else:
        flash(gettext("%(phase)s dibuka lebih awal.", phase=words.phase_text(phase)), "success")
    return redirect(url_for("lpse.board", lpse_id=lpse.id), 303)
