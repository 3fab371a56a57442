"""Letters and mails of a draft, beside what a reader would get."""

import pytest

from engine.studio.drafts import create_draft, read_draft
from tests.web.procedures import KEY, apply_for, deploy_permit, permit

LETTER = """/* contoh
{"purpose": "Pasar murah", "letter": {"number": "1/2026"}, "office": {"name": "Dinas"}}
*/
#import "alur.typ": *
#show: halaman.with(judul: "Izin", nomor: data.letter.number)
Izin untuk #data.purpose diberikan.
"""
MAIL = """Subjek: Izin {{ number }}: {{ purpose }}

Yth. {{ recipient }}, izin Anda terbit. [Buka]({{ link }})

--- en
Subject: Permit {{ number }}: {{ purpose }}

Dear {{ recipient }}, your permit is out. [Open]({{ link }})
"""


@pytest.fixture
def owner(person):
    return person("Indah Permata", roles=["owner"])


@pytest.fixture
def draft(app, clock, owner):
    files = {**permit(), "letters/izin.typ": LETTER.encode(), "mails/terbit.txt": MAIL.encode()}
    with app.extensions["alur"].database.write() as unit:
        made = create_draft(unit, key=KEY, title="Izin", files=files, based_on=None, by=owner.id or "", now=clock.now())
        return made.id


def proof_of(browser, address, body):
    page = browser.get(address)
    answer = browser.client.post(
        address + "/cetak",
        data=body.encode(),
        headers={"Origin": "http://localhost", "X-CSRF-Token": browser.token()},
        content_type="text/plain",
    )
    return page, answer.get_json()


def test_a_letter_is_shown_with_its_sample_while_it_is_written(browser, owner, draft):
    page, now = proof_of(browser(owner), f"/studio/draf/{draft}/surat/izin", LETTER.replace("diberikan", "ditolak"))

    assert [i.get("alt") for i in page.all("img") if "proof-page" in i.get("class", "")] == ["Halaman 1 dari 1"]
    assert now["total"] == 1
    assert now["pages"][0].startswith("data:image/")
    assert now["origin"] == "Diisi dengan data contoh."


def test_a_fault_in_a_letter_names_its_line(browser, owner, draft):
    _, now = proof_of(browser(owner), f"/studio/draf/{draft}/surat/izin", LETTER + "#tidak-ada(1)\n")

    assert now["line"] == 7
    assert "tidak-ada" in now["fault"]
    assert now["pages"] == []


def test_a_letter_can_be_shown_with_what_a_case_knows(app, browser, clock, owner, person, draft):
    deploy_permit(app, clock.now())
    apply_for(app, person("Siti Rahma"), purpose="Bazar buku")
    tab = browser(owner)
    page = tab.get(f"/studio/draf/{draft}/surat/izin")
    number = next(o.get("value") for o in page.all("option") if "Bazar buku" in (o.text or ""))

    shown = tab.get(f"/studio/draf/{draft}/surat/izin?kasus={number}")
    assert f"Diisi dengan data kasus {number}" in shown.text
    pdf = tab.client.get(f"/studio/draf/{draft}/surat/izin.pdf?kasus={number}")
    assert pdf.data.startswith(b"%PDF-")


def test_a_mail_is_shown_in_both_languages(app, browser, clock, owner, person, draft):
    deploy_permit(app, clock.now())
    apply_for(app, person("Siti Rahma"), purpose="Bazar buku")
    tab = browser(owner)
    page, sample = proof_of(tab, f"/studio/draf/{draft}/email/terbit", MAIL)
    number = next(o.get("value") for o in page.all("option") if "Bazar buku" in (o.text or ""))
    real = tab.get(f"/studio/draf/{draft}/email/terbit?kasus={number}")

    assert sample["id"]["subject"] == "Izin [number]: [purpose]"
    assert '<a href="https://contoh.go.id/' in sample["en"]["html"]
    assert f"Permit {number}: Bazar buku" in real.text


def test_a_mail_without_its_english_is_told(browser, owner, draft):
    _, now = proof_of(browser(owner), f"/studio/draf/{draft}/email/terbit", MAIL.partition("--- en")[0])

    assert "--- en" in now["fault"]


def test_a_new_letter_begins_with_one_that_can_be_printed(browser, owner, draft):
    tab = browser(owner)
    opened = tab.follow(tab.post(f"/studio/draf/{draft}/berkas-baru", {"jenis": "letter", "nama": "tolak"}))

    assert "letters/tolak.typ" in opened.one("textarea").get("data-path")
    assert "Diisi dengan data contoh." in opened.text


def test_without_scripts_the_button_saves(browser, owner, draft, app):
    tab = browser(owner)
    revision = tab.get(f"/studio/draf/{draft}/email/terbit").one("input", name="revision").get("value")
    tab.post(f"/studio/draf/{draft}/email/terbit", {"revision": revision, "body": MAIL.replace("terbit", "keluar")})

    with app.extensions["alur"].database.read() as unit:
        assert b"izin Anda keluar" in read_draft(unit, draft).files["mails/terbit.txt"].body
    late = tab.post(f"/studio/draf/{draft}/email/terbit", {"revision": revision, "body": MAIL})
    assert "Indah Permata" in tab.follow(late).text


def test_an_auditor_reads_and_a_stranger_does_not(browser, person, draft):
    auditor = browser(person("Andi", roles=["auditor"]))
    page = auditor.get(f"/studio/draf/{draft}/surat/izin")

    assert page.one("textarea").get("readonly") is not None
    assert auditor.post(f"/studio/draf/{draft}/surat/izin", {"body": "x"}).status == 403
    assert browser(person("Budi")).get(f"/studio/draf/{draft}/surat/izin").status == 403
