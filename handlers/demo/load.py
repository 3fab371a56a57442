"""Loads the demo in order: what every installation has, accounts, packages, cases."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.clock import VirtualClock
from engine.definitions import Definitions, deploy, is_shared, read_package
from engine.documents import Documents
from engine.manifest import FILE
from engine.people import find_by_email
from engine.proof.schedules import change, schedules
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import Settings
from engine.unit_of_work import Database, UnitOfWork
from handlers.access_adoption import PROCESS as EXPIRY
from handlers.demo import companies, expiry, kemnaker, lpse
from handlers.demo.accounts import ACCOUNTS, PASSWORD, DemoAccount, add_accounts
from handlers.demo.bps import PROCESSES, load_bps
from handlers.demo.cases import PROCESS, Actors
from handlers.demo.inpassing import load_inpassing
from handlers.demo.overview import load_recaps
from handlers.demo.season.cast import PACKAGES
from handlers.seeds import prepare

EVERYBODY = (*ACCOUNTS, *lpse.ACCOUNTS, *companies.ACCOUNTS, *kemnaker.ACCOUNTS, *expiry.ACCOUNTS)


@dataclass(frozen=True)
class Demo:
    """What the demo consists of now, and what this loading added."""

    accounts: tuple[DemoAccount, ...]
    password: str
    added_accounts: int
    added_cases: int
    processes: tuple[str, ...]


@dataclass(frozen=True)
class Director:
    """What a part of the demo plays with."""

    database: Database
    registry: Registry
    documents: Documents
    now: datetime

    def actors(self) -> Actors:
        runner = Runner(self.database, self.registry, Definitions(self.database), VirtualClock(self.now))
        return Actors(runner, self.documents)

    def play(self, load: Callable[[Database, Registry, Documents, datetime], int]) -> int:
        return load(self.database, self.registry, self.documents, self.now)


PARTS: dict[str, tuple[Collection[str], Callable[[Director], int]]] = {
    "lkpp": (PACKAGES, lambda d: d.play(load_inpassing)),
    "bps": (PROCESSES, lambda d: d.play(load_bps)),
    "kemnaker": (kemnaker.PROCESSES, lambda d: d.play(kemnaker.load_kemnaker)),
    "access": ((PROCESS,), lambda d: d.actors().load(d.now)),
    "expiry": ((PROCESS, EXPIRY), lambda d: expiry.ExpiryDemo(d.actors()).load(d.now)),
    "lpse": (lpse.PROCESSES, lambda d: lpse.LpseDemo(d.actors(), d.documents, d.registry).load(d.now)),
    "companies": (companies.PROCESSES, lambda d: d.play(companies.load_companies)),
}
"""Each with the processes it needs; in this order."""


AUDITOR = "auditor@contoh.go.id"


def load_demo(
    settings: Settings, database: Database, registry: Registry, now: datetime, *, parts: Collection[str] = tuple(PARTS)
) -> Demo:
    """Add whatever is missing. Loading twice adds nothing the second time. `parts`: whose cases."""
    with database.write() as unit:
        prepare(unit, now)
        added = add_accounts(unit, now, EVERYBODY)
        _schedule_proofs(unit, now)
    with database.write() as unit:
        keys = tuple(
            deploy(unit, read_package(folder), registry, by="alur demo", note="Peragaan", now=now).definition_key
            for folder in _packages(settings.packages_folder)
        )
    load_recaps(database, registry, now)
    director = Director(database, registry, Documents(settings.documents_folder), now)
    wanted = (part for name, part in PARTS.items() if name in parts)
    cases = sum(play(director) for needs, play in wanted if set(needs) <= set(keys))
    return Demo(EVERYBODY, PASSWORD, added, cases, keys)


def _schedule_proofs(unit: UnitOfWork, now: datetime) -> None:
    """Every night the records, every week the executions, as an auditor would have it."""
    auditor = find_by_email(unit, AUDITOR)
    if auditor is None or schedules(unit):
        return
    change(unit, "verify", "daily", weekday=0, hour=1, by=auditor.id, now=now)
    change(unit, "reproduce", "weekly", weekday=6, hour=2, by=auditor.id, now=now)


def _packages(folder: Path) -> Iterator[Path]:
    return (path.parent for path in sorted(folder.glob(f"*/{FILE}")) if not is_shared(path.parent))
