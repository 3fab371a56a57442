"""Real files for upload tests: PDFs and JPEGs of any size, well-formed unless asked otherwise."""

import io
import random

import pikepdf
from PIL import Image


def jpeg(*, seed: int = 1, width: int = 400, height: int = 300, quality: int = 95, **options) -> bytes:
    """Noise, so that it does not compress: about 200 KB with the defaults."""
    noise = random.Random(seed).randbytes(width * height * 3)
    body = io.BytesIO()
    Image.frombytes("RGB", (width, height), noise).save(body, "JPEG", quality=quality, **options)
    return body.getvalue()


def pdf(*, seed: int = 1, size: int = 150_000, change=None, **options) -> bytes:
    """A page and a stream of noise; `change(document)` may put anything into it before it is saved."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Noise = document.make_stream(random.Random(seed).randbytes(max(size - 700, 1)))
    if change is not None:
        change(document)
    body = io.BytesIO()
    document.save(body, compress_streams=False, static_id="encryption" not in options, **options)
    return body.getvalue()


def padded(body: bytes, size: int) -> bytes:
    """The same picture or PDF with exactly `size` bytes, still well-formed."""
    missing = size - len(body)
    if body.startswith(b"%PDF-"):
        head, line, rest = body.partition(b"\n")
        return head + line + b"%" + b"x" * (missing - 2) + b"\n" + rest  # offsets move: readers repair them
    comments = b""
    while missing:
        chunk = min(missing, 60_000)
        chunk = chunk if missing - chunk == 0 or missing - chunk >= 4 else chunk - 4
        comments += b"\xff\xfe" + (chunk - 2).to_bytes(2) + b"x" * (chunk - 4)
        missing -= chunk
    return body[:2] + comments + body[2:]
