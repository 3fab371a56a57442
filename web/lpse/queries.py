"""What the pages of an LPSE read: each list in a fixed number of statements, however many items there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, or_, select
from sqlmodel import col

from engine import authorisation
from engine.actors import Actor
from models import Instansi, Lpse, LpseEvent, LpseEvidence, LpseItem, LpsePhase, Membership, User, UserTask
from web.lpse.words import STAGES, STATES
from web.paging import Key

FULFILLED = "terpenuhi"
BY_AGENCY = (Key(col(Instansi.name), "instansi"), Key(col(Lpse.id), "id"))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Item:
    """A standard in one stage, as the board shows it. `task_id`: what this reader may do for it now."""

    id: str
    phase: str
    standard: int
    title: str
    stage: str
    asked: str
    state: str
    pic_id: str | None
    pic: str
    team: str
    due_at: datetime | None
    late: bool
    task_id: str | None
    own: bool


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed to; its address."""

    phase: str = ""
    state: str = ""
    mine: bool = False
    late: bool = False

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        state, phase = arguments.get("keadaan", ""), arguments.get("tahap", "")
        return cls(
            phase=phase[:20],
            state=state if state in STATES else "",
            mine=arguments.get("milik") == "saya",
            late=arguments.get("terlambat") == "ya",
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.phase or self.state or self.mine or self.late)

    def arguments(self) -> dict[str, str]:
        chosen = {
            "tahap": self.phase,
            "keadaan": self.state,
            "milik": "saya" if self.mine else "",
            "terlambat": "ya" if self.late else "",
        }
        return {name: value for name, value in chosen.items() if value}

    def admits(self, item: Item) -> bool:
        return (
            (not self.phase or item.phase == self.phase)
            and (not self.state or item.state == self.state)
            and (not self.mine or item.own)
            and (not self.late or item.late)
        )


def phases(connection: Connection, lpse_id: str) -> Sequence[Row[Any]]:
    """In their order."""
    query = select(LpsePhase, col(User.name).label("opener")).outerjoin(User, col(User.id) == col(LpsePhase.opened_by))
    return connection.execute(query.where(col(LpsePhase.lpse_id) == lpse_id).order_by(col(LpsePhase.position))).all()


def items(connection: Connection, lpse_id: str, actor: Actor, now: datetime) -> list[Item]:
    """All of an LPSE, by standard and stage, with what the reader may do now: three statements."""
    rows = connection.execute(select(LpseItem).where(col(LpseItem.lpse_id) == lpse_id)).all()
    known = names(connection, (row.pic_id for row in rows))
    tasks = _tasks(connection, [row.instance_id for row in rows if row.instance_id], actor)
    found = [_item(row, known, tasks.get(row.instance_id), actor, now) for row in rows]
    return sorted(found, key=lambda item: (item.standard, STAGES.index(item.stage)))


def _item(row: Any, known: dict[str, str], task: Any, actor: Actor, now: datetime) -> Item:
    due_at = task.due_at if task else None
    return Item(
        id=row.id,
        phase=row.phase,
        standard=row.standard,
        title=row.title,
        stage=row.stage,
        asked=row.asked,
        state=row.state,
        pic_id=row.pic_id,
        pic=known.get(row.pic_id or "", ""),
        team=row.team,
        due_at=due_at,
        late=due_at is not None and due_at < now,
        task_id=task.id if task and task.doable else None,
        own=row.pic_id == actor.user_id or bool(task and task.doable),
    )


def _tasks(connection: Connection, cases: list[str], actor: Actor) -> dict[str, Row[Any]]:
    """The open task of each case, and whether it is this reader's to do."""
    doable = or_(authorisation.mine(actor), authorisation.candidates(actor))
    query = select(
        col(UserTask.id), col(UserTask.instance_id), col(UserTask.due_at), case((doable, 1), else_=0).label("doable")
    ).where(col(UserTask.instance_id).in_(cases), col(UserTask.state) == "open")
    return {row.instance_id: row for row in connection.execute(query)}


