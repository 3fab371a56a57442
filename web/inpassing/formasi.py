"""Pengusulan Formasi: the agency's proposals, what LKPP said of them, and the places that were approved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row, select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.authorisation import may_see_case_of
from engine.errors import AlurError, NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instance, Instansi
from web.cases import present, timeline
from web.cases import queries as case_queries
from web.context import require_actor, services
from web.forms import Reader, Values, form_values
from web.i18n import locale_code
from web.inpassing import participant_queries
from web.inpassing.area import FORMASI, Scope, agency, blueprint, chosen_instansi, instansi_ids, scope
from web.inpassing.casedata import data_of, document_labels
from web.inpassing.participant_queries import tasks_of
from web.inpassing.tasks import first_task
from web.inpassing.words import jenjang_text
from web.paging import Key, fetch_page
from web.security import allow
from web.words.names import element_name, stage_text, status_text

KEYS = (
    Key(col(Instance.started_at), "started_at", descending=True),
    Key(col(Instance.id), "id", descending=True),
)


@dataclass(frozen=True)
class Proposal:
    """A proposal as the list shows it."""

    number: str
    instansi: str
    stage: str
    tone: str
    started_at: datetime
    zone: str
    task_url: str | None
    task_name: str


@blueprint.get("/formasi")
@allow(agency)
def formasi() -> str:
    """The proposals, and what was approved and is taken."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        area = scope(unit, actor, now)
        query = _rows(area.instansi_ids).where(col(Instance.programme_id) == area.programme_id)
        page = fetch_page(
            unit.connection, query, KEYS, after=request.args.get("sesudah"), before=request.args.get("sebelum")
        )
        return render_template(
            "inpassing/formasi.html",
            area=area,
            proposals=_proposals(unit, page.rows, area, actor.user_id),
            formasi=participant_queries.formasi(unit.connection, area),
            jenjang_text=jenjang_text,
            previous_url=page.previous and url_for("inpassing.formasi", sebelum=page.previous, **area.arguments()),
            next_url=page.next and url_for("inpassing.formasi", sesudah=page.next, **area.arguments()),
        )


@blueprint.post("/formasi/tambah")
@allow(agency)
def propose() -> Response:
    """Tambah: begin a proposal, or go on with the one that is not sent yet."""
    actor, now = require_actor(), services().clock.now()
    instansi_id = chosen_instansi(actor, request.form.get("instansi"))
    with services().database.read() as unit:
        area = scope(unit, actor, now)
        rows = _rows([instansi_id]).where(
            col(Instance.programme_id) == area.programme_id, col(Instance.status) == "active"
        )
        running = unit.connection.execute(rows).first()
    if running is not None:
        return _go_on(running.id, running.number)
    programme_id = area.programme.id if area.programme is not None else None
    try:
        case = services().runner.start(
            FORMASI,
            actor,
            instansi_id=instansi_id,
            programme_id=programme_id,
            now=now,
        )
    except AlurError as error:
        flash(error.message(locale_code()), "error")
        return redirect(url_for("inpassing.formasi"), 303)
    return redirect(first_task(case, actor) or url_for("inpassing.formasi"), 303)


@blueprint.get("/formasi/<number>")
@allow(agency)
def proposal(number: str) -> str:
    """One proposal: where it stands, what was proposed, and LKPP's notes."""
    actor = require_actor()
    with services().database.read() as unit:
        row = unit.connection.execute(_rows(instansi_ids(actor)).where(col(Instance.number) == number)).first()
        if row is None:
            raise NotFoundError
        version = services().definitions.version(row.version_id, unit)
        shown = _proposals(unit, [row], None, actor.user_id, instansi_ids(actor))[0]
        entries, _events = timeline.read(
            unit.connection, row.id, version, reader_id=actor.user_id, names=False, size=200
        )
        return render_template(
            "inpassing/proposal.html",
            proposal=shown,
            values=_values(unit, row),
            documents=case_queries.documents(unit.connection, row.id),
            labels=document_labels(version),
            may_open_case=may_see_case_of(unit, actor, row.id),
            entries=entries,
        )


@blueprint.get("/formasi/<number>/dokumen/<attachment_id>")
@allow(agency)
def proposal_document(number: str, attachment_id: str) -> Response:
    """A document of a proposal; the reading is recorded."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        row = unit.connection.execute(_rows(instansi_ids(actor)).where(col(Instance.number) == number)).first()
        if row is None or attachment_id not in {d.id for d in case_queries.documents(unit.connection, row.id)}:
            raise NotFoundError
        found = services().documents.read(unit, attachment_id, actor.user_id or "", now)
    return present.download(found)


def _go_on(instance_id: str, number: str) -> Response:
    """One proposal at a time: the running one is continued where it waits for the agency, else it is shown."""
    url = first_task(instance_id, require_actor())
    if url is None:
        flash(_("Usulan %(number)s masih diverifikasi LKPP. Usulan berikutnya dapat dibuat sesudahnya.", number=number))
        url = url_for("inpassing.proposal", number=number)
    return redirect(url, 303)


def _rows(ids: list[str]) -> Any:
    return (
        select(
            Instance.id, Instance.number, Instance.status, Instance.stage, Instance.stage_element, Instance.outcome,
            Instance.version_id, Instance.started_at, Instance.ended_at, Instance.zone,
            col(Instansi.name).label("instansi"),
        )
        .join(Instansi, col(Instansi.id) == Instance.instansi_id)
        .where(col(Instance.definition_key) == FORMASI, col(Instance.instansi_id).in_(ids))
    )  # fmt: skip


def _proposals(
    unit: UnitOfWork, rows: Any, area: Scope | None, user_id: str | None, ids: list[str] | None = None
) -> list[Proposal]:
    instansi = ids if ids is not None else area.instansi_ids if area is not None else []
    tasks = tasks_of(unit.connection, [row.id for row in rows], instansi, user_id)
    own = {task.instance_id: task for task in reversed(tasks)}
    return [_proposal(unit, row, own.get(row.id)) for row in rows]


def _proposal(unit: UnitOfWork, row: Row[Any], task: Any) -> Proposal:
    version = services().definitions.version(row.version_id, unit)
    tones = {"active": "busy", "completed": "good", "suspended": "warn", "cancelled": "neutral"}
    return Proposal(
        number=row.number,
        instansi=row.instansi,
        stage=stage_text(version, row.stage_element, row.stage) or status_text(row.status),
        tone="warn" if task is not None else tones.get(row.status, "neutral"),
        started_at=row.started_at,
        zone=row.zone,
        task_url=url_for("inpassing.task", task_id=task.id) if task is not None else None,
        task_name=element_name(version, task.element_id, task.name) if task is not None else "",
    )


def _values(unit: UnitOfWork, row: Row[Any]) -> list[Values]:
    """What the forms of the proposal brought: numbers, documents, and the notes of LKPP."""
    version = services().definitions.version(row.version_id, unit)
    data = data_of(unit, row.id)
    reader = Reader(
        locale=locale_code(),
        zone=ZoneInfo(row.zone),
        document_url=lambda document: url_for("inpassing.proposal_document", number=row.number, attachment_id=document),
    )
    found = [form_values(form, data, reader) for form in version.forms.values()]
    return [values for values in found if values.values or values.groups]
