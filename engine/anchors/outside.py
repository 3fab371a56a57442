"""Comparing an anchor that was kept outside with what this installation has now: the question that anchors are for."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from engine.anchors.inclusion import InclusionProof
from engine.anchors.statement import NoAnchorError, Statement, read_file
from engine.anchors.verify import verify_anchors
from engine.history import Finding
from engine.history.verify import finding
from engine.letters.signing import Sealed
from engine.unit_of_work import UnitOfWork
from models import Anchor


def read_proof(body: bytes) -> tuple[Sealed, InclusionProof | None]:
    """An anchor's file or mail, or a proof of inclusion with its anchor. NoAnchorError where it is neither."""
    try:
        values: Any = json.loads(body)
    except ValueError:
        values = None
    if not isinstance(values, dict) or "proof" not in values:
        return read_file(body), None
    try:
        return Sealed.from_json(values["anchor"]), InclusionProof.from_json(values["proof"])
    except (KeyError, TypeError, ValueError):
        raise NoAnchorError from None


def check_kept(unit: UnitOfWork, kept: Sealed, proof: InclusionProof | None, roots: Sequence[bytes]) -> list[Finding]:
    """What is wrong with the kept file, and where the records here no longer are what it says."""
    said = Statement.of_bytes(kept.body)
    return [*_itself(kept, said, proof, roots), *_here(unit, kept, said), *verify_anchors(unit, roots)]


def _itself(kept: Sealed, said: Statement, proof: InclusionProof | None, roots: Sequence[bytes]) -> Iterator[Finding]:
    if not kept.is_good() or not kept.is_issued_by(list(roots)):
        text = "Tanda tangan berkas ini tidak sah, atau bukan dari instalasi ini."
        yield finding("kept_signature", text, "The signature of this file is bad, or not of this installation.")
    if proof is not None and (not proof.holds() or (proof.anchor, proof.root) != (said.number, said.root)):
        text = "Bukti keikutsertaan tidak menuju akar jangkarnya."
        yield finding("kept_proof", text, "The proof of inclusion does not lead to the root of its anchor.")


def _here(unit: UnitOfWork, kept: Sealed, said: Statement) -> Iterator[Finding]:
    here = unit.session.get(Anchor, said.number)
    if here is None:
        text = f"Jangkar {said.number} tidak ada lagi di sistem."
        yield finding("kept_gone", text, f"Anchor {said.number} is no longer in the system.", said.number)
    elif here.statement.encode() != kept.body:
        text = f"Jangkar {said.number} di sistem menyatakan hal lain daripada berkas ini."
        english = f"Anchor {said.number} in the system states something else than this file."
        yield finding("kept_differs", text, english, said.number)
