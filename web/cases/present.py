"""A case in the reader's words, for its page, for lists and for the applicant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Response
from lxml import etree

from engine.actors import Actor
from engine.authorisation import may_take
from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.errors import ForbiddenError, NotFoundError
from engine.unit_of_work import UnitOfWork
from web.cases import queries
from web.cases.past import past_of
from web.cases.steps import Step, build, taken_flows
from web.context import services
from web.words.due import Due, due
from web.words.names import element_name, process_title, stage_text, status_text
from web.words.tasks import holder

TONES = {"active": "busy", "suspended": "warn", "completed": "good", "cancelled": "neutral"}
OVERSEERS = frozenset({"auditor", "owner", "admin"})
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def may(task: Any, actor: Actor) -> bool:
    """Could this person take the task? Nobody is sent to a page that then refuses them."""
    try:
        may_take(task, actor)
    except ForbiddenError:
        return False
    return True


@dataclass(frozen=True)
class CaseRow:
    """What lists and the head of a case's page show."""

    id: str
    number: str
    title: str
    process: str
    definition_key: str
    instansi: str
    starter: str
    status: str
    status_text: str
    tone: str
    stage: str
    outcome: str
    zone: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class OpenTask:
    """A task somebody has to do now, as its case tells it."""

    id: str
    name: str
    lane: str
    holder: str
    due: Due | None
    own: bool
    may_claim: bool


@dataclass(frozen=True)
class Diagram:
    """A drawing of the package: its file, its title, and the ids of what stands in it."""

    path: str
    name: str
    elements: frozenset[str]


@dataclass(frozen=True)
class Steps:
    """The steps of a case and the flows it took, for the drawings and their text equivalent."""

    steps: list[Step]
    flows: list[str]
    last_move: tuple[int, datetime] | None = None
    """The version that the case was on before, and until when; None where it was never moved."""

    def of(self, diagram: Diagram) -> list[Step]:
        return [step for step in self.steps if step.element_id in diagram.elements]

    def flows_of(self, diagram: Diagram) -> list[str]:
        return [flow for flow in self.flows if flow in diagram.elements]


def case(unit: UnitOfWork, row: Any) -> CaseRow:
    version = services().definitions.version(row.version_id, unit)
    return CaseRow(
        id=row.id,
        number=row.number,
        title=row.title or process_title(version),
        process=process_title(version),
        definition_key=row.definition_key,
        instansi=row.instansi or "",
        starter=row.starter_name or "",
        status=row.status,
        status_text=status_text(row.status),
        tone=TONES.get(row.status, "neutral"),
        stage=stage_text(version, row.stage_element, row.stage) or status_text(row.status),
        outcome=element_name(version, row.outcome) if row.outcome else "",
        zone=row.zone,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def tasks(
    unit: UnitOfWork, row: Any, found: Iterable[Any], actor: Actor, *, names: bool, now: datetime
) -> list[OpenTask]:
    """The open tasks of a case. To its applicant, officers are their office (the lane), not their names."""
    version = services().definitions.version(row.version_id, unit)
    calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
    return [
        OpenTask(
            id=task.id,
            name=element_name(version, task.element_id, task.name),
            lane=task.lane or "",
            holder=holder(task, actor) if names or task.assignee_id == actor.user_id else task.lane or "",
            due=due(task.due_at, row.zone, calendar, now),
            own=task.assignee_id == actor.user_id,
            may_claim=task.assignee_id is None and may(task, actor),
        )
        for task in found
    ]


def steps(unit: UnitOfWork, row: Any, *, tasks: list[Any], deadlines: list[Any], names: bool, now: datetime) -> Steps:
    """Where a case is on the drawings of the version in force: a few statements, however long its history."""
    version = services().definitions.version(row.version_id, unit)
    done = queries.done_elements(unit.connection, row.id)
    past = past_of(unit.connection, row.id, version, done)
    found = build(
        version,
        done=past.renamed(done),
        tasks=tasks,
        waits=deadlines,
        incidents=queries.open_incidents(unit.connection, row.id),
        now=now,
    )
    if not names:
        for step in found:
            step.who = ""
    return Steps(found, taken_flows(queries.flow_details(unit.connection, row.id)), past.last_move)


def blank_steps(version: LoadedVersion, now: datetime) -> Steps:
    """The steps of a process that no case has walked."""
    return Steps(build(version, now=now), [])


def diagrams(version: LoadedVersion) -> list[Diagram]:
    """The drawings of a version, the main process first."""
    return list(_read_diagrams(_ById(version)))


def oversees(actor: Actor) -> bool:
    return any(grant.role in OVERSEERS for grant in actor.grants)


def download(found: Any) -> Response:
    """A file as an attachment: a browser saves it and never shows it as a page of ours."""
    body, filename = found if isinstance(found, tuple) else (found.body, found.filename)
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return Response(
        body,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}",
            "Cache-Control": "private, no-store",
        },
    )


def drawing(version: LoadedVersion, path: str) -> Response:
    """A diagram's XML for the viewer. A version never changes, so a browser may keep it."""
    if path not in {diagram.path for diagram in diagrams(version)}:
        raise NotFoundError
    return Response(
        version.files[path],
        content_type="application/xml; charset=utf-8",
        headers={"Cache-Control": "private, max-age=3600"},
    )


class _ById:
    """Lets a cache go by the version's id (its content) while the version itself comes along."""

    def __init__(self, version: LoadedVersion) -> None:
        self.version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.version.id == self.version.id

    def __hash__(self) -> int:
        return hash(self.version.id)


@lru_cache(maxsize=64)
def _read_diagrams(key: _ById) -> tuple[Diagram, ...]:
    version = key.version
    found = [
        (path, etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)))
        for path, body in sorted(version.files.items())
        if path.endswith(".bpmn")
    ]
    made = [
        Diagram(path, _name(root) or path, frozenset(e.get("id") for e in root.iter() if e.get("id")))
        for path, root in found
    ]
    return tuple(sorted(made, key=lambda diagram: version.manifest.main not in diagram.elements))


def _name(root: Any) -> str:
    process = root.find(f"{BPMN}process")
    return (process.get("name") or "") if process is not None else ""
