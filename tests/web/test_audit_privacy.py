"""Masking on the pages of the audit, unmasking with a reason, and the list of who saw what."""

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from engine.ledger import Kind
from models import LedgerEntry, UserTask
from tests.web.privacy import apply_with_data, deploy_personal, leaks_in
from tests.web.procedures import KEY, OFFICER, by_number
from web import looks

REASON = "Pengaduan nomor 12 tentang berkas ini"


@pytest.fixture
def database(sqlite_database):
    """Rules of pages; what they write is the engine's, and tried on both databases there."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    deploy_personal(app, clock.now())
    return {
        "siti": person("Siti Aminah"),
        "budi": person("Budi Santoso", roles=[OFFICER]),
        "auditor": person("Hendra Gunawan", roles=["auditor"]),
        "outside": person("Sri Rahayu", roles=["auditor_luar"]),
        "officer": person("Ratna Dewi", roles=["data_officer"]),
    }


def entries(app, kind):
    with app.extensions["alur"].database.read() as unit:
        return unit.session.exec(select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.seq)).all()


def leaking(page):
    assert page.status == 200, page.text[:300]
    return leaks_in(page.text)


def unmask(client, number, reason=REASON):
    return client.post(f"/audit/kasus/{number}/samaran", {"alasan": reason, "kembali": f"/audit/kasus/{number}"})


def test_an_auditor_reads_a_case_masked_until_it_is_unmasked_with_a_reason(app, browser, office, clock):
    number = apply_with_data(app, office["siti"])
    auditor = browser(office["auditor"])
    masked = auditor.get(f"/audit/kasus/{number}")
    assert leaking(masked) == []
    assert "tersamar" in masked.text

    short = auditor.follow(unmask(auditor, number, "ingin"))
    assert "sedikitnya 10 karakter" in short.text
    assert leaking(short) == []

    opened = auditor.follow(unmask(auditor, number))
    assert "Siti Aminah" in opened.text
    assert REASON in opened.text
    [entry] = entries(app, Kind.DATA_UNMASKED)
    assert (entry.actor_id, "pengaduan" in str(entry.detail).lower()) == (office["auditor"].id, False)

    clock.move_to(clock.now() + timedelta(minutes=61))
    assert leaking(auditor.get(f"/audit/kasus/{number}")) == []


def test_a_button_masks_again_before_the_hour_is_over(app, browser, office):
    number = apply_with_data(app, office["siti"])
    auditor = browser(office["auditor"])
    unmask(auditor, number)

    closed = auditor.follow(auditor.post(f"/audit/kasus/{number}/samaran/tutup"))

    assert "disamarkan kembali" in closed.text
    assert leaking(closed) == []
    assert len(entries(app, Kind.DATA_MASKED)) == 1


def test_an_unmasking_is_for_one_person_and_one_case(app, browser, office, person):
    number, other = apply_with_data(app, office["siti"]), apply_with_data(app, office["siti"])
    auditor, colleague = browser(office["auditor"]), browser(person("Joko", roles=["auditor"]))
    unmask(auditor, number)

    assert leaking(auditor.get(f"/audit/kasus/{other}")) == []
    assert leaking(colleague.get(f"/audit/kasus/{number}")) == []


def test_nobody_from_outside_ever_unmasks(app, browser, office):
    number = apply_with_data(app, office["siti"])
    outside = browser(office["outside"])

    assert unmask(outside, number).status == 403
    page = outside.get(f"/audit/kasus/{number}")
    assert leaking(page) == []
    assert "Budi Santoso" not in page.text
    assert not page.all("textarea", name="alasan")


def test_a_case_page_is_entered_once_in_a_quarter_of_an_hour(app, browser, office, clock):
    number = apply_with_data(app, office["siti"])
    budi = browser(office["budi"])
    for _ in range(3):
        budi.get(f"/kasus/{number}", buffered=True)
    clock.move_to(clock.now() + timedelta(minutes=15))
    budi.get(f"/kasus/{number}", buffered=True)
    browser(office["siti"]).get(f"/kasus/{number}", buffered=True)

    found = entries(app, Kind.CASE_READ)

    assert [entry.actor_id for entry in found] == [office["budi"].id] * 2, "one's own case is nobody's to be told"
    clock.move_to(clock.now() + timedelta(seconds=1))
    browser(office["auditor"]).get(f"/audit/kasus/{number}", buffered=True)
    assert len(entries(app, Kind.CASE_READ)) == 3, "however often the page itself asks for its case"
    assert found[0].detail == {"page": "cases.show", "roles": [OFFICER]}


def test_a_look_that_cannot_be_entered_costs_the_reader_nothing_and_is_entered_later(app, browser, office, monkeypatch):
    number = apply_with_data(app, office["siti"])
    budi = browser(office["budi"])

    def broken(*_):
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as patch:
        patch.setattr(looks, "enter", broken)
        assert budi.get(f"/kasus/{number}", buffered=True).status == 200
    assert entries(app, Kind.CASE_READ) == []

    browser(office["auditor"]).get(f"/audit/kasus/{number}", buffered=True)
    assert {entry.actor_id for entry in entries(app, Kind.CASE_READ)} == {office["budi"].id, office["auditor"].id}


def test_who_saw_what_is_listed_by_case_by_reader_and_by_subject(app, browser, office):
    number = apply_with_data(app, office["siti"])
    browser(office["budi"]).get(f"/kasus/{number}", buffered=True)
    auditor = browser(office["auditor"])
    unmask(auditor, number)

    everything = auditor.get("/audit/akses")
    assert "Budi Santoso" in everything.text
    assert REASON in everything.text
    of_case = auditor.get(f"/audit/kasus/{number}/akses")
    assert "Halaman kasus dibuka" in of_case.text
    of_reader = auditor.get("/audit/akses?pembaca=budi")
    assert "Halaman kasus dibuka" in of_reader.text
    assert REASON not in of_reader.text
    of_subject = browser(office["officer"]).get(f"/audit/akses?orang=u-{office['siti'].id}")
    assert "Budi Santoso" in of_subject.text
    assert browser(office["officer"]).get(f"/audit/akses?orang=u-{office['budi'].id}").all("td") == []
    assert [e.actor_id for e in entries(app, Kind.PERSON_SEARCHED)] == [office["officer"].id] * 2

    file = auditor.get("/audit/akses.csv", buffered=True)
    assert "Budi Santoso" in file.html
    assert [e.ref for e in entries(app, Kind.LIST_EXPORTED)] == ["akses.csv"]


def test_a_person_is_told_who_opened_their_cases_by_office(app, browser, office):
    number = apply_with_data(app, office["siti"])
    browser(office["budi"]).get(f"/kasus/{number}", buffered=True)
    siti = browser(office["siti"])
    assert "/akun/akses" in siti.get("/akun").links()

    page = siti.get("/akun/akses")

    assert "Petugas izin" in page.text
    assert number in page.text
    assert "Budi" not in page.text
    assert number not in browser(office["budi"]).get("/akun/akses").text


def test_from_outside_offices_are_told_and_no_names(app, browser, office):
    number = apply_with_data(app, office["siti"])
    browser(office["budi"]).get(f"/kasus/{number}", buffered=True)
    unmask(browser(office["auditor"]), number)
    outside = browser(office["outside"])

    for address in ("/audit/akses", f"/audit/kasus/{number}/akses", f"/audit/akses?orang=u-{office['siti'].id}"):
        page = outside.get(address)
        assert "Petugas izin" in page.text
        assert [words for words in ("Budi Santoso", "Hendra Gunawan", REASON) if words in page.text] == []
        assert leaking(page) == []


def test_from_outside_no_address_gives_anything_of_a_person(app, browser, office):
    """Every address that can be read, of every area there is or will be, asked by an external auditor for this case."""
    number = apply_with_data(app, office["siti"])
    ident, parts = by_number(app, number).id, app.extensions["alur"]
    with parts.database.write() as unit:
        paper = parts.documents.keep_generated(
            unit, instance_id=ident, name="sertifikat", filename="Siti Aminah.pdf", body=PAPER, now=parts.clock.now()
        ).id
        tasks = unit.session.scalars(select(UserTask.id).where(UserTask.instance_id == ident)).all()
    values = {"number": number, "attachment_id": paper, "task_id": tasks[-1], "key": f"u-{office['siti'].id}",
              "user_id": office["siti"].id, "path": f"{KEY}.bpmn", "kind": "csv", "page": 1}  # fmt: skip
    asked = given_out(app, browser(office["outside"]), values)

    assert {"audit.index", "audit.case", "audit_seen.index", "audit_seen.case"} <= asked
    assert not {"cases.document", "documents.image", "letters.show"} & asked
    given_out(app, browser(office["auditor"]), values, below="/audit")


def given_out(app, client, values, below="/"):
    """The endpoints that answer; none of them with anything of a person."""
    asked = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or not rule.rule.startswith(below):
            continue
        given = {name: value_of(name, converter, values) for name, converter in rule._converters.items()}
        url = app.url_map.bind("localhost").build(rule.endpoint, {**given, **(rule.defaults or {})})
        answer = client.client.get(url)
        if answer.status_code == 200:
            asked.add(rule.endpoint)
            words = readable(answer.data)
            assert leaks_in(words) == [], (rule.endpoint, leaks_in(words))
            assert "RAHASIA" not in words, rule.endpoint
        assert answer.status_code < 500, rule.endpoint
    return asked


PAPER = b"%PDF-1.7 RAHASIA " + b"x" * 1000


def value_of(name, converter, values):
    """What fits the address: of the case where there is such a thing, else of something that is not there."""
    if "Integer" in type(converter).__name__:
        return 1
    items = getattr(converter, "items", None)
    return min(items) if items else values.get(name, "0" * 32)


def readable(body: bytes) -> str:
    """The words of an answer; of an archive, those of everything in it."""
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(readable(archive.read(name)) for name in archive.namelist())
