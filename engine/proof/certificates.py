"""Certificates of proofs: a signed PDF, made once for a run that is done, the same file ever after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import col

from calendars import zone_of
from calendars.zones import DEFAULT_ZONE
from engine import ledger
from engine.errors import AlurError
from engine.letters import render_letter
from engine.letters.signing import Signatory, Signer
from engine.proof.runs import findings_of, read_run
from engine.unit_of_work import Database, UnitOfWork
from models import Anchor, Instance, ProofCertificate, ProofRun, User

SEAL = Signatory("seal", "alur:pembuktian", "Segel Elektronik Pembuktian Alur", "Pembuktian")
MOST_CASES, MOST_FINDINGS = 200, 300
"""That a certificate names; the rest is counted, and stands on the page of the run."""
_KINDS = {
    "verify": ("Periksa catatan", "memeriksa catatan kasus terhadap rantai peristiwanya, isinya, dan buku besar"),
    "reproduce": (
        "Ulangi pelaksanaan",
        "memeriksa catatan kasus dan menjalankan ulang masukan yang tercatat pada versi prosedur yang tercatat",
    ),
}
_CLEAN = {
    "verify": "Rantai peristiwa utuh, isi sesuai sidik jarinya, dan tidak ada yang hilang di ujungnya.",
    "reproduce": "Rantai peristiwa utuh, dan setiap keadaan yang tercatat terulang sama.",
}
_SCOPES = {"case": "satu kasus", "selection": "kasus yang dipilih", "everything": "seluruh kasus dan buku besar"}
_CAUTIONS = {
    "development": "UNTUK PENGEMBANGAN: ditandatangani dengan sertifikat pengembangan, bukan sertifikat resmi.",
    "bsre-simulasi": "SIMULASI BSrE: ditandatangani dengan sertifikat simulasi, bukan sertifikat BSrE.",
}


class NotProvedError(AlurError):
    """This proof is not done; there is nothing to certify yet."""

    indonesian = "Pembuktian ini belum selesai; belum ada yang dapat disertifikatkan."
    code = "not_proved"
    http_status = 409


@dataclass(frozen=True)
class _Told:
    """What a certificate says, read before it is set."""

    run: ProofRun
    by: str
    cases: Sequence[str]
    findings: Sequence[Row[Any]]
    anchor: str | None


def certificate_of(unit: UnitOfWork, run_id: str) -> ProofCertificate | None:
    return unit.session.get(ProofCertificate, run_id)


def issue(
    database: Database, signer: Signer, run_id: str, *, base_url: str, by: str, now: datetime
) -> ProofCertificate:
    """The run's certificate, made and signed outside of any transaction where there is none yet."""
    with database.read() as unit:
        known = certificate_of(unit, run_id)
        told = None if known is not None else _read(unit, run_id)
    if known is not None or told is None:
        return known or _kept(database, run_id)
    number = f"BP-{now.astimezone(zone_of(DEFAULT_ZONE)):%Y%m%d}-{run_id[:8].upper()}"
    body = _pressed(told, number, signer, base_url, now)
    signed = signer.sign(body, SEAL, reason=f"Sertifikat pembuktian {number}", at=now)
    made = ProofCertificate(
        run_id=run_id, number=number, service=signer.service, body=signed.body,
        digest=sha256(signed.body).hexdigest(), issued_by=by, issued_at=now,
    )  # fmt: skip
    with database.write() as unit:
        unit.session.get(ProofRun, run_id, with_for_update=True)  # of two who ask at once, the second finds it made
        first = certificate_of(unit, run_id)
        if first is not None:
            return first
        unit.session.add(made)
        ledger.note(
            unit, ledger.Kind.PROOF_CERTIFIED, at=now, actor_id=by, ref=number,
            digest=bytes.fromhex(made.digest), detail={"run": run_id, "service": signer.service},
        )  # fmt: skip
    return made


def _kept(database: Database, run_id: str) -> ProofCertificate:
    with database.read() as unit:
        return unit.session.get_one(ProofCertificate, run_id)


def _read(unit: UnitOfWork, run_id: str) -> _Told:
    run = read_run(unit, run_id)
    if run.state != "done" or run.digest is None:
        raise NotProvedError
    named = run.choice.get("cases", [])[:MOST_CASES]
    numbers = select(col(Instance.number)).where(col(Instance.id).in_(named)).order_by(col(Instance.number))
    user = unit.session.get(User, run.created_by) if run.created_by else None
    return _Told(
        run,
        user.name if user else "jadwal",
        list(unit.connection.execute(numbers).scalars()) if named else [],
        findings_of(unit, run_id, MOST_FINDINGS),
        _anchor(unit),
    )


def _anchor(unit: UnitOfWork) -> str | None:
    last = unit.connection.execute(select(func.max(col(Anchor.number)))).scalar()
    return None if last is None else str(last)


def _pressed(told: _Told, number: str, signer: Signer, base_url: str, now: datetime) -> bytes:
    run = told.run
    kind, deed = _KINDS[run.kind]
    data = {
        "number": number,
        "base_url": base_url,
        "page_url": f"{base_url}/audit/bukti/{run.id}",
        "issuer": signer.issuer,
        "caution": _CAUTIONS.get(signer.service),
        "version": version("alur"),
        "anchor": told.anchor or "belum ada",
        "cases": list(told.cases),
        "more_cases": max(0, len(run.choice.get("cases", [])) - MOST_CASES),
        "findings": [{"subject": f.subject, "seq": f.seq, "text": f.text["id"]} for f in told.findings],
        "more_findings": max(0, run.findings - MOST_FINDINGS),
        "run": {
            "id": run.id, "kind": kind, "deed": deed, "clean": _CLEAN[run.kind], "scope": _SCOPES[run.scope],
            "by": told.by, "created_at": run.created_at, "finished_at": run.finished_at, "cases": run.cases,
            "events": run.events, "acts": run.acts, "findings": run.findings, "broken": run.broken,
            "digest": (run.digest or b"").hex(), "ledger_count": run.ledger_count or 0,
            "ledger_hash": (run.ledger_hash or b"").hex(),
        },
    }  # fmt: skip
    template = Path(__file__).with_name("certificate.typ").read_bytes()
    return render_letter(template, data, at=now.astimezone(zone_of(DEFAULT_ZONE)), name="certificate.typ")
