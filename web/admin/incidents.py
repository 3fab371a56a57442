"""Incidents: what the engine could not finish by itself. An operator has it tried again, or skips it with a reason."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.jobs import operate
from engine.unit_of_work import UnitOfWork
from models import Deadline, Incident, Instance, Job, User
from web.admin import blueprint
from web.admin.forms import ReasonForm
from web.auth.forms import faults_of
from web.context import require_actor, services
from web.security import allow, role

PAGE = 25
STATES = ("open", "resolved")


@dataclass(frozen=True)
class Found:
    """An incident with what it belongs to."""

    incident: Incident
    case_number: str | None
    case_title: str | None
    job: Job | None
    deadline: Deadline | None
    resolver: str | None

    @property
    def can_skip(self) -> bool:
        return self.incident.deadline_id is None


@blueprint.get("/insiden")
@allow(role("admin"))
def incidents() -> str:
    state = request.args.get("keadaan", "open")
    state = state if state in STATES else "open"
    query = select(Incident, col(Instance.number), col(Instance.title)).outerjoin(
        Instance, col(Instance.id) == col(Incident.instance_id)
    )
    query = query.where(col(Incident.state) == state).order_by(col(Incident.created_at).desc(), col(Incident.id).desc())
    with services().database.read() as unit:
        last = unit.session.get(Incident, request.args.get("setelah", ""))
        if last is not None:
            same = and_(col(Incident.created_at) == last.created_at, col(Incident.id) < last.id)
            query = query.where(or_(col(Incident.created_at) < last.created_at, same))
        rows = unit.session.execute(query.limit(PAGE + 1)).all()
    more = url_for("admin.incidents", keadaan=state, setelah=rows[PAGE - 1][0].id) if len(rows) > PAGE else None
    return render_template("admin/incidents.html", rows=rows[:PAGE], state=state, next_url=more)


@blueprint.get("/insiden/<incident_id>")
@allow(role("admin"))
def incident(incident_id: str) -> str:
    with services().database.read() as unit:
        found = _found(unit, incident_id)
    return render_template("admin/incident.html", found=found, form=ReasonForm(), faults=[])


@blueprint.post("/insiden/<incident_id>/ulangi")
@allow(role("admin"))
def retry(incident_id: str) -> Response:
    reason = request.form.get("reason", "")[:500]
    operate.retry(services().database, incident_id, require_actor(), services().clock.now(), reason)
    _wake()
    flash(_("Pekerjaan dicoba lagi."), "success")
    return redirect(url_for("admin.incidents"), 303)


@blueprint.post("/insiden/<incident_id>/lewati")
@allow(role("admin"))
def skip(incident_id: str) -> Response | tuple[str, int]:
    form = ReasonForm(request.form)
    if not form.validate():
        with services().database.read() as unit:
            found = _found(unit, incident_id)
        return render_template("admin/incident.html", found=found, form=form, faults=faults_of(form)), 422
    operate.skip(services().database, incident_id, form.reason.data, require_actor(), services().clock.now())
    _wake()
    flash(_("Pekerjaan dilewati. Alasannya tercatat."), "success")
    return redirect(url_for("admin.incidents"), 303)


def _wake() -> None:
    """Somebody waits for it: not at the next tick, but now."""
    wake = services().runner.wake
    if wake is not None:
        wake()


def _found(unit: UnitOfWork, incident_id: str) -> Found:
    row = unit.session.get(Incident, incident_id)
    if row is None:
        raise NotFoundError
    case = unit.session.get(Instance, row.instance_id) if row.instance_id else None
    resolver = unit.session.get(User, row.resolved_by) if row.resolved_by else None
    return Found(
        row,
        case_number=case.number if case else None,
        case_title=case.title if case else None,
        job=unit.session.get(Job, row.job_id) if row.job_id else None,
        deadline=unit.session.get(Deadline, row.deadline_id) if row.deadline_id else None,
        resolver=resolver.name if resolver else None,
    )
