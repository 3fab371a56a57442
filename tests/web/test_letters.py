"""Pages of letters: anybody checks one, officers read the register, owners act with a reason and keep the paper."""

import io
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from engine.letters.book import shown_code
from models import Attachment, LetterEvent
from tests.support.pages import PageClient
from tests.web.letters import address, office_of
from tests.web.procedures import OFFICER
from web.app import create_app
from web.letters import public

pytestmark = pytest.mark.tampers
"""The letter's template is put into the version by hand, which the proof of versions finds."""


@pytest.fixture
def database(sqlite_database):
    """The book itself is tried on both databases in tests/engine/test_letter_book.py."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    return office_of(app, person("Ani Wijaya"), clock.now())


@pytest.fixture
def owner(person):
    return person("Olga Owner", roles=["owner"])


def hand_in(visitor, url, body, name="surat.pdf"):
    return visitor.post(url, data={"berkas": [(io.BytesIO(body), name)]}, content_type="multipart/form-data")


# --- the public page -------------------------------------------------------------------------------------------------


def test_anybody_sees_that_a_letter_is_genuine_and_in_force_and_no_whole_name(browser, office):
    letter, _ = office.written()
    page = browser().get(address(letter))
    for told in ("asli dan berlaku", letter["number"], "Keterangan", "Segel Elektronik Lembaga Kebijakan",
                 "bukan untuk dipakai resmi", "Ani W••• K•••"):  # fmt: skip
        assert told in page.text, told
    assert "Wijaya" not in page.text


def test_a_code_is_taken_as_it_is_typed(browser, office):
    letter, _ = office.written()
    visitor = browser()
    page = visitor.get("/v", query_string={"kode": letter["code"].lower()})
    assert page.location == address(letter)
    assert visitor.get("/v/" + letter["code"]).location == address(letter)


def test_an_unknown_code_is_told_and_not_many_may_be_tried(browser, office, monkeypatch):
    monkeypatch.setattr(public, "GUESSES", 2)
    visitor = browser()
    assert [visitor.get(f"/v/{n}").status for n in ("AAAA", "AAAB", "AAAC")] == [404, 404, 429]
    assert "tidak dikenal" in browser().get("/v/AAAD").text


@pytest.mark.parametrize(
    ("act", "told"),
    [("cancel_letter", "dibatalkan"), ("withdraw_letter", "dicabut"), ("replace_letter", "sudah diganti")],
)
def test_the_page_tells_what_became_of_a_letter(browser, office, act, told):
    letter = office.numbered() if act == "cancel_letter" else office.written()[0]
    more = {"by": office.numbered()} if act == "replace_letter" else {}
    office.call(act, letter=letter, reason="Data Ani keliru", **more)
    page = browser().get(address(letter))
    assert told in page.text
    assert "asli dan berlaku" not in page.text
    assert "Data Ani keliru" not in page.text, "the reason is for the register"
    if more:
        assert address(more["by"]) in page.links()


def test_the_simulation_of_bsre_says_on_the_page_that_it_is_one(settings, database, clock, person):
    app = create_app(replace(settings, signing="bsre-simulasi"), clock=clock, database=database)
    letter, _ = office_of(app, person("Ani Wijaya"), clock.now()).written()
    assert "simulasi layanan BSrE" in PageClient(app).get(address(letter)).text


def test_a_numbered_letter_is_not_yet_in_force(browser, office):
    assert "belum berlaku" in browser().get(address(office.numbered())).text


# --- a file that is handed in ----------------------------------------------------------------------------------------


def test_a_file_is_compared_and_forgotten(browser, office):
    letter, body = office.written()
    other, other_body = office.written()
    visitor, before = browser(), stored(office)
    for url in (address(letter), "/v"):
        page = hand_in(visitor, url, body)
        assert "Berkas ini asli" in page.text
        assert letter["number"] in page.text
        assert "Sah" in page.text
    page = hand_in(visitor, address(letter), other_body)
    assert "Berkas ini surat lain" in page.text
    assert address(other) in page.links()
    changed = hand_in(visitor, address(letter), body.replace(b"/Lang", b"/Lung"))
    assert "tidak sama dengan surat mana pun" in changed.text
    assert "Tidak sah" in changed.text
    assert stored(office) == before


def stored(office):
    with office.parts.database.read() as unit:
        rows = unit.connection.execute(select(func.count()).select_from(Attachment)).scalar_one()
    return rows, len(list(office.parts.settings.documents_folder.rglob("*")))


def test_an_earlier_stage_is_told_apart(browser, office):
    letter = office.numbered()
    first = office.call("write_letter", letter=letter, template="surat", data={"name": "Ani"}, seal=False)["attachment"]
    office.call("sign_letter", letter=letter, signer={"name": "Siti", "nip": "1"}, final=True)
    page = hand_in(browser(), address(letter), office.parts.documents.body(first["digest"]))
    assert "tahap yang lebih awal" in page.text


def test_the_case_shows_a_letter_once_as_it_is_now(browser, office, owner):
    letter = office.numbered()
    office.call("write_letter", letter=letter, template="surat", data={"name": "Ani"}, filename="Uji.pdf", seal=False)
    signed = office.call("sign_letter", letter=letter, signer={"name": "Siti", "nip": "1"}, final=True)["attachment"]
    links = [link for link in browser(owner).get(f"/kasus/{office.case.number}").links() if link.endswith("/lihat")]
    assert [signed["id"] in link for link in links] == [True]


def test_what_is_no_pdf_is_refused_and_not_many_are_looked_at(browser, office, monkeypatch):
    monkeypatch.setattr(public, "UPLOADS", 1)
    letter, body = office.written()
    visitor = browser()
    assert hand_in(visitor, address(letter), b"GIF89a", "x.pdf").status == 422
    assert "tidak dapat dibaca" in hand_in(visitor, "/v", b"%PDF-1.7 rusak").text
    assert hand_in(visitor, address(letter), body).status == 429


# --- the register ----------------------------------------------------------------------------------------------------


def test_the_register_shows_every_number_of_cases_one_may_see(browser, office, person):
    written, cancelled = office.written()[0], office.numbered()
    office.call("cancel_letter", letter=cancelled, reason="Salah hal")
    for reader in (person("Siti Rahma", roles=[OFFICER]), person("Wati", roles=["owner"])):
        text = browser(reader).get("/surat").text
        assert written["number"] in text
        assert cancelled["number"] in text
    stranger = browser(person("Budi Asing"))
    assert written["number"] not in stranger.get("/surat").text
    assert stranger.get(f"/surat/{written['id']}").status == 404


def test_the_register_is_searched_and_taken_along(browser, office, owner):
    written, cancelled = office.written()[0], office.numbered(subject="Undangan rapat")
    office.call("cancel_letter", letter=cancelled, reason="Salah hal")
    reader = browser(owner)
    found = reader.get("/surat", query_string={"q": "undangan", "keadaan": "cancelled"})
    assert cancelled["number"] in found.text
    assert written["number"] not in found.text
    table = (
        reader.get("/surat.csv").body if hasattr(reader.get("/surat.csv"), "body") else reader.get("/surat.csv").text
    )
    assert cancelled["number"] in str(table)
    assert "Dibatalkan" in str(table)
    assert reader.get("/surat.xlsx").status == 200


def test_an_owner_withdraws_with_a_reason_that_stays(browser, office, owner):
    letter, _ = office.written()
    mine = browser(owner)
    page = f"/surat/{letter['id']}"
    assert "Cabut surat" in mine.get(page).text
    assert mine.post(f"{page}/cabut", data={"reason": ""}).status == 422
    assert mine.post(f"{page}/cabut", data={"reason": "Nilai keliru dicatat"}).location == page
    assert office.row(letter).state == "withdrawn"
    with office.parts.database.read() as unit:
        [event] = unit.session.scalars(select(LetterEvent).where(col(LetterEvent.subject_id) == letter["id"]))
    assert (event.kind, event.actor_id, event.reason) == ("letter:withdrawn", owner.id, "Nilai keliru dicatat")
    assert "Nilai keliru dicatat" in mine.get(page).text
    assert mine.post(f"{page}/cabut", data={"reason": "Sekali lagi"}).location == page, "told, not done again"


def test_an_owner_replaces_by_number(browser, office, owner):
    letter, _ = office.written()
    successor, _ = office.written()
    mine = browser(owner)
    page = f"/surat/{letter['id']}/ganti"
    assert mine.post(page, data={"number": "999/KET/2026", "reason": "Salah nama"}).status == 422
    mine.post(page, data={"number": successor["number"], "reason": "Salah nama"})
    assert (office.row(letter).state, office.row(successor).replaces_id) == ("replaced", letter["id"])


@pytest.mark.parametrize("roles", [[OFFICER], ["auditor"], ["admin"]])
def test_nobody_but_an_owner_acts(browser, office, person, roles):
    letter, _ = office.written()
    other = browser(person("Siti", roles=roles))
    assert other.post(f"/surat/{letter['id']}/cabut", data={"reason": "Coba saja"}).status == 403
    assert office.row(letter).state == "signed"


# --- the paper of an office ------------------------------------------------------------------------------------------


PAPER = {
    "name": "LKPP", "lines": "LEMBAGA BARU\nREPUBLIK INDONESIA", "address": "Jakarta", "city": "Jakarta",
    "zone": "Asia/Jakarta", "class_code": "800", "unit_code": "D.2", "number_pattern": "{class}/{number}/{unit}",
    "patterns": "sk = {number}/SK/{year}", "signer_title": "Kepala", "signer_name": "Gunawan", "signer_nip": "",
    "reason": "Nomenklatur baru",
}  # fmt: skip


def test_an_owner_changes_the_paper_for_the_next_letters(browser, office, owner):
    before, _ = office.written()
    mine = browser(owner)
    assert mine.post("/pengelolaan/kop-surat/lkpp", data=PAPER).location == "/pengelolaan/kop-surat/lkpp"
    page = mine.get("/pengelolaan/kop-surat/lkpp")
    assert "LEMBAGA BARU" in page.text
    assert "800/42/D.2" in page.text
    assert "Nomenklatur baru" in page.text
    assert office.numbered()["number"] == "800/1/D.2"
    assert office.numbered(kind="sk")["number"] == "1/SK/2026"
    assert office.row(before).number == before["number"]


@pytest.mark.parametrize(
    "wrong",
    [{"number_pattern": "tanpa nomor"}, {"patterns": "sk {number}"}, {"patterns": "sk = x"}, {"lines": ""},
     {"lines": "\n".join("x" * 9)}, {"signer_nip": "123"}, {"reason": ""}],
)  # fmt: skip
def test_a_paper_that_cannot_be_is_refused_beside_its_field(browser, office, owner, wrong):
    assert browser(owner).post("/pengelolaan/kop-surat/lkpp", data={**PAPER, **wrong}).status == 422


def test_the_paper_is_kept_by_administrators_and_owners_of_its_agency(browser, office, person, instansi):
    kapuas, katingan = instansi("Kabupaten Kapuas"), instansi("Kabupaten Katingan")
    theirs = browser(person("Olga", roles=["owner"], instansi=kapuas))
    assert kapuas.id in " ".join(theirs.get("/pengelolaan/kop-surat", query_string={"q": "kabupaten"}).links())
    assert theirs.get(f"/pengelolaan/kop-surat/{kapuas.id}").status == 200
    assert theirs.get(f"/pengelolaan/kop-surat/{katingan.id}").status == 403
    assert browser(person("Lina", roles=["admin"])).get("/pengelolaan/kop-surat/lkpp").status == 200
    assert browser(person("Siti", roles=[OFFICER])).get("/pengelolaan/kop-surat").status == 403
    assert browser(person("Lina", roles=["admin"])).get("/pengelolaan/kop-surat/tiada").status == 404


def test_codes_are_shown_in_fours(office):
    letter = office.numbered()
    assert letter["code"] == shown_code(office.row(letter).code)
    assert letter["code"].count("-") == 3
