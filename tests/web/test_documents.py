"""Documents in the page: pages as pictures, one recorded reading for an opening, nothing for strangers."""

from datetime import timedelta

import pytest
from sqlmodel import select

from engine.letters import render_letter
from models import Attachment, Document, DocumentReading
from tests.web.procedures import OFFICER, apply_for, by_number, deploy_permit

THREE_PAGES = (
    b'#import "alur.typ": *\n#show: halaman.with(judul: "Surat")\nPertama #pagebreak() Kedua #pagebreak() Ketiga'
)


@pytest.fixture
def database(sqlite_database):
    """What the pages write is one statement, tried on both databases in tests/engine/test_previews.py."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    """A case of Ani's that an officer may see: services, people, number."""
    deploy_permit(app, clock.now())
    ani, siti = person("Ani Wijaya"), person("Siti Rahma", roles=[OFFICER])
    return app.extensions["alur"], ani, siti, apply_for(app, ani)


@pytest.fixture
def letter(app, office, clock):
    """A letter of three pages that Alur wrote for the case; its id."""
    parts, _ani, _siti, number = office
    now = clock.now()
    body = render_letter(THREE_PAGES, {}, at=now)
    with parts.database.write() as unit:
        kept = parts.documents.keep_generated(
            unit, instance_id=by_number(app, number).id, name="surat", filename="Surat izin.pdf", body=body, now=now
        )
    return kept.id


def readings(parts):
    with parts.database.read() as unit:
        return [(r.attachment_id, r.user_id) for r in unit.session.exec(select(DocumentReading)).all()]


def image(page, zoom=100):
    (found,) = [i for i in page.all("img") if "viewer-image" in (i.get("class") or "")]
    assert f"viewer-image-{zoom}" in found.get("class")
    return found


def link(page, name):
    found = [a for a in page.all("a") if (a.get("id") or "").endswith(f"-{name}")]
    return found[0].get("href") if found else None


def test_a_document_is_shown_page_by_page_with_links(browser, office, letter):
    _parts, _ani, siti, number = office
    window = browser(siti)

    first = window.get(f"/kasus/{number}/dokumen/{letter}/lihat")
    second = window.get(link(first, "next"))
    third = window.get(link(second, "next"))

    assert first.heading == "Surat izin.pdf"
    assert image(first).get("alt") == "Halaman 1 dari 3 — Surat izin.pdf"
    assert image(second).get("alt") == "Halaman 2 dari 3 — Surat izin.pdf"
    assert image(third).get("alt") == "Halaman 3 dari 3 — Surat izin.pdf"
    assert link(first, "previous") is None
    assert link(third, "next") is None
    assert image(window.get(link(third, "previous"))).get("alt").startswith("Halaman 2")


def test_it_can_be_made_larger_and_smaller(browser, office, letter):
    _parts, _ani, siti, number = office
    window = browser(siti)
    first = window.get(f"/kasus/{number}/dokumen/{letter}/lihat")
    larger = window.get(link(first, "larger"))
    largest = window.get(link(larger, "larger"))

    sizes = [len(window.client.get(image(p, z).get("src")).data) for p, z in ((first, 100), (largest, 200))]
    assert sizes[1] > sizes[0]
    assert link(first, "smaller") is None
    assert link(largest, "larger") is None
    image(larger, 150)


def test_a_page_is_a_picture_that_no_cache_keeps(browser, office, letter):
    _parts, _ani, siti, number = office
    window = browser(siti)
    page = window.get(f"/kasus/{number}/dokumen/{letter}/lihat")
    answer = window.client.get(image(page).get("src"))
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_opening_is_recorded_once_however_many_pages_are_turned(browser, office, letter):
    parts, ani, siti, number = office
    window = browser(siti)
    page = window.get(f"/kasus/{number}/dokumen/{letter}/lihat")
    assert readings(parts) == [], "nothing was shown yet"
    for _ in range(3):
        window.client.get(image(page).get("src"))
        page = window.get(link(page, "next") or link(page, "previous"))
    assert readings(parts) == [(letter, siti.id)]

    again = window.get(f"/kasus/{number}/dokumen/{letter}/lihat")
    window.client.get(image(again).get("src"))
    assert readings(parts) == [(letter, siti.id)] * 2
    own = browser(ani)
    own.client.get(image(own.get(f"/kasus/{number}/dokumen/{letter}/lihat")).get("src"))
    assert sorted(readings(parts)) == sorted([(letter, siti.id)] * 2 + [(letter, ani.id)])


