"""The page of one case: what it is, what deviates in it, how it was proved last, and where one goes from here."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Row, func, select
from sqlmodel import col

from engine.privacy import masking_for, names_people
from engine.retention import destroyed_of
from engine.unit_of_work import UnitOfWork
from models import HistoryEvent, Instansi, ProofFinding, User
from models.history import INTERVENTIONS
from web.audit.access import AUDITORS, audited_case
from web.audit.find import queries, words
from web.audit.find.views import blueprint
from web.audit.frame import may_open
from web.cases import present
from web.cases.past import whole_past_of
from web.cases.related import programme_of
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow
from web.words.names import element_name, process_title, stage_text, status_text
from web.words.spans import elapsed_text

MOST_FINDINGS = 50


@blueprint.get("/audit/kasus/<number>")
@allow(AUDITORS)
def case(number: str) -> str:
    """A case as an auditor sees it before going further; personal data masked."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = audited_case(unit, actor, number)
        past = whole_past_of(unit.connection, row.id, services().definitions.version(row.version_id, unit))
        versions = past.versions()
        masking = masking_for(
            unit, services().definitions, actor, row.id, now=now, versions=[v.id for v in versions],
            locale=locale_code(),
        )  # fmt: skip
        marks = queries.marks(unit, [row.id], now)
        proofs = queries.proofs(unit, [row.id]).get(row.id, [])
        title = process_title(past.version)
        late = marks.late.get(row.id)
        return render_template(
            "audit/find/case.html",
            case=row,
            title=masking.title(row.title or title, title, personal=names_people(past.version)),
            process=title,
            versions=[version.number for version in versions],
            status_text=status_text(row.status),
            tone=present.TONES.get(row.status, "neutral"),
            stage=masking.text(stage_text(past.version, row.stage_element, row.stage)),
            outcome=element_name(past.version, row.outcome) if row.outcome else "",
            instansi=_name(unit, Instansi, row.instansi_id),
            starter=masking.person(row.starter_id, _name(unit, User, row.starter_id)),
            programme=programme_of(unit, row.id),
            late=elapsed_text(late) if late else "",
            interventions=[(words.intervention(kind), times) for kind, times in _interventions(unit, row.id)],
            proofs=proofs,
            proof=words.proof_text(proofs, row.event_count),
            findings=_findings(unit, row.id, proofs),
            ways=_ways(number),
            destroyed=destroyed_of(unit, row.id),
            masking=masking,
        )


def _ways(number: str) -> list[tuple[str, str, str]]:
    """(Icon, words, address) of each part of the audit that shows a case."""
    parts = [
        ("play-circle", _("Putar ulang"), "audit_replay.show"),
        ("list-check", _("Cerita"), "audit_story.show"),
        ("download", _("Bundel"), "audit_bundles.case"),
        ("eye", _("Siapa melihat apa"), "audit_seen.case"),
    ]
    return [(icon, text, url_for(endpoint, number=number)) for icon, text, endpoint in parts if may_open(endpoint)]


def _interventions(unit: UnitOfWork, instance_id: str) -> Sequence[Row[Any]]:
    """Each kind with how often."""
    query = select(HistoryEvent.kind, func.count()).where(
        col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.kind).in_(INTERVENTIONS)
    )
    return unit.connection.execute(query.group_by(HistoryEvent.kind).order_by(HistoryEvent.kind)).all()


def _findings(unit: UnitOfWork, instance_id: str, proofs: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Of the last proof of each way."""
    runs = [proof.run_id for proof in proofs if proof.findings]
    query = select(ProofFinding.seq, ProofFinding.code, ProofFinding.text, ProofFinding.run_id).where(
        col(ProofFinding.instance_id) == instance_id, col(ProofFinding.run_id).in_(runs)
    )
    return unit.connection.execute(query.order_by(ProofFinding.run_id, ProofFinding.number).limit(MOST_FINDINGS)).all()


def _name(unit: UnitOfWork, kind: type[Instansi] | type[User], ident: str | None) -> str:
    found = unit.session.get(kind, ident) if ident else None
    return found.name if found else ""
