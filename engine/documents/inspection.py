"""Decides whether bytes are a PDF or JPEG that officers may open: by content, in a process of its own."""

import io
import json
import re
import threading
import zipfile
from pathlib import Path

from engine.documents.errors import (
    BY_CODE,
    DamagedFileError,
    FileTypeError,
    HiddenArchiveError,
    TrailingDataError,
    UninspectableError,
)
from engine.documents.jpeg import strip
from engine.isolated import ask

_CHILD = Path(__file__).with_name("child.py")
_PDF_HEAD = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
_PDF_END = re.compile(rb"%%EOF[\r\n \0]{0,16}\Z")
TIMEOUT_SECONDS = 20

_places = threading.BoundedSemaphore(2)
"""Inspections at once: each may take its whole allowance of memory."""


def kind_of(body: bytes) -> str | None:
    """`pdf`, `jpg`, or None: by the first bytes."""
    if body.startswith(b"%PDF-"):
        return "pdf"
    return "jpg" if body.startswith(b"\xff\xd8\xff") else None


def inspected(kind: str, body: bytes) -> bytes:
    """The bytes to keep (a JPEG without its baggage, a PDF as it is: a signature must stay whole)."""
    if zipfile.is_zipfile(io.BytesIO(body)):
        raise HiddenArchiveError
    if kind == "jpg":
        picture = strip(body)
        _ask_child(kind, picture.probe)
        return picture.body
    _check_pdf_frame(body)
    _ask_child(kind, body)
    return body


def _check_pdf_frame(body: bytes) -> None:
    """Header at the first byte and end mark at the last: nothing else can be before or behind."""
    if _PDF_HEAD.match(body) is None:
        raise FileTypeError(accepted="PDF")
    if _PDF_END.search(body[-64:]) is None:
        raise TrailingDataError if b"%%EOF" in body else DamagedFileError


def _ask_child(kind: str, body: bytes) -> None:
    with _places:
        answered = ask(_CHILD, kind, body=body, seconds=TIMEOUT_SECONDS)
    if answered is None:
        raise UninspectableError
    try:
        answer = json.loads(answered)
    except ValueError:
        raise UninspectableError from None
    if answer is not None:
        code, detail = answer
        raise BY_CODE[code](what=detail)
