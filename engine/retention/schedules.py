"""Schedules: what `process.toml` says of a process, and what a keeper of records set instead, also for documents."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import col

from engine.gate.toml import read_manifest
from engine.manifest import FILE
from engine.retention.errors import BadScheduleError
from engine.unit_of_work import UnitOfWork
from models import Definition, DefinitionFile, RetentionRule

FATES = ("destroyed", "reviewed", "permanent")
MOST_YEARS = 100


@dataclass(frozen=True)
class Schedule:
    """How long cases of a process (or documents given in `field`) are kept after the case ended."""

    key: str
    field: str
    active_years: int
    inactive_years: int
    final: str
    basis: str = ""
    set_by: str | None = None
    set_at: datetime | None = None
    """None: the process itself says so."""

    @property
    def years(self) -> int:
        """Active and inactive together."""
        return self.active_years + self.inactive_years

    def due_on(self, ended_on: date) -> date:
        """The day from which it need not be kept any more."""
        return _after(ended_on, self.years)


def schedules(unit: UnitOfWork) -> list[Schedule]:
    """The one in force for each process that has any, then those for kinds of documents."""
    own = {(rule.definition_key, rule.field): _of_rule(rule) for rule in _newest(unit)}
    said = {(one.key, one.field): one for one in _of_processes(unit)}
    return [found for _, found in sorted({**said, **own}.items())]


def set_schedule(unit: UnitOfWork, schedule: Schedule, *, by: str, now: datetime) -> None:
    """From now on this holds. Earlier ones stay, so that a list can be explained."""
    years = (schedule.active_years, schedule.inactive_years)
    if not all(0 <= n <= MOST_YEARS for n in years) or schedule.final not in FATES or not schedule.basis.strip():
        raise BadScheduleError
    unit.session.add(
        RetentionRule(
            id=uuid.uuid4().hex,
            definition_key=schedule.key,
            field=schedule.field,
            active_years=schedule.active_years,
            inactive_years=schedule.inactive_years,
            final=schedule.final,
            basis=schedule.basis.strip()[:300],
            set_by=by,
            set_at=now,
        )
    )
    unit.session.flush()


_OF = (col(RetentionRule.definition_key), col(RetentionRule.field))


def _newest(unit: UnitOfWork) -> list[RetentionRule]:
    newest = (
        select(
            col(RetentionRule.definition_key),
            col(RetentionRule.field),
            func.max(col(RetentionRule.set_at)).label("set_at"),
        )
        .group_by(col(RetentionRule.definition_key), col(RetentionRule.field))
        .subquery()
    )
    query = select(RetentionRule).join(
        newest,
        (col(RetentionRule.definition_key) == newest.c.definition_key)
        & (col(RetentionRule.field) == newest.c.field)
        & (col(RetentionRule.set_at) == newest.c.set_at),
    )
    return list(unit.session.scalars(query))


def _of_rule(rule: RetentionRule) -> Schedule:
    return Schedule(rule.definition_key, rule.field, rule.active_years, rule.inactive_years, rule.final, rule.basis,
                    rule.set_by, rule.set_at)  # fmt: skip


def _of_processes(unit: UnitOfWork) -> list[Schedule]:
    """What the version of each process that is in force now says in its `process.toml`."""
    query = (
        select(col(Definition.key), col(DefinitionFile.body))
        .join(DefinitionFile, col(DefinitionFile.version_id) == col(Definition.current_version_id))
        .where(col(DefinitionFile.path) == FILE)
    )
    found = []
    for key, body in unit.connection.execute(query):
        manifest, _ = read_manifest(bytes(body), key)
        said = None if manifest is None else manifest.retention
        if said is not None:
            found.append(Schedule(key, "", said.active_years, said.inactive_years, said.final))
    return found


def _after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
