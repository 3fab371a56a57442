"""What a trial's page shows: its cases and where their tokens stand, what waits, what was sent, what happened last.

Made inside of `opening.inside`: everything here is asked of the trial's own world.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.history.kinds import Kind
from engine.scenarios.expectations import is_able, name_of
from engine.scenarios.words import show_instant
from engine.scenarios.world import World
from engine.studio.trials.theatre import Rehearsal
from models import Deadline, HistoryEvent, Incident, Instance, Job, OutgoingMail, Programme, Token, UserTask
from web.cases import present, queries
from web.cases.present import Diagram, Steps
from web.cases.steps import Step
from web.inbox.queries import task_row
from web.words.due import Due, due
from web.words.names import element_name, process_title, stage_text, status_text

MAILS_SHOWN = 20
FAILED_JOBS = ("failed", "ready")


@dataclass(frozen=True)
class TrialCase:
    """A case of the trial. `ref` is how a step names it; empty where no step can."""

    id: str
    ref: str
    title: str
    process: str
    status: str
    tone: str
    stage: str
    version: LoadedVersion


@dataclass(frozen=True)
class TrialTask:
    """An open task and those of the story who may do it."""

    element: str
    name: str
    lane: str
    case: TrialCase
    due: Due | None
    people: list[str]


@dataclass(frozen=True)
class Coming:
    """Something that happens by itself once its time has come. `instant` is how a step writes that time."""

    name: str
    case: str
    at: datetime
    zone: str
    instant: str


@dataclass(frozen=True)
class Awaited:
    """A message or signal that a case waits for."""

    kind: str
    name: str
    case: TrialCase


@dataclass(frozen=True)
class Sent:
    """A mail that the story sent."""

    to: str
    subject: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Moved:
    """What the last step moved: the flows in order, and the steps that were finished by their names."""

    flows: list[str]
    names: list[str]


@dataclass(frozen=True)
class Board:
    """Everything at once. `case` is the one whose diagram is shown."""

    now: datetime
    zone: str
    cases: list[TrialCase]
    case: TrialCase | None
    tasks: list[TrialTask]
    coming: list[Coming]
    awaited: list[Awaited]
    mails: list[Sent]
    troubles: list[str]
    moved: Moved
    steps: Steps
    diagrams: list[Diagram]
    """The main one, those where something goes on or went on just now, and the one that was asked for."""
    others: list[Diagram]
    version: LoadedVersion
    data: list[tuple[str, str]]


def board(rehearsal: Rehearsal, wanted: str | None, drawing: str | None = None) -> Board:
    """The board of a world; `wanted` is the case to look at, by its reference, `drawing` a diagram by its path."""
    world = rehearsal.world
    now = world.clock.now()
    # What a fact put there to belong to is no case that anybody plays.
    played = select(Instance).where(col(Instance.act_count) > 0).order_by(col(Instance.started_at))
    cases = [_case(world, row) for row in world.rows(played)]
    case = next((c for c in cases if wanted and c.ref == wanted), None)
    case = case or next((c for c in cases if c.id == world.case), cases[-1] if cases else None)
    version = case.version if case else world.versions[0]
    steps = _steps(world, case, now) if case else present.blank_steps(version, now)
    moved = _moved(rehearsal, case, version)
    every = present.diagrams(version)
    wanted_ones = {d.path for d in every if _is_busy(steps.of(d)) or d.elements & set(moved.flows)} | {drawing}
    shown = [d for number, d in enumerate(every) if number == 0 or d.path in wanted_ones]
    return Board(
        now=now,
        zone=world.zone.key,
        cases=cases,
        case=case,
        tasks=list(_tasks(world, cases, now)),
        coming=sorted(_coming(world, cases, now), key=lambda c: c.at),
        awaited=list(_awaited(world, cases)),
        mails=_mails(world),
        troubles=troubles(world),
        moved=moved,
        steps=steps,
        diagrams=shown,
        others=[d for d in every if d not in shown],
        version=version,
        data=[(name, _shown(value)) for name, value in sorted(world.data(case.id).items())] if case else [],
    )


def _is_busy(steps: list[Step]) -> bool:
    return any(step.state in ("active", "waiting", "late", "failed") for step in steps)


def reference(world: World, instance: Instance) -> str:
    """How a step names this case: by whoever started it, by its key, or as the newest of its process."""
    names = [name for name, case_id in world.cases.items() if case_id == instance.id]
    if names:
        return min(names, key=lambda name: (" ke-" in name, len(name)))
    key = instance.business_key
    if key and "*" not in key and world.cases_like(key) == [instance.id]:
        return key
    title = world.definitions.version(instance.version_id).manifest.title.id
    return title if world.newest_of(title) == instance.id else ""


def _case(world: World, row: Instance) -> TrialCase:
    version = world.definitions.version(row.version_id)
    return TrialCase(
        id=row.id,
        ref=reference(world, row),
        title=row.title or row.business_key or process_title(version),
        process=process_title(version),
        status=status_text(row.status),
        tone=present.TONES.get(row.status, "neutral"),
        stage=stage_text(version, row.stage_element, row.stage),
        version=version,
    )


def _tasks(world: World, cases: list[TrialCase], now: datetime) -> Any:
    by_id = {case.id: case for case in cases}
    rows = world.rows(select(UserTask).where(col(UserTask.state) == "open").order_by(col(UserTask.created_at)))
    for task in rows:
        case = by_id[task.instance_id]
        with world.database.read() as unit:
            found = task_row(unit.connection, task.id)
            calendar = load_calendar(unit, found.calendar_of, found.zone, now=now)
        yield TrialTask(
            element=task.element_id,
            name=element_name(case.version, task.element_id, task.name),
            lane=task.lane or "",
            case=case,
            due=due(task.due_at, found.zone, calendar, now),
            people=[name for name in world.people if is_able(world, name, task)],
        )


def _coming(world: World, cases: list[TrialCase], now: datetime) -> Any:
    by_id = {case.id: case for case in cases}
    for row in world.rows(select(Deadline).where(col(Deadline.state) == "pending", col(Deadline.due_at) > now)):
        case = by_id[row.instance_id]
        name = element_name(case.version, row.element_id, row.name)
        yield Coming(name, case.ref or case.title, row.due_at, row.zone, instant_text(world, row.due_at))
    for row in world.rows(select(Programme).where(col(Programme.state) == "open", col(Programme.closes_at) > now)):
        yield Coming(row.title_id, "", row.closes_at, row.zone, instant_text(world, row.closes_at))


def instant_text(world: World, at: datetime) -> str:
    """The instant as a scenario writes it: whole seconds, never before it."""
    whole = at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)
    return show_instant(whole, world.zone)


def _awaited(world: World, cases: list[TrialCase]) -> Any:
    by_id = {case.id: case for case in cases}
    for token in world.rows(select(Token).where(col(Token.event).is_not(None))):
        kind, _colon, name = str(token.event).partition(":")
        if kind in ("message", "signal"):
            yield Awaited(kind, name, by_id[token.instance_id])


def _mails(world: World) -> list[Sent]:
    newest = select(OutgoingMail).order_by(col(OutgoingMail.created_at).desc()).limit(MAILS_SHOWN)
    return [Sent(name_of(world, m.recipient), m.subject, m.text, m.created_at) for m in world.rows(newest)]


def troubles(world: World) -> list[str]:
    """What the engine could not finish by itself, in its own words: an owner must see why."""
    incidents = world.rows(select(Incident).where(col(Incident.state) == "open").order_by(col(Incident.created_at)))
    jobs = world.rows(select(Job).where(col(Job.last_error).is_not(None), col(Job.state).in_(FAILED_JOBS)))
    told = [f"{i.element_id or i.cause}: {i.message}" for i in incidents]
    return told + [f"{job.name}: {job.last_error}" for job in jobs if job.state == "ready"]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _moved(rehearsal: Rehearsal, case: TrialCase | None, version: LoadedVersion) -> Moved:
    """From the record itself: what was finished by the last act in the case that is shown."""
    if case is None:
        return Moved([], [])
    since = rehearsal.before.get(case.id, -1)
    statement = (
        select(HistoryEvent)
        .where(col(HistoryEvent.instance_id) == case.id, col(HistoryEvent.kind) == Kind.ELEMENT_COMPLETED)
        .where(col(HistoryEvent.seq) > since)
        .order_by(col(HistoryEvent.seq))
    )
    events = rehearsal.world.rows(statement)
    flows = [flow for event in events for flow in event.detail.get("flows") or ()]
    finished = (version.specs.elements.get(event.element_id) for event in events)
    names = [element_name(version, element.id) for element in finished if element is not None and element.name]
    return Moved(flows, list(dict.fromkeys(names)))


def _steps(world: World, case: TrialCase, now: datetime) -> Steps:
    instance = world.instance(case.id)
    with world.database.read() as unit:
        return present.steps(
            unit,
            instance,
            tasks=queries.open_tasks(unit.connection, [case.id]),
            deadlines=queries.pending_deadlines(unit.connection, case.id),
            names=True,
            now=now,
        )