def own_tasks(connection: Connection, lpse_id: str, actor: Actor) -> Sequence[Row[Any]]:
    """What the LPSE's own case asks of this reader now: naming PICs, confirming the letter."""
    doable = or_(authorisation.mine(actor), authorisation.candidates(actor))
    query = select(col(UserTask.id), col(UserTask.name), col(UserTask.element_id), col(UserTask.due_at))
    found = query.where(col(UserTask.instance_id) == lpse_id, doable).order_by(col(UserTask.due_at))
    return connection.execute(found).all()


def names(connection: Connection, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these accounts."""
    wanted = sorted({ident for ident in ids if ident})
    found = connection.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(wanted)))
    return {row.id: row.name for row in found}


def pics(connection: Connection, instansi_id: str, now: date) -> list[tuple[str, str]]:
    """Who may be named PIC in this instansi, by name."""
    query = (
        select(col(User.id), col(User.name))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.role) == "pic_lpse",
            col(Membership.state) == "active",
            col(Membership.instansi_id) == instansi_id,
            col(Membership.valid_from) <= now,
            or_(col(Membership.valid_until).is_(None), col(Membership.valid_until) >= now),
            col(User.state) == "active",
        )
        .distinct()
        .order_by(col(User.name), col(User.id))
    )
    return [(row.id, row.name) for row in connection.execute(query)]


def evidence(connection: Connection, item_id: str) -> Sequence[Row[Any]]:
    """Every document ever submitted for the item, the newest submission first."""
    query = select(LpseEvidence).where(col(LpseEvidence.item_id) == item_id)
    return connection.execute(query.order_by(col(LpseEvidence.round).desc(), col(LpseEvidence.filename))).all()


def events(connection: Connection, item_id: str) -> Sequence[Row[Any]]:
    """*Riwayat* of the item, newest first, with who did it and who was named."""
    person, doer = User.__table__.alias("person"), User.__table__.alias("doer")  # type: ignore[attr-defined]
    query = (
        select(LpseEvent, doer.c.name.label("who"), person.c.name.label("person"))
        .outerjoin(doer, doer.c.id == col(LpseEvent.by))
        .outerjoin(person, person.c.id == col(LpseEvent.person_id))
        .where(col(LpseEvent.item_id) == item_id)
        .order_by(col(LpseEvent.at).desc(), col(LpseEvent.id))
    )
    return connection.execute(query).all()


def all_lpse(text: str, now: datetime) -> Select[Any]:
    """Every LPSE with its progress, one row each; to be ordered by `BY_AGENCY`."""
    done = func.sum(case((col(LpseItem.state) == FULFILLED, 1), else_=0))
    by_state = [func.sum(case((col(LpseItem.state) == s, 1), else_=0)).label(f"n_{s}") for s in STATES]
    late = (
        select(func.count())
        .select_from(UserTask)
        .join(LpseItem, col(LpseItem.instance_id) == col(UserTask.instance_id))
        .where(col(LpseItem.lpse_id) == col(Lpse.id), col(UserTask.state) == "open", col(UserTask.due_at) < now)
        .correlate(Lpse)
        .scalar_subquery()
    )
    query = (
        select(
            col(Lpse.id), col(Lpse.name), col(Instansi.name).label("instansi"), col(Instansi.province),
            col(Lpse.registered_at), col(Lpse.fulfilled_at), col(Lpse.letter_number),
            func.count(col(LpseItem.id)).label("items"), done.label("done"), late.label("late"), *by_state,
        )
        .join(Instansi, col(Instansi.id) == col(Lpse.instansi_id))
        .outerjoin(LpseItem, col(LpseItem.lpse_id) == col(Lpse.id))
        .group_by(
            Lpse.id, Lpse.name, Instansi.name, Instansi.province, Lpse.registered_at, Lpse.fulfilled_at,
            Lpse.letter_number,
        )
    )  # fmt: skip
    if text:
        query = query.where(
            col(Lpse.name).icontains(text, autoescape=True) | col(Instansi.name).icontains(text, autoescape=True)
        )
    return query


def open_phases(connection: Connection) -> dict[str, list[str]]:
    """By LPSE, the phases that are open now."""
    query = select(col(LpsePhase.lpse_id), col(LpsePhase.phase)).where(col(LpsePhase.state) == "open")
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(col(LpsePhase.lpse_id), col(LpsePhase.position))):
        found.setdefault(row.lpse_id, []).append(row.phase)
    return found
