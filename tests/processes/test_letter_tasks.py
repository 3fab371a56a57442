"""Letters as any process writes them: numbered by the office, set, sealed or signed by people, withdrawn, replaced."""

import io

import pytest

from engine.documents import Documents
from engine.letters.errors import LetterStateError
from engine.letters.signing import passing_signer
from engine.registry import Registry
from handlers import register_all
from models import Attachment, DefinitionFile, Letter, LetterFile
from tests.support.desk import Desk
from tests.support.letters import signatures_of, standards_of, text_of

TEMPLATE = """#import "alur.typ": *
#show: halaman.with(judul: data.letter.subject)
#kop-surat()
#nomor-lampiran-hal()
Isi surat untuk #data.name.
#tembusan(("Arsip",))
"""
PATTERN = "{number:03}/UJI/{month_roman}/{year}"


@pytest.fixture
def desk(prepared, clock, tmp_path):
    registry = Registry()
    register_all(registry, base_url="https://alur.contoh.go.id", documents=Documents(tmp_path / "documents"))
    desk = Desk(prepared, registry, clock)
    template(desk, "surat", TEMPLATE)
    return desk


def template(desk, name, body):
    with desk.database.write() as unit:
        unit.session.add(DefinitionFile(version_id="desk", path=f"letters/{name}.typ", body=body.encode()))


def numbered(desk, case=None, **more):
    given = {"kind": "surat", "subject": "Surat uji", "pattern": PATTERN}
    return desk.call("issue_letter", case or desk.case("kapuas"), **{**given, **more})["letter"]


def written(desk, case=None, *, seal=True, **more):
    case = case or desk.case("kapuas")
    letter = numbered(desk, case, **more)
    attachment = desk.call(
        "write_letter", case, letter=letter, template="surat", data={"name": "Siti"}, filename="Surat.pdf", seal=seal
    )["attachment"]
    return case, letter, attachment


def body_of(desk, attachment):
    return desk.registry.get("write_letter").function.__self__.letters.store.body(attachment["digest"])


def test_a_call_done_again_is_the_same_letter(desk):
    case = desk.case("kapuas")
    first, again = (numbered(desk, case, token="t1") for _ in range(2))
    other = numbered(desk, case, token="t2")
    assert first == again
    assert (first["number"], other["number"]) == ("001/UJI/VI/2026", "002/UJI/VI/2026")


def test_a_written_letter_is_sealed_and_written_once(desk):
    case, letter, attachment = written(desk)
    row = desk.row(Letter, id=letter["id"])
    assert (row.state, row.attachment_id, row.signed_at) == ("signed", attachment["id"], desk.clock.now())
    assert len(desk.rows(LetterFile)) == len(desk.rows(Attachment)) == 1
    with pytest.raises(LetterStateError):
        desk.call("write_letter", case, letter=letter, template="surat", data={"name": "Siti"})
    assert io.BytesIO(body_of(desk, attachment)).read(5) == b"%PDF-"


def test_the_letter_shows_its_office_its_number_and_how_to_check_it(desk):
    _, letter, attachment = written(desk)
    body = body_of(desk, attachment)
    words = text_of(body)
    for expected in (
        "PEMERINTAH", "KAPUAS", letter["number"], "Surat uji", letter["code"], "Isi surat untuk Siti", "Tembusan:",
        "https://alur.contoh.go.id/v/" + letter["code"].replace("-", ""), "CA Pengembangan Alur",
        "disegel secara elektronik",
    ):  # fmt: skip
        assert expected in words, expected
    assert standards_of(body) == {"a-2A", "ua-1"}
    [seal] = signatures_of(body, passing_signer().roots())
    assert seal.bottom_line
