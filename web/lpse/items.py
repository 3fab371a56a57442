"""One item: what is asked for, who has it, what was submitted, and its *Riwayat*; and another PIC, with a reason."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.authorisation import may_see_case_of
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instance, Lpse, LpseEvidence, LpseItem
from web.cases import present
from web.context import require_actor, services
from web.looks import saw_case
from web.lpse import queries
from web.lpse.area import blueprint, coordinates, lpse_of, people
from web.lpse.pics import ChangeForm, change_one, choices
from web.security import allow


@blueprint.get("/butir/<item_id>")
@allow(people)
def item(item_id: str) -> str:
    """One standard in one stage."""
    return _page(item_id, ChangeForm())


@blueprint.post("/butir/<item_id>/pic")
@allow(people)
def change(item_id: str) -> Response | tuple[str, int]:
    """Another PIC for this item."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        found, lpse = _found(unit, actor, item_id)
        if not coordinates(actor, lpse):
            raise NotFoundError
        offered = choices(unit, lpse, now)
    form = ChangeForm(request.form)
    form.pic.choices = offered
    if not form.validate():
        return _page(item_id, form), 422
    if change_one(found, form.pic.data, form.reason.data):
        flash(_("PIC diganti. PIC yang baru diberi tahu lewat surat elektronik."), "success")
    else:
        flash(_("PIC tidak diganti: butir ini sudah Terpenuhi, atau orang itu sudah PIC-nya."), "warning")
    return redirect(url_for("lpse.item", item_id=item_id), 303)


@blueprint.get("/butir/<item_id>/bukti/<attachment_id>")
@allow(people)
def evidence_file(item_id: str, attachment_id: str) -> Response:
    """A document submitted for the item; the reading is recorded."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        _found(unit, actor, item_id)
        known = select(col(LpseEvidence.item_id)).where(
            col(LpseEvidence.item_id) == item_id, col(LpseEvidence.attachment_id) == attachment_id
        )
        if unit.connection.execute(known).first() is None:
            raise NotFoundError
        found = services().documents.read(unit, attachment_id, actor.user_id or "", now)
    return present.download(found)


def _page(item_id: str, form: ChangeForm) -> str:
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        found, lpse = _found(unit, actor, item_id)
        form.pic.choices = choices(unit, lpse, now)
        shown = next(i for i in queries.items(unit.connection, lpse.id, actor, now) if i.id == item_id)
        case = unit.session.get(Instance, found.instance_id) if found.instance_id else None
        return render_template(
            "lpse/item.html",
            lpse=lpse,
            item=shown,
            note=found.note if found.state in ("perlu_perbaikan", "terpenuhi") else "",
            zone=case.zone if case else "",
            case_number=case.number if case and may_see_case_of(unit, actor, case.id) else None,
            evidence=queries.evidence(unit.connection, item_id),
            events=queries.events(unit.connection, item_id),
            form=form,
            faults=[(f.id, text) for f in form for text in f.errors],
            may_change=coordinates(actor, lpse) and case is not None and shown.state != queries.FULFILLED,
        )


def _found(unit: UnitOfWork, actor: Actor, item_id: str) -> tuple[LpseItem, Lpse]:
    found = unit.session.get(LpseItem, item_id)
    if found is None:
        raise NotFoundError
    if found.instance_id is not None:
        saw_case(found.instance_id)
    return found, lpse_of(unit, actor, found.lpse_id)