def test_a_picture_without_an_opening_of_ones_own_is_a_reading_of_its_own(browser, office, letter, clock):
    parts, ani, siti, number = office
    window, own = browser(siti), browser(ani)
    src = image(window.get(f"/kasus/{number}/dokumen/{letter}/lihat")).get("src")
    bare = src.partition("?")[0]
    for url in (bare, bare + "?buka=", bare + "?buka=9.x.y", bare + "?buka=a", bare + "?buka=" + "0" * 90):
        assert window.client.get(url).status_code == 200
    assert readings(parts) == [(letter, siti.id)] * 5
    own.client.get(src)
    own.client.get(src)
    assert [r for r in readings(parts) if r[1] == ani.id] == [(letter, ani.id)] * 2, "it is not hers"
    clock.move_to(clock.now() + timedelta(hours=13))
    window = browser(siti)
    window.client.get(src)
    window.client.get(src)
    assert len([r for r in readings(parts) if r[1] == siti.id]) == 7, "it is over"


def test_strangers_find_neither_the_document_nor_its_pages(browser, office, letter, person):
    parts, _ani, _siti, number = office
    window = browser(person("Orang Lain"))
    for path in ("lihat", "halaman/1"):
        assert window.get(f"/kasus/{number}/dokumen/{letter}/{path}").status == 404
    assert browser().get(f"/kasus/{number}/dokumen/{letter}/lihat").status == 303
    assert readings(parts) == []


def test_another_cases_document_is_not_there(app, browser, office, letter):
    _parts, ani, siti, _number = office
    other = apply_for(app, ani)
    for path in ("lihat", "halaman/1"):
        assert browser(siti).get(f"/kasus/{other}/dokumen/{letter}/{path}").status == 404


@pytest.mark.parametrize("query", ["hal=0", "hal=99", "hal=-1", "hal=x", "hal=9999999", "zum=9", "zum=x", "hal=%C2%B2"])
def test_a_page_that_is_not_there_is_the_nearest_one(browser, office, letter, query):
    _parts, _ani, siti, number = office
    page = browser(siti).get(f"/kasus/{number}/dokumen/{letter}/lihat?{query}")
    assert page.status == 200
    assert any("Halaman" in (i.get("alt") or "") for i in page.all("img"))


@pytest.mark.parametrize("path", ["halaman/0", "halaman/4", "halaman/1?zum=3", "halaman/99999999999999"])
def test_a_picture_that_is_not_there_is_a_404(browser, office, letter, path):
    _parts, _ani, siti, number = office
    assert browser(siti).get(f"/kasus/{number}/dokumen/{letter}/{path}").status == 404


@pytest.mark.tampers
def test_what_cannot_be_shown_is_told_calmly_with_a_download(browser, office, letter):
    parts, _ani, siti, number = office
    with parts.database.write() as unit:
        row = unit.session.get(Attachment, letter)
        unit.session.add(Document(digest="f" * 64, kind="pdf", size=10, stored_at=row.uploaded_at))
        unit.session.flush()
        row.digest = "f" * 64
        unit.session.add(row)
    path = parts.documents.folder / "ff" / "ff" / ("f" * 64)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"gone bad")
    page = browser(siti).get(f"/kasus/{number}/dokumen/{letter}/lihat")
    assert page.status == 200
    assert "Dokumen tersimpan hilang atau berubah" in page.text
    assert f"/kasus/{number}/dokumen/{letter}" in page.links()
    assert not [i for i in page.all("img") if "viewer" in (i.get("class") or "")]


def test_htmx_gets_only_the_viewer(browser, office, letter):
    _parts, _ani, siti, number = office
    answer = browser(siti).client.get(f"/kasus/{number}/dokumen/{letter}/lihat?hal=2", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.count("data-viewer") >= 1
    assert "Halaman 2 dari 3" in answer.text


def test_the_case_and_its_applicant_are_offered_the_letter(browser, office, letter):
    _parts, ani, siti, number = office
    there = f"/kasus/{number}/dokumen/{letter}/lihat"
    for window, url in ((browser(siti), f"/kasus/{number}"), (browser(ani), f"/permohonan/{number}")):
        page = window.get(url)
        assert there in page.links()
        assert f"/kasus/{number}/dokumen/{letter}" in page.links()
    assert "Dibuat oleh sistem" in browser(siti).get(f"/kasus/{number}").text


def test_the_viewer_speaks_english_too(browser, office, letter, person):
    _parts, _ani, _siti, number = office
    page = browser(person("Grace", roles=[OFFICER], locale="en")).get(f"/kasus/{number}/dokumen/{letter}/lihat")
    assert image(page).get("alt") == "Page 1 of 3 — Surat izin.pdf"
    assert "Next page" in page.text
