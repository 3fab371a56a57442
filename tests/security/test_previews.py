"""Hostile documents in the viewer: each is told calmly, none takes the machine's memory, time or files."""

import hashlib
import io
import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.documents import Documents, PreviewError, Previews
from tests.support.files import jpeg, pdf


def put(folder, body):
    documents = Documents(folder)
    digest = hashlib.sha256(body).hexdigest()
    path = documents.folder / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return Previews(documents), digest


def refusal(folder, body, kind="pdf"):
    previews, digest = put(folder, body)
    with pytest.raises(PreviewError) as caught:
        previews.page(digest, kind, 1)
    with pytest.raises(type(caught.value)):
        previews.page(digest, kind, 1)  # known now, and not tried a second time
    return caught.value.code


def many_pages(count):
    document = pikepdf.new()
    for _ in range(count):
        document.add_blank_page()
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def boxed(box, content=b"", **entries):
    document = pikepdf.new()
    page = document.add_blank_page()
    page.MediaBox = pikepdf.Array(box)
    for name, value in entries.items():
        page[f"/{name}"] = value
    page.Contents = document.make_stream(content)
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def test_a_locked_pdf_is_told(tmp_path):
    locked = pdf(encryption=pikepdf.Encryption(owner="a", user="b", R=6))
    assert refusal(tmp_path, locked) == "preview_locked"


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"\0" * 5000, b"<html>", pdf()[:2000]])
def test_a_broken_pdf_is_told(tmp_path, body):
    assert refusal(tmp_path, body) == "preview_damaged"


def test_a_pdf_of_500_pages_is_told(tmp_path):
    assert refusal(tmp_path, many_pages(500)) == "preview_too_long"
    previews, digest = put(tmp_path, many_pages(300))
    assert previews.page(digest, "pdf", 300).pages == 300


@pytest.mark.parametrize(
    "box",
    [
        [0, 0, 14400, 14400],
        [0, 0, 1_000_000, 1_000_000],
        [0, 0, 1, 100_000],
        [0, 0, 100_000, 1],
        [0, 0, 0, 0],
        [0, 0, -100, -100],
        [0, 0, 1e9, 1e9],
        [-1e9, -1e9, 1e9, 1e9],
    ],
)
def test_a_page_of_any_size_is_drawn_small_or_told(tmp_path, box):
    previews, digest = put(tmp_path, boxed(box))
    try:
        page = previews.page(digest, "pdf", 1)
    except PreviewError:
        return
    with Image.open(io.BytesIO(page.body)) as picture:
        assert picture.width <= 1000
        assert picture.height <= 4001


def test_a_pdf_that_is_too_much_work_is_stopped(tmp_path):
    """Forms that call forms that call forms: 10 to the 9th rectangles."""
    document = pikepdf.new()
    page = document.add_blank_page()
    inner = None
    for _ in range(9):
        content = b"0 0 500 700 re f " if inner is None else b"/X Do " * 10
        stream = document.make_stream(content)
        stream.Type, stream.Subtype, stream.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 600, 800]
        if inner is not None:
            stream.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = stream
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    page.Contents = document.make_stream(b"/X Do " * 10)
    body = io.BytesIO()
    document.save(body)
    assert refusal(tmp_path, body.getvalue()) == "preview"


def test_an_image_that_unpacks_to_gigabytes_does_not(tmp_path):
    document = pikepdf.new()
    page = document.add_blank_page()
    zeros = zlib.compress(b"\0" * (64 << 20), 9)
    image = pikepdf.Stream(document, zeros)
    image.Type, image.Subtype, image.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.FlateDecode
    image.Width, image.Height, image.BitsPerComponent = 60_000, 60_000, 8
    image.ColorSpace = pikepdf.Name.DeviceRGB
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=document.make_indirect(image)))
    page.Contents = document.make_stream(b"600 0 0 800 0 0 cm /I Do")
    body = io.BytesIO()
    document.save(body)
    previews, digest = put(tmp_path, body.getvalue())
    try:
        assert len(previews.page(digest, "pdf", 1).body) < 10 << 20
    except PreviewError as error:
        assert error.code == "preview"  # noqa: PT017 -- either answer is a safe one


@pytest.mark.parametrize("body", [b"", b"\xff\xd8\xff", jpeg()[:3000], b"GIF89a" + b"\0" * 900])
def test_a_broken_photograph_is_told(tmp_path, body):
    assert refusal(tmp_path, body, "jpg") == "preview_damaged"


def test_a_photograph_that_claims_to_be_huge_is_told(tmp_path):
    body = bytearray(jpeg())
    at = body.find(b"\xff\xc0")
    body[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    assert refusal(tmp_path, bytes(body), "jpg") in {"preview_damaged", "preview"}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_pdf_with_any_bytes_changed_is_drawn_or_told(tmp_path, data):
    body = bytearray(many_pages(2))
    for _ in range(data.draw(st.integers(1, 12))):
        body[data.draw(st.integers(8, len(body) - 1))] = data.draw(st.integers(0, 255))
    previews, digest = put(tmp_path, bytes(body))
    try:
        assert previews.page(digest, "pdf", 1).body
    except PreviewError as error:
        assert error.message("id")  # noqa: PT017 -- either answer is a safe one
