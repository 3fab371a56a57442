"""The front page of everybody at LKPP: what waits for them, what is late, which dates come next."""

from datetime import datetime
from typing import Any

from flask import render_template, url_for
from sqlalchemy import func, select
from sqlmodel import col

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.unit_of_work import UnitOfWork
from models import Participant
from web.context import require_actor, services
from web.inpassing.words import STATES
from web.lkpp import schedules, work
from web.lkpp.area import blueprint, programme_title, tabs
from web.lkpp.queues import ASSESSOR, FLOW, HEAD, Queue, holds, lkpp, queue_title, queues_of
from web.lkpp.words import state_text
from web.security import allow
from web.words.due import due


@blueprint.get("")
@allow(lkpp)
def index() -> str:
    """Every person's own work first, then what is common: closings, and where participants stand."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        programmes = schedules.programmes(unit.connection, FLOW)
        current = next((p for p in programmes if p.state == "open"), programmes[0] if programmes else None)
        return render_template(
            "lkpp/index.html",
            tabs=tabs("ringkasan"),
            work=_work(unit, actor, now),
            nearest=_nearest(unit, actor, now),
            closing=schedules.closing_next(unit.connection, now),
            missing=schedules.missing_results(unit.connection, now) if holds(actor, ASSESSOR) else 0,
            certified=_by_state(unit, None).get("sertifikat", 0) if holds(actor, HEAD) else 0,
            programme=programme_title(current) if current else "",
            guides=url_for("programmes.guide_list", key=current.key) if current else "",
            states=_states(unit, current.id) if current else [],
        )


def _work(unit: UnitOfWork, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """A line per kind of work; what is empty is said too, so that nobody wonders."""
    queues = queues_of(actor)
    counted = work.tally(unit.connection, queues, actor, now)
    calendar = load_calendar(unit, None, "Asia/Jakarta", now=now)
    lines = []
    for queue in queues:
        row = counted.get(queue.key)
        lines.append(
            {
                "title": queue_title(queue),
                "url": queue_url(queue),
                "late_url": url_for("lkpp.queue", key=queue.key, saring="terlambat"),
                "waiting": row.waiting if row else 0,
                "late": row.late if row else 0,
                "own": row.own if row else 0,
                "due": due(row.next_due, "Asia/Jakarta", calendar, now) if row else None,
            }
        )
    return lines


def queue_url(queue: Queue) -> str:
    """Where this kind of work is done: verification is chosen by schedule or instansi first."""
    return url_for("lkpp.verification") if queue.key == "verifikasi" else url_for("lkpp.queue", key=queue.key)


def _nearest(unit: UnitOfWork, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    found = []
    for row in work.nearest(unit.connection, queues_of(actor), actor):
        calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
        found.append({"row": row, "due": due(row.due_at, row.zone, calendar, now)})
    return found


def _states(unit: UnitOfWork, programme_id: str) -> list[tuple[str, str, int]]:
    """How many participants stand where, in the order of the flow."""
    counted = _by_state(unit, programme_id)
    return [(state, state_text(state), counted[state]) for state in STATES if counted.get(state)]


def _by_state(unit: UnitOfWork, programme_id: str | None) -> dict[str, int]:
    query = select(Participant.state, func.count()).group_by(Participant.state)
    if programme_id is not None:
        query = query.where(col(Participant.programme_id) == programme_id)
    return {row[0]: row[1] for row in unit.connection.execute(query)}
