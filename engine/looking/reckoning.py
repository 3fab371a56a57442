"""Keeping what was reckoned of the histories up with them: only cases that went on since are looked at again.

A chore does it, some cases at a time; a page does a few itself, and says how many are still to come.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, Table, and_, case, delete, func, insert, literal, or_, select
from sqlmodel import col

from calendars import WorkingCalendar, known_working_time
from engine.calendar import latest_version, load_calendar
from engine.chores import SOME, Chore
from engine.definitions import Definitions
from engine.looking import keeping
from engine.looking.rules import Looked, Office, OwnRule, broken
from engine.looking.shape import PERSON, Shape, shape_of
from engine.looking.visits import FOLLOWED, Visit, Walk, instant_of, millis, walk
from engine.programmes.joining import calendar_owner
from engine.unit_of_work import Database, UnitOfWork, inserting
from models import HistoryEvent, Instance, LookedBreak, LookedCase, Membership, metadata

CASES: Table = metadata.tables[str(LookedCase.__tablename__)]
BREAKS: Table = metadata.tables[str(LookedBreak.__tablename__)]
EVENTS: Table = metadata.tables[str(HistoryEvent.__tablename__)]


@dataclass
class _Frame:
    """What the cases of one batch share."""

    unit: UnitOfWork
    definitions: Definitions
    calendar: int
    rules: Mapping[str, int]
    own: dict[str, list[OwnRule]]
    calendars: dict[tuple[str | None, str], WorkingCalendar]
    offices: Mapping[str, Sequence[Office]]

    def shape(self, version_id: str) -> Shape:
        return shape_of(self.definitions.version(version_id, self.unit))

    def own_of(self, key: str) -> list[OwnRule]:
        if key not in self.own:
            self.own[key] = keeping.own_rules(keeping.rules_of(self.unit, key))
        return self.own[key]

    def calendar_of(self, row: Row[Any]) -> WorkingCalendar:
        key = (row.calendar_of, row.zone)
        if key not in self.calendars:
            self.calendars[key] = load_calendar(self.unit, row.calendar_of, row.zone, self.calendar)
        return self.calendars[key]


def reckon(database: Database, definitions: Definitions, *, most: int = SOME, key: str | None = None) -> int:
    """Look at up to `most` cases (of one process, if one is named) that are not as they were last looked at.

    A case that goes on meanwhile has another number of events than is noted here, and is looked at again.
    """
    with database.read() as unit:
        calendar, rules = latest_version(unit), keeping.counts(unit)
        rows = unit.connection.execute(stale(calendar, rules, key).limit(most)).all()
        if not rows:
            return 0
        made = list(_look_at(unit, definitions, rows, calendar, rules))
    with database.write() as unit:
        _write(unit, made)
    return len(made)


def looking_chore() -> Chore:
    """Does it beside the cases. Nobody waits for it: a page says what is still missing."""
    return Chore("looking", lambda runner, _now: reckon(runner.database, runner.definitions, most=SOME))


def left_to_reckon(unit: UnitOfWork, key: str) -> int:
    """How many cases of a process are not as they were last looked at."""
    rows = stale(latest_version(unit), keeping.counts(unit), key).order_by(None).subquery()
    return int(unit.connection.execute(select(func.count()).select_from(rows)).scalar() or 0)


def stale(calendar: int, rules: Mapping[str, int], key: str | None) -> Select[Any]:
    """The cases that are to be looked at, the newest first."""
    wordings = case(
        *((col(Instance.definition_key) == name, literal(number)) for name, number in rules.items()), else_=literal(0)
    ) if rules else literal(0)  # fmt: skip
    changed = or_(
        CASES.c.instance_id.is_(None),
        CASES.c.event_count != col(Instance.event_count),
        CASES.c.calendar != calendar,
        CASES.c.rules != wordings,
    )
    found: Any = (
        select(
            col(Instance.id), col(Instance.definition_key), col(Instance.version_id), col(Instance.status),
            col(Instance.starter_id), col(Instance.zone), col(Instance.started_at), col(Instance.ended_at),
            col(Instance.event_count), calendar_owner(),
        )
        .join(CASES, CASES.c.instance_id == col(Instance.id), isouter=True)
        .where(col(Instance.event_count) > 0, changed)
        .order_by(col(Instance.started_at).desc(), col(Instance.id))
    )  # fmt: skip
    narrowed: Select[Any] = found if key is None else found.where(col(Instance.definition_key) == key)
    return narrowed


# --- looking at cases ------------------------------------------------------------------------------------------------


def _look_at(
    unit: UnitOfWork, definitions: Definitions, rows: Sequence[Row[Any]], calendar: int, rules: Mapping[str, int]
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    frame = _Frame(unit, definitions, calendar, rules, {}, {}, {})
    walks = dict(_walks(frame, [row.id for row in rows]))
    people = {v.who for found in walks.values() for v in found.visits if v.who and v.role}
    frame.offices = _offices(unit, sorted(people))
    for row in rows:
        if row.id in walks:
            yield _reckoned(frame, row, walks[row.id])


def _walks(frame: _Frame, ids: Sequence[str]) -> Iterator[tuple[str, Walk]]:
    wanted = select(
        EVENTS.c.instance_id, EVENTS.c.at, EVENTS.c.kind, EVENTS.c.actor_id, EVENTS.c.element_id, EVENTS.c.token_id,
        EVENTS.c.detail,
    )  # fmt: skip
    rows = frame.unit.connection.execute(
        wanted.where(EVENTS.c.instance_id.in_(ids), EVENTS.c.kind.in_(FOLLOWED)).order_by(
            EVENTS.c.instance_id, EVENTS.c.seq
        )
    )
    for instance_id, events in groupby(rows, key=lambda row: row.instance_id):
        yield instance_id, walk(events, frame.shape)


def _reckoned(frame: _Frame, row: Row[Any], found: Walk) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    calendar = frame.calendar_of(row)
    visits = [_counted(visit, calendar) for visit in found.visits]
    case_ = Looked(
        visits=visits,
        shape=frame.shape(row.version_id),
        starter=row.starter_id,
        completed=row.status == "completed",
        ended=None if row.ended_at is None else millis(row.ended_at),
        calendar=calendar,
        offices=frame.offices,
    )
    breaks = [
        {"instance_id": row.id, "number": number, "rule": b.rule, "element_id": b.element, "at": instant_of(b.at),
         "other": b.other}
        for number, b in enumerate(broken(case_, frame.own_of(row.definition_key)), 1)
    ]  # fmt: skip
    working = None if case_.ended is None else _seconds(calendar, millis(row.started_at), case_.ended)
    due = min((v.due for v in visits if v.kind == PERSON and v.left is None and v.due is not None), default=None)
    looked = {
        "instance_id": row.id,
        "event_count": row.event_count,
        "calendar": frame.calendar,
        "rules": frame.rules.get(row.definition_key, 0),
        "due_at": None if due is None else instant_of(due),
        "body": Walk(visits, found.passed, found.flows, working).to_bytes(),
    }
    return looked, breaks


def _counted(visit: Visit, calendar: WorkingCalendar) -> Visit:
    """With its working time: what took no time at all needs no calendar."""
    if visit.left is None or visit.left == visit.entered:
        return visit
    waited = None if visit.taken is None else _seconds(calendar, visit.entered, visit.taken)
    return visit._replace(working=_seconds(calendar, visit.entered, visit.left), waited=waited)


def _seconds(calendar: WorkingCalendar, first: int, last: int) -> int | None:
    took = known_working_time(calendar, instant_of(first), instant_of(last))
    return None if took is None else round(took.total_seconds())


def _offices(unit: UnitOfWork, people: Sequence[str]) -> dict[str, list[Office]]:
    """What these people ever held. By its days alone: that an access was ended says nothing of the days before."""
    found: dict[str, list[Office]] = {}
    if not people:
        return found
    wanted = select(
        col(Membership.user_id), col(Membership.role), col(Membership.instansi_id), col(Membership.valid_from),
        col(Membership.valid_until),
    ).where(col(Membership.user_id).in_(people))  # fmt: skip
    for row in unit.connection.execute(wanted):
        held = Office(row.role, row.instansi_id, row.valid_from, row.valid_until)
        found.setdefault(row.user_id, []).append(held)
    return found


def _write(unit: UnitOfWork, made: Sequence[tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
    """The case's row goes first: whoever writes the same case at once waits there."""
    statement = inserting(unit, LookedCase)
    names = ("event_count", "calendar", "rules", "due_at", "body")
    statement = statement.on_conflict_do_update(
        index_elements=["instance_id"], set_={name: getattr(statement.excluded, name) for name in names}
    )
    in_order = sorted(made, key=lambda one: one[0]["instance_id"])
    unit.connection.execute(statement, [looked for looked, _breaks in in_order])
    unit.connection.execute(delete(BREAKS).where(BREAKS.c.instance_id.in_([c["instance_id"] for c, _b in in_order])))
    breaks = [one for _looked, those in in_order for one in those]
    if breaks:
        unit.connection.execute(insert(BREAKS), breaks)


# --- what others ask -------------------------------------------------------------------------------------------------


def deviating(now: datetime, rule: str | None = None) -> Select[tuple[str]]:
    """Ids of the cases that broke a rule (or this one), those among them whose open task is past its due date."""
    found = select(BREAKS.c.instance_id)
    if rule is not None:
        found = found.where(BREAKS.c.rule == rule)
    if rule not in (None, "due"):
        return found
    late = select(CASES.c.instance_id).where(and_(CASES.c.due_at.is_not(None), CASES.c.due_at < now))
    return found.union(late)  # type: ignore[return-value]
