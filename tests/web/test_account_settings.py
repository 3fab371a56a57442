"""Pengaturan Akun INAPROC: how long each access lasts, ending one oneself, asking for it back."""

import pytest
from sqlalchemy import select

from engine.actors import SYSTEM
from engine.definitions import deploy, read_package
from engine.people import end_membership
from engine.settings import ROOT
from engine.worker import Ticker
from models import Membership, User
from web.context import EXTENSION

PAGE = "/akses/pengaturan"
HANDOVER = {"next_step": "send", "reason": "Mutasi ke kabupaten lain", "handed_over": "true"}


@pytest.fixture
def parts(app):
    return app.extensions[EXTENSION]


@pytest.fixture
def published(parts, clock):
    """The process of access lives, as `alur deploy` publishes it."""
    with parts.database.write() as unit:
        package = read_package(ROOT / "bpmn" / "inaproc_expiry")
        deploy(unit, package, parts.registry, by="test", note="", now=clock.now())


@pytest.fixture
def siti(person, instansi, published):
    return person("Siti", roles=["bendahara"], instansi=instansi("Kabupaten Contoh"))


def access_of(parts, user: User) -> Membership:
    with parts.database.read() as unit:
        return unit.session.scalars(select(Membership).where(Membership.user_id == user.id)).one()


def press(client, parts, user, action):
    """The button of the page; returns where it leads."""
    client.get(PAGE)
    return client.post(f"{PAGE}/{access_of(parts, user).id}/{action}")


def tick(parts):
    Ticker(parts.runner, parts.registry, parts.mailer, parts.clock).run_once()


def test_an_access_that_came_from_the_administration_can_be_ended_by_its_holder(browser, siti, parts):
    client = browser(siti)
    page = client.get(PAGE)
    assert page.heading == "Pengaturan Akun INAPROC"
    for words in ("Akses Saya", "Aktif", "Kabupaten Contoh", "365 hari lagi", "Nonaktifkan"):
        assert words in page.text

    asked = press(client, parts, siti, "nonaktifkan")
    form = client.follow(asked)
    assert form.heading == "Nonaktifkan akses"
    assert "Lanjutkan" in client.get(PAGE).text
    assert client.get("/akses/katalog-elektronik").status == 200

    sent = client.post(asked.location, data={**HANDOVER, "successor_name": "Tono, Kepala Subbagian"})
    assert sent.status == 303
    assert access_of(parts, siti).state == "inactive"
    assert client.get("/akses/katalog-elektronik").status == 403
    page = client.get(PAGE)
    assert "Nonaktif" in page.text
    assert "Ajukan Reaktivasi" in page.text


def test_one_that_the_administration_ended_can_be_asked_back(browser, siti, parts, clock):
    client = browser(siti)
    press(client, parts, siti, "nonaktifkan")  # its case begins
    with parts.database.write() as unit:
        end_membership(unit, access_of(parts, siti).id, by=SYSTEM, reason="keliru", now=clock.now())
    tick(parts)
    clock.move_to(clock.now().replace(day=3))  # the form that nobody sent has closed
    tick(parts)

    client = browser(siti)
    asked = press(client, parts, siti, "reaktivasi")

    assert client.follow(asked).heading == "Ajukan Reaktivasi"


def test_an_expired_access_says_why_it_is_closed_and_what_to_do(browser, siti, parts, clock):
    with parts.database.write() as unit:
        unit.session.get_one(Membership, access_of(parts, siti).id).valid_until = clock.now().date()
    tick(parts)  # a chore takes it up
    clock.move_to(clock.now().replace(day=2))
    tick(parts)

    assert access_of(parts, siti).state == "expired"
    client = browser(siti)
    page = client.get(PAGE)
    for words in ("Kedaluwarsa", "Masa berlakunya habis", "Ajukan Reaktivasi", "Riwayat"):
        assert words in page.text
    closed = client.get("/akses/katalog-elektronik")
    assert closed.status == 403
    assert "ajukan reaktivasi" in closed.text
    assert "Pengaturan Akun INAPROC" in closed.text


def test_asking_twice_opens_one_form(browser, siti, parts):
    client = browser(siti)
    first = press(client, parts, siti, "nonaktifkan")
    again = press(client, parts, siti, "nonaktifkan")
    assert again.location == PAGE
    assert "sedang diproses" in client.follow(again).text
    assert client.get(first.location).heading == "Nonaktifkan akses"


def test_the_access_of_somebody_else_is_not_found(browser, siti, person, parts):
    other = browser(person("Tono"))
    other.get(PAGE)
    for action in ("nonaktifkan", "reaktivasi"):
        assert other.post(f"{PAGE}/{access_of(parts, siti).id}/{action}").status == 404
    assert access_of(parts, siti).life_id is None


def test_without_the_process_there_are_no_buttons(browser, person, instansi):
    page = browser(person("Siti", roles=["bendahara"], instansi=instansi("Kabupaten Contoh"))).get(PAGE)
    assert "Nonaktifkan" not in page.text
    assert "Aktif" in page.text


def test_nobody_starts_such_a_case_by_hand(browser, siti):
    assert "Masa Berlaku Akses INAPROC" not in browser(siti).get("/permohonan/baru").text
