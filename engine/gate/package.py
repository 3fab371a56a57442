"""A package as bytes: read from a folder or a zip with bounds, nothing of it believed, nothing of it run."""

import hashlib
import io
import re
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO

from engine.gate.findings import Finding, quoted
from engine.texts import Text

MAX_FILES = 300
MAX_FILE_BYTES = 1_048_576
MAX_BYTES = 8 * 1_048_576

_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}\Z", re.ASCII)
_IGNORED = re.compile(r"(\.[^.]|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini)|.*(~|\.bak|\.orig|\.swp)\Z")

LAYOUT = {
    ".bpmn": ("", "diagrams"),
    ".dmn": ("decisions",),
    ".json": ("forms",),
    ".txt": ("mails",),
    ".typ": ("letters",),
    ".svg": ("letters",),
    ".yaml": ("scenarios",),
    ".md": ("",),
}
"""Which kind of file stands in which folder."""

LENT = ("diagrams", "decisions", "mails", "letters")
"""What a shared package lends; its own process, forms and scenarios show how it is used."""


@dataclass(frozen=True)
class Package:
    """The files of one process by their path in it, and what was wrong while reading them."""

    name: str
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()
    lent: Mapping[str, str] = field(default_factory=dict)
    """Of files that came from a shared folder beside it: their path → the name of that folder."""

    def of_kind(self, suffix: str) -> dict[str, bytes]:
        return {path: body for path, body in sorted(self.files.items()) if path.endswith(suffix)}

    def digest(self, key: str) -> str:
        """SHA-256 over the key and every file, names and lengths included: what a version is called by."""
        total = hashlib.sha256(f"alur-package-1\0{key}\0".encode())
        for path, body in sorted(self.files.items()):
            total.update(f"{path}\0{len(body)}\0".encode())
            total.update(body)
        return total.hexdigest()


def read_package(source: Path) -> Package:
    """The package in a folder or a zip file. Never raises for what is in it: that becomes findings."""
    name = source.stem if source.is_file() else source.resolve().name
    found: list[Finding] = []
    if source.is_file():  # what it uses was put into it when it was made
        return _gathered(name, _zip_files(source, source.name, found), found)
    return with_shared(_gathered(name, _folder_files(source, found), found), source.resolve().parent)


def read_zip(name: str, body: bytes) -> Package:
    """The package in a zip that somebody sent."""
    found: list[Finding] = []
    return _gathered(name, _zip_files(io.BytesIO(body), f"{name}.zip", found), found)


def with_shared(package: Package, beside: Path) -> Package:
    """The package together with what the folders named in its `uses` lend to it."""
    files, found, lent = dict(package.files), list(package.findings), dict(package.lent)
    for name in shared_names(files.get("process.toml")):
        folder = beside / name
        if not _SEGMENT.match(name) or not is_shared(folder):
            _say(
                found,
                "process.toml",
                "uses_unknown",
                Text(f"Tidak ada paket bersama “{quoted(name)}” di sebelah paket ini.",
                     f"There is no shared package “{quoted(name)}” beside this one."),
                Text("Perbaiki namanya; folder itu butuh process.toml dengan shared = true.",
                     "Correct its name; that folder needs a process.toml with shared = true."),
            )  # fmt: skip
            continue
        for path, body in _gathered(name, _folder_files(folder, found), found).files.items():
            if PurePosixPath(path).parts[0] not in LENT:
                continue
            if files.setdefault(path, body) != body:
                _say(
                    found,
                    path,
                    "uses_clash",
                    Text(f"Berkas ini juga ada di “{name}”, dengan isi lain.",
                         f"This file is also in “{name}”, with other content."),
                    Text("Beri nama lain, atau hapus salah satunya.", "Rename it, or remove one of the two."),
                )  # fmt: skip
            lent[path] = name
    return replace(package, files=MappingProxyType(files), findings=tuple(found), lent=MappingProxyType(lent))


def shared_names(manifest: bytes | None) -> list[str]:
    """What a manifest names in `uses`, as far as it can be read; whether it is right is checked with the manifest."""
    names = _plain(manifest).get("uses")
    return [n for n in names if isinstance(n, str)] if isinstance(names, list) else []


def is_shared(folder: Path) -> bool:
    """Is this the folder of a shared package, which only lends to others?"""
    manifest = folder / "process.toml"
    if not manifest.is_file() or folder.is_symlink() or manifest.stat().st_size > MAX_FILE_BYTES:
        return False
    return _plain(manifest.read_bytes()).get("shared") is True


def _plain(manifest: bytes | None) -> Mapping[str, object]:
    try:
        return tomllib.loads((manifest or b"").decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}


def package_of(name: str, files: Mapping[str, bytes]) -> Package:
    """A package from files in memory, under the same rules."""
    found: list[Finding] = []
    return _gathered(name, ((p, b) for p, b in files.items() if _size_fits(p, len(b), found)), found)


