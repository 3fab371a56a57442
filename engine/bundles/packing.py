"""Makes a bundle of cases: gathered in a folder, listed, signed, and put into one zip."""

import hashlib
import stat
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import orjson
from sqlalchemy import select
from sqlmodel import col

from engine.anchors import NotAnchoredError, file_of, tree_of
from engine.bundles.content import Sheaf, as_json, as_lines, hold_still, ledger_rows, put_case
from engine.bundles.log import read_log
from engine.bundles.ocel import ocel
from engine.bundles.persons import Persons
from engine.bundles.verify import FORMAT, MANIFEST, SIGNATURE
from engine.bundles.xes import xes
from engine.definitions import Definitions
from engine.documents import Documents
from engine.history.chain import instant
from engine.letters.signing import Signer
from engine.privacy import Masking
from engine.unit_of_work import Database, UnitOfWork
from models import Anchor

OWN = Path(__file__).parent
VERIFY, README = "verify.py", "README.md"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day a zip knows: when a file was packed says nothing about what is in it."""


class Pages(Protocol):
    """Pages for people, which open from a disk without a network."""

    def in_locale(self, locale: str) -> "Pages":
        """The same in this language."""

    def of_case(self, unit: UnitOfWork, sheaf: Sheaf, instance_id: str, masking: Masking) -> None:
        """Put the page of a case into the sheaf, where its record stands already."""

    def of_bundle(self, sheaf: Sheaf, cases: Sequence[Mapping[str, Any]], level: str) -> None:
        """Put `index.html` into it, and what all pages share."""


@dataclass(frozen=True)
class Packer:
    """The parts of an installation that a bundle is made with."""

    database: Database
    definitions: Definitions
    documents: Documents
    signer: Signer
    installation: str
    pages: Pages | None = None

    def speaking(self, locale: str) -> "Packer":
        """The same, with pages in this language."""
        return self if self.pages is None else replace(self, pages=self.pages.in_locale(locale))

    def add(self, folder: Path, instance_id: str, masking: Masking) -> None:
        """Gather one case; done again after a crash, it is the same."""
        sheaf = Sheaf(folder)
        with self.database.read() as unit:
            hold_still(unit)
            put_case(sheaf, unit, self.definitions, self.documents, instance_id, masking)
            if self.pages is not None:
                self.pages.of_case(unit, sheaf, instance_id, masking)

    def close(self, folder: Path, target: Path, *, level: str, by: str | None, now: datetime) -> bytes:
        """Add what all cases share, sign the list of it all and write the zip. Gives the zip's digest."""
        sheaf = Sheaf(folder)
        cases = _cases(sheaf)
        with self.database.read() as unit:
            hold_still(unit)
            self._share(sheaf, unit, cases)
        if self.pages is not None:
            self.pages.of_bundle(
                sheaf, [{**c, "started": datetime.fromisoformat(c["started_at"])} for c in cases], level
            )
        for name in (VERIFY, README):
            sheaf.put(name, (OWN / name).read_bytes())
        manifest = {
            "format": FORMAT,
            "made_at": instant(now),
            "made_by": by,
            "installation": self.installation,
            "level": level,
            "cases": [f"cases/{case['number']}" for case in cases],
            "files": {p: _digest(sheaf, p) for p in sheaf.paths() if p not in (MANIFEST, SIGNATURE)},
        }
        body = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
        sealed = self.signer.seal(body).to_json()
        sheaf.put(MANIFEST, body)
        sheaf.put(SIGNATURE, as_json({name: value for name, value in sealed.items() if name != "statement"}))
        return _zip(sheaf, target)

    def _share(self, sheaf: Sheaf, unit: UnitOfWork, cases: Sequence[Mapping[str, Any]]) -> None:
        versions = {v["id"]: {"key": v["key"], "number": v["number"]} for case in cases for v in case["versions"]}
        sheaf.put("versions.json", as_json(versions))
        ids = [case["id"] for case in cases]
        sheaf.put("ledger.jsonl", as_lines(ledger_rows(unit, ids, versions)))
        named = _proofs(sheaf, unit, cases)
        query = select(Anchor).where(col(Anchor.number).in_(sorted(named)))
        for anchor in unit.session.scalars(query):
            sheaf.put(f"anchors/{anchor.number}.json", file_of(anchor))


def write_log(packer: Packer, target: Path, cases: Sequence[str], form: str, *, named: bool) -> bytes:
    """An event log of these cases in XES or OCEL 2.0. Gives the file's digest."""
    aside = target.with_name(f".{target.name}.part")
    persons = Persons(named=named)
    with packer.database.read() as unit, aside.open("wb") as file:
        hold_still(unit)
        logs = (read_log(unit, packer.definitions, case) for case in cases)
        pieces = (
            (piece.encode() for piece in xes(unit, logs, persons)) if form == "xes" else [ocel(unit, logs, persons)]
        )
        for piece in pieces:
            file.write(piece)
    return _named(aside, target)


def _cases(sheaf: Sheaf) -> list[dict[str, Any]]:
    """What was told of each case, in the order of their beginning."""
    found = [orjson.loads(path.read_bytes()) for path in sheaf.folder.glob("cases/*/case.json")]
    return sorted(found, key=lambda case: (case["started_at"], case["number"]))


def _proofs(sheaf: Sheaf, unit: UnitOfWork, cases: Sequence[Mapping[str, Any]]) -> set[int]:
    """A proof of inclusion in the newest anchor for each case that it covers; the anchors that are needed.

    The case was read before the anchor is: an anchor made meanwhile may hold more of it than the bundle does.
    """
    try:
        tree = tree_of(unit)
    except NotAnchoredError:
        tree = None
    named: set[int] = set()
    for case in cases:
        try:
            proof = None if tree is None else tree.inclusion(case["id"])
        except NotAnchoredError:
            proof = None
        if proof is not None and proof.leaf.events > case["events"]:
            proof = None
        if proof is not None:
            named |= {proof.anchor, proof.anchor - 1}
        sheaf.put(f"cases/{case['number']}/inclusion.json", as_json(proof and proof.to_json()))
    return named


def _digest(sheaf: Sheaf, path: str) -> str:
    with (sheaf.folder / path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _zip(sheaf: Sheaf, target: Path) -> bytes:
    """Written aside and named when it is whole."""
    aside = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sheaf.paths():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # whatever machine this is
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as into, (sheaf.folder / path).open("rb") as source:
                while chunk := source.read(1 << 20):
                    into.write(chunk)
    return _named(aside, target)


def _named(aside: Path, target: Path) -> bytes:
    """Whole only now: it gets its name. Its digest."""
    aside.replace(target)
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
