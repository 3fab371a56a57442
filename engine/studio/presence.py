"""Who is here: which people have which file of a draft open, as their browsers last said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork, inserting
from models import DraftPresence, User

STAYS = timedelta(seconds=60)
"""A browser says so every 20 seconds; after three times of silence its person has left."""


@dataclass(frozen=True)
class Other:
    """Somebody else with this draft open."""

    user_id: str
    name: str
    path: str
    seen_at: datetime


def here(unit: UnitOfWork, draft_id: str, path: str, *, user_id: str, now: datetime) -> list[Other]:
    """Note that this person has `path` open, and say who else is here."""
    seen = {"draft_id": draft_id, "user_id": user_id, "path": path, "seen_at": now}
    unit.session.execute(
        inserting(unit, DraftPresence)
        .values(**seen)
        .on_conflict_do_update(index_elements=["draft_id", "user_id", "path"], set_={"seen_at": now})
    )
    unit.session.execute(
        delete(DraftPresence).where(
            col(DraftPresence.draft_id) == draft_id, col(DraftPresence.seen_at) < now - timedelta(days=1)
        )
    )
    return others(unit, draft_id, user_id=user_id, now=now)


def others(unit: UnitOfWork, draft_id: str, *, user_id: str | None, now: datetime) -> list[Other]:
    """Who else has something of this draft open, by name; whoever edits a file is told of with that file alone."""
    rows = unit.session.execute(
        select(col(User.id), col(User.name), col(DraftPresence.path), col(DraftPresence.seen_at))
        .join(User, col(User.id) == col(DraftPresence.user_id))
        .where(
            col(DraftPresence.draft_id) == draft_id,
            col(DraftPresence.user_id) != (user_id or ""),
            col(DraftPresence.seen_at) >= now - STAYS,
        )
        .order_by(col(User.name), col(DraftPresence.path))
    )
    found = [Other(*row) for row in rows]
    editing = {other.user_id for other in found if other.path}
    return [other for other in found if other.path or other.user_id not in editing]


def names_of(unit: UnitOfWork, user_ids: Iterable[str]) -> dict[str, str]:
    """Their names, by id."""
    wanted = select(col(User.id), col(User.name)).where(col(User.id).in_(set(user_ids)))
    return {row[0]: row[1] for row in unit.session.execute(wanted)}
