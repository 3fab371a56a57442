"""Where a new process begins: a starter of ours, a copy of another process, a diagram of any tool, or a whole package.

What begins here has a `process.toml`, so that the gate can say what is missing; a diagram is taken byte for byte, but
becomes UTF-8 when it is something else.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit

from engine.definitions import Finding
from engine.errors import ConflictError
from engine.gate.diagram import Diagram, read_diagram
from engine.gate.findings import Findings
from engine.gate.package import MAX_FILE_BYTES
from engine.gate.toml import KEY
from engine.manifest import FILE
from engine.studio.encoding import in_utf8
from engine.studio.errors import BadPackageError
from engine.studio.packing import unpack
from engine.studio.settings import read_document
from engine.texts import Text

FOLDER = Path(__file__).parent / "starters"
PLACEHOLDER = "new_process"
STARTERS = {
    "approval": Text("Permohonan, verifikasi, dan keputusan", "Application, verification, decision"),
    "simple": Text("Satu permohonan, satu pemeriksaan", "One application, one check"),
}


class KeyTakenError(ConflictError):
    """There already is a process called {key}. Open it in the library and begin a draft of it."""

    indonesian = "Sudah ada proses dengan kunci {key}. Buka proses itu di pustaka dan mulai draf darinya."
    code = "key_taken"


@dataclass(frozen=True)
class Beginning:
    """The files a draft begins with, and what of an upload was left out."""

    key: str
    title: str
    files: Mapping[str, bytes]
    left_out: tuple[Finding, ...] = ()


def key_of(text: str) -> str:
    """A key made of a title: small letters, digits, _; empty when nothing of it can be used."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60].strip("_")
    return key if KEY.match(key) else ""


def from_starter(name: str, key: str, title: str, owner: str) -> Beginning:
    """One of our starters, under its own name."""
    folder = FOLDER / (name if name in STARTERS else "simple")
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes().replace(PLACEHOLDER.encode(), key.encode())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return Beginning(key, title, {**files, FILE: _named(files[FILE], key, title, owner)})


def from_copy(files: Mapping[str, bytes], key: str, title: str, owner: str) -> Beginning:
    """Another process as it is now, under a new name; its drawing keeps the ids it has."""
    return Beginning(key, title, {**files, FILE: _named(files.get(FILE, b""), key, title, owner)})


def from_upload(filename: str, body: bytes, key: str, title: str, owner: str) -> Beginning:
    """A BPMN file or a zip, of Alur or of another tool."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    if body[:2] == b"PK":
        return _from_zip(stem, body, key, title, owner)
    return _from_diagrams({"process.bpmn": body}, key or key_of(title) or key_of(stem), title, owner, ())


def replacement(key: str, files: Mapping[str, bytes], filename: str, body: bytes) -> Beginning:
    """What a draft becomes by an upload: all that a zip holds, or its own files with another main diagram."""
    if body[:2] != b"PK":
        body = in_utf8(body)
        _from_diagrams({"process.bpmn": body}, key, "", "", ())
        roots = [path for path in files if path.endswith(".bpmn") and "/" not in path]
        return Beginning(key, "", {**files, (roots[0] if len(roots) == 1 else "process.bpmn"): body})
    package, left_out = unpack(PurePosixPath(filename).stem, body)
    taken = {FILE: files[FILE], **package.files} if FILE in files else dict(package.files)
    document = read_document(taken.get(FILE))
    own = str(document.get("key", key)) if document is not None else key
    if own != key:
        raise BadPackageError(
            why=Text(f"paket itu untuk proses {own}, draf ini untuk {key}.",
                     f"that package is for the process {own}, this draft for {key}.")
        )  # fmt: skip
    return Beginning(key, "", taken, tuple(left_out))


def _from_zip(stem: str, body: bytes, key: str, title: str, owner: str) -> Beginning:
    package, left_out = unpack(stem, body)
    files = dict(package.files)
    if FILE not in files:
        key = key or key_of(title) or key_of(stem)
        return _from_diagrams(files, key, title, owner, tuple(left_out))
    document = read_document(files[FILE])
    own = str(document.get("key", "")) if document is not None else ""
    key = key or own or key_of(stem)
    if document is not None and key != own:
        files[FILE] = _named(files[FILE], key, title, "")
    said = document.get("title", {}) if document is not None else {}
    named = said.get("id", "") if isinstance(said, dict) else said
    return Beginning(key, title or str(named) or key, files, tuple(left_out))


def _from_diagrams(
    files: Mapping[str, bytes], key: str, title: str, owner: str, left_out: tuple[Finding, ...]
) -> Beginning:
    """Diagrams without a process.toml: the first that can be read names the main process and the lanes."""
    files = {path: in_utf8(body) if path.endswith(".bpmn") else body for path, body in files.items()}
    main: Diagram | None = None
    findings: Findings | None = None
    for path, body in sorted(files.items(), key=lambda item: ("/" in item[0], item[0] != "process.bpmn", item[0])):
        if path.endswith(".bpmn") and len(body) <= MAX_FILE_BYTES:
            findings = Findings(path)
            main = read_diagram(path, body, findings)
            if main is not None:
                break
    if main is None:
        reason = next(iter(findings or ()), None)
        why = reason.reason if reason else Text("tidak ada berkas BPMN di dalamnya.", "there is no BPMN file in it.")
        raise BadPackageError(why=why, findings=list(findings or ()))
    process = _executable(main)
    title = title or (process.get("name") or "").strip() or key
    return Beginning(key, title, {**files, FILE: _manifest(process, key, title, owner)}, left_out)


def _executable(diagram: Diagram) -> Any:
    """The process that cases would start on: the first that is said to be executable, else the one with most in it."""
    processes = [scope.element for scope in diagram.processes]
    if not processes:
        raise BadPackageError(
            why=Text("tidak ada proses di dalam diagram ini.", "there is no process in this diagram.")
        )
    said = [p for p in processes if p.get("isExecutable") == "true"]
    return (said or sorted(processes, key=len, reverse=True))[0]


def _manifest(process: Any, key: str, title: str, owner: str) -> bytes:
    """What can be known of it. Who fills each lane cannot: the gate asks for it until the owner says so."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Dibuat dari diagram yang diunggah. Lengkapi peran tiap lajur di halaman Pengaturan."))
    document.add(tomlkit.nl())
    document["key"], document["main"], document["owner"] = key, process.get("id") or key, owner
    document["title"] = tomlkit.table().append("id", title)
    document["start"] = tomlkit.table().append("who", "signed_in")
    return tomlkit.dumps(document).encode()


def _named(body: bytes, key: str, title: str, owner: str) -> bytes:
    """The same process.toml under another key and title; comments stay."""
    document = read_document(body)
    if document is None:
        return body
    document["key"] = key
    if title:
        document["title"] = tomlkit.table().append("id", title)
    if owner:
        document["owner"] = owner
    return tomlkit.dumps(document).encode()


def check_key(key: str, taken: bool) -> None:
    """A key that a new process may have."""
    if not KEY.match(key):
        raise BadPackageError(
            why=Text(
                "kunci proses butuh huruf kecil a–z, angka, dan _; mulai dengan huruf; 2–64 huruf.",
                "the key of a process needs small letters a–z, digits and _; begin with a letter; 2–64 characters.",
            )
        )
    if taken:
        raise KeyTakenError(key=key)
