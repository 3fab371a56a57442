"""Hostile files: each is refused with its reason, and nothing but a PDF or JPEG is ever stored."""

import io
import struct
import zipfile

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from engine.documents import DocumentRefusedError, check_document
from engine.documents.jpeg import strip
from engine.forms import Rules
from tests.support.files import jpeg, padded, pdf

ANY_SIZE = Rules(min_bytes=1)
PDF, JPG = pdf(), jpeg()


def refusal(filename, body, rules=None):
    with pytest.raises(DocumentRefusedError) as caught:
        check_document(filename, body, rules)
    error = caught.value
    assert "{" not in error.message("id") + error.message("en")
    assert error.fault.code == error.code
    return error.code


def archive():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as zipped:
        zipped.writestr("payload.html", "<script>alert(1)</script>" * 50)
    return body.getvalue()


# ---- names and sizes


@pytest.mark.parametrize(
    "name", ["surat.pdf", "SURAT TUGAS (1).PDF", "Surat–Tugas Déwi.pdf", "a.b.c.pdf", "nul.pdf", "x" * 300 + ".pdf"]
)
def test_ordinary_names_are_kept_presentable(name):
    checked = check_document(name, PDF)
    assert checked.filename.endswith(".pdf")
    assert len(checked.filename) <= 110
    assert not set(checked.filename) & set('/\\"<>:*?|\n')
    assert not checked.filename.startswith((".", "nul."))


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.pdf", "a\\b.pdf", "a\0.pdf", "gambar\u202egpj.pdf", "a\n.pdf", "a\u200b.pdf"],
)
def test_names_that_hide_something_are_refused(name):
    assert refusal(name, PDF) == "file_name"


@pytest.mark.parametrize(
    "name", ["", ".pdf", "surat", "surat.exe", "surat.pdf.exe", "surat.pdf ", "surat.svg", "...pdf"]
)
def test_other_endings_are_refused(name):
    if name.strip().endswith(".pdf") and name.strip(". ") != "pdf":
        assert check_document(name, PDF).filename == "surat.pdf"
    else:
        assert refusal(name, PDF) == "file_type"


@pytest.mark.parametrize("make", [pdf, jpeg])
def test_the_smallest_and_the_largest_size(make):
    name = "berkas.pdf" if make is pdf else "berkas.jpg"
    small = make(size=60_000) if make is pdf else make(width=150, height=150)
    assert refusal(name, padded(small, 99_999)) == "file_too_small"
    assert check_document(name, padded(small, 100_000))
    assert check_document(name, padded(small, 2_097_152))
    assert refusal(name, padded(small, 2_097_153)) == "file_too_large"
    assert refusal(name, b"") == "file_too_small"


# ---- content against name


def test_content_decides_and_the_name_must_agree():
    assert refusal("foto.pdf", JPG) == "file_extension"
    assert refusal("surat.jpg", PDF) == "file_extension"
    assert check_document("foto.jpeg", JPG).kind == "jpg"


@pytest.mark.parametrize(
    "head",
    [
        b"MZ",
        b"\x7fELF",
        b"PK\x03\x04",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"<html>",
        b"<svg ",
        b"#!/bin/sh\n",
        b"II*\0",
        b"\0" * 8,
    ],
)
def test_anything_else_is_refused(head):
    for name in ("a.pdf", "a.jpg"):
        assert refusal(name, head + b"A" * 150_000) == "file_type"


def test_a_field_may_take_only_pictures():
    assert refusal("surat.pdf", PDF, Rules(accept=("jpg",))) == "file_type"


# ---- polyglots


@pytest.mark.parametrize(("name", "body"), [("a.pdf", PDF), ("a.jpg", JPG)])
def test_an_appended_archive_is_refused(name, body):
    assert refusal(name, body + archive()) == "hidden_archive"


def test_an_archive_dressed_with_an_end_mark_is_refused():
    assert refusal("a.pdf", PDF + archive() + b"\n%%EOF\n") == "hidden_archive"


def test_an_archive_hidden_in_a_comment_does_not_survive():
    body = JPG[:2] + b"\xff\xfe" + struct.pack(">H", len(archive()) + 2) + archive() + JPG[2:]
    assert b"PK\x03\x04" in body
    assert b"PK\x03\x04" not in check_document("a.jpg", body).body


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"\n" + PDF, b"MZ" + b"\x90" * 500, b"\xff\xd8\xff\xe0broken"]
)
def test_something_behind_the_picture_is_refused(tail):
    assert refusal("a.jpg", JPG + tail) == "trailing_data"


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", JPG, b"MZ" + b"\x90" * 500])
def test_something_behind_the_pdf_is_refused(tail):
    assert refusal("a.pdf", PDF + tail) == "trailing_data"


