"""Letters as any process writes them: numbered by the office, set, sealed or signed by people, withdrawn, replaced."""

import io
import threading

import pytest

from engine.documents import Documents
from engine.letters.errors import LetterReasonError, LetterStateError
from engine.letters.signing import passing_signer
from engine.registry import Registry
from handlers import register_all
from handlers.inpassing import DiagramFaultError
from models import Attachment, DefinitionFile, Letter, LetterEvent, LetterFile
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
def desk(database, clock, tmp_path):
    registry = Registry()
    register_all(registry, base_url="https://alur.contoh.go.id", documents=Documents(tmp_path / "documents"))
    desk = Desk(database, registry, clock)
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


# --- signed by people ------------------------------------------------------------------------------------------------


MEMBERS = [{"name": f"Anggota {n}", "nip": f"19850101201001100{n}", "title": "Anggota Tim"} for n in range(1, 5)]


def test_members_sign_one_after_the_other_and_the_last_makes_it_count(desk):
    case, letter, _ = written(desk, seal=False)
    assert desk.row(Letter).state == "issued"
    for member in MEMBERS[:3]:
        signed = desk.call("sign_letter", case, letter=letter, signer=member, needed=3)["attachment"]
    body = body_of(desk, signed)
    assert "Ditandatangani secara elektronik" not in text_of(body), "the template has no place for a signature"
    assert [seen.bottom_line for seen in signatures_of(body, passing_signer().roots())] == [True] * 3
    stages = sorted(desk.rows(LetterFile), key=lambda file: file.stage)
    assert [[one["name"] for one in stage.signatures] for stage in stages] == [
        [member["name"] for member in MEMBERS[:count]] for count in range(4)
    ]
    row = desk.row(Letter)
    assert (row.state, row.attachment_id) == ("signed", signed["id"])
    with pytest.raises(LetterStateError):
        desk.call("sign_letter", case, letter=letter, signer=MEMBERS[3])


def test_members_who_sign_at_once_lose_no_signature(desk):
    case, letter, _ = written(desk, seal=False)
    barrier, failures = threading.Barrier(4), []

    def sign(member):
        barrier.wait()
        try:
            desk.call("sign_letter", case, letter=letter, signer=member, needed=4)
        except Exception as error:  # noqa: BLE001 -- told below
            failures.append(error)

    threads = [threading.Thread(target=sign, args=(member,)) for member in MEMBERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    newest = max(desk.rows(LetterFile), key=lambda file: file.stage)
    assert {one["name"] for one in newest.signatures} == {member["name"] for member in MEMBERS}
    with desk.database.read() as unit:
        attachment = unit.session.get_one(Attachment, newest.attachment_id)
    assert len(signatures_of(body_of(desk, {"digest": attachment.digest}), passing_signer().roots())) == 4
    assert desk.row(Letter).state == "signed"


def test_a_signature_asked_for_twice_is_put_once(desk):
    case, letter, _ = written(desk, seal=False)
    first, again = (
        desk.call("sign_letter", case, token="t1", letter=letter, signer=MEMBERS[0])["attachment"] for _ in range(2)
    )
    assert first == again
    assert len(desk.rows(LetterFile)) == 2


def test_a_letter_that_is_not_written_cannot_be_signed(desk):
    case = desk.case("kapuas")
    with pytest.raises(DiagramFaultError):
        desk.call("sign_letter", case, letter=numbered(desk, case), signer=MEMBERS[0])


# --- what becomes of it ----------------------------------------------------------------------------------------------


def test_a_cancelled_letter_keeps_its_number(desk):
    case = desk.case("kapuas")
    letter = numbered(desk, case)
    assert desk.call("cancel_letter", case, letter=letter, reason="Salah hal")["state"] == "cancelled"
    assert desk.call("cancel_letter", case, letter=letter, reason="Salah hal")["state"] == "cancelled"
    assert numbered(desk)["number"] == "002/UJI/VI/2026"
    assert desk.row(Letter, id=letter["id"]).reason == "Salah hal"
    assert [(e.kind, e.reason) for e in desk.rows(LetterEvent)] == [("letter:cancelled", "Salah hal")]
    with pytest.raises(LetterStateError):
        desk.call("write_letter", case, letter=letter, template="surat", data={"name": "Siti"})


def test_only_a_signed_letter_is_withdrawn_and_only_with_a_reason(desk):
    case, letter, _ = written(desk)
    with pytest.raises(LetterStateError):
        desk.call("cancel_letter", case, letter=letter, reason="Terlambat")
    with pytest.raises(LetterReasonError):
        desk.call("withdraw_letter", case, letter=letter, reason="  ")
    assert desk.call("withdraw_letter", case, letter=letter, reason="Data keliru")["state"] == "withdrawn"
    with pytest.raises(LetterStateError):
        desk.call("withdraw_letter", desk.case(), letter=numbered(desk), reason="Belum berlaku")


def test_a_signed_letter_gives_way_to_one_successor(desk):
    case, old, _ = written(desk)
    successor, other = numbered(desk, case), numbered(desk, case)
    for _ in range(2):
        assert desk.call("replace_letter", case, letter=old, by=successor, reason="Salah nama")["state"] == "replaced"
    assert desk.row(Letter, id=successor["id"]).replaces_id == old["id"]
    with pytest.raises(LetterStateError):
        desk.call("replace_letter", case, letter=old, by=other, reason="Sekali lagi")
    with pytest.raises(LetterStateError):
        desk.call("replace_letter", case, letter=other, by=other, reason="Diri sendiri")