def _gathered(name: str, files: Iterator[tuple[str, bytes]], found: list[Finding]) -> Package:
    kept: dict[str, bytes] = {}
    total = 0
    for path, body in files:
        total += len(body)
        if len(kept) >= MAX_FILES or total > MAX_BYTES:
            _say(
                found,
                name,
                "too_large",
                Text(
                    f"Paket lebih dari {MAX_FILES} berkas atau {MAX_BYTES >> 20} MB.",
                    f"The package has more than {MAX_FILES} files or {MAX_BYTES >> 20} MB.",
                ),
                Text("Hapus berkas yang bukan bagian dari proses.", "Remove files that are no part of the process."),
            )
            break
        if _belongs(path, found):
            kept[path] = body
    return Package(name, MappingProxyType(kept), tuple(found))


def _say(found: list[Finding], file: str, code: str, reason: Text, cure: Text) -> None:
    found.append(Finding("error", quoted(file, 200), "", code, reason, cure))


def _folder_files(folder: Path, found: list[Finding]) -> Iterator[tuple[str, bytes]]:
    seen = 0
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if any(_IGNORED.match(part) for part in relative.parts):
            continue
        seen += 1
        if seen > 4 * MAX_FILES:
            return
        if path.is_symlink():
            _say(
                found,
                relative.as_posix(),
                "link",
                Text("Tautan (symlink) tidak diterima.", "Symbolic links are not accepted."),
                Text("Salin berkasnya ke dalam paket.", "Copy the file into the package."),
            )
        elif path.is_file() and _size_fits(relative.as_posix(), path.stat().st_size, found):
            try:
                yield relative.as_posix(), path.read_bytes()
            except OSError as error:
                _say(
                    found,
                    relative.as_posix(),
                    "unreadable",
                    Text(
                        f"Berkas tidak dapat dibaca: {error.strerror}.", f"The file cannot be read: {error.strerror}."
                    ),
                    Text("Periksa izin berkasnya.", "Check the file's permissions."),
                )


def _zip_files(source: Path | IO[bytes], name: str, found: list[Finding]) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()][: 4 * MAX_FILES]
            top = _common_folder(entries)
            for entry in entries:
                relative = entry.filename.removeprefix(top)
                if any(_IGNORED.match(part) for part in PurePosixPath(relative).parts):
                    continue
                if stat.S_ISLNK(entry.external_attr >> 16):
                    _say(
                        found,
                        relative,
                        "link",
                        Text("Tautan (symlink) tidak diterima.", "Symbolic links are not accepted."),
                        Text("Salin berkasnya ke dalam paket.", "Copy the file into the package."),
                    )
                elif _size_fits(relative, entry.file_size, found):
                    with archive.open(entry) as stream:  # the stated size may lie: read no more than is allowed
                        yield relative, stream.read(MAX_FILE_BYTES + 1)[: MAX_FILE_BYTES + 1]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, NotImplementedError, ValueError) as error:
        _say(
            found,
            name,
            "zip",
            Text(f"Berkas zip tidak terbaca: {quoted(error)}.", f"The zip cannot be read: {quoted(error)}."),
            Text("Buat ulang zip tanpa sandi.", "Make the zip again, without a password."),
        )


def _common_folder(entries: list[zipfile.ZipInfo]) -> str:
    """A zip of a folder holds everything under that folder's name."""
    tops = {e.filename.partition("/")[0] for e in entries if not e.filename.startswith(("__MACOSX/", "."))}
    inside = all("/" in e.filename for e in entries)
    return f"{tops.pop()}/" if inside and len(tops) == 1 else ""


def _size_fits(path: str, size: int, found: list[Finding]) -> bool:
    if size <= MAX_FILE_BYTES:
        return True
    _say(
        found,
        path,
        "too_large",
        Text("Berkas lebih besar dari 1 MB.", "The file is larger than 1 MB."),
        Text("Kecilkan atau bagi berkas ini.", "Make the file smaller or split it."),
    )
    return False


def _belongs(path: str, found: list[Finding]) -> bool:
    parts = PurePosixPath(path).parts
    if path.startswith("/") or "\\" in path or not parts or not all(map(_SEGMENT.match, parts)):
        _say(
            found,
            path,
            "file_name",
            Text("Nama berkas tidak diterima.", "The file name is not accepted."),
            Text("Pakai huruf, angka, titik, - dan _ saja.", "Use letters, digits, dot, - and _ only."),
        )
        return False
    folder, suffix = "/".join(parts[:-1]), PurePosixPath(path).suffix
    if path == "process.toml" or folder in LAYOUT.get(suffix, ()):
        return True
    places = [f"{f or '.'}/*{s}" for s, folders in LAYOUT.items() for f in folders]
    _say(
        found,
        path,
        "unknown_file",
        Text("Berkas ini bukan bagian dari paket proses.", "This file is no part of a process package."),
        Text(
            "Hapus, atau letakkan sebagai: process.toml, " + ", ".join(places) + ".",
            "Remove it, or place it as: process.toml, " + ", ".join(places) + ".",
        ),
    )
    return False