@pytest.mark.parametrize("head", [b"\n", b"<script>x</script>\n", JPG, b"\xef\xbb\xbf"])
def test_something_before_the_pdf_is_refused(head):
    assert refusal("a.pdf", head + PDF) in ("file_type", "file_extension")


def test_a_pdf_dressed_as_a_jpeg_segment_loses_the_pdf():
    body = JPG[:2] + b"\xff\xe1" + struct.pack(">H", 60_002) + PDF[:60_000] + JPG[2:]
    assert b"%PDF" not in check_document("a.jpg", body).body


@pytest.mark.parametrize("version", [b"%PDF-1.9", b"%PDF-3.0", b"%PDF-1.7<script>", b"%PDF-x"])
def test_a_strange_header_is_refused(version):
    assert refusal("a.pdf", version + PDF[8:]) == "file_type"


# ---- PDFs that act


def _name(*path):
    """A change that puts an action somewhere into the document."""

    def change(document):
        action = pikepdf.Dictionary(S=pikepdf.Name(path[-1]), JS="app.alert(1)", F="x.exe", URI="http://x")
        if path[0] == "OpenAction":
            document.Root.OpenAction = action
        elif path[0] == "Page":
            document.pages[0].AA = pikepdf.Dictionary(O=action)
        elif path[0] == "Annotation":
            link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
            document.pages[0].Annots = pikepdf.Array([document.make_indirect(link)])
        elif path[0] == "Deep":
            inner = action
            for _ in range(20):
                inner = pikepdf.Dictionary(Next=pikepdf.Array([inner]))
            document.Root.Hidden = inner

    return change


@pytest.mark.parametrize("place", ["OpenAction", "Page", "Annotation", "Deep"])
@pytest.mark.parametrize("action", ["/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR"])
def test_active_content_is_found_wherever_it_is(place, action):
    assert refusal("a.pdf", pdf(change=_name(place, action))) == "active_content"


def test_an_obscured_name_is_still_found():
    body = pdf(change=_name("OpenAction", "/JavaScript"))
    assert b"/JavaScript" in body
    body = body.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4aS ")
    assert refusal("a.pdf", body) == "active_content"


def test_active_content_inside_an_object_stream_is_found():
    body = pdf(change=_name("Deep", "/JavaScript"), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert refusal("a.pdf", body) == "active_content"


def test_embedded_files_and_xfa_are_refused():
    def embed(document):
        document.attachments["x.txt"] = pikepdf.AttachedFileSpec(document, b"x" * 100, filename="x.txt")

    def xfa(document):
        document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=[])

    assert refusal("a.pdf", pdf(change=embed)) == "active_content"
    assert refusal("a.pdf", pdf(change=xfa)) == "active_content"


@pytest.mark.parametrize("passwords", [{"owner": "x", "user": "y"}, {"owner": "x", "user": ""}])
@pytest.mark.parametrize("strength", [4, 6])
def test_encrypted_pdfs_are_refused(passwords, strength):
    encryption = pikepdf.Encryption(R=strength, **passwords)
    assert refusal("a.pdf", pdf(encryption=encryption)) == "locked_file"


def test_a_plain_form_and_a_signature_field_are_taken_unchanged():
    def fill(document):
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Tanda tangan", V=pikepdf.Dictionary(Type=pikepdf.Name.Sig))
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[document.make_indirect(field)], SigFlags=3)

    body = pdf(change=fill)
    assert check_document("a.pdf", body).body == body


# ---- damage and bombs


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.995])
def test_a_truncated_picture_with_an_end_mark_put_on_is_refused(keep):
    assert refusal("a.jpg", padded(JPG[: int(len(JPG) * keep)] + b"\xff\xd9", 400_000)) == "damaged_file"


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.999])
def test_truncated_files_are_refused(keep):
    big = jpeg(width=800, height=600)
    assert refusal("a.jpg", big[: int(len(big) * keep)]) == "damaged_file"
    body = pdf(size=600_000)
    assert refusal("a.pdf", body[: int(len(body) * keep)]) in ("damaged_file", "trailing_data")


