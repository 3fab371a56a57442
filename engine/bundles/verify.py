"""Memeriksa bundel Alur / checks a bundle of Alur: `python3 verify.py [--json] [FILE.zip | FOLDER]`.

Without a name it checks the folder it stands in. Needs Python 3.8 or newer and nothing else: no network, no library,
no Alur. Exit status: 0 everything proves itself, 1 something does not, 2 there is no bundle to check.

What it proves: that no file of the bundle was altered, added or removed since it was signed (manifest.json); that the
events of each case form one unbroken chain of hashes, with the payloads, documents and process versions they name;
that the entries of the ledger are those that were sealed; that the anchors were signed and hold the cases' chains.
Compare the fingerprint it prints with the one that the installation publishes: anybody can sign with a key of their
own. And take this program from the installation, or read it, rather than trust the copy that a bundle brings along.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

FORMAT = "alur-bundle-1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig.json"
EVENT = ("instance_id", "seq", "act", "at", "kind", "actor_id", "on_behalf_of", "element_id", "token_id", "detail",
         "payload_digest", "state_digest")  # fmt: skip
"""What the hash of an event covers, in this order."""
ENTRY = ("seq", "at", "kind", "instance_id", "actor_id", "ref", "digest", "detail")
"""The same of an entry of the ledger."""
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""How RSA PKCS#1 v1.5 says “SHA-256”."""
SHORTEST_KEY = 2048

WRONG = {
    "unreadable": ("Berkas ini tidak dapat dibaca: {why}.", "This file cannot be read: {why}."),
    "unsigned": ("Tanda tangan bundel tidak ada.", "The bundle's signature is missing."),
    "manifest": ("Daftar isi diubah: tanda tangannya tidak cocok.",
                 "The manifest was altered: its signature does not fit."),
    "missing": ("Berkas ini hilang.", "This file is missing."),
    "added": ("Berkas ini ditambahkan kemudian.", "This file was added later."),
    "altered": ("Berkas ini diubah.", "This file was altered."),
    "case": ("Kasus ini ada di daftar isi, tetapi catatannya tidak ada.",
             "The manifest names this case, but its record is not here."),
    "event": ("Peristiwa {n} bukan milik kasus ini.", "Event {n} does not belong to this case."),
    "gap": ("Peristiwa {n} tidak ada.", "Event {n} is missing."),
    "hash": ("Peristiwa {n} tidak seperti saat dicatat.", "Event {n} is not as it was written."),
    "act": ("Peristiwa {n} tidak pada tempatnya.", "Event {n} is out of place."),
    "tail": ("Riwayat harus berisi {n} peristiwa; ada {found}, atau akhirnya lain.",
             "There must be {n} events; there are {found}, or they end otherwise."),
    "payload": ("Isi peristiwa {n} diubah.", "The payload of event {n} was altered."),
    "payload_gone": ("Isi peristiwa {n} tidak ada, atau tidak dikenal.",
                     "The payload of event {n} is not here, or unknown."),
    "document": ("Dokumen ini bukan yang dicatat.", "This document is not the one that was recorded."),
    "document_gone": ("Dokumen {n} disebut sebuah formulir tetapi tidak ada di bundel.",
                      "The document {n} is named by a form but is not in the bundle."),
    "version": ("Diagram atau berkas lain versi proses ini bukan yang dipasang.",
                "The diagram or another file of this process version is not the one that was deployed."),
    "version_gone": ("Versi proses {n} tidak ada.", "The process version {n} is missing."),
    "ledger": ("Catatan buku besar ini tidak seperti saat ditulis.",
               "This entry of the ledger is not as it was written."),
    "registered": ("Kasus ini tidak berawal seperti saat didaftarkan.",
                   "This case does not begin as it was registered."),
    "anchor": ("Jangkar ini diubah: tanda tangannya tidak cocok.",
               "This anchor was altered: its signature does not fit."),
    "anchors": ("Jangkar ini tidak menyambung jangkar sebelumnya.", "This anchor does not follow the one before it."),
    "proof": ("Bukti keikutsertaan tidak mengarah ke jangkarnya.",
              "The proof of inclusion does not lead to its anchor."),
    "anchored": ("Riwayat kasus bukan yang dijangkarkan.", "The record of the case is not the one that was anchored."),
}  # fmt: skip
LEFT_OUT = {
    "withheld": ("Isi peristiwa tidak disertakan, hanya sidiknya", "Payloads of events are not included, only digests"),
    "destroyed": ("Isi peristiwa sudah dimusnahkan menurut retensi", "Payloads of events were destroyed by retention"),
    "document": ("Dokumen tidak disertakan, hanya sidiknya", "Documents are not included, only digests"),
    "anchor": ("Kasus belum tercakup jangkar mana pun", "Cases that no anchor covers yet"),
    "after": ("Peristiwa sesudah jangkar terakhir kasusnya", "Events after the newest anchor of their case"),
}
CHECKED = {
    "files": ("berkas", "files"),
    "cases": ("kasus", "cases"),
    "events": ("peristiwa", "events"),
    "payloads": ("isi peristiwa", "payloads"),
    "documents": ("dokumen", "documents"),
    "versions": ("versi proses", "process versions"),
    "ledger": ("catatan buku besar", "ledger entries"),
    "anchors": ("jangkar", "anchors"),
    "proofs": ("bukti keikutsertaan", "proofs of inclusion"),
}


UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RuntimeError, zlib.error,
              zipfile.BadZipFile)  # fmt: skip
"""What reading files that somebody altered may end in."""


class NoBundleError(Exception):
    """There is nothing here that could be checked."""


class Literal(str):
    """A fraction as it is written in the file: another language's JSON may write the same number otherwise."""

    __slots__ = ()


class Report:
    """What was found, what was checked, what the bundle leaves out by right, and whose keys signed."""

    def __init__(self) -> None:
        self.findings: list[dict[str, str]] = []
        self.checked = dict.fromkeys(CHECKED, 0)
        self.left_out: dict[str, int] = {}
        self.keys: list[str] = []

    def wrong(self, where: str, code: str, **values: Any) -> None:
        indonesian, english = (text.format(**values) for text in WRONG[code])
        self.findings.append({"where": where, "code": code, "id": indonesian, "en": english})

    def leaves_out(self, code: str, number: int = 1) -> None:
        if number:
            self.left_out[code] = self.left_out.get(code, 0) + number

    def signed_with(self, key: dict[str, str]) -> None:
        if fingerprint(key) not in self.keys:
            self.keys.append(fingerprint(key))


# --- reading ---------------------------------------------------------------------------------------------------------


class Bundle:
    """The files of a bundle, unpacked or still in the zip."""

    def __init__(self, place: Path) -> None:
        self._zip = None if place.is_dir() else zipfile.ZipFile(place)
        self._place = place
        if self._zip is not None:
            self.paths = sorted(name for name in self._zip.namelist() if not name.endswith("/"))
        else:
            files = (path for path in place.rglob("*") if path.is_file() or path.is_symlink())
            self.paths = sorted(path.relative_to(place).as_posix() for path in files)
        if MANIFEST not in self.paths:
            raise NoBundleError

    def read(self, path: str) -> bytes:
        return self._zip.read(path) if self._zip is not None else (self._place / path).read_bytes()

    def json(self, path: str) -> Any:
        return parsed(self.read(path))

    def lines(self, path: str) -> list[Any]:
        return [parsed(line) for line in self.read(path).split(b"\n") if line]

    def under(self, folder: str) -> list[str]:
        return [path for path in self.paths if path.startswith(folder)]


def parsed(body: bytes) -> Any:
    """JSON. A name that stands twice in a record is refused: two readers could see two things."""
    return json.loads(body.decode("utf-8"), parse_float=Literal, object_pairs_hook=record)


def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def canonical(value: Any) -> str:
    """The one way in which the record writes a value: no spaces, names in order, letters as they are.

    It is what json.dumps writes, but for very small fractions: 1e-7 stays 1e-7 and does not become 1e-07.
    """
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


# --- the signature over all ------------------------------------------------------------------------------------------


