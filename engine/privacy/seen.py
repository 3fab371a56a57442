"""Who saw what: every look at personal data leaves an entry in the ledger.

A document read is entered in the transaction that gives it out. A page is entered once for a person, a case and a
quarter of an hour: what matters is that somebody looked, not how often they turned a leaf.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine import ledger
from engine.actors import Actor
from engine.ledger import ENTRIES, Kind
from engine.unit_of_work import UnitOfWork
from models import Instance, Participant

QUARTER = timedelta(minutes=15)
MOST_ROLES = 6

LOOKS = (
    Kind.CASE_READ,
    Kind.DOCUMENT_READ,
    Kind.DATA_UNMASKED,
    Kind.DATA_MASKED,
    Kind.LIST_EXPORTED,
    Kind.BUNDLE_EXPORTED,
    Kind.PERSON_SEARCHED,
    Kind.REPORT_MADE,
)
"""The kinds of entries that say that somebody saw something."""


@dataclass(frozen=True)
class Look:
    """Somebody looked. `page` is the name of a route, never its address; `roles` those held then."""

    kind: Kind
    at: datetime
    actor_id: str
    roles: tuple[str, ...]
    page: str
    instance_id: str | None = None
    ref: str | None = None

    @property
    def slot(self) -> tuple[str, str | None, datetime]:
        """Looks that are one."""
        return self.actor_id, self.instance_id, quarter(self.at)

    @property
    def detail(self) -> dict[str, Any]:
        return {"page": self.page, "roles": list(self.roles)}


def quarter(at: datetime) -> datetime:
    """The beginning of the quarter of an hour that `at` lies in."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def roles_of(actor: Actor) -> tuple[str, ...]:
    """In which office somebody looks, as far as their roles tell."""
    return tuple(sorted({grant.role for grant in actor.grants}))[:MOST_ROLES]


def enter(unit: UnitOfWork, looks: Iterable[Look]) -> None:
    """Note what was looked at; a page that somebody saw in the same quarter of an hour is noted already."""
    entered: set[object] = set()
    for look in looks:
        if look.kind is Kind.CASE_READ:
            if look.slot in entered or _is_own(unit, look) or _known(unit, look):
                continue
            entered.add(look.slot)
        ledger.note(
            unit, look.kind, at=look.at, instance_id=look.instance_id, actor_id=look.actor_id, ref=look.ref,
            detail=look.detail,
        )  # fmt: skip


def person_searched(unit: UnitOfWork, actor: Actor, *, by: str, found: int, page: str, now: datetime) -> None:
    """Somebody looked for a person. `by`: name, e-mail, NIP, NIK; what was typed is itself a person's and not kept."""
    detail = {"by": by, "found": found, "page": page, "roles": list(roles_of(actor))}
    ledger.note(unit, Kind.PERSON_SEARCHED, at=now, actor_id=actor.user_id, detail=detail)


def _is_own(unit: UnitOfWork, look: Look) -> bool:
    """Is it the reader's own case? One that is about somebody else (a participant) is not, whoever began it."""
    query = (
        select(col(Participant.id))
        .select_from(Instance)
        .outerjoin(Participant, col(Participant.id) == Instance.id)
        .where(col(Instance.id) == look.instance_id, col(Instance.starter_id) == look.actor_id)
    )
    found = unit.connection.execute(query).first()
    return found is not None and found[0] is None


def _known(unit: UnitOfWork, look: Look) -> bool:
    """Is it entered already, by this process or another?"""
    since = quarter(look.at)
    query = select(ENTRIES.c.seq).where(
        ENTRIES.c.instance_id == look.instance_id,
        ENTRIES.c.actor_id == look.actor_id,
        ENTRIES.c.kind == str(Kind.CASE_READ),
        ENTRIES.c.at >= since,
        ENTRIES.c.at < since + QUARTER,
    )
    return unit.connection.execute(query.limit(1)).first() is not None
