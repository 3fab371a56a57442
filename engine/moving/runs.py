"""What an owner decides about a move of many cases: from where to where, what takes whose place, yes, and stop."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, func, insert, literal, select, update

from engine.actors import Actor, NotAPersonError
from engine.definitions import Definitions
from engine.errors import NotFoundError
from engine.moving.errors import (
    NothingToMoveError,
    ReasonMissingError,
    RunEndedError,
    SameVersionError,
    UnknownStepError,
)
from engine.unit_of_work import UnitOfWork
from models import Instance, MoveCase, MoveRun, metadata

RUNS: Table = metadata.tables[str(MoveRun.__tablename__)]
CASES: Table = metadata.tables[str(MoveCase.__tablename__)]
INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
RUNNING = ("active", "suspended")
STATES = ("new", "ready", "choice", "cannot", "moved")
REASON_LENGTH = 500


def open_run(
    unit: UnitOfWork,
    definitions: Definitions,
    *,
    key: str,
    from_version: str | None,
    to_version: str,
    by: Actor,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
) -> str:
    """Begin with a dry run over every case that runs now; nothing is moved by it. Returns the run's id."""
    if by.user_id is None:
        raise NotAPersonError
    if not to_version or from_version == to_version:
        raise SameVersionError
    for version_id in (to_version, *([] if from_version is None else [from_version])):
        if definitions.version(version_id, unit).key != key:
            raise NotFoundError
    run_id = uuid.uuid4().hex
    run = {"id": run_id, "definition_key": key, "from_version": from_version, "to_version": to_version,
           "mapping": dict(mapping or {}), "reason": "", "state": "checking", "created_by": by.user_id,
           "created_at": now}  # fmt: skip
    unit.connection.execute(insert(RUNS).values(run))
    _take_in_cases(unit, run_id, key, from_version, to_version)
    return run_id


def _take_in_cases(unit: UnitOfWork, run_id: str, key: str, from_version: str | None, to_version: str) -> None:
    """One statement, however many there are."""
    running = and_(INSTANCES.c.definition_key == key, INSTANCES.c.status.in_(RUNNING))
    chosen = INSTANCES.c.version_id != to_version if from_version is None else INSTANCES.c.version_id == from_version
    empty: Any = literal([], CASES.c.standing.type)
    rows = select(literal(run_id), INSTANCES.c.id, INSTANCES.c.version_id, literal("new"), empty, empty)
    names = ["run_id", "instance_id", "version_id", "state", "standing", "obstacles"]
    unit.connection.execute(insert(CASES).from_select(names, rows.where(running, chosen)))


def read_run(unit: UnitOfWork, key: str, run_id: str) -> MoveRun:
    """The run, if it is one of this process."""
    run = unit.session.get(MoveRun, run_id)
    if run is None or run.definition_key != key:
        raise NotFoundError
    return run


def choose(unit: UnitOfWork, definitions: Definitions, run: MoveRun, mapping: Mapping[str, str]) -> None:
    """Take these steps for those that are gone, and look at all cases again."""
    elements = definitions.version(run.to_version, unit).specs.elements
    for name in mapping.values():
        if name not in elements:
            raise UnknownStepError(name=name)
    _step(unit, run, ("checking", "checked"), state="checking", mapping=dict(mapping))
    again = and_(CASES.c.run_id == run.id, CASES.c.state.in_(("ready", "choice", "cannot")))
    unit.connection.execute(update(CASES).where(again).values(state="new"))


def start(unit: UnitOfWork, run: MoveRun, reason: str, now: datetime) -> int:
    """The owner's yes: whatever moves by itself is moved. Returns how many that are."""
    if not reason.strip():
        raise ReasonMissingError
    ready = counts(unit, run.id)["ready"]
    if not ready:
        raise NothingToMoveError
    _step(unit, run, ("checked",), state="moving", reason=reason.strip()[:REASON_LENGTH], started_at=now)
    return ready


def cancel(unit: UnitOfWork, run: MoveRun, now: datetime) -> None:
    """Stop: what was moved stays moved, the rest stays where it is."""
    _step(unit, run, ("checking", "checked", "moving"), state="cancelled", finished_at=now)


def counts(unit: UnitOfWork, run_id: str) -> dict[str, int]:
    """Cases by state; every state is named."""
    found = select(CASES.c.state, func.count()).where(CASES.c.run_id == run_id).group_by(CASES.c.state)
    return {**dict.fromkeys(STATES, 0), **{row[0]: row[1] for row in unit.connection.execute(found)}}


def _step(unit: UnitOfWork, run: MoveRun, states: tuple[str, ...], **values: Any) -> None:
    """From one of these states on; whoever says it second is told."""
    mine = and_(RUNS.c.id == run.id, RUNS.c.state.in_(states))
    if not unit.connection.execute(update(RUNS).where(mine).values(**values)).rowcount:
        raise RunEndedError