def signed_by(key: dict[str, str], message: bytes, signature: str) -> bool:
    """RSA PKCS#1 v1.5 with SHA-256: the signature to the power of e is the padded digest and nothing else."""
    n, e, given = int(key["n"], 16), int(key["e"], 16), base64.b64decode(signature)
    size = (n.bit_length() + 7) // 8
    if n.bit_length() < SHORTEST_KEY or e < 3 or len(given) != size:
        return False
    digest = DIGEST_INFO + hashlib.sha256(message).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(given, "big"), e, n).to_bytes(size, "big") == padded


def fingerprint(key: dict[str, str]) -> str:
    """What the installation publishes: SHA-256 over modulus and exponent, written as here."""
    return sha256(f"{key['n']}:{key['e']}".encode("ascii"))


def check_files(bundle: Bundle, manifest: dict[str, Any], report: Report) -> None:
    """The manifest is signed, and every file is the one it names; nothing is missing and nothing was added."""
    if SIGNATURE not in bundle.paths:
        report.wrong(SIGNATURE, "unsigned")
    else:
        seal = bundle.json(SIGNATURE)
        report.signed_with(seal["key"])
        if not signed_by(seal["key"], bundle.read(MANIFEST), seal["signature"]):
            report.wrong(MANIFEST, "manifest")
    files, found = manifest["files"], [path for path in bundle.paths if path not in (MANIFEST, SIGNATURE)]
    for path in sorted(set(files) - set(found)):
        report.wrong(path, "missing")
    for number, path in enumerate(found):
        if path not in files or path in found[:number][-1:]:
            report.wrong(path, "added")
        elif sha256(bundle.read(path)) != files[path]:
            report.wrong(path, "altered")
    report.checked["files"] = len(found)


# --- a case ----------------------------------------------------------------------------------------------------------


def check_case(folder: str, bundle: Bundle, case: dict[str, Any], report: Report) -> list[dict[str, Any]]:
    """Its chain, what was submitted, and the versions it ran on; gives its events."""
    events = bundle.lines(f"{folder}/events.jsonl")
    check_chain(f"{folder}/events.jsonl", case, events, report)
    contents = check_payloads(f"{folder}/payloads.jsonl", bundle, events, report)
    check_documents(f"{folder}/documents.json", bundle, contents, report)
    versions = {
        event["detail"].get("version") for event in events if event["kind"] in ("case:started", "case:migrated")
    }
    for ident in sorted(versions - set(bundle.json("versions.json"))):
        report.wrong(folder, "version_gone", n=ident)
    report.checked["cases"] += 1
    report.checked["events"] += len(events)
    return events


def check_chain(where: str, case: dict[str, Any], events: list[dict[str, Any]], report: Report) -> None:
    """Each event's hash covers it and the hash before; the last one is where the case stood when it was packed."""
    before, act = sha256(b"alur:history:1:" + case["id"].encode()), 0
    for number, event in enumerate(events, 1):
        place = f"{where}#{number}"
        if set(event) != {*EVENT, "hash"} or event["instance_id"] != case["id"]:
            return report.wrong(place, "event", n=number)
        if event["seq"] != number:
            return report.wrong(place, "gap", n=number)
        covered = canonical([event[name] for name in EVENT]).encode()
        if sha256(bytes.fromhex(before), covered) != event["hash"]:
            return report.wrong(place, "hash", n=number)
        begins = event["state_digest"] is not None
        if event["act"] != act + begins:
            report.wrong(place, "act", n=number)
        before, act = event["hash"], event["act"]
    if (len(events), before) != (case["events"], case["chain_head"]):
        report.wrong(where, "tail", n=case["events"], found=len(events))
    return None


def check_payloads(where: str, bundle: Bundle, events: list[dict[str, Any]], report: Report) -> list[Any]:
    """What was submitted or answered, where it is in the bundle; gives what could be read of it."""
    kept = {row["seq"]: row for row in bundle.lines(where)}
    digests = {event["seq"]: event["payload_digest"] for event in events if event["payload_digest"] is not None}
    contents = []
    for seq in sorted({*kept, *digests}):
        row = kept.get(seq)
        if row is None or seq not in digests:
            report.wrong(f"{where}#{seq}", "payload_gone", n=seq)
        elif row["state"] in ("withheld", "destroyed"):
            report.leaves_out(row["state"])
        elif sha256(base64.b64decode(row["salt"]), row["body"].encode()) != digests[seq]:
            report.wrong(f"{where}#{seq}", "payload", n=seq)
        else:
            contents.append(json.loads(row["body"]))
            report.checked["payloads"] += 1
    return contents


