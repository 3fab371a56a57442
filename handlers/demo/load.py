"""Loads the demo in order: what every installation has, accounts, packages, cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.clock import VirtualClock
from engine.definitions import Definitions, deploy, is_shared, read_package
from engine.documents import Documents
from engine.manifest import FILE
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import Settings
from engine.unit_of_work import Database
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


def load_demo(
    settings: Settings, database: Database, registry: Registry, now: datetime, *, inpassing: bool = True
) -> Demo:
    """Add whatever is missing. Loading twice adds nothing the second time. `inpassing`: its programme, too."""
    with database.write() as unit:
        prepare(unit, now)
        added = add_accounts(unit, now, EVERYBODY)
    with database.write() as unit:
        keys = tuple(
            deploy(unit, read_package(folder), registry, by="alur demo", note="Peragaan", now=now).definition_key
            for folder in _packages(settings.packages_folder)
        )
    load_recaps(database, registry, now)
    cases = 0
    documents = Documents(settings.documents_folder)
    if inpassing and set(PACKAGES) <= set(keys):
        cases += load_inpassing(database, registry, documents, now)
    if inpassing and set(keys) >= PROCESSES:
        cases += load_bps(database, registry, documents, now)
    if inpassing and set(keys) >= kemnaker.PROCESSES:
        cases += kemnaker.load_kemnaker(database, registry, documents, now)
    if PROCESS in keys:
        runner = Runner(database, registry, Definitions(database), VirtualClock(now))
        cases += Actors(runner, documents).load(now)
        if EXPIRY in keys:
            cases += expiry.ExpiryDemo(Actors(runner, documents)).load(now)
        if set(lpse.PROCESSES) <= set(keys):
            cases += lpse.LpseDemo(Actors(runner, documents), documents, registry).load(now)
    if inpassing and set(companies.PROCESSES) <= set(keys):
        cases += companies.load_companies(database, registry, documents, now)
    return Demo(EVERYBODY, PASSWORD, added, cases, keys)


def _packages(folder: Path) -> Iterator[Path]:
    return (path.parent for path in sorted(folder.glob(f"*/{FILE}")) if not is_shared(path.parent))
