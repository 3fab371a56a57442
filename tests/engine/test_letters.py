"""Letters: a template and a case's data in, a PDF out that is the same for the same input, kept with the case."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.documents import Documents
from engine.letters import LetterDataError, LetterTemplateError, render_letter
from models import Attachment, DocumentReading
from tests.support.letters import page_texts, standards_of, text_of

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
PLAIN = b"""#import "alur.typ": *
#show: halaman.with(judul: "Surat keterangan", nomor: data.number)
#kop(lembaga: ("LEMBAGA",), alamat: ("Jakarta",))
Yang bertanda tangan menerangkan #data.name.
"""


def rendered(template, data=None, **more):
    return render_letter(template, data or {"number": "1/2026", "name": "Siti"}, at=NOW.astimezone(JAKARTA), **more)


def test_a_letter_is_a_pdf_that_can_be_archived_and_read_aloud():
    body = rendered(PLAIN)
    assert body.startswith(b"%PDF-")
    assert standards_of(body) == {"a-2A", "ua-1"}
    assert "menerangkan Siti." in text_of(body)
    assert "Halaman 1 dari 1" in text_of(body)


def test_equal_input_gives_equal_bytes_and_another_instant_another_date():
    assert rendered(PLAIN) == rendered(PLAIN)
    later = render_letter(PLAIN, {"number": "1/2026", "name": "Siti"}, at=NOW + timedelta(days=1))
    assert later != rendered(PLAIN)


def test_an_instant_of_the_machines_clock_will_do():
    instant = NOW.replace(microsecond=123_456)

    assert render_letter(PLAIN, {"number": "1/2026", "name": "Siti"}, at=instant.astimezone(JAKARTA)) == rendered(PLAIN)


def test_the_only_clock_of_a_template_is_the_instant_of_the_act():
    assert "2026-06-01" in text_of(rendered(b"#datetime.today().display()"))


@pytest.mark.parametrize(
    "name",
    [
        '#read("/etc/passwd")',
        "*tebal* _miring_ = judul",
        "$x^2$ `kode` @rujukan <label>",
        "\\ # [ ] // /* */",
        "-- ~ '",
    ],
)
def test_a_name_is_data_and_never_markup(name):
    words = text_of(rendered(b'#import "alur.typ": *\n#set text(font: "DejaVu Sans Mono")\n#data.name', {"name": name}))
    assert " ".join(name.split()) in words.replace("\u2011", "-")


def test_what_nobody_sees_is_left_out_of_names():
    words = text_of(rendered(b'#import "alur.typ": *\n[#data.name]', {"name": "Si\u202eti\0\u200b"}))
    assert "[Siti]" in words


def test_dates_and_numbers_are_written_as_indonesians_do():
    template = b"""#import "alur.typ": *
#tanggal(data.day) | #hari-tanggal(data.day) | #saat(data.at) | #saat(data.east) | #angka(data.count)
| #angka(data.score) | #nip(data.nip) | kini #tanggal(kini) | utc #saat(data.utc)
| | #isi(data.none) | #tanggal(data.none)"""
    at = datetime(2026, 4, 7, 16, 0, tzinfo=JAKARTA)
    data = {
        "day": date(2026, 4, 7),
        "at": at,
        "east": at.astimezone(ZoneInfo("Asia/Jayapura")),
        "count": 5254,
        "score": Decimal("87.50"),
        "nip": "198802142010011003",
        "utc": at.astimezone(UTC),
        "none": None,
    }
    words = text_of(rendered(template, data))
    for expected in (
        "7 April 2026 |",
        "| Selasa, 7 April 2026 |",
        "pukul 16.00 WIB",
        "pukul 18.00 WIT",
        "5.254",
        "87,50",
        "19880214 201001 1 003",
        "| – | –",
        "kini 1 Juni 2026",
        "utc Selasa, 7 April 2026 pukul 16.00 WIB",
    ):
        assert expected in words, expected


def test_a_long_list_repeats_its_head_on_every_page():
    template = b"""#import "alur.typ": *
#show: halaman.with(judul: "Daftar")
#daftar(kolom: (("No", auto, right), ("Nama lengkap", 1fr)), baris: data.rows.map(r => (r.no, r.name)))"""
    rows = [{"no": n, "name": f"Peserta {n}"} for n in range(1, 121)]
    pages = page_texts(rendered(template, {"rows": rows}))
    assert len(pages) > 2
    assert all("Nama lengkap" in page for page in pages)
    assert f"Halaman 2 dari {len(pages)}" in pages[1]
    assert "Peserta 120" in pages[-1]


def test_a_faulty_template_is_told_with_file_line_and_reason():
    with pytest.raises(LetterTemplateError) as caught:
        rendered(b'#import "alur.typ": *\n\n#data.nothing', name="letters/certificate.typ")
    told = caught.value.message("id")
    assert "letters/certificate.typ" in told
    assert "baris 3" in told
    with pytest.raises(LetterTemplateError) as caught:
        rendered(b'#import "_kop.typ": *', assets={"_kop.typ": b"\n#let x = ("})
    assert "_kop.typ" in caught.value.message("en")
    assert "/tmp" not in caught.value.message("en")  # noqa: S108 -- looked for, not used


def test_a_script_that_our_fonts_lack_still_gives_a_letter():
    body = rendered(PLAIN, {"number": "1", "name": "李小龙"})
    assert body.startswith(b"%PDF-")
    assert "a-2A" not in standards_of(body)


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}, b"bytes"])
def test_what_is_no_plain_value_is_refused_by_name(value):
    with pytest.raises(LetterDataError) as caught:
        rendered(PLAIN, {"number": "1", "name": {"inner": [value]}})
    assert "data.name.inner[0]" in caught.value.message("id")


# ---- kept with the case


@pytest.fixture
def documents(tmp_path):
    return Documents(tmp_path / "documents")


def keep(documents, database, **more):
    given = {"instance_id": "case", "name": "certificate", "filename": "Sertifikat 1.pdf", "body": rendered(PLAIN)}
    with database.write() as unit:
        return documents.keep_generated(unit, **{**given, **more}, now=NOW)


def test_a_letter_belongs_to_its_case_and_nobody_uploaded_it(documents, database):
    kept = keep(documents, database)
    assert (kept.instance_id, kept.submitted, kept.uploaded_by, kept.field) == ("case", True, None, "certificate")
    assert kept.digest == hashlib.sha256(rendered(PLAIN)).hexdigest()
    with database.write() as unit:
        assert documents.read(unit, kept.id, "siti", NOW).body == rendered(PLAIN)
    with database.read() as unit:
        assert unit.session.execute(select(DocumentReading.user_id)).scalars().all() == ["siti"]


def test_a_letter_written_again_is_the_same_document(documents, database):
    first, again = keep(documents, database), keep(documents, database)
    other = keep(documents, database, instance_id="another case")
    assert first.id == again.id
    assert other.id != first.id
    with database.read() as unit:
        assert len(unit.session.execute(select(Attachment)).all()) == 2
