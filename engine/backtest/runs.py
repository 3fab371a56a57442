"""Runs of back-tests: which cases against which files, begun by a person, left to a worker, kept when they are done."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, insert, select, update
from sqlmodel import col

from calendars import zone_of
from calendars.zones import DEFAULT_ZONE
from engine.backtest import summary
from engine.backtest.candidate import packed
from engine.backtest.errors import NoCasesError, NotReadyError, OtherProcessError
from engine.definitions import check_package, package_of
from engine.errors import NotFoundError
from engine.gate.toml import read_manifest
from engine.manifest import FILE
from engine.registry import Registry
from engine.studio.sources import Source
from engine.unit_of_work import UnitOfWork
from models import BacktestCase, BacktestRun, Instance, metadata

RUNS: Table = metadata.tables[str(BacktestRun.__tablename__)]
CASES: Table = metadata.tables[str(BacktestCase.__tablename__)]
MOST_CASES = 50_000
AT_ONCE = 1_000


@dataclass(frozen=True)
class Choice:
    """Which recorded cases: those that began in a period, of one programme, only a sample of them."""

    since: date | None = None
    until: date | None = None
    """The last day on which they began."""
    sample: int | None = None
    programme_id: str | None = None
    ended: bool = False
    """Only those that have come to an end."""

    def to_json(self) -> dict[str, Any]:
        return {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "sample": self.sample,
            "programme": self.programme_id,
            "ended": self.ended,
        }


def check_ready(source: Source, registry: Registry, key: str) -> None:
    """Raise unless these files could run at all, as this process."""
    package = package_of(key, source.files)
    manifest, _ = read_manifest(source.files.get(FILE), key)
    if manifest is not None and manifest.key != key:
        raise OtherProcessError(found=manifest.key, key=key)
    errors = sum(finding.is_error for finding in check_package(package, registry))
    if errors:
        raise NotReadyError(count=errors)


def chosen(unit: UnitOfWork, key: str, choice: Choice) -> list[str]:
    """Ids of the cases, the one that began first before the others. A sample is spread evenly over the time."""
    query = select(col(Instance.id)).where(*_conditions(key, choice))
    found = [str(i) for i in unit.connection.execute(query.order_by(col(Instance.started_at), col(Instance.id)))
             .scalars()][:MOST_CASES]  # fmt: skip
    if choice.sample is None or choice.sample >= len(found):
        return found
    return [found[number * len(found) // choice.sample] for number in range(choice.sample)]


def _conditions(key: str, choice: Choice) -> list[ColumnElement[bool]]:
    found = [col(Instance.definition_key) == key]
    if choice.since is not None:
        found.append(col(Instance.started_at) >= _midnight(choice.since))
    if choice.until is not None:
        found.append(col(Instance.started_at) < _midnight(choice.until + timedelta(days=1)))
    if choice.programme_id is not None:
        found.append(col(Instance.programme_id) == choice.programme_id)
    if choice.ended:
        found.append(col(Instance.status).in_(("completed", "cancelled")))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone_of(DEFAULT_ZONE)).astimezone(UTC)


def begin(unit: UnitOfWork, source: Source, key: str, choice: Choice, *, revision: int, by: str, now: datetime) -> str:
    """Write down a run over the chosen cases; a worker does it. NoCasesError where there is none."""
    ids = chosen(unit, key, choice)
    if not ids:
        raise NoCasesError
    run = BacktestRun(
        id=uuid.uuid4().hex,
        key=key,
        source=source.ref,
        label=source.label.to_json(),
        revision=revision,
        digest=package_of(key, source.files).digest(key),
        package=packed(source.files),
        choice=choice.to_json(),
        total=len(ids),
        summary=summary.empty(),
        created_by=by,
        created_at=now,
    )
    unit.session.add(run)
    unit.session.flush()
    rows = [{"run_id": run.id, "number": n, "instance_id": ident, "detail": {}, "late_before": 0, "late_after": 0}
            for n, ident in enumerate(ids, 1)]  # fmt: skip
    for first in range(0, len(rows), AT_ONCE):
        unit.connection.execute(insert(CASES), rows[first : first + AT_ONCE])
    return run.id


def read_run(unit: UnitOfWork, run_id: str, source: str | None = None) -> BacktestRun:
    """The run; NotFoundError where there is none, or not of this draft."""
    run = unit.session.get(BacktestRun, run_id)
    if run is None or source not in (None, run.source):
        raise NotFoundError
    return run


def cancel(unit: UnitOfWork, run_id: str, now: datetime) -> None:
    """Stop where it is; what was found so far is kept."""
    running = (RUNS.c.id == run_id) & (RUNS.c.state == "running")
    unit.connection.execute(update(RUNS).where(running).values(state="cancelled", finished_at=now))


def measured(unit: UnitOfWork, run_id: str) -> Sequence[Any]:
    """Lengths of the cases that end in both."""
    wanted = (CASES.c.minutes_before, CASES.c.minutes_after, CASES.c.days_before, CASES.c.days_after)
    return unit.connection.execute(
        select(*wanted).where(CASES.c.run_id == run_id, CASES.c.minutes_before.is_not(None))
    ).all()
