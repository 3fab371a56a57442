"""Exports that somebody asked for on a page: written down, left to a worker, kept for a day and then removed."""

import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import Table, select, update
from sqlmodel import col

from engine import ledger
from engine.actors import Actor
from engine.bundles.packing import OWN, VERIFY, Packer, write_log
from engine.chores import Chore
from engine.definitions import Definitions
from engine.errors import AlurError, NotFoundError
from engine.incidents import describe
from engine.leases import Lease, free, take
from engine.people import actor_for
from engine.privacy import Level, Masking, masking_for
from engine.story import versions_before
from engine.unit_of_work import UnitOfWork
from models import ExportRun, Instance, metadata

if TYPE_CHECKING:
    from engine.runner import Runner

RUNS: Table = metadata.tables[str(ExportRun.__tablename__)]
Format = Literal["bundle", "xes", "ocel"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIX = {"bundle": "zip", "xes": "xes", "ocel": "json"}
VERIFIER = OWN / VERIFY
KEPT = timedelta(days=1)
MOST_CASES = 2_000
AT_ONCE = 20
"""Cases in a row before the chore lets others work."""
_LEAST_OPEN = (Level.OPEN, Level.AUDITOR, Level.EXTERNAL)


class NothingToExportError(AlurError):
    """Choose at least one case."""

    indonesian = "Pilih sedikitnya satu kasus."
    code = "nothing_to_export"
    http_status = 422


class TooMuchToExportError(AlurError):
    """At most {most} cases go into one file; {count} were chosen. Narrow the choice, or use the command line."""

    indonesian = (
        "Paling banyak {most} kasus dalam satu berkas; yang dipilih {count}. Persempit, atau pakai baris perintah."
    )
    code = "too_much_to_export"
    http_status = 422


@dataclass(frozen=True)
class Store:
    """Where files wait for who asked for them, and what they are made with."""

    folder: Path
    packer: Packer

    def file(self, run: ExportRun) -> Path:
        return self.folder / f"{run.id}.{SUFFIX[run.format]}"

    def gathering(self, run: ExportRun) -> Path:
        return self.folder / run.id

    def remove(self, run: ExportRun) -> None:
        self.file(run).unlink(missing_ok=True)
        shutil.rmtree(self.gathering(run), ignore_errors=True)


def begin(unit: UnitOfWork, chosen: Sequence[str], form: Format, *, by: str, locale: str, now: datetime) -> str:
    """Write an export down; a worker makes it. What may be in it is what this person may see at this moment."""
    if not chosen:
        raise NothingToExportError
    if len(chosen) > MOST_CASES:
        raise TooMuchToExportError(most=MOST_CASES, count=len(chosen))
    query = select(col(Instance.id)).where(col(Instance.id).in_(chosen))
    cases = list(unit.session.scalars(query.order_by(col(Instance.started_at), col(Instance.id))))
    run = ExportRun(
        id=uuid.uuid4().hex, format=form, cases=cases, total=len(cases), locale=locale, created_by=by, created_at=now
    )
    unit.session.add(run)
    unit.session.flush()
    return run.id


def cancel(unit: UnitOfWork, run_id: str, now: datetime) -> None:
    running = (RUNS.c.id == run_id) & (RUNS.c.state == "running")
    unit.connection.execute(update(RUNS).where(running).values(state="cancelled", finished_at=now))


def chore(store: Store) -> Chore:
    """For a ticker: goes on with the export that waits longest, and removes files that have waited their day."""

    def work(runner: "Runner", now: datetime) -> int:
        return work_off(runner, store, now) + clear(runner, store, now)

    return Chore("exports", work, every=timedelta(seconds=1))


def work_off(runner: "Runner", store: Store, now: datetime, *, most: int = AT_ONCE) -> int:
    """Up to `most` cases of one export; how many."""
    waiting = select(ExportRun).where(col(ExportRun.state) == "running", free(RUNS, now))
    taken = take(runner.database, RUNS, waiting.order_by(col(ExportRun.created_at), col(ExportRun.id)).limit(1), now)
    return 0 if taken is None else _Leased(runner, store, *taken).work(most)


def clear(runner: "Runner", store: Store, now: datetime) -> int:
    """Remove what was ready a day ago, and what was gathered for nothing; how many."""
    over = RUNS.c.state.in_(("ready", "cancelled", "failed")) & (RUNS.c.finished_at < now - KEPT)
    stopped = (RUNS.c.state == "cancelled") & (RUNS.c.finished_at < now - timedelta(minutes=5))
    query = select(ExportRun).where(over | stopped).limit(AT_ONCE)
    with runner.database.read() as unit:
        old = list(unit.session.scalars(query))
    for run in old:
        store.remove(run)
    if old:
        with runner.database.write() as unit:
            gone = update(RUNS).where(RUNS.c.id.in_([run.id for run in old]))
            unit.connection.execute(gone.values(state="removed"))
    return len(old)


def note(
    unit: UnitOfWork, cases: Iterable[tuple[str, str]], *, form: str, level: str, digest: bytes, by: str | None,
    run: str | None, now: datetime,
) -> None:  # fmt: skip
    """Every case that was taken out is entered in the ledger. `cases`: ids with numbers."""
    for instance_id, number in cases:
        ledger.note(
            unit, ledger.Kind.BUNDLE_EXPORTED, at=now, instance_id=instance_id, actor_id=by, ref=number, digest=digest,
            detail={"format": form, "level": level, "run": run},
        )  # fmt: skip


class _Leased:
    """One export while this worker holds it. A case that was gathered by who died meanwhile is gathered again."""

    def __init__(self, runner: "Runner", store: Store, run: ExportRun, lease: Lease) -> None:
        self.runner, self.store, self.run, self.lease = runner, store, run, lease
        self.database = runner.database
        with self.database.read() as unit:
            self.actor = actor_for(unit, run.created_by, run.created_at)

    def work(self, most: int) -> int:
        try:
            if self.actor is None:  # the account was closed meanwhile
                raise NotFoundError
            return self._work(most)
        except (AlurError, OSError) as error:  # it will not get better by itself; who asked is told
            self._change(state="failed", failure=describe(error)[:1000], finished_at=self.runner.clock.now())
            self.store.remove(self.run)
            return 1

    def _work(self, most: int) -> int:
        did = 0
        if self.run.format == "bundle":
            for instance_id in self.run.cases[self.run.done : self.run.done + most]:
                self.store.packer.speaking(self.run.locale).add(
                    self.store.gathering(self.run), instance_id, self._masking(instance_id)
                )
                did += 1
                if not self._change(done=self.run.done + did):
                    return did
        if self.run.format != "bundle" or self.run.done + did >= self.run.total:
            self._finish()
            return did + 1
        with self.database.write() as unit:
            self.lease.let_go(unit)
        return did

    def _finish(self) -> None:
        run, now, packer = self.run, self.runner.clock.now(), self.store.packer.speaking(self.run.locale)
        maskings = {ident: self._masking(ident) for ident in run.cases}
        level = str(max((m.level for m in maskings.values()), key=_LEAST_OPEN.index))
        target = self.store.file(run)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if run.format == "bundle":
            digest = packer.close(self.store.gathering(run), target, level=level, by=run.created_by, now=now)
        else:
            digest = write_log(packer, target, run.cases, run.format, named=level == Level.OPEN)
        done: dict[str, Any] = {
            "state": "ready", "done": run.total, "level": level, "size": target.stat().st_size, "digest": digest,
            "finished_at": now,
        }  # fmt: skip
        if not self._change(noted=True, **done):
            self.store.remove(run)
        shutil.rmtree(self.store.gathering(run), ignore_errors=True)

    def _masking(self, instance_id: str) -> Masking:
        assert self.actor is not None  # noqa: S101 -- asked for before anything is done
        with self.database.read() as unit:
            run, definitions = self.run, self.runner.definitions
            return masking_at(unit, definitions, self.actor, instance_id, now=run.created_at, locale=run.locale)

    def _change(self, *, noted: bool = False, **values: Any) -> bool:
        """False when it was stopped, or another worker has it."""
        with self.database.write() as unit:
            if not self.lease.renew(unit, self.runner.clock.now(), RUNS.c.state == "running"):
                return False
            unit.connection.execute(update(RUNS).where(RUNS.c.id == self.run.id).values(**values))
            if noted:
                query = select(col(Instance.id), col(Instance.number)).where(col(Instance.id).in_(self.run.cases))
                found = [(row.id, row.number) for row in unit.connection.execute(query)]
                note(
                    unit, sorted(found, key=lambda each: each[1]), form=self.run.format, level=values["level"],
                    digest=values["digest"], by=self.run.created_by, run=self.run.id, now=values["finished_at"],
                )  # fmt: skip
        return True


def masking_at(
    unit: UnitOfWork, definitions: Definitions, actor: Actor, instance_id: str, *, now: datetime, locale: str
) -> Masking:
    """What somebody may see of a case, by the forms of every version it ran on."""
    moved = unit.connection.execute(versions_before(instance_id)).scalars()
    versions = [detail["from"] for detail in moved]
    return masking_for(unit, definitions, actor, instance_id, now=now, versions=versions, locale=locale)