def check_documents(where: str, bundle: Bundle, contents: list[Any], report: Report) -> None:
    """Each document is the one of its digest, and all that the forms name are told of."""
    rows = bundle.json(where)
    for row in rows:
        if row["file"] is None:
            report.leaves_out("document")
        elif row["file"] not in bundle.paths or sha256(bundle.read(row["file"])) != row["digest"]:
            report.wrong(row["file"], "document")
        else:
            report.checked["documents"] += 1
    for digest in sorted(named_documents(contents) - {row["digest"] for row in rows}):
        report.wrong(where, "document_gone", n=digest)


def named_documents(value: Any) -> set[str]:
    """Digests of the files that a submitted form names."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = set().union(*map(named_documents, inner))
    if isinstance(value, dict) and "filename" in value and isinstance(value.get("digest"), str):
        found.add(value["digest"])
    return found


def check_versions(bundle: Bundle, report: Report) -> None:
    """A process version is called by the hash of its files: diagrams, decisions, forms, letters, all of them."""
    for ident, version in bundle.json("versions.json").items():
        folder = f"versions/{ident}/"
        total = hashlib.sha256(f"alur-package-1\0{version['key']}\0".encode())
        for path in bundle.under(folder):
            body = bundle.read(path)
            total.update(f"{path[len(folder) :]}\0{len(body)}\0".encode() + body)
        if total.hexdigest() != ident:
            report.wrong(folder, "version")
        report.checked["versions"] += 1


# --- the ledger and the anchors --------------------------------------------------------------------------------------


def check_ledger(bundle: Bundle, cases: dict[str, list[dict[str, Any]]], report: Report) -> None:
    """Each entry by itself, after the hash before it: between two of a case stand those of others, not told here."""
    for row in bundle.lines("ledger.jsonl"):
        place = f"ledger.jsonl#{row['seq']}"
        covered = canonical([row[name] for name in ENTRY]).encode()
        if sha256(bytes.fromhex(row["previous"]), covered) != row["hash"]:
            report.wrong(place, "ledger")
        events = cases.get(row["instance_id"])
        if row["kind"] == "case:registered" and events and events[0]["hash"] != row["digest"]:
            report.wrong(place, "registered")
        report.checked["ledger"] += 1


def check_anchors(bundle: Bundle, report: Report) -> dict[int, Any]:
    """Each anchor is signed, and names the hash of the one before it. Gives what they state, by number."""
    stated, hashes = {}, {}
    for path in bundle.under("anchors/"):
        anchor = bundle.json(path)
        body = anchor["statement"].encode()
        statement = parsed(body)
        if not signed_by(anchor["key"], body, anchor["signature"]) or statement["key"] != fingerprint(anchor["key"]):
            report.wrong(path, "anchor")
        report.signed_with(anchor["key"])
        stated[statement["number"]], hashes[statement["number"]] = {**statement, "path": path}, sha256(body)
        report.checked["anchors"] += 1
    for number, statement in stated.items():
        if number - 1 in hashes and statement["previous"] != hashes[number - 1]:
            report.wrong(statement["path"], "anchors")
    return stated


def check_inclusion(where: str, bundle: Bundle, events: list[dict[str, Any]], stated: Any, report: Report) -> None:
    """The case's record, as long as it was then, is a leaf under the root that an anchor states."""
    proof = bundle.json(where)
    if proof is None:
        return report.leaves_out("anchor")
    number = proof["events"]
    leaf = f"{proof['instance_id']}:{number}:{proof['head']}".encode()
    root = root_through(hashlib.sha256(b"\0" + leaf).digest(), proof["index"], proof["size"], proof["path"])
    anchor = stated.get(proof["anchor"])
    if anchor is None or (root, proof["size"]) != (anchor["root"], anchor["leaves"]):
        report.wrong(where, "proof")
    then = events[number - 1] if 0 < number <= len(events) else None
    if then is None or (then["instance_id"], then["hash"]) != (proof["instance_id"], proof["head"]):
        report.wrong(where, "anchored")
    report.leaves_out("after", max(0, len(events) - number))
    report.checked["proofs"] += 1
    return None


