"""The looks in the ledger, with who looked, at which case, at which field's document and why: one statement."""

from typing import Any

from sqlalchemy import Select, and_, select
from sqlmodel import col

from engine.ledger import ENTRIES, Kind
from engine.privacy.seen import LOOKS
from models import Attachment, Instance, Unmasking, User


def looks() -> Select[Any]:
    """Every look; whoever asks narrows it down and puts it in order."""
    return (
        select(
            ENTRIES.c.seq,
            ENTRIES.c.at,
            ENTRIES.c.kind,
            ENTRIES.c.actor_id,
            ENTRIES.c.instance_id,
            ENTRIES.c.ref,
            ENTRIES.c.detail,
            col(User.name).label("actor_name"),
            col(Instance.number).label("number"),
            col(Instance.version_id).label("version_id"),
            col(Instance.starter_id).label("starter_id"),
            col(Attachment.field).label("field"),
            col(Unmasking.reason).label("reason"),
        )
        .select_from(ENTRIES)
        .outerjoin(User, col(User.id) == ENTRIES.c.actor_id)
        .outerjoin(Instance, col(Instance.id) == ENTRIES.c.instance_id)
        .outerjoin(Attachment, and_(ENTRIES.c.kind == str(Kind.DOCUMENT_READ), col(Attachment.id) == ENTRIES.c.ref))
        .outerjoin(Unmasking, and_(ENTRIES.c.kind == str(Kind.DATA_UNMASKED), col(Unmasking.id) == ENTRIES.c.ref))
        .where(ENTRIES.c.kind.in_([str(kind) for kind in LOOKS]))
    )
