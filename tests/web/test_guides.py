"""Pedoman dan Peraturan of a programme: kept by its owner, read by everybody; by visitors while it is open."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col
from werkzeug.datastructures import FileStorage

from engine import programmes
from engine.definitions import deploy, read_package
from engine.programmes import guides
from engine.settings import ROOT
from engine.texts import Text
from models import ProgrammeEvent
from tests.support.files import pdf
from web.context import EXTENSION

ADDRESS = "/program/coba-2026/pedoman"


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def programme(app, database, clock):
    """Open for thirty days."""
    now = clock.now()
    with database.write() as unit:
        deploy(unit, read_package(ROOT / "bpmn" / "lkpp_formasi"), app.extensions[EXTENSION].registry, "test", "", now)
        return programmes.open_programme(
            unit, key="coba-2026", flow="lkpp_inpassing", title=Text("Inpassing", "Inpassing"), period="Periode I",
            opens_at=now, closes_at=now + timedelta(days=30), by=None, now=now,
        )  # fmt: skip


def add(page, **fields):
    return page.post(ADDRESS, {"title": "Petunjuk teknis", "kind": "pedoman", **fields})


def test_the_owner_adds_a_file_and_a_link_and_a_visitor_downloads_them(programme, browser, person):
    owner = browser(person("Indah Permata", roles=["owner"]))
    given = {"file": FileStorage(io.BytesIO(pdf()), "petunjuk.pdf"), "kind": "contoh_format"}
    assert "Dokumen ditambahkan." in owner.follow(add(owner, **given)).text
    linked = add(owner, title="Peraturan BPS", kind="peraturan", link="https://bps.go.id/6")
    assert "Dokumen ditambahkan." in owner.follow(linked).text

    visitor = browser()
    page = visitor.get(ADDRESS)
    for heading in ("Pedoman dan Peraturan", "Pedoman", "Peraturan", "Contoh Format Dokumen Usul"):
        assert heading in page.text
    assert "Tambah dokumen" not in page.text
    assert "Pedoman dan Peraturan" in visitor.get("/").text
    regulation, sample = (link for link in page.links() if link.startswith(f"{ADDRESS}/"))
    assert visitor.client.get(regulation).location == "https://bps.go.id/6"
    answer = visitor.client.get(sample)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="petunjuk.pdf"')


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "beri satu berkas, atau satu tautan"),
        ({"link": "ftp://bps.go.id/6"}, "tautan diawali http:// atau https://"),
        ({"link": "javascript:alert(1)"}, "tautan diawali http:// atau https://"),
        ({"file": FileStorage(io.BytesIO(b"MZ" * 600), "petunjuk.pdf")}, "PDF"),
        ({"kind": "", "link": "https://bps.go.id/6"}, "Pilih jenisnya."),
        ({"title": "", "link": "https://bps.go.id/6"}, "Tuliskan judulnya."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(programme, browser, person, given, words):
    owner = browser(person("Indah Permata", roles=["owner"]))
    answer = add(owner, **given)
    assert answer.status == 422
    assert words in answer.text


def test_what_is_taken_down_is_gone_from_the_menu_and_stays_on_record(programme, browser, person, database):
    owner = browser(person("Indah Permata", roles=["owner"]))
    add(owner, link="https://bps.go.id/6")
    with database.read() as unit:
        [guide] = guides.guides_of(unit, programme.id)
    page = owner.follow(owner.post(f"{ADDRESS}/{guide.id}/hapus"))
    assert "Dokumen diturunkan dari menu." in page.text
    assert browser().client.get(f"{ADDRESS}/{guide.id}").status_code == 404
    with database.read() as unit:
        kinds = select(col(ProgrammeEvent.kind)).where(col(ProgrammeEvent.programme_id) == programme.id)
        assert {"guide_added", "guide_removed"} <= set(unit.session.scalars(kinds))


def test_a_visitor_reads_it_only_while_the_programme_is_open(programme, browser, clock, person):
    clock.move_to(clock.now() + timedelta(days=31))
    assert browser().client.get(ADDRESS).status_code == 303
    assert "Pedoman dan Peraturan" in browser(person("Sari Wulandari")).get(ADDRESS).text
    assert ADDRESS not in browser().get("/").text
