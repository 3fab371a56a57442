"""A person as they are known here: their accounts, their participations, every case that holds something of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, literal, or_, select, union
from sqlmodel import col

from engine.privacy.concealing import Sort
from engine.privacy.people import People, learn_account, learn_participant
from engine.spiff.values import encode
from engine.unit_of_work import UnitOfWork
from models import (
    HistoryEvent,
    HistoryPayload,
    Instance,
    Participant,
    PersonProfile,
    PowerOfAttorney,
    RecommendedParticipant,
    User,
)

AT_ONCE = 500
UNIQUE = frozenset({Sort.NIP, Sort.NIK, Sort.NPWP})
LONG = 15
"""Digits of a number that no two people share: a NIK among the numbers of identity."""


@dataclass(frozen=True)
class Subject:
    """Whoever the key names: `u-` and the id of an account, or `p-` and that of a participant."""

    key: str
    name: str
    accounts: frozenset[str]
    participants: frozenset[str]
    nips: frozenset[str]
    emails: frozenset[str]
    people: People = field(compare=False)
    """All that is known of them, to be found again in any text."""


def subject_of(unit: UnitOfWork, key: str) -> Subject | None:
    """The person of this key, with what the same NIP or address says of them elsewhere; None: nobody."""
    kind, _dash, ident = key.partition("-")
    user = unit.session.get(User, ident) if kind == "u" else None
    participant = unit.session.get(Participant, ident) if kind == "p" else None
    if user is None and participant is None:
        return None
    found = user or participant
    nips = {found.nip} if found is not None and found.nip else set()
    emails = {found.email.lower()} if found is not None and found.email else set()
    accounts = {user.id} if user is not None else set()
    accounts.update(_accounts(unit, nips, emails))
    nips |= {nip for nip in unit.session.scalars(select(col(User.nip)).where(col(User.id).in_(accounts))) if nip}
    participants = _participants(unit, nips, emails)
    people = People()
    for account in accounts:
        learn_account(unit, people, account)
    for one in participants:
        learn_participant(unit, people, one)
    return Subject(key, found.name if found is not None else "", frozenset(accounts), frozenset(participants),
                   frozenset(nips), frozenset(emails), people)  # fmt: skip


def cases_of(unit: UnitOfWork, subject: Subject) -> list[str]:
    """Ids of the cases that are about them or hold something of them, the oldest first."""
    found = set(unit.connection.execute(about(subject)).scalars()) | set(mentioning(unit, subject.people))
    ordered: list[str] = []
    ids = sorted(found)
    for first in range(0, len(ids), AT_ONCE):
        known = select(col(Instance.id), col(Instance.started_at)).where(
            col(Instance.id).in_(ids[first : first + AT_ONCE])
        )
        ordered += [row.id for row in sorted(unit.connection.execute(known), key=lambda row: row.started_at)]
    return ordered


def about(subject: Subject) -> Any:
    """Ids of the cases that rows name them in: what lists and filters look at."""
    accounts, participants = subject.accounts, subject.participants
    return select(
        union(
            select(col(Instance.id).label("id")).where(col(Instance.starter_id).in_(accounts)),
            select(col(Instance.id)).where(col(Instance.id).in_(participants)),
            select(col(RecommendedParticipant.recommendation_id)).where(
                col(RecommendedParticipant.participant_id).in_(participants)
            ),
            select(col(PersonProfile.instance_id)).where(
                col(PersonProfile.user_id).in_(accounts), col(PersonProfile.instance_id).is_not(None)
            ),
            select(col(PowerOfAttorney.instance_id)).where(
                or_(col(PowerOfAttorney.grantor_id).in_(accounts), col(PowerOfAttorney.grantee_id).in_(accounts))
            ),
        ).subquery().c.id
    )  # fmt: skip


def worked_on(subject: Subject) -> Any:
    """Ids of the cases that they acted in, whoever those are about."""
    return select(col(HistoryEvent.instance_id)).where(col(HistoryEvent.actor_id).in_(subject.accounts)).distinct()


def mentioning(unit: UnitOfWork, people: People) -> list[str]:
    """Ids of the cases in whose submitted data one of these numbers or addresses stands: every payload is looked at,
    which takes its time where there are many.

    By what is one person's alone. Names, days of birth and telephones are shared: by them a report would tell of
    somebody else's case.
    """
    unique = {number for number, sort in people.numbers.items() if sort in UNIQUE}
    unique |= {code for code in people.codes if code.isdigit() and len(code) >= LONG}
    needles = [*_inside(people.addresses), *_inside(unique)]
    if not needles:
        return []
    body = col(HistoryPayload.body)
    holds = [_position(unit, body, needle) > 0 for needle in needles]
    query = select(col(HistoryPayload.instance_id)).where(body.is_not(None), or_(*holds)).distinct()
    return list(unit.connection.execute(query).scalars())


def _inside(words: Iterable[str]) -> list[bytes]:
    return [encode(word)[1:-1] for word in sorted(words)]


def _position(unit: UnitOfWork, body: Any, needle: bytes) -> Any:
    if unit.is_postgresql:
        return func.position(literal(needle).op("IN")(body))
    return func.instr(body, literal(needle))


def _accounts(unit: UnitOfWork, nips: set[str], emails: set[str]) -> set[str]:
    same = or_(col(User.nip).in_(nips), col(User.email).in_(emails))
    return set(unit.session.scalars(select(col(User.id)).where(same)))


def _participants(unit: UnitOfWork, nips: set[str], emails: set[str]) -> set[str]:
    same = or_(col(Participant.nip).in_(nips), func.lower(col(Participant.email)).in_(emails))
    return set(unit.session.scalars(select(col(Participant.id)).where(same)))
