"""Pages of documents as pictures, so that a foreign file is never shown inside a page of ours.

Drawn in a child process with limits, kept on disk by content, page and width. The folder may be emptied at any time.
"""

import json
import os
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.documents.store import PREVIEWS, Documents
from engine.errors import AlurError, NotFoundError

_CHILD = Path(__file__).with_name("preview_child.py")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
WIDTHS = (1000, 1500, 2000)
"""Only these are drawn, so that nobody can fill the disk by asking for every width."""
TIMEOUT_SECONDS = 25
MOST_BYTES = 256 << 20
PRUNE_EVERY = 50

_places = threading.BoundedSemaphore(2)
"""Pages drawn at once: each may take its whole allowance of memory."""


class PreviewError(AlurError):
    """This document cannot be shown here. Download it and open it on your own device."""

    indonesian = "Dokumen ini tidak dapat ditampilkan di sini. Unduh lalu buka di perangkat Anda."
    code = "preview"
    http_status = 422


class LockedPreviewError(PreviewError):
    """This PDF is protected by a password, so it cannot be shown here. Download it and open it with its password."""

    indonesian = (
        "PDF ini dilindungi kata sandi, maka tidak dapat ditampilkan di sini. Unduh lalu buka dengan kata sandinya."
    )
    code = "preview_locked"


class DamagedPreviewError(PreviewError):
    """This file is damaged or incomplete, so it cannot be shown here. You can still download it."""

    indonesian = (
        "Berkas ini rusak atau tidak lengkap, maka tidak dapat ditampilkan di sini. Anda tetap dapat mengunduhnya."
    )
    code = "preview_damaged"


class LongPreviewError(PreviewError):
    """This PDF has more than 300 pages, too many to show here. Download it and open it on your own device."""

    indonesian = (
        "PDF ini lebih dari 300 halaman, terlalu banyak untuk ditampilkan di sini. Unduh lalu buka di perangkat Anda."
    )
    code = "preview_too_long"


FAULTS: dict[str, type[PreviewError]] = {
    "locked": LockedPreviewError,
    "damaged": DamagedPreviewError,
    "too_long": LongPreviewError,
    "too_heavy": PreviewError,
}


@dataclass(frozen=True)
class PagePicture:
    """One page of a document, drawn."""

    number: int
    pages: int
    media_type: str
    body: bytes


class Previews:
    """The drawn pages of an installation's documents."""

    def __init__(self, documents: Documents, *, most_bytes: int = MOST_BYTES) -> None:
        self._documents = documents
        self._folder = documents.folder / PREVIEWS
        self._most_bytes = most_bytes
        self._written = 0

    def page(self, digest: str, kind: str, number: int, width: int = WIDTHS[0]) -> PagePicture:
        """Page `number` (from 1). PreviewError: it cannot be shown; NotFoundError: no such page."""
        if width not in WIDTHS or number < 1:
            raise NotFoundError
        path = self._folder / digest[:2] / f"{digest}-{number}-{width}"
        kept = _kept(path)
        if kept is None:
            kept = _draw(self._documents.body(digest), kind, number, width)
            self._keep(path, kept)
        return _picture(kept, number)

    def _keep(self, path: Path, answer: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{uuid.uuid4().hex}")
        with open(aside, "xb", opener=_private) as file:
            file.write(answer)
        aside.replace(path)
        if self._written % PRUNE_EVERY == 0:
            self._prune()
        self._written += 1

    def _prune(self) -> None:
        """Throw away what was drawn longest ago until there is room again."""
        found = []
        for path in self._folder.rglob("*"):
            try:
                about = path.stat()
            except OSError:  # another process was quicker
                continue
            if path.is_file():
                found.append((about.st_mtime, about.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._most_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size


def draw_page(body: bytes, kind: str, number: int, width: int = WIDTHS[0]) -> PagePicture:
    """Page `number` (from 1) of a document that nobody keeps, such as a proof. Raises as `Previews.page` does."""
    return _picture(_draw(body, kind, number, width), number)


def _picture(drawn: bytes, number: int) -> PagePicture:
    head, _, body = drawn.partition(b"\n")
    answer: dict[str, Any] = json.loads(head)
    if "fault" in answer:
        raise FAULTS[answer["fault"]]
    if not body:
        raise NotFoundError
    return PagePicture(number, answer["pages"], answer["type"], body)


def _draw(body: bytes, kind: str, number: int, width: int) -> bytes:
    if not _places.acquire(timeout=TIMEOUT_SECONDS):
        raise PreviewError
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    command = [sys.executable, "-I", "-B", str(_CHILD), kind, str(number), str(width)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, its arguments are ours
            command, input=body, capture_output=True, timeout=TIMEOUT_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:  # a busy machine, perhaps: it is tried again the next time
        raise PreviewError from None
    finally:
        _places.release()
    return done.stdout if _whole(done.stdout) else b'{"fault": "too_heavy"}\n'


def _kept(path: Path) -> bytes | None:
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    return kept if _whole(kept) else None


def _whole(answer: bytes) -> bool:
    try:
        head = json.loads(answer.partition(b"\n")[0])
    except ValueError:
        return False
    return isinstance(head, dict) and ("fault" in head or "pages" in head)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
