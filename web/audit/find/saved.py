"""Searches that auditors keep for themselves, or share with the other auditors."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlmodel import col

from engine.errors import AlurError, NotFoundError
from engine.unit_of_work import UnitOfWork
from models import SavedSearch, User

MOST = 50
"""That one person keeps."""


class TooManySearchesError(AlurError):
    """You keep {most} searches already. Remove one first."""

    indonesian = "Anda sudah menyimpan {most} pencarian. Hapus salah satu dahulu."
    code = "too_many_searches"
    http_status = 409


class SearchNameError(AlurError):
    """Give the search a name."""

    indonesian = "Beri nama pencarian ini."
    code = "search_name"
    http_status = 422


def searches(unit: UnitOfWork, user_id: str) -> Sequence[Row[Any]]:
    """One's own, then what others share, by name."""
    query = (
        select(SavedSearch.id, SavedSearch.name, SavedSearch.arguments, SavedSearch.shared, SavedSearch.owner_id,
               col(User.name).label("owner"))
        .outerjoin(User, col(User.id) == SavedSearch.owner_id)
        .where(or_(col(SavedSearch.owner_id) == user_id, col(SavedSearch.shared).is_(True)))
        .order_by(col(SavedSearch.owner_id) != user_id, SavedSearch.name, SavedSearch.id)
        .limit(4 * MOST)
    )  # fmt: skip
    return unit.connection.execute(query).all()


def save(unit: UnitOfWork, user_id: str, name: str, arguments: dict[str, str], *, shared: bool, now: datetime) -> None:
    """Under a name; the same name again takes the place of what was there."""
    name = " ".join(name.split())[:80]
    if not name:
        raise SearchNameError
    own = unit.session.scalars(select(SavedSearch).where(col(SavedSearch.owner_id) == user_id)).all()
    known = next((search for search in own if search.name == name), None)
    if known is None and len(own) >= MOST:
        raise TooManySearchesError(most=MOST)
    search = known or SavedSearch(id=uuid.uuid4().hex, owner_id=user_id, name=name, arguments={}, created_at=now)
    search.arguments, search.shared = arguments, shared
    unit.session.add(search)


def remove(unit: UnitOfWork, user_id: str, search_id: str) -> str:
    """Only one's own. Returns its name."""
    search = unit.session.get(SavedSearch, search_id)
    if search is None or search.owner_id != user_id:
        raise NotFoundError
    unit.session.delete(search)
    return search.name
