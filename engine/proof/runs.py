"""Runs of proofs: of which cases, begun by a person or the schedule, left to a worker, kept for good."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Table, func, select, update
from sqlmodel import col

from engine.errors import AlurError, NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instance, ProofFinding, ProofRun, metadata

RUNS: Table = metadata.tables[str(ProofRun.__tablename__)]
FINDINGS: Table = metadata.tables[str(ProofFinding.__tablename__)]
MOST_CASES = 10_000
"""That are named one by one; everything is not named."""

Kind = Literal["verify", "reproduce"]
KINDS: tuple[Kind, ...] = ("verify", "reproduce")


class NothingToProveError(AlurError):
    """Choose at least one case."""

    indonesian = "Pilih sedikitnya satu kasus."
    code = "nothing_to_prove"
    http_status = 422


@dataclass(frozen=True)
class Choice:
    """Which cases: these, or all of some instansi, or (neither) everything with what is outside of cases."""

    cases: tuple[str, ...] = ()
    instansi: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        if self.cases:
            return "case" if len(self.cases) == 1 else "selection"
        return "selection" if self.instansi else "everything"

    def to_json(self) -> dict[str, Any]:
        named = {"cases": sorted(set(self.cases)), "instansi": sorted(self.instansi)}
        return {name: values for name, values in named.items() if values}


def begin(unit: UnitOfWork, kind: Kind, choice: Choice, *, by: str | None, now: datetime) -> str:
    """Write a run down; a worker does it."""
    told = choice.to_json()
    total = len(told["cases"]) if choice.cases else _count(unit, told, now)
    if choice.scope != "everything" and not total:
        raise NothingToProveError
    run = ProofRun(
        id=uuid.uuid4().hex, kind=kind, scope=choice.scope, choice=told, total=total, created_by=by, created_at=now
    )
    unit.session.add(run)
    unit.session.flush()
    return run.id


def read_run(unit: UnitOfWork, run_id: str) -> ProofRun:
    """The run; NotFoundError where there is none."""
    run = unit.session.get(ProofRun, run_id)
    if run is None:
        raise NotFoundError
    return run


def cancel(unit: UnitOfWork, run_id: str, now: datetime) -> None:
    """Stop where it is; what was found so far is kept."""
    running = (RUNS.c.id == run_id) & (RUNS.c.state == "running")
    unit.connection.execute(update(RUNS).where(running).values(state="cancelled", finished_at=now))


def alarms(unit: UnitOfWork) -> list[ProofRun]:
    """What everybody should know of: the last proof of everything in each of the two ways, if it found something."""
    last = (last_whole(unit, kind) for kind in KINDS)
    return [run for run in last if run is not None and run.findings]


def last_whole(unit: UnitOfWork, kind: Kind) -> ProofRun | None:
    """The last proof of everything that came to its end."""
    done = select(ProofRun).where(
        col(ProofRun.kind) == kind, col(ProofRun.scope) == "everything", col(ProofRun.state) == "done"
    )
    return unit.session.scalars(done.order_by(col(ProofRun.finished_at).desc()).limit(1)).first()


def findings_of(unit: UnitOfWork, run_id: str, most: int | None = None) -> Sequence[Row[Any]]:
    """In the order they were found."""
    query = select(FINDINGS).where(FINDINGS.c.run_id == run_id).order_by(FINDINGS.c.number).limit(most)
    return unit.connection.execute(query).all()


def belonging(choice: dict[str, Any], before: datetime) -> list[ColumnElement[bool]]:
    """Conditions on `Instance` for a run that names no cases: those that were there when it began."""
    found = [col(Instance.started_at) <= before]
    if "instansi" in choice:
        found.append(col(Instance.instansi_id).in_(choice["instansi"]))
    return found


def _count(unit: UnitOfWork, choice: dict[str, Any], now: datetime) -> int:
    query = select(func.count()).select_from(Instance).where(*belonging(choice, now))
    return unit.connection.execute(query).scalar_one()
