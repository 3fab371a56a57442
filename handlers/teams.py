"""Teams appointed by an SK: checked, appointed, found, and their work shared out among the members."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from engine import people, store
from engine.acts.recipients import queue_message
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError, parameter, programme_of
from models import Programme, Team, TeamMember, User, UserTask

POSITIONS = ("ketua", "sekretaris", "anggota")
APPOINTED = "team_appointed"
REPLACED = "Digantikan tim dengan SK yang baru"
TEAM_UNFIT = "team_unfit"


class UnknownMembersError(BusinessError):
    """These are not active accounts: {emails}. A member signs in to do the team's work."""

    indonesian = "Bukan akun yang aktif: {emails}. Anggota tim masuk dengan akunnya untuk mengerjakan tugas tim."
    code = TEAM_UNFIT

    def __init__(self, emails: Sequence[str]) -> None:
        super().__init__(TEAM_UNFIT, emails=", ".join(emails))


class PositionsError(BusinessError):
    """A team has one ketua, one sekretaris and at least {least} members in all, each named once."""

    indonesian = "Tim terdiri dari satu ketua, satu sekretaris, dan seluruhnya paling sedikit {least} orang; tiap orang disebut satu kali."  # noqa: E501 -- one sentence
    code = TEAM_UNFIT

    def __init__(self, least: int) -> None:
        super().__init__(TEAM_UNFIT, least=least)


