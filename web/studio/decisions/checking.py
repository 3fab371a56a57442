"""What there is to say about a table while it is being made: the gate's findings, and what its rows cover."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from engine.decisions import Coverage, Domains, Table, coverage_of
from engine.gate.coverage import coverage_findings, words_of
from engine.gate.dmn import MAX_ROWS, read_decision
from engine.gate.findings import Finding, Findings
from web.i18n import locale_code
from web.studio.words import finding_json

MAX_SHOWN = 12
Message = dict[str, Any]


def messages(
    path: str, body: bytes, table: Table | None, domains: Domains, parameters: Mapping[str, Any]
) -> list[Message]:
    """Errors first, then what is likely not meant, then what is good to know."""
    findings = Findings(path)
    read_decision(body, findings)
    found: list[Finding] = list(findings)
    told: list[Message] = []
    if table is not None and len(table.rules) <= MAX_ROWS:
        coverage = coverage_of(table, domains, parameters)
        found += coverage_findings(path, table, coverage, domains, parameters)
        if not any(f.is_error for f in found):
            told = list(_told(table, coverage, {f.code for f in found}))
    order = {"error": 0, "warning": 1}
    return [finding_json(f) for f in sorted(found, key=lambda f: order[f.severity])] + told


def _told(table: Table, coverage: Coverage, said: set[str]) -> Iterator[Message]:
    """What is no fault, or not surely one."""
    if "dmn_gap" not in said:
        yield from _gaps(table, coverage)
    if coverage.limited:
        yield _info(_("Tabel ini terlalu bercabang untuk dicari celahnya sampai tuntas."))
    for number, column in coverage.unclear[:1]:
        title = table.inputs[column].title
        reason = _(
            "Celah dan tumpang tindih tidak dapat dipastikan: sel %(title)s pada baris %(row)s bergantung pada data.",
            title=title,
            row=number,
        )
        yield _info(reason, element=table.rules[number - 1].id)
    if table.policy == "FIRST" and coverage.overlaps:
        yield _info(_("Beberapa baris dapat cocok sekaligus; yang paling atas yang dipakai."))
    if coverage.complete and not (said & {"dmn_overlap", "dmn_conflict"}):
        yield _good(_praise(table))


def _praise(table: Table) -> str:
    if table.policy == "UNIQUE":
        return _("Lengkap: setiap masukan yang mungkin cocok dengan tepat satu baris.")
    return _("Lengkap: setiap masukan yang mungkin cocok dengan sedikitnya satu baris.")


def _gaps(table: Table, coverage: Coverage) -> Iterator[Message]:
    locale = locale_code()
    for gap in coverage.gaps[:MAX_SHOWN]:
        case = words_of(gap.case).in_locale(locale)
        reason = _("Tidak ada baris untuk %(case)s; hasilnya lalu kosong.", case=case)
        yield _info(reason, element=table.id)
    if len(coverage.gaps) > MAX_SHOWN:
        yield _info(_("Dan %(number)s celah lain.", number=len(coverage.gaps) - MAX_SHOWN))


def _info(reason: str, element: str = "") -> Message:
    return {"severity": "info", "severity_text": _("Catatan"), "element": element, "reason": reason, "cure": ""}


def _good(reason: str) -> Message:
    return {"severity": "good", "severity_text": _("Baik"), "element": "", "reason": reason, "cure": ""}
