"""A case on an auditor's list in words: masked, with how late it was, what deviates, and how it was proved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine.actors import Actor
from engine.privacy import masking_of_lists, names_people
from engine.unit_of_work import UnitOfWork
from web.audit.find import queries
from web.audit.find.queries import Marks
from web.cases import present
from web.cases.present import CaseRow
from web.context import services
from web.i18n import locale_code, short_day
from web.words.spans import elapsed_text


@dataclass(frozen=True)
class Found:
    """A line of the list. `deviations`: (words, tone)."""

    case: CaseRow
    title: str
    began: str
    ended: str
    """Days, in the case's zone."""
    late: str
    deviations: list[tuple[str, str]]
    proof: tuple[str, str] | None
    """Words and tone; None: never proved."""


def lines(unit: UnitOfWork, actor: Actor, rows: list[Any], now: datetime) -> list[Found]:
    marks = queries.marks(unit, [row.id for row in rows], now)
    masking = masking_of_lists(actor, locale_code())
    found = []
    for row in rows:
        case = present.case(unit, row)
        personal = names_people(services().definitions.version(row.version_id, unit))
        late = marks.late.get(row.id)
        found.append(
            Found(
                case=case,
                title=masking.title(case.title, case.process, personal=personal),
                began=short_day(case.started_at, case.zone),
                ended=short_day(case.ended_at, case.zone),
                late=elapsed_text(late) if late else "",
                deviations=_deviations(row, marks),
                proof=proof_text(marks.proofs.get(row.id, ()), row.event_count),
            )
        )
    return found


def _deviations(row: Any, marks: Marks) -> list[tuple[str, str]]:
    found = [(intervention(kind), "warn") for kind in marks.interventions.get(row.id, ())]
    if row.id in marks.broken:
        found.append((_("aturan prosedur dilanggar"), "warn"))
    if any(proof.findings for proof in marks.proofs.get(row.id, ())):
        found.append((_("temuan pembuktian"), "bad"))
    return found


def proof_text(proofs: Any, event_count: int) -> tuple[str, str] | None:
    """How the case stood in the latest of its proofs."""
    if not proofs:
        return None
    if any(proof.findings for proof in proofs):
        return _("ada temuan"), "bad"
    if max(proof.events for proof in proofs) < event_count:
        return _("terbukti, lalu berlanjut"), "neutral"
    return _("terbukti"), "good"


def intervention(kind: str) -> str:
    return {
        "case:suspended": _("ditangguhkan"),
        "case:resumed": _("dilanjutkan"),
        "case:cancelled": _("dihentikan"),
        "case:migrated": _("dipindahkan versi"),
        "task:assigned": _("tugas diserahkan"),
        "deadline:moved": _("tenggat digeser"),
        "timer:moved": _("tenggat digeser"),
        "incident:retried": _("diulang operator"),
        "incident:skipped": _("dilewati operator"),
    }.get(kind, kind)


def orders() -> list[tuple[str, str]]:
    return [
        ("terbaru", _("Terbaru dimulai")),
        ("terlama", _("Terlama dimulai")),
        ("selesai", _("Terakhir selesai")),
        ("nomor", _("Nomor kasus")),
    ]


def lateness() -> list[tuple[str, str]]:
    """Late by more than so many days of the calendar."""
    return [
        ("0", _("Ya, berapa pun")),
        ("1", _("Lebih dari 1 hari")),
        ("3", _("Lebih dari 3 hari")),
        ("7", _("Lebih dari 7 hari")),
        ("30", _("Lebih dari 30 hari")),
    ]


def deviations() -> list[tuple[str, str]]:
    return [
        ("intervensi", _("Campur tangan orang")),
        ("aturan", _("Aturan prosedur dilanggar")),
        ("pembuktian", _("Temuan pembuktian")),
        ("belum", _("Belum pernah dibuktikan")),
    ]
