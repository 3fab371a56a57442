"""What was done to an account or its memberships: kept with person, instant and reason, never changed."""

import uuid
from datetime import datetime
from typing import Any

from engine.actors import Actor
from engine.unit_of_work import UnitOfWork
from models import AccountEvent


def record(
    unit: UnitOfWork,
    user_id: str,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """`kind` is `subject:action`; `detail` holds ids and codes, never personal data."""
    event = AccountEvent(
        id=uuid.uuid4().hex, user_id=user_id, at=now, kind=kind, actor_id=by.user_id, reason=reason, detail=detail or {}
    )
    unit.session.add(event)