def check_team(context: HandlerContext, *, members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The people whom a draft names by their e-mail address, in the order of their positions."""
    rows = [{**row, "email": str(row["email"]).strip().lower()} for row in members]
    accounts = select(User).where(col(User.email).in_([r["email"] for r in rows]), col(User.state) == "active")
    users = {user.email: user for user in context.unit.session.scalars(accounts)}
    if unknown := [row["email"] for row in rows if row["email"] not in users]:
        raise UnknownMembersError(unknown)
    least = int(parameter(context, "team_minimum"))
    held = [row["position"] for row in rows]
    heads = held.count("ketua") == 1 and held.count("sekretaris") == 1
    if not heads or len(rows) < least or len(users) < len(rows):
        raise PositionsError(least)
    rows.sort(key=lambda row: POSITIONS.index(row["position"]))
    return {"people": [_person(row, users[row["email"]], number) for number, row in enumerate(rows, 1)]}


def _person(row: Mapping[str, Any], user: User, number: int) -> dict[str, Any]:
    return {
        "user_id": user.id, "name": user.name, "nip": user.nip or "", "position": row["position"], "number": number,
        "title": str(row.get("title") or ""), "origin": str(row.get("origin") or ""),
    }  # fmt: skip


def appoint_team(
    context: HandlerContext,
    *,
    kind: str,
    people: Sequence[Mapping[str, Any]],
    sk_number: str,
    sk_date: date,
    document: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The team of this case is the one of its kind from now on: its members hold the role; the one before has ended."""
    unit, programme = context.unit, programme_of(context)
    if unit.session.get(Programme, programme, with_for_update={"key_share": True}) is None:
        msg = f"{context.element_id}: there is no such programme"
        raise DiagramFaultError(msg)
    replaced = _end_earlier(context, programme, kind)
    unit.session.add(
        Team(
            id=context.instance_id,
            programme_id=programme,
            kind=kind,
            sk_number=sk_number,
            sk_date=sk_date,
            sk_attachment_id=str(document["id"]) if document else None,
            appointed_at=context.now,
        )
    )
    unit.session.flush()
    for person in people:
        _add_member(context, kind, person)
    waits = store.waiting(unit, f"message:{APPOINTED}", programme_id=programme)
    targets = sorted({wait.instance_id for wait in waits})
    payload = {"kind": kind, "team_id": context.instance_id}
    told = queue_message(
        unit, APPOINTED, payload, targets, context.now, context.idempotency_key,
        sender=context.instance_id, optional=True,
    )  # fmt: skip
    return {"team_id": context.instance_id, "members": len(people), "replaced": replaced, "told": told}


def _end_earlier(context: HandlerContext, programme: str, kind: str) -> bool:
    """Their role ends with the SK: what they have not finished goes back to the team."""
    earlier = context.unit.session.scalars(_active(programme, kind)).first()
    if earlier is None:
        return False
    earlier.state = "replaced"
    context.unit.session.add(earlier)
    for member in _members(context, earlier.id):
        if member.membership_id:
            people.end_membership(
                context.unit, member.membership_id, by=context.actor, reason=REPLACED, now=context.now
            )
    context.unit.session.flush()
    return True


def _add_member(context: HandlerContext, kind: str, person: Mapping[str, Any]) -> None:
    membership = people.add_membership(
        context.unit,
        user_id=str(person["user_id"]),
        role=kind,
        instansi_id=None,
        valid_from=context.now.astimezone(context.calendar.zone).date(),
        valid_until=None,
        now=context.now,
        source_key=f"{context.idempotency_key}:{person['number']}",
    )
    context.unit.session.add(
        TeamMember(
            team_id=context.instance_id,
            user_id=str(person["user_id"]),
            position=str(person["position"]),
            number=int(person["number"]),
            title=str(person.get("title") or ""),
            origin=str(person.get("origin") or ""),
            membership_id=membership.id,
        )
    )
    context.unit.session.flush()


def find_team(context: HandlerContext, *, kind: str) -> dict[str, Any]:
    """The team of this kind in the programme, with its members; `found` is false while none is appointed."""
    team = context.unit.session.scalars(_active(programme_of(context), kind)).first()
    if team is None:
        return {"found": False, "sk_number": "", "sk_date": None, "members": []}
    return {
        "found": True, "sk_number": team.sk_number, "sk_date": team.sk_date,
        "members": _people_of(context, team.id),
    }  # fmt: skip


def pick_members(
    context: HandlerContext,
    *,
    kind: str,
    count: int,
    without: Sequence[str] | None = None,
    least: int | None = None,
) -> dict[str, Any]:
    """So many members of the team, those with the fewest open tasks first; who started the case is never one."""
    barred = {context.starter_id, *(without or ())}
    team = context.unit.session.scalars(_active(programme_of(context), kind)).first()
    members = [m for m in _people_of(context, team.id) if m["user_id"] not in barred] if team else []
    needed = int(count) if least is None else int(least)
    if len(members) < needed:
        msg = f"{context.element_id}: {needed} members are needed, the team has {len(members)}; enlarge it, then retry"
        raise DiagramFaultError(msg)
    open_tasks = (
        select(col(UserTask.assignee_id), func.count())
        .where(
            col(UserTask.assignee_id).in_([m["user_id"] for m in members]),
            col(UserTask.state) == "open",
            col(UserTask.instance_id) != context.instance_id,
        )
        .group_by(col(UserTask.assignee_id))
    )
    busy = {row[0]: int(row[1]) for row in context.unit.connection.execute(open_tasks)}
    members.sort(key=lambda member: (busy.get(member["user_id"], 0), member["number"]))
    return {"people": sorted(members[: int(count)], key=lambda member: member["number"])}


def _active(programme: str, kind: str) -> Any:
    return select(Team).where(col(Team.programme_id) == programme, col(Team.kind) == kind, col(Team.state) == "active")


def _members(context: HandlerContext, team_id: str) -> list[TeamMember]:
    rows = select(TeamMember).where(col(TeamMember.team_id) == team_id).order_by(col(TeamMember.number))
    return list(context.unit.session.scalars(rows))


def _people_of(context: HandlerContext, team_id: str) -> list[dict[str, Any]]:
    rows = context.unit.session.execute(
        select(TeamMember, User)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(col(TeamMember.team_id) == team_id)
        .order_by(col(TeamMember.number))
    ).all()
    return [
        {
            "user_id": user.id, "name": user.name, "nip": user.nip or "", "position": member.position,
            "number": member.number, "title": member.title, "origin": member.origin,
        }
        for member, user in rows
    ]  # fmt: skip


KIND = Field("kind", "text", "Peran anggotanya: tim_seleksi atau tim_uji", "The members' role: tim_seleksi or tim_uji")
PEOPLE = Field("people", "list", "Anggota: user_id, nama, NIP, kedudukan, jabatan, unsur",
               "Members: user_id, name, NIP, position, title, origin")  # fmt: skip


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="check_team",
            mode="inline",
            function=check_team,
            title_id="Periksa susunan tim",
            title_en="Check who is to be in the team",
            inputs=(
                Field("members", "list", "Baris: email, position (ketua, sekretaris, anggota), title, origin",
                      "Rows: email, position (ketua, sekretaris, anggota), title, origin"),
            ),
            outputs=(PEOPLE,),
            errors=(TEAM_UNFIT,),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="appoint_team",
            mode="inline",
            function=appoint_team,
            title_id="Bentuk tim menurut SK; anggotanya memegang perannya",
            title_en="Appoint the team by its SK; its members hold the role",
            inputs=(
                KIND,
                PEOPLE,
                Field("sk_number", "text", "Nomor SK", "Number of the SK"),
                Field("sk_date", "date", "Tanggal SK", "Date of the SK"),
                Field("document", "record", "Berkas SK", "The SK as a file", required=False),
            ),
            outputs=(
                Field("team_id", "text", "Nomor tim", "Id of the team"),
                Field("members", "number", "Banyaknya anggota", "How many members"),
                Field("replaced", "boolean", "Menggantikan tim lain?", "Was another team replaced?"),
                Field("told", "number", "Kasus yang menunggu tim ini", "Cases that waited for the team"),
            ),
        )
    )
    registry.add(
        Handler(
            name="find_team",
            mode="inline",
            function=find_team,
            title_id="Cari tim yang dibentuk dengan SK",
            title_en="Find the team appointed by an SK",
            inputs=(KIND,),
            outputs=(
                Field("found", "boolean", "Sudah dibentuk?", "Is there one?"),
                Field("sk_number", "text", "Nomor SK", "Number of the SK"),
                Field("sk_date", "date", "Tanggal SK", "Date of the SK"),
                Field("members", "list", "Anggota tim", "Members of the team"),
            ),
        )
    )
    registry.add(
        Handler(
            name="pick_members",
            mode="inline",
            function=pick_members,
            title_id="Bagi tugas kepada anggota tim",
            title_en="Share the work out among the team",
            inputs=(
                KIND,
                Field("count", "number", "Berapa orang", "How many"),
                Field("without", "list", "Id yang tidak boleh dipilih", "Ids that may not be picked", required=False),
                Field("least", "number", "Paling sedikit; kosong: semuanya", "At least; empty: all", required=False),
            ),
            outputs=(PEOPLE,),
        )
    )
