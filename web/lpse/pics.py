"""Another PIC, for one item or for many of a phase at once; each change is a message to the item's case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from engine.acts.errors import NobodyWaitsError
from engine.errors import InstanceNotActiveError, NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instansi, Lpse, LpseItem
from web.context import require_actor, services
from web.lpse import queries, words
from web.lpse.area import blueprint, coordinates, lpse_of, people
from web.security import allow

MESSAGE = "lpse_pic_changed"
ANY = ""


class ChangeForm(Form):
    """Who answers for it from now on, and why."""

    pic = SelectField(_("PIC yang baru"), [InputRequired(_("Pilih PIC yang baru."))])
    reason = TextAreaField(
        _("Alasan"),
        [
            InputRequired(_("Tuliskan alasannya.")),
            Length(10, 500, _("Alasan terdiri atas 10 sampai 500 huruf.")),
        ],
        render_kw={"rows": 3, "maxlength": 500},
    )


class ManyForm(ChangeForm):
    """The same for every item of a phase, of one stage or of one person."""

    phase = SelectField(_("Tahap"), [InputRequired(_("Pilih tahapnya."))])
    stage = SelectField(_("Tahap implementasi"))
    before = SelectField(_("PIC sekarang"))


@blueprint.route("/<lpse_id>/pic", methods=["GET", "POST"])
@allow(people)
def change_many(lpse_id: str) -> Response | str | tuple[str, int]:
    """One PIC for many items at once; what is Terpenuhi stays as it was."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        lpse = lpse_of(unit, actor, lpse_id)
        if not coordinates(actor, lpse):
            raise NotFoundError
        form = ManyForm(request.form if request.method == "POST" else None)
        _offer(unit, form, lpse, now)
    page = {"lpse": lpse, "form": form}
    if request.method == "GET":
        return render_template("lpse/pics.html", faults=[], **page)
    if not form.validate():
        return render_template("lpse/pics.html", faults=[(f.id, t) for f in form for t in f.errors], **page), 422
    with services().database.read() as unit:
        chosen = _chosen(unit, lpse, form)
    changed = sum(change_one(item, form.pic.data, form.reason.data) for item in chosen)
    flash(ngettext("PIC %(num)d butir diganti.", "PIC %(num)d butir diganti.", changed), "success")
    return redirect(url_for("lpse.board", lpse_id=lpse.id, tahap=form.phase.data), 303)


def change_one(item: LpseItem, pic_id: str, reason: str) -> bool:
    """Tell the item's case; False when there is nothing to change (any more)."""
    if item.instance_id is None or item.state == queries.FULFILLED or item.pic_id == pic_id:
        return False
    try:
        services().runner.correlate(
            MESSAGE, require_actor(), {"pic": pic_id, "reason": reason}, instance_id=item.instance_id
        )
    except (NobodyWaitsError, InstanceNotActiveError):  # fulfilled by somebody a moment ago
        return False
    return True


def choices(unit: UnitOfWork, lpse: Lpse, now: datetime) -> list[tuple[str, str]]:
    """Who holds the role of a PIC in the LPSE's instansi today."""
    agency = unit.session.get_one(Instansi, lpse.instansi_id)
    today = now.astimezone(ZoneInfo(agency.zone)).date()
    return [("", gettext("Pilih …")), *queries.pics(unit.connection, agency.id, today)]


def _offer(unit: UnitOfWork, form: ManyForm, lpse: Lpse, now: datetime) -> None:
    opened = [p.phase for p in queries.phases(unit.connection, lpse.id) if p.state == "open"]
    held = select(col(LpseItem.pic_id)).where(col(LpseItem.lpse_id) == lpse.id).distinct()
    known = queries.names(unit.connection, unit.connection.execute(held).scalars())
    every = (ANY, gettext("Semua"))
    form.pic.choices = choices(unit, lpse, now)
    form.phase.choices = [(phase, words.phase_text(phase)) for phase in opened]
    form.stage.choices = [every, *((stage, words.stage_text(stage)) for stage in words.STAGES)]
    form.before.choices = [every, *sorted(known.items(), key=lambda one: one[1])]


def _chosen(unit: UnitOfWork, lpse: Lpse, form: ManyForm) -> Sequence[LpseItem]:
    query: Any = select(LpseItem).where(col(LpseItem.lpse_id) == lpse.id, col(LpseItem.phase) == form.phase.data)
    if form.stage.data:
        query = query.where(col(LpseItem.stage) == form.stage.data)
    if form.before.data:
        query = query.where(col(LpseItem.pic_id) == form.before.data)
    return list(unit.session.scalars(query.order_by(col(LpseItem.standard), col(LpseItem.stage))))
