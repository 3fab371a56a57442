"""What the pages of proofs read: runs, the newest first, and findings, in the order they were found."""

from typing import Any

from sqlalchemy import Row, select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import Instance, ProofFinding, ProofRun, User
from web.paging import Key, Page, fetch_page

_RUNS = (Key(col(ProofRun.created_at), "created_at", descending=True), Key(col(ProofRun.id), "id", descending=True))
_FINDINGS = (Key(col(ProofFinding.number), "number"),)


def runs(unit: UnitOfWork, *, after: str | None, before: str | None) -> Page:
    query = select(
        ProofRun.id, ProofRun.kind, ProofRun.scope, ProofRun.choice, ProofRun.state, ProofRun.total, ProofRun.cases,
        ProofRun.findings, ProofRun.created_at, ProofRun.finished_at, col(User.name).label("by"),
    ).outerjoin(User, col(User.id) == ProofRun.created_by)  # fmt: skip
    return fetch_page(unit.connection, query, _RUNS, after=after, before=before)


def findings(unit: UnitOfWork, run_id: str, *, after: str | None, before: str | None, size: int = 50) -> Page:
    """`case_number` is None where the case is not there any more."""
    query = (
        select(ProofFinding.number, ProofFinding.instance_id, ProofFinding.subject, ProofFinding.code,
               ProofFinding.seq, ProofFinding.text, col(Instance.number).label("case_number"))
        .outerjoin(Instance, col(Instance.id) == ProofFinding.instance_id)
        .where(col(ProofFinding.run_id) == run_id)
    )  # fmt: skip
    return fetch_page(unit.connection, query, _FINDINGS, after=after, before=before, size=size)


def cases(unit: UnitOfWork, run: ProofRun, most: int) -> list[Row[Any]]:
    """Of a run over chosen cases: the first of them by number."""
    chosen = run.choice.get("cases", [])
    query = select(Instance.number).where(col(Instance.id).in_(chosen)).order_by(Instance.number).limit(most)
    return list(unit.connection.execute(query))