def test_a_picture_without_its_picture_is_refused():
    frame = JPG[: JPG.index(b"\xff\xda")]
    assert refusal("a.jpg", padded(frame + b"\xff\xd9", 150_000)) == "damaged_file"


@pytest.mark.parametrize(("width", "height"), [(65_535, 65_535), (12_001, 10), (10_000, 4_001), (0, 300), (400, 0)])
def test_huge_or_empty_pixel_counts_are_refused(width, height):
    at = JPG.index(b"\xff\xc0")
    body = JPG[: at + 5] + struct.pack(">HH", height, width) + JPG[at + 9 :]
    assert refusal("a.jpg", body) in ("too_many_pixels", "damaged_file")


def test_a_frame_that_lies_about_its_size_is_refused():
    at = JPG.index(b"\xff\xc0")
    body = JPG[: at + 5] + struct.pack(">HH", 6_000, 6_000) + JPG[at + 9 :]
    assert refusal("a.jpg", body) == "damaged_file"


def test_a_second_frame_and_endless_scans_are_refused():
    at = JPG.index(b"\xff\xc0")
    end = at + 2 + struct.unpack(">H", JPG[at + 2 : at + 4])[0]
    assert refusal("a.jpg", JPG[:end] + JPG[at:end] + JPG[end:]) == "damaged_file"
    scan = JPG[JPG.index(b"\xff\xda") :][:14] + b"\0" * 10
    assert refusal("a.jpg", JPG[:-2] + scan * 200 + b"\xff\xd9") == "too_complicated"


def test_a_pdf_of_too_many_pages_or_too_deep_is_refused():
    def pages(document):
        for _ in range(301):
            document.add_blank_page()

    def deep(document):
        inner = pikepdf.Array([])
        for _ in range(80):
            inner = pikepdf.Array([inner])
        document.Root.Deep = inner

    assert refusal("a.pdf", pdf(change=pages)) == "too_complicated"
    assert refusal("a.pdf", pdf(change=deep)) == "too_complicated"


def test_an_inflating_object_stream_does_not_take_the_server_down():
    """A cross-reference stream of a few KB that would inflate to 1.5 GB."""
    import zlib  # noqa: PLC0415 -- for this bomb only

    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = first + again * 1_500
    stream = b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(bomb) + bomb
    body = b"%PDF-1.5\n" + stream + b"\nendstream\nendobj\n"
    xref = len(body)
    body += b"2 0 obj\n<</Type/XRef/Size 4/W[1 4 1]/Index[0 4]/Root 3 0 R/Length 24>>stream\n"
    body += struct.pack(">BIB", 0, 0, 0) + struct.pack(">BIB", 1, 9, 0) + struct.pack(">BIB", 1, xref, 0)
    body += struct.pack(">BIB", 2, 1, 0) + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % xref
    assert refusal("a.pdf", body) in ("uninspectable", "damaged_file", "too_complicated")


def test_garbage_between_header_and_end_is_refused():
    assert refusal("a.pdf", b"%PDF-1.7\n" + b"garbage " * 20_000 + b"\n%%EOF\n") in ("damaged_file", "too_complicated")


# ---- what is kept of a picture


def test_camera_data_comments_and_thumbnails_are_left_out():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kamera Rahasia"
    exif.get_ifd(0x8825)[1] = "S"
    body = jpeg(
        exif=exif,
        comment=b"alamat rumah",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    kept = check_document("a.jpg", body).body
    assert b"Kamera Rahasia" not in kept
    assert b"alamat rumah" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {0x0112: 6}, "the picture still stands upright"
        assert picture.size == (400, 300)
        with Image.open(io.BytesIO(body)) as original:
            assert picture.tobytes() == original.tobytes()


def test_a_gain_map_behind_the_picture_is_cut_off():
    assert (
        check_document("a.jpg", JPG + jpeg(width=50, height=50) + b"\0" * 100).body == check_document("a.jpg", JPG).body
    )


def test_progressive_pictures_are_taken():
    assert check_document("a.jpg", jpeg(progressive=True)).kind == "jpg"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_taking_a_picture_apart_never_fails_otherwise(data):
    body = bytearray(jpeg(width=24, height=24))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        stripped = strip(bytes(body[: data.draw(st.integers(0, len(body)))]))
    except DocumentRefusedError:
        return
    assert strip(stripped.body).body == stripped.body
