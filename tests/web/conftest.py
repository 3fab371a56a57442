"""A page client that looks at every page it gets, and people to sign in as.

def test_something(browser, person):
    siti = person("Siti Rahma", roles=["vai"], instansi=kemenkes)
    page = browser(siti).get("/kotak-masuk")
    assert "Tidak ada tugas" in page.text
"""

import uuid
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher

from engine.people import add_membership, create_user, passwords
from engine.settings import Settings
from models import Instansi, User
from tests.support.pages import PageClient
from web.app import create_app

PASSWORD = "kuda-laut-menari-72"


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    """Hashing is slow on purpose; tests of pages want it right, not slow. tests/engine/test_people.py keeps it real."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody"))
        yield


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment(
        {
            "ALUR_DATA": str(tmp_path / "data"),
            "ALUR_DEMO": "1",
            "ALUR_SECRET_KEY": "for tests only",
            "ALUR_BASE_URL": "http://localhost",
        }
    )


@pytest.fixture
def app(settings, database, clock):
    application = create_app(settings, clock=clock, database=database)
    application.testing = False  # errors become pages, as in production
    return application


@pytest.fixture
def browser(app):
    """`browser()` is a visitor's browser, `browser(user)` one that is signed in."""

    def open_browser(user: User | None = None) -> PageClient:
        client = PageClient(app)
        if user is not None:
            client.sign_in(user)
        return client

    return open_browser


@pytest.fixture
def instansi(database, clock):
    """`instansi("Kabupaten Kotawaringin Timur")`"""

    def make(name: str, *, kind: str = "kabupaten", zone: str = "Asia/Jakarta") -> Instansi:
        with database.write() as unit:
            row = Instansi(id=uuid.uuid4().hex, kind=kind, name=name, zone=zone)
            unit.session.add(row)
        return row

    return make


@pytest.fixture
def person(database, clock):
    """An active account, with roles held from yesterday for a year."""

    def make(
        name: str, *, roles=(), instansi: Instansi | None = None, locale: str = "id", until: date | None = None
    ) -> User:
        now = clock.now()
        with database.write() as unit:
            address = f"{name.split(maxsplit=1)[0]}.{uuid.uuid4().hex[:6]}@contoh.go.id"
            user = create_user(unit, email=address, name=name, password=PASSWORD, now=now)
            user.locale, user.phone = locale, "+6281234567890"
            unit.session.add(user)
            for role in roles:
                add_membership(
                    unit,
                    user_id=user.id,
                    role=role,
                    instansi_id=instansi.id if instansi else None,
                    now=now,
                    valid_from=now.date() - timedelta(days=1),
                    valid_until=until or now.date() + timedelta(days=365),
                )
        return user

    return make
