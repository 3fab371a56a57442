"""Real Chromium against the real application. Needs Debian's chromium, which `make test` installs."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import sync_playwright

from engine.clock import VirtualClock
from engine.people import passwords
from tests.support.databases import copy_sqlite
from tests.support.live import Site
from tests.support.records import findings_of_all
from tests.support.tabs import DESK, Tab

START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
"""Where the fixture `clock` stands, too."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def pytest_collection_modifyitems(items):
    """One worker drives all browsers: two at once would only be slower."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    """Hashing is slow on purpose; what a browser test wants of it is that it is right."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody"))
        yield


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    assert path, "chromium is not installed: make test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Prepared:
    """The demo, loaded once: a SQLite file and a folder of documents, to be copied."""

    file: Path
    data: Path


@pytest.fixture(scope="session")
def prepared(sqlite_template, tmp_path_factory) -> Prepared:
    folder = tmp_path_factory.mktemp("demo")
    database = copy_sqlite(sqlite_template, folder)
    site = Site(folder, database, VirtualClock(START))
    site.load_demo()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    site.close()
    return Prepared(folder / "alur.sqlite3", folder / "data")


@pytest.fixture
def site(prepared, clock, tmp_path):
    """The application with the demo's accounts and cases, on SQLite: for what happens in the browser."""
    database = copy_sqlite(prepared.file, tmp_path)
    shutil.copytree(prepared.data, tmp_path / "data")
    with Site(tmp_path, database, clock) as running:
        yield running
    assert findings_of_all(database) == {}
    database.dispose()


@pytest.fixture
def open_tab(chromium):
    """`open_tab(site, "vai@contoh.go.id")`: a tab of a browser where that person is signed in; without, a visitor's."""
    tabs = []

    def make(site: Site, email: str | None = None, *, size=DESK, locale: str = "id", looks=True, **more) -> Tab:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="id-ID" if locale == "id" else "en-GB",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(15_000)
        tab = Tab(site, context, looks=looks)
        tabs.append(tab)
        if email is not None:
            context.add_cookies([site.session_of(email)])
        return tab

    yield make
    problems = [problem for tab in tabs for problem in tab.problems]
    for tab in tabs:
        tab.context.close()
    assert not problems, "\n".join(problems)
