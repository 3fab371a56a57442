"""What runs of proofs came to, bound to the ledger: nobody takes a finding back, nobody swaps a certificate."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, Table, select, update

from engine import ledger
from engine.history import Finding
from engine.history.verify import finding
from engine.ledger.digests import content_digest
from engine.proof.runs import RUNS, findings_of
from engine.unit_of_work import UnitOfWork
from models import ProofCertificate, metadata

CERTIFICATES: Table = metadata.tables[str(ProofCertificate.__tablename__)]


def seal_result(unit: UnitOfWork, run_id: str, now: datetime) -> None:
    """The digest of what came of the run goes into the ledger."""
    digest = result_digest(unit, run_id)
    unit.connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(digest=digest))
    run = unit.connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one()
    ledger.note(
        unit, ledger.Kind.PROOF_RUN, at=now, actor_id=run.created_by, ref=run_id, digest=digest,
        detail={"kind": run.kind, "scope": run.scope, "cases": run.cases, "findings": run.findings},
    )  # fmt: skip


def result_digest(unit: UnitOfWork, run_id: str) -> bytes | None:
    """Of everything that a run came to, findings included; None where it is gone."""
    run = unit.connection.execute(select(RUNS).where(RUNS.c.id == run_id)).first()
    if run is None:
        return None
    told = [run.id, run.kind, run.scope, run.choice, run.state, run.total, run.cases, run.events, run.acts, run.broken,
            run.findings, run.ledger_count, bytes(run.ledger_hash or b"").hex(), run.created_by, run.created_at,
            run.finished_at]  # fmt: skip
    digest = sha256(content_digest(told))
    for one in findings_of(unit, run_id):
        digest.update(content_digest([one.number, one.instance_id, one.subject, one.code, one.seq, one.text]))
    return digest.digest()


def check_results(unit: UnitOfWork) -> Iterator[tuple[str, Finding]]:
    """Every result and every certificate that the ledger knows is there as it was; by the run, or the number."""
    for entry in _entries(unit, ledger.Kind.PROOF_RUN):
        run = unit.connection.execute(select(RUNS.c.digest).where(RUNS.c.id == entry.ref)).first()
        sealed = bytes(entry.digest)
        if run is None or bytes(run.digest or b"") != sealed or result_digest(unit, entry.ref) != sealed:
            text = "Hasil pembuktian ini hilang atau diubah."
            yield entry.ref, finding("proof", text, "The result of this proof is gone or was changed.", entry.seq)
    for entry in _entries(unit, ledger.Kind.PROOF_CERTIFIED):
        body = unit.connection.execute(
            select(CERTIFICATES.c.body).where(CERTIFICATES.c.number == entry.ref)
        ).scalar_one_or_none()
        if body is None or sha256(bytes(body)).digest() != bytes(entry.digest):
            text = "Sertifikat pembuktian ini hilang atau diganti."
            english = "The certificate of this proof is gone or was replaced."
            yield entry.ref, finding("certificate", text, english, entry.seq)


def _entries(unit: UnitOfWork, kind: ledger.Kind) -> list[Row[Any]]:
    table = ledger.ENTRIES
    return list(unit.connection.execute(select(table).where(table.c.kind == kind).order_by(table.c.seq)))
