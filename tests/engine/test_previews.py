"""Pages of documents as pictures: drawn once, kept within bounds, right for scans, letters and photographs."""

import hashlib
import io
from datetime import UTC, datetime

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from engine.documents import DocumentDamagedError, Documents, PreviewError, Previews
from engine.documents.preview import WIDTHS
from engine.errors import NotFoundError
from engine.letters import render_letter
from models import DocumentReading
from tests.support.files import jpeg

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
LETTER = b'#import "alur.typ": *\n#show: halaman.with(judul: "Surat")\nPertama #pagebreak() Kedua #pagebreak() Ketiga'


@pytest.fixture
def documents(tmp_path):
    return Documents(tmp_path / "documents")


@pytest.fixture
def previews(documents):
    return Previews(documents)


@pytest.fixture
def stored(documents):
    """`stored(body)` puts bytes into the folder as if they had been received; their digest."""

    def store(body):
        digest = hashlib.sha256(body).hexdigest()
        path = documents.folder / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True)
        path.write_bytes(body)
        return digest

    return store


def picture(page):
    return Image.open(io.BytesIO(page.body))


def test_a_letter_is_drawn_page_by_page_sharply(previews, stored):
    digest = stored(render_letter(LETTER, {}, at=NOW))
    pages = [previews.page(digest, "pdf", number) for number in (1, 2, 3)]
    assert [(p.number, p.pages, p.media_type) for p in pages] == [(n, 3, "image/png") for n in (1, 2, 3)]
    assert len({p.body for p in pages}) == 3
    assert {picture(p).width for p in pages} == {WIDTHS[0]}
    assert abs(picture(pages[0]).height / WIDTHS[0] - 297 / 210) < 0.01
    assert picture(previews.page(digest, "pdf", 1, WIDTHS[2])).width == WIDTHS[2]


def test_a_photograph_is_scaled_and_turned_the_right_way_up(previews, stored):
    body = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.frombytes("RGB", (300, 200), jpeg()[: 300 * 200] * 3).save(body, "JPEG", exif=exif)
    page = previews.page(stored(body.getvalue()), "jpg", 1)
    assert picture(page).size == (200, 300)
    wide = previews.page(stored(jpeg(width=3000, height=600)), "jpg", 1)
    assert picture(wide).size == (1000, 200)
    assert wide.media_type == "image/jpeg"


def test_a_page_is_drawn_once_and_kept_for_its_reader_only(previews, stored, documents):
    digest = stored(render_letter(LETTER, {}, at=NOW))
    first = previews.page(digest, "pdf", 2)
    (kept,) = [p for p in (documents.folder / "cache").rglob("*") if p.is_file()]
    assert kept.stat().st_mode & 0o777 == 0o600
    (documents.folder / digest[:2] / digest[2:4] / digest).unlink()
    assert previews.page(digest, "pdf", 2) == first, "from what was kept"
    with pytest.raises(DocumentDamagedError):
        previews.page(digest, "pdf", 1)


def test_what_is_kept_half_is_drawn_anew(previews, stored, documents):
    digest = stored(render_letter(LETTER, {}, at=NOW))
    first = previews.page(digest, "pdf", 1)
    (kept,) = [p for p in (documents.folder / "cache").rglob("*") if p.is_file()]
    kept.write_bytes(b'{"pag')
    assert previews.page(digest, "pdf", 1) == first


def test_the_kept_pages_stay_within_their_bound(documents, stored):
    digest = stored(render_letter(LETTER, {}, at=NOW))
    for number in (1, 2, 3):
        Previews(documents, most_bytes=20_000).page(digest, "pdf", number)  # a new one looks at the folder each time
    kept = [p for p in (documents.folder / "cache").rglob("*") if p.is_file()]
    assert kept
    assert sum(p.stat().st_size for p in kept) <= 20_000


@pytest.mark.parametrize(("number", "width"), [(0, 1000), (-1, 1000), (4, 1000), (1, 999), (1, 100_000)])
def test_there_is_no_such_page_or_width(previews, stored, number, width):
    with pytest.raises(NotFoundError):
        previews.page(stored(render_letter(LETTER, {}, at=NOW)), "pdf", number, width)


def test_fields_of_a_form_show_what_was_typed_into_them(previews, stored):
    def blank_or_not(value):
        document = pikepdf.new()
        page = document.add_blank_page(page_size=(200, 200))
        field = document.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="nama", V=value, F=4,
            Rect=[20, 20, 180, 60], DA="/Helv 18 Tf 0 g",
        ))  # fmt: skip
        page.Annots = [field]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=[field], NeedAppearances=True, DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font))
        )
        body = io.BytesIO()
        document.save(body)
        return picture(previews.page(stored(body.getvalue()), "pdf", 1)).convert("L").getextrema()

    assert blank_or_not("SITI")[0] < 100


def test_one_opening_is_one_reading(documents, database):
    for opening in ("a", "a", "b"):
        with database.write() as unit:
            documents.opened(unit, "letter", "vai", opening, NOW)
    with database.read() as unit:
        found = unit.session.execute(select(DocumentReading.attachment_id, DocumentReading.user_id)).all()
    assert found == [("letter", "vai")] * 2


def test_every_fault_is_told_in_both_languages():
    for kind in PreviewError.__subclasses__():
        error = kind()
        assert error.message("id") != error.message("en")
        assert error.http_status == 422
