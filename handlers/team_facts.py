"""What a scenario may begin with, and look at: a team appointed by an SK, and the scores in a portfolio."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.facts import FactError, FactProvider, FactWorld, Fields
from engine.people import add_membership
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.facts import stand_in_case
from handlers.teams import POSITIONS
from models import Assessment, Participant, Team, TeamMember, User

TEAM_FIELDS = {"jenis": "kind", "sk": "sk", **{position: position for position in POSITIONS}}


def _make_team(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
    """A team of the story's people: `{jenis: tim_uji, ketua: Sari, sekretaris: Seno, anggota: […]}`."""
    if unknown := sorted(set(fields) - set(TEAM_FIELDS)):
        raise FactError(why=Text(f"“{', '.join(unknown)}” tidak dikenal", f"“{', '.join(unknown)}” is unknown"))
    if world.programme_id is None:
        raise FactError(why=Text("belum ada program", "there is no programme yet"))
    kind = str(fields.get("jenis", "tim_uji"))
    team = Team(
        id=stand_in_case(unit, now, "kemnaker_team", world.programme_id), programme_id=world.programme_id, kind=kind,
        sk_number=str(fields.get("sk", "KEP.1/2026")), sk_date=now.date(), appointed_at=now,
    )  # fmt: skip
    unit.session.add(team)
    unit.session.flush()
    for number, (position, name) in enumerate(_members(fields), 1):
        _make_member(unit, now, team, world.people[name], position, number)
    return {"id": team.id}


def _members(fields: Fields) -> list[tuple[str, str]]:
    others = fields.get("anggota") or []
    named = [("ketua", str(fields.get("ketua"))), ("sekretaris", str(fields.get("sekretaris")))]
    return named + [("anggota", str(name)) for name in ([others] if isinstance(others, str) else others)]


def _make_member(unit: UnitOfWork, now: datetime, team: Team, user_id: str, position: str, number: int) -> None:
    membership = add_membership(
        unit, user_id=user_id, role=team.kind, instansi_id=None, valid_from=now.date(), valid_until=None, now=now
    )
    unit.session.add(
        TeamMember(
            team_id=team.id,
            user_id=user_id,
            position=position,
            number=number,
            title="Pengantar Kerja",
            origin="Kementerian",
            membership_id=membership.id,
        )
    )
    unit.session.flush()


def read_team(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:
    """By its kind: the one in force."""
    team = unit.session.scalars(
        select(Team).where(
            col(Team.programme_id) == world.programme_id, col(Team.kind) == name, col(Team.state) == "active"
        )
    ).first()
    if team is None:
        return None
    held = unit.session.execute(
        select(col(TeamMember.position), col(User.name))
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(col(TeamMember.team_id) == team.id)
    ).all()
    heads = {position: who for position, who in held if position != "anggota"}
    return {"sk": team.sk_number, "anggota": len(held), **heads}


def read_assessments(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:  # noqa: ARG001 -- its shape
    """By the participant's name: how many scores there are in the last round, and each assessor's."""
    participant = unit.session.scalars(
        select(Participant).where(col(Participant.name) == name).order_by(col(Participant.created_at).desc())
    ).first()
    if participant is None:
        return None
    rows = unit.session.execute(
        select(Assessment, col(User.name))
        .join(User, col(User.id) == col(Assessment.assessor_id))
        .where(col(Assessment.participant_id) == participant.id)
    ).all()
    last = max((row.round for row, _ in rows), default=0)
    scores: Mapping[str, Any] = {
        who: int(row.score) if row.score == int(row.score) else float(row.score)
        for row, who in rows
        if row.round == last
    }
    return {"putaran": last, "penilai": len(scores), **scores}


def register(registry: Registry) -> None:
    registry.facts.add(FactProvider("team", _make_team, read_team, aliases=("tim",)))
    registry.facts.add(FactProvider("assessments", None, read_assessments, aliases=("penilaian",)))
