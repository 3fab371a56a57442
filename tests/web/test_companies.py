"""The link of a Pemberi Kuasa, and the stages of an account: what they open, and to whom."""

import uuid
from datetime import date, timedelta

import pytest

from engine.people.links import token_digest
from models import Company, Definition, DefinitionVersion, Instance, Membership, PowerOfAttorney

TOKEN = "t" * 43


@pytest.fixture
def database(sqlite_database):
    """Pages look the same on both."""
    return sqlite_database


@pytest.fixture
def asked(database, clock, person):
    """A question about a power of attorney, without the task that waits for its answer."""
    now = clock.now()
    sari, grantor = person("Sari"), person("Hiroshi Tanaka")
    with database.write() as unit:
        unit.session.add(Definition(key="desk", title="Meja", owner="x"))
        unit.session.flush()
        unit.session.add(
            DefinitionVersion(
                id="desk", definition_key="desk", number=1, main_process="desk", manifest={}, deployed_at=now,
                deployed_by="",
            )
        )  # fmt: skip
        unit.session.add(Company(id="c1", nib="9120001234567", name="PT Sakura Teknik Indonesia", created_at=now))
        unit.session.flush()
        unit.session.add(
            Instance(
                id="i1", number="2606-AAAA-AAAA", definition_key="desk", version_id="desk", starter_id=sari.id,
                status="completed", started_at=now, revision=1, meta=b"", chain_head=b"", state_digest=b"",
            )
        )  # fmt: skip
        unit.session.flush()
        unit.session.add(
            PowerOfAttorney(
                id="p1", instance_id="i1", company_id="c1", grantor_id=grantor.id, grantor_name="Hiroshi Tanaka",
                grantee_id=sari.id, valid_until=date(2027, 5, 31), token_digest=token_digest(TOKEN),
                token_until=now + timedelta(days=7), asked_at=now,
            )
        )  # fmt: skip

    def becomes(state):
        with database.write() as unit:
            row = unit.session.get_one(PowerOfAttorney, "p1")
            row.state = state
            unit.session.add(row)

    return becomes


@pytest.mark.tampers
@pytest.mark.parametrize("state", ["asked", "void"])
def test_a_link_that_nothing_waits_for_opens_nothing(browser, asked, state):
    asked(state)
    assert browser().get(f"/kuasa/{TOKEN}").status == 404
    assert browser().get("/kuasa/" + "x" * 43).status == 404


@pytest.mark.tampers
@pytest.mark.parametrize(("state", "words"), [("confirmed", "Anda mengonfirmasi kuasa"), ("declined", "Anda tidak")])
def test_an_answered_link_says_what_was_answered_and_asks_no_more(browser, asked, state, words):
    asked(state)
    page = browser().get(f"/kuasa/{TOKEN}")
    assert page.status == 200
    assert words in page.text
    assert page.all("form", action=f"/kuasa/{TOKEN}") == []


def test_the_stages_are_in_their_order_and_the_next_is_locked(browser, person):
    page = browser(person("Sari")).get("/penyedia")
    titles = ["Identitas digital/akun", "Profil", "Persetujuan LKPP", "Akses/persona Admin Perusahaan"]
    at = [page.text.index(title) for title in titles]
    assert at == sorted(at)
    assert page.text.count("Terkunci") == 2
    assert "Terbuka sesudah Anda menerima surel persetujuan dari LKPP." in page.text


def test_who_acts_for_a_company_finds_its_platforms_open_until_the_power_ends(browser, person, database, clock):
    sari, now = person("Sari"), clock.now()
    with database.write() as unit:
        unit.session.add(Company(id="c1", nib="9120001234567", name="PT Sakura Teknik Indonesia", created_at=now))
        unit.session.flush()
        unit.session.add(
            Membership(
                id=uuid.uuid4().hex, user_id=sari.id, role="admin_perusahaan", company_id="c1",
                valid_from=now.date(), valid_until=date(2026, 6, 5), created_at=now,
            )
        )  # fmt: skip
    client = browser(sari)
    assert "PT Sakura Teknik Indonesia" in client.get("/akses/manajemen-penyedia").text
    assert client.get("/akses/katalog-elektronik").status == 403
    assert "Aktif: PT Sakura Teknik Indonesia." in client.get("/penyedia").text
    clock.move_to(now + timedelta(days=5))
    assert browser(sari).get("/akses/manajemen-penyedia").status == 403
