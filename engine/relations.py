"""Cases that belong together: a participant's case and that of its exam schedule, for one."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Insert, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import CaseLink, Instance

KINDS = ("schedule", "formasi", "recommendation", "replaces", "lpse")


@dataclass(frozen=True)
class Relative:
    """The other case. `kind` is what the one at the link's end is to the one at its beginning.

    `direction`: "to" when the other one stands at the end, "from" when the case that was asked about does.
    """

    kind: str
    direction: Literal["to", "from"]
    instance_id: str
    linked_at: datetime


def link(unit: UnitOfWork, instance_id: str, other_id: str, kind: str, now: datetime) -> None:
    """`other_id` is the `kind` of `instance_id`. Saying it twice changes nothing."""
    row = {"instance_id": instance_id, "other_id": other_id, "kind": kind, "created_at": now}
    unit.connection.execute(_once(unit.is_postgresql), [row])


@cache
def _once(on_postgresql: bool) -> Insert:
    """Made once: to build the statement costs as much as to run it."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    return insert(CaseLink).on_conflict_do_nothing()


def relatives(unit: UnitOfWork, instance_id: str) -> list[Relative]:
    """The cases linked with this one, in both directions, the oldest link first."""
    columns = (col(CaseLink.kind), col(CaseLink.created_at))
    to: Any = select(*columns, col(CaseLink.other_id).label("id"), literal("to").label("direction"))
    back: Any = select(*columns, col(CaseLink.instance_id).label("id"), literal("from").label("direction"))
    both = union_all(
        to.where(col(CaseLink.instance_id) == instance_id), back.where(col(CaseLink.other_id) == instance_id)
    ).subquery()
    found = select(both).order_by(both.c.created_at, both.c.kind, both.c.id)
    return [Relative(row.kind, row.direction, row.id, row.created_at) for row in unit.connection.execute(found).all()]


def related(unit: UnitOfWork, instance_id: str, kind: str) -> list[str]:
    """The ids of the cases that are the `kind` of this one."""
    statement = select(col(CaseLink.other_id)).join(Instance, col(Instance.id) == col(CaseLink.other_id))
    of_kind = statement.where(col(CaseLink.instance_id) == instance_id, col(CaseLink.kind) == kind)
    return list(unit.connection.execute(of_kind.order_by(col(CaseLink.created_at))).scalars())
