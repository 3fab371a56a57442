"""Lists of what is due: composed for a deciding case, looked at, shortened, refused. What is held is left out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, delete, exists, func, insert, select, update
from sqlmodel import col

from engine.errors import NotFoundError
from engine.retention.errors import OnListError
from engine.retention.schedules import Schedule, schedules
from engine.unit_of_work import UnitOfWork
from models import Attachment, Disposal, DisposalItem, Instance, RetentionHold

MOST = 500
"""Things on one list: what one person can answer for, and one transaction destroys."""
ENDED = ("completed", "cancelled")


def compose(unit: UnitOfWork, disposal: Disposal, *, reviewed: bool) -> Disposal:
    """Put what is due on its day on a new list; the list of a case that has one already stays as it is.

    `reviewed`: also what its schedule gives to a review, which this list then is.
    """
    known = unit.session.get(Disposal, disposal.id)
    if known is not None:
        return known
    unit.session.add(disposal)
    unit.session.flush()
    key, until = disposal.definition_key, disposal.until
    fates = ("destroyed", "reviewed") if reviewed else ("destroyed",)
    wanted = [s for s in schedules(unit) if s.final in fates and key in (None, s.key)]
    rows: list[dict[str, Any]] = []
    for schedule in wanted:
        for item in _due(unit, schedule, until):
            if len(rows) >= MOST:
                break
            rows.append({**item, "disposal_id": disposal.id, "definition_key": schedule.key, "field": schedule.field,
                         "final": schedule.final, "state": "listed", "note": ""})  # fmt: skip
    whole = {row["instance_id"] for row in rows if not row["attachment_id"]}
    rows = [row for row in rows if not row["attachment_id"] or row["instance_id"] not in whole]
    if rows:
        unit.connection.execute(insert(DisposalItem), rows)
    disposal.cases = len(whole)
    disposal.documents = len(rows) - len(whole)
    unit.session.flush()
    return disposal


def _due(unit: UnitOfWork, schedule: Schedule, until: date) -> Iterator[dict[str, Any]]:
    on_a_list = exists().where(
        col(DisposalItem.instance_id) == col(Instance.id),
        col(DisposalItem.state) != "kept",
        col(DisposalItem.attachment_id) == (col(Attachment.id) if schedule.field else ""),
        # of a list that was refused, things may be listed again
        exists().where(col(Disposal.id) == col(DisposalItem.disposal_id), col(Disposal.state) != "refused"),
    )
    # a little too many: zones and leap days are for `due_on` to judge
    latest = datetime(until.year - schedule.years, until.month, min(until.day, 28), tzinfo=UTC) + timedelta(days=5)
    query = (
        select(col(Instance.id), col(Instance.number), col(Instance.ended_at), col(Instance.zone))
        .where(
            col(Instance.definition_key) == schedule.key,
            col(Instance.status).in_(ENDED),
            col(Instance.ended_at) <= latest,
            ~exists().where(col(RetentionHold.instance_id) == col(Instance.id)),
            ~on_a_list,
        )
        .order_by(col(Instance.ended_at), col(Instance.id))
        .limit(MOST)
    )
    if schedule.field:
        query = query.add_columns(col(Attachment.id).label("attachment_id")).join(
            Attachment,
            and_(
                col(Attachment.instance_id) == col(Instance.id),
                col(Attachment.field) == schedule.field,
                col(Attachment.submitted),
            ),
        )
    for row in unit.connection.execute(query):
        ended_on = row.ended_at.astimezone(ZoneInfo(row.zone)).date()
        due_on = schedule.due_on(ended_on)
        if due_on <= until:
            attachment = row.attachment_id if schedule.field else ""
            yield {"instance_id": row.id, "number": row.number, "attachment_id": attachment, "ended_on": ended_on,
                   "due_on": due_on}  # fmt: skip


def listed(unit: UnitOfWork, disposal_id: str) -> list[Row[Any]]:
    """What is on a list, the oldest first, with the name of each document."""
    query = (
        select(DisposalItem.__table__, col(Attachment.filename))  # type: ignore[attr-defined]
        .outerjoin(Attachment, col(Attachment.id) == col(DisposalItem.attachment_id))
        .where(col(DisposalItem.disposal_id) == disposal_id)
        .order_by(col(DisposalItem.due_on), col(DisposalItem.number), col(DisposalItem.attachment_id))
    )
    return list(unit.connection.execute(query))


def undecided(unit: UnitOfWork, disposal_id: str) -> Disposal:
    """A list that nobody has decided yet, locked."""
    disposal = unit.session.get(Disposal, disposal_id, with_for_update=True)
    if disposal is None:
        raise NotFoundError
    if disposal.state != "proposed":
        raise OnListError
    return disposal


def take_off(unit: UnitOfWork, disposal_id: str, instance_id: str, *, note: str) -> None:
    """Keep a case and its documents: they are not destroyed by this list, and may be on a later one."""
    disposal = undecided(unit, disposal_id)
    of_case = and_(col(DisposalItem.disposal_id) == disposal_id, col(DisposalItem.instance_id) == instance_id)
    if not unit.connection.execute(update(DisposalItem).where(of_case).values(state="kept", note=note[:300])).rowcount:
        raise NotFoundError
    _count(unit, disposal)


def refuse(unit: UnitOfWork, disposal_id: str, *, by: str | None, decision: str) -> Disposal:
    """Nothing of the list is destroyed; a later list may have it again."""
    disposal = undecided(unit, disposal_id)
    disposal.state, disposal.decided_by, disposal.decision = "refused", by, decision[:200]
    unit.session.flush()
    return disposal


def set_hold(unit: UnitOfWork, instance_id: str, *, reason: str, by: str, now: datetime) -> None:
    """Keep a case whatever its schedule says; also what is on an undecided list."""
    if unit.session.get(RetentionHold, instance_id) is None:
        unit.session.add(RetentionHold(instance_id=instance_id, reason=reason[:500], set_by=by, set_at=now))
        unit.session.flush()


def remove_hold(unit: UnitOfWork, instance_id: str) -> None:
    unit.connection.execute(delete(RetentionHold).where(col(RetentionHold.instance_id) == instance_id))


def holds_of(unit: UnitOfWork) -> list[Row[Any]]:
    """Every hold with the number of its case, the newest first."""
    query = (
        select(RetentionHold.__table__, col(Instance.number))  # type: ignore[attr-defined]
        .join(Instance, col(Instance.id) == col(RetentionHold.instance_id))
        .order_by(col(RetentionHold.set_at).desc())
    )
    return list(unit.connection.execute(query))


def _count(unit: UnitOfWork, disposal: Disposal) -> None:
    on_it = select(func.count()).where(
        col(DisposalItem.disposal_id) == disposal.id, col(DisposalItem.state) == "listed"
    )
    disposal.cases = unit.connection.execute(on_it.where(col(DisposalItem.attachment_id) == "")).scalar_one()
    disposal.documents = unit.connection.execute(on_it.where(col(DisposalItem.attachment_id) != "")).scalar_one()
    unit.session.flush()
