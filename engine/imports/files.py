"""Many uploaded files, or one archive of them, as a list of names and bodies. Names are never used as paths."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from engine.imports.errors import ArchiveError, TooBigInsideError, TooManyFilesError
from engine.texts import NO_TEXT, Text

MAX_FILES = 300
MAX_FILE = 2_300_000
"""A little over what a document may have, so that what is only just too large is refused by its own rule."""
MAX_ALL = 100 << 20
MAX_NAME = 200
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)|(^|/)\._", re.IGNORECASE)

OUTSIDE = Text("Nama di dalam arsip memuat jalur yang tidak wajar.", "The name in the archive has a path out of it.")
LOCKED = Text("Berkas di dalam arsip terkunci kata sandi.", "The file in the archive is locked with a password.")
BROKEN = Text("Berkas di dalam arsip rusak.", "The file in the archive is damaged.")
LARGE = Text(
    "Ukuran berkas {size} byte; paling besar 2.097.152 byte.", "The file has {size} bytes; at most 2,097,152 are taken."
)


@dataclass(frozen=True)
class GivenFile:
    """One file. `fault` says why its content was not even read."""

    name: str
    body: bytes = b""
    fault: Text = NO_TEXT


def given_files(uploads: Iterable[tuple[str, bytes]]) -> list[GivenFile]:
    """Every file, those inside of archives too (not those of archives inside of archives)."""
    found: list[GivenFile] = []
    room = MAX_ALL
    for name, body in uploads:
        if body.startswith(b"PK\x03\x04") and name.lower().endswith(".zip"):
            found += _unpacked(body, room)
        else:
            found.append(_bounded(_plain(name), body))
        room = MAX_ALL - sum(len(file.body) for file in found)
        if len(found) > MAX_FILES:
            raise TooManyFilesError(limit=MAX_FILES)
        if room < 0:
            raise TooBigInsideError
    return found


def _unpacked(body: bytes, room: int) -> list[GivenFile]:
    """The list of an archive promises sizes; an entry that holds more is cut off there and found broken."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise ArchiveError from None
    with archive:
        entries = [e for e in archive.infolist() if not e.is_dir() and not _LITTER.search(e.filename)]
        if len(entries) > MAX_FILES:
            raise TooManyFilesError(limit=MAX_FILES)
        if sum(entry.file_size for entry in entries if entry.file_size <= MAX_FILE) > room:
            raise TooBigInsideError
        return [_entry(archive, entry) for entry in entries]


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> GivenFile:
    path = entry.filename.replace("\\", "/")
    name = _plain(path)
    if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
        return GivenFile(name, fault=OUTSIDE)
    if entry.flag_bits & 1:
        return GivenFile(name, fault=LOCKED)
    if entry.file_size > MAX_FILE:
        return GivenFile(name, fault=LARGE.filled(size=entry.file_size))
    try:
        return GivenFile(name, archive.read(entry))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        return GivenFile(name, fault=BROKEN)


def _bounded(name: str, body: bytes) -> GivenFile:
    return GivenFile(name, fault=LARGE.filled(size=len(body))) if len(body) > MAX_FILE else GivenFile(name, body)


def _plain(path: str) -> str:
    """The last part of a path, without what cannot be seen."""
    name = unicodedata.normalize("NFC", path.replace("\\", "/").rpartition("/")[2])
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else "_" for c in name)[
        -MAX_NAME:
    ]
