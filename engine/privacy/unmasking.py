"""Unmasking: an auditor sees a case's personal data for an hour, with a reason that stays on record.

For one person and one case; it ends by itself, or by the button. The reason is somebody's words and may name people:
the ledger has its digest, the row the words.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from engine import ledger
from engine.actors import Actor
from engine.errors import AlurError, ForbiddenError
from engine.ledger.digests import content_digest
from engine.privacy.seen import roles_of
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Unmasking

LASTS = timedelta(minutes=60)
SHORTEST, LONGEST = 10, 500


class UnmaskingReasonError(AlurError):
    """Say in at least {shortest} characters why you must see these data: the reason stays on record."""

    indonesian = (
        "Tulis dalam sedikitnya {shortest} karakter mengapa Anda perlu melihat data ini: alasannya tetap tercatat."
    )
    code = "unmasking_reason"
    http_status = 422

    def __init__(self) -> None:
        super().__init__(shortest=SHORTEST)


def may_unmask(actor: Actor, instansi_id: str | None) -> bool:
    """Auditors of the house, for the cases they may read. From outside nobody ever."""
    return actor.holds("auditor", instansi_id)


def unmask(
    unit: UnitOfWork, instance_id: str, instansi_id: str | None, actor: Actor, *, reason: str, now: datetime
) -> Unmasking:
    """From now on, for an hour. Asked again while it lasts, it is the same one."""
    if not may_unmask(actor, instansi_id):
        raise ForbiddenError(why=Text("hanya auditor internal yang membuka samaran.", "only auditors may unmask."))
    reason = " ".join(reason.split())[:LONGEST]
    if len(reason) < SHORTEST:
        raise UnmaskingReasonError
    lasting = in_force(unit, instance_id, actor.user_id, now)
    if lasting is not None:
        return lasting
    made = Unmasking(
        id=uuid.uuid4().hex, instance_id=instance_id, user_id=actor.user_id or "", reason=reason, at=now,
        until=now + LASTS,
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()
    ledger.note(
        unit, ledger.Kind.DATA_UNMASKED, at=now, instance_id=instance_id, actor_id=actor.user_id, ref=made.id,
        digest=unmasking_digest(made),
        detail={"minutes": LASTS // timedelta(minutes=1), "roles": list(roles_of(actor))},
    )  # fmt: skip
    return made


def mask_again(unit: UnitOfWork, instance_id: str, actor: Actor, *, now: datetime) -> bool:
    """By the button, before the hour is over. False: there was nothing to end."""
    lasting = in_force(unit, instance_id, actor.user_id, now)
    if lasting is None:
        return False
    lasting.ended_at = now
    unit.session.add(lasting)
    unit.session.flush()
    ledger.note(
        unit, ledger.Kind.DATA_MASKED, at=now, instance_id=instance_id, actor_id=actor.user_id, ref=lasting.id,
        detail={"roles": list(roles_of(actor))},
    )  # fmt: skip
    return True


def in_force(unit: UnitOfWork, instance_id: str, user_id: str | None, now: datetime) -> Unmasking | None:
    """This person's unmasking of this case that holds at `now`."""
    return unit.session.scalars(
        select(Unmasking)
        .where(
            col(Unmasking.user_id) == (user_id or ""),
            col(Unmasking.instance_id) == instance_id,
            col(Unmasking.until) > now,
            col(Unmasking.at) <= now,
            col(Unmasking.ended_at).is_(None),
        )
        .order_by(col(Unmasking.until).desc())
        .limit(1)
    ).first()


def unmasking_digest(row: Unmasking) -> bytes:
    """Of everything that was so from its beginning: who, which case, why, from when until when."""
    return content_digest([row.id, row.instance_id, row.user_id, row.reason, row.at, row.until])
