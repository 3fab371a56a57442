"""Packages as zips, byte for byte: the same files always give the same zip, and a zip gives back the same files."""

import io
import stat
import zipfile
from collections.abc import Mapping

from engine.gate.findings import Finding
from engine.gate.package import Package, read_zip
from engine.studio.errors import BadPackageError
from engine.texts import Text

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day a zip knows: when a file was packed says nothing about what is in it."""

LARGEST_UPLOAD = 16 * 1_048_576
_WHOLE = ("zip", "too_large")
"""Findings about an upload as a whole; the others are about single files, which are left out and named."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files. Stored, not compressed: two versions of zlib compress differently, and Git packs anyway."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # whatever machine this is
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[path])
    return packed.getvalue()


def unpack(name: str, body: bytes) -> tuple[Package, list[Finding]]:
    """What an uploaded zip holds, and what of it was left out and why."""
    package = read_zip(name, body)
    whole = [finding for finding in package.findings if finding.code in _WHOLE]
    if whole:
        raise BadPackageError(why=whole[0].reason, findings=whole)
    if not package.files:
        raise BadPackageError(
            why=Text("tidak ada berkas proses di dalamnya.", "there is no file of a process in it."),
            findings=list(package.findings),
        )
    return package, list(package.findings)
