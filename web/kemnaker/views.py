"""The front page of Kemnaker's inpassing: teams by their SK, the members' open work, candidates by where they stand."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import col

from engine.errors import NotFoundError
from engine.programmes import is_open
from engine.unit_of_work import UnitOfWork
from models import Instance, Participant, Programme, Team, TeamMember, User, UserTask
from web.context import services
from web.inpassing.words import FURTHER, STATES, state_text, state_tone
from web.programmes.queries import name_of
from web.security import allow, role

FLOW = "kemnaker_inpassing"
TEAMS = ("tim_seleksi", "tim_uji")
ROLES = ("biro_ok", "sekjen", "dirjen", *TEAMS)
"""Whose menu it is in."""

blueprint = Blueprint("kemnaker", __name__, url_prefix="/kemnaker")


@dataclass(frozen=True)
class Member:
    """Somebody in a team, and how many tasks of the programme wait for them."""

    name: str
    position: str
    title: str
    origin: str
    open_tasks: int


@dataclass(frozen=True)
class Appointed:
    """A team as its SK made it."""

    sk_number: str
    sk_date: date
    members: tuple[Member, ...]


@blueprint.get("")
@allow(role(*ROLES))
def index() -> str:
    """The programme that is open, else the latest one."""
    now = services().clock.now()
    with services().database.read() as unit:
        found = _programmes(unit, now)
        wanted = request.args.get("program", "")
        programme = next((p for p in found if p.key == wanted), None) if wanted else next(iter(found), None)
        if wanted and programme is None:
            raise NotFoundError
        return render_template(
            "kemnaker/index.html",
            programme=programme,
            title=name_of(programme) if programme else "",
            others=[(p.key, name_of(p), p.period) for p in found if p is not programme],
            teams=[(team_name(kind), _team(unit, programme.id, kind)) for kind in TEAMS] if programme else [],
            standing=_standing(unit, programme.id) if programme else [],
        )


def team_name(kind: str) -> str:
    names: dict[str, str] = {
        "tim_seleksi": _("Tim Seleksi Administrasi (SK Sekjen)"),
        "tim_uji": _("Tim Uji Kompetensi (SK Dirjen)"),
    }
    return names[kind]


def position_text(position: str) -> str:
    names: dict[str, str] = {"ketua": _("Ketua"), "sekretaris": _("Sekretaris"), "anggota": _("Anggota")}
    return names.get(position, position)


def _programmes(unit: UnitOfWork, now: datetime) -> list[Programme]:
    """Those that are open first, then the latest."""
    known = select(Programme).where(col(Programme.flow) == FLOW).order_by(col(Programme.opens_at).desc())
    return sorted(unit.session.scalars(known), key=lambda programme: not is_open(programme, now))


def _team(unit: UnitOfWork, programme_id: str, kind: str) -> Appointed | None:
    team = unit.session.scalars(
        select(Team).where(col(Team.programme_id) == programme_id, col(Team.kind) == kind, col(Team.state) == "active")
    ).first()
    if team is None:
        return None
    waiting = (
        select(col(UserTask.assignee_id).label("who"), func.count().label("tasks"))
        .join(Instance, col(Instance.id) == col(UserTask.instance_id))
        .where(col(UserTask.state) == "open", col(Instance.programme_id) == programme_id)
        .group_by(col(UserTask.assignee_id))
        .subquery()
    )
    members = unit.session.execute(
        select(TeamMember, col(User.name), func.coalesce(waiting.c.tasks, 0))
        .join(User, col(User.id) == col(TeamMember.user_id))
        .outerjoin(waiting, waiting.c.who == col(TeamMember.user_id))
        .where(col(TeamMember.team_id) == team.id)
        .order_by(col(TeamMember.number))
    )
    return Appointed(
        sk_number=team.sk_number,
        sk_date=team.sk_date,
        members=tuple(
            Member(name, position_text(member.position), member.title, member.origin, int(tasks))
            for member, name, tasks in members
        ),
    )


def _standing(unit: UnitOfWork, programme_id: str) -> list[tuple[str, str, int]]:
    query = (
        select(col(Participant.state), func.count())
        .where(col(Participant.programme_id) == programme_id)
        .group_by(col(Participant.state))
    )
    counted = {row[0]: int(row[1]) for row in unit.session.execute(query)}
    return [(state_text(s), state_tone(s), counted[s]) for s in (*STATES, *FURTHER) if counted.get(s)]