def root_through(node: bytes, index: int, size: int, path: list[str]) -> str | None:
    """The root that a leaf's hash leads to (RFC 9162, 2.1.3.2); None where such a tree has no such path."""
    last = size - 1
    for beside in map(bytes.fromhex, path):
        if last == 0:
            return None
        if index & 1 or index == last:
            node = hashlib.sha256(b"\x01" + beside + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + beside).digest()
        index, last = index >> 1, last >> 1
    return node.hex() if last == 0 else None


# --- all of it -------------------------------------------------------------------------------------------------------


def check(bundle: Bundle) -> Report:
    """Everything that can be checked. A part that cannot be read is a finding; the others are checked all the same."""
    report = Report()
    manifest = bundle.json(MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NoBundleError
    cases: dict[str, list[dict[str, Any]]] = {}
    stated: dict[int, Any] = {}

    def case(folder: str) -> None:
        if f"{folder}/case.json" not in bundle.paths:
            return report.wrong(folder, "case")
        told = bundle.json(f"{folder}/case.json")
        cases[told["id"]] = check_case(folder, bundle, told, report)
        check_inclusion(f"{folder}/inclusion.json", bundle, cases[told["id"]], stated, report)
        return None

    attempt(report, MANIFEST, lambda: check_files(bundle, manifest, report))
    attempt(report, "anchors/", lambda: stated.update(check_anchors(bundle, report)))
    for folder in manifest["cases"]:
        attempt(report, folder, lambda folder=folder: case(folder))
    attempt(report, "versions/", lambda: check_versions(bundle, report))
    attempt(report, "ledger.jsonl", lambda: check_ledger(bundle, cases, report))
    return report


def attempt(report: Report, where: str, part: Any) -> None:
    """Whatever somebody did to a file, the program says so instead of stumbling over it."""
    try:
        part()
    except UNREADABLE as error:
        report.wrong(where, "unreadable", why=type(error).__name__)


def told(report: Report) -> str:
    """What a person reads: Indonesian, and English under it."""
    lines = []
    for finding in report.findings:
        lines += [f"✗ {finding['where']}: {finding['id']}", f"  {finding['en']}"]
    for code, number in report.left_out.items():
        lines += [f"– {LEFT_OUT[code][0]}: {number}", f"  {LEFT_OUT[code][1]}: {number}"]
    for language, title in ((0, "Diperiksa"), (1, "Checked")):
        lines.append(f"{title}: " + ", ".join(f"{report.checked[w]} {CHECKED[w][language]}" for w in CHECKED))
    for key in report.keys:
        lines += ["Sidik jari kunci penanda tangan; bandingkan dengan yang diumumkan instansi:",
                  "Fingerprint of the signing key; compare it with the one that the installation publishes:",
                  f"  {key}"]  # fmt: skip
    if report.findings:
        lines += [f"TIDAK TERBUKTI: {len(report.findings)} temuan.", f"NOT PROVED: {len(report.findings)} findings."]
    else:
        lines += ["TERBUKTI: bundel ini utuh, dan catatannya tidak diubah.",
                  "PROVED: this bundle is whole, and its record was not altered."]  # fmt: skip
    return "\n".join(lines)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main(arguments: list[str]) -> int:
    names = [word for word in arguments if word != "--json"]
    place = Path(names[0]) if names else Path(__file__).resolve().parent
    if len(names) > 1 or place.name.startswith("-"):
        say(__doc__ or "")
        return 2
    try:
        report = check(Bundle(place))
    except (NoBundleError, *UNREADABLE):
        say(f"{place}: bukan bundel Alur / no bundle of Alur")
        return 2
    if "--json" in arguments:
        answer = {"proved": not report.findings, "findings": report.findings, "checked": report.checked,
                  "left_out": report.left_out, "keys": report.keys}  # fmt: skip
        say(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        say(told(report))
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
