"""The front page of BPS inpassing: how many candidates of which agency stand where, and what comes next."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, true
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.errors import NotFoundError
from engine.programmes import is_open, parameter_values
from engine.unit_of_work import UnitOfWork
from models import Instance, Instansi, Participant, Programme
from web.context import require_actor, services
from web.inpassing.words import state_text, state_tone
from web.programmes.queries import name_of
from web.security import allow, role

FLOW, CANDIDATE, RECOMMENDATION = "bps_inpassing", "bps_inpassing", "bps_recommendation"
HEAD, VERIFIER, TESTERS = "pimpinan_bps", "verifikator_bps", "tim_uji_bps"
BKD, OPERATOR = "bkd", "operator_bps"
OFFICERS = (HEAD, VERIFIER, TESTERS)
ROLES = (*OFFICERS, OPERATOR)
"""Whose menu it is in. A BKD may be of other flows, too: it gets here from its programme."""
WAY = ("draf", "diundang", "diajukan", "tidak_lengkap", "lengkap", "uji_kompetensi", "lulus", "tidak_lulus",
       "rekomendasi", "tidak_memenuhi_syarat", "gugur", "mengundurkan_diri")  # fmt: skip

blueprint = Blueprint("bps", __name__, url_prefix="/bps")


@dataclass
class Agency:
    """Candidates of one agency, and what became of its recommendation."""

    id: str
    name: str
    states: dict[str, int] = field(default_factory=dict)
    recommendation: str | None = None
    """Number of the case that is open for it."""

    @property
    def total(self) -> int:
        return sum(self.states.values())


@blueprint.get("")
@allow(role(*ROLES, BKD))
def index() -> str:
    """The programme that is open, else the latest: agencies, where their candidates stand, when the letters come."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        found = _programmes(unit, now)
        wanted = request.args.get("program", "")
        programme = next((p for p in found if p.key == wanted), None) if wanted else next(iter(found), None)
        if wanted and programme is None:
            raise NotFoundError
        agencies = _agencies(unit, actor, programme) if programme else []
        return render_template(
            "bps/index.html",
            programme=programme,
            others=[(p.key, name_of(p), p.period) for p in found if p is not programme],
            title=name_of(programme) if programme else "",
            terms=_terms(unit, programme, now) if programme else {},
            agencies=agencies,
            states=[(s, state_text(s), state_tone(s)) for s in WAY if any(a.states.get(s) for a in agencies)],
            recommends=any(grant.role == HEAD for grant in actor.grants),
            appoints=any(grant.role == BKD for grant in actor.grants),
        )


@blueprint.post("/rekomendasi")
@allow(role(HEAD))
def recommend() -> Response:
    """Prepare the recommendation of an agency. It waits by itself until a month after the period ended."""
    now = services().clock.now()
    with services().database.read() as unit:
        programme = next((p for p in _programmes(unit, now) if p.key == request.form.get("program")), None)
        agency = unit.session.get(Instansi, request.form.get("instansi", ""))
    if agency is None or programme is None:
        flash(_("Pilih instansi pengusulnya."), "error")
        return redirect(url_for("bps.index"), 303)
    ident = services().runner.start(
        RECOMMENDATION, require_actor(), data={}, instansi_id=agency.id, programme_id=programme.id
    )
    with services().database.read() as unit:
        number = unit.session.get_one(Instance, ident).number
    flash(_("Rekomendasi %(name)s disiapkan.", name=agency.name), "success")
    return redirect(url_for("cases.show", number=number), 303)


# --- parts -----------------------------------------------------------------------------------------------------------


def _programmes(unit: UnitOfWork, now: datetime) -> list[Programme]:
    """Those that are open first, then the latest."""
    known = select(Programme).where(col(Programme.flow) == FLOW).order_by(col(Programme.opens_at).desc())
    return sorted(unit.session.scalars(known), key=lambda programme: not is_open(programme, now))


def _terms(unit: UnitOfWork, programme: Programme, now: datetime) -> dict[str, Any]:
    """The dates that everybody asks for."""
    values = parameter_values(unit, programme)
    end: date = (programme.closed_at or programme.closes_at).astimezone(ZoneInfo(programme.zone)).date()
    calendar = load_calendar(unit, programme.instansi_id, programme.zone, now=now)
    return {
        "collection": (values.get("collection_from"), values.get("collection_until")),
        "tests": (values.get("test_from"), values.get("test_until")),
        "recommended_on": calendar.add_months(end, int(values.get("recommendation_months", 1))).result,
    }


def _agencies(unit: UnitOfWork, actor: Actor, programme: Programme) -> list[Agency]:
    """By name; an office sees its own."""
    ours = _in_office(actor, col(Instansi.id))
    counted = unit.connection.execute(
        select(col(Instansi.id), col(Instansi.name), col(Participant.state), func.count())
        .join(Participant, col(Participant.instansi_id) == col(Instansi.id))
        .where(col(Participant.programme_id) == programme.id, ours)
        .group_by(col(Instansi.id), col(Instansi.name), col(Participant.state))
        .order_by(col(Instansi.name))
    )
    found: dict[str, Agency] = {}
    for ident, name, state, count in counted:
        found.setdefault(ident, Agency(ident, name)).states[state] = int(count)
    running = select(col(Instance.instansi_id), col(Instance.number)).where(
        col(Instance.definition_key) == RECOMMENDATION,
        col(Instance.programme_id) == programme.id,
        col(Instance.status).in_(("active", "suspended")),
    )
    for office, number in unit.connection.execute(running):
        if office in found:
            found[office].recommendation = number
    return list(found.values())


def _in_office(actor: Actor, instansi: Any) -> ColumnElement[bool]:
    if any(grant.role in OFFICERS for grant in actor.grants):
        return true()
    return instansi.in_({g.instansi_id for g in actor.grants if g.role in (OPERATOR, BKD) and g.instansi_id})  # type: ignore[no-any-return]
