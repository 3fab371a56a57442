"""Warns of decision tables whose rows overlap, miss a case that a form lets through, or can never be reached."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.decisions import Case, Coverage, Domains, Table, coverage_of, domains_of, stray_values, table_of
from engine.forms import Form
from engine.gate.dmn import MAX_ROWS
from engine.gate.findings import Finding, Findings, quoted
from engine.gate.package import Package
from engine.gate.xml import read_xml
from engine.manifest import Manifest
from engine.texts import Text

_TEXTS = {
    "overlap": (
        Text("Baris {first} dan {second} cocok sekaligus ({case}), padahal UNIQUE hanya boleh satu baris.",
             "Rows {first} and {second} match at once ({case}), but UNIQUE allows one row only."),
        Text("Persempit salah satunya, atau pakai FIRST bila urutan baris yang menentukan.",
             "Narrow one of them, or use FIRST when the order of rows decides."),
    ),
    "conflict": (
        Text("Baris {first} dan {second} cocok sekaligus ({case}) tetapi hasilnya berbeda, padahal ANY menuntut sama.",
             "Rows {first} and {second} match at once ({case}) with different results, but ANY asks for equal ones."),
        Text("Samakan hasilnya, atau pakai FIRST bila urutan baris yang menentukan.",
             "Make the results equal, or use FIRST when the order of rows decides."),
    ),
    "shadow": (
        Text("Baris {first} tidak pernah tercapai: baris di atasnya sudah mengambil semuanya.",
             "Row {first} is never reached: the rows above it take everything."),
        Text("Pindahkan ke atas, atau hapus.", "Move it up, or delete it."),
    ),
    "gap": (
        Text("Tidak ada baris untuk {case}.", "No row answers {case}."),
        Text("Tambahkan barisnya, atau baris terakhir yang menampung sisanya.",
             "Add a row for it, or a last row that takes the rest."),
    ),
    "stray": (
        Text("Baris {first} menyebut “{value}”, yang tidak ada di antara pilihan formulir {form}.",
             "Row {first} names “{value}”, which is not among the choices of the form {form}."),
        Text("Periksa ejaannya, atau tambahkan pada pilihan formulir.",
             "Check its spelling, or add it to the form's choices."),
    ),
}  # fmt: skip


def check_coverage(package: Package, forms: Mapping[str, Form], manifest: Manifest | None) -> list[Findings]:
    """What is sure about the tables of a package whose files can be read."""
    domains = domains_of(forms.values())
    parameters = manifest.parameter_values() if manifest is not None else {}
    about = []
    for path, body in package.of_kind(".dmn").items():
        table = read_table(body)
        if table is not None and len(table.rules) <= MAX_ROWS:
            coverage = coverage_of(table, domains, parameters)
            about.append(Findings(path, coverage_findings(path, table, coverage, domains, parameters)))
    return about


def read_table(body: bytes) -> Table | None:
    """The table of a decision file; None where there is none that could be looked through."""
    root = read_xml(body, Findings(""))
    return None if root is None else table_of(root)


def coverage_findings(
    path: str, table: Table, coverage: Coverage, domains: Domains, parameters: Mapping[str, Any]
) -> list[Finding]:
    """Only what is sure; what neither the table nor a form names is no fault of the table."""
    findings = Findings(path)
    for shadow in coverage.shadows:
        _say(findings, "shadow", _rule(table, shadow.rule), first=shadow.rule)
    for stray in stray_values(table, domains, parameters):
        form = ", ".join(stray.domain.forms)
        _say(findings, "stray", _rule(table, stray.rule), first=stray.rule, value=quoted(stray.value), form=form)
    _overlaps(findings, table, coverage)
    if table.policy != "COLLECT":
        for case in _missing(table, coverage, domains):
            _say(findings, "gap", table.id, case=words_of(case))
    return list(findings)


def _overlaps(findings: Findings, table: Table, coverage: Coverage) -> None:
    code = {"UNIQUE": "overlap", "ANY": "conflict"}.get(table.policy)
    for overlap in coverage.overlaps if code else ():
        if code == "overlap" or overlap.differs:
            case = words_of(overlap.case)
            element = _rule(table, overlap.second)
            _say(findings, str(code), element, first=overlap.first, second=overlap.second, case=case)


def _missing(table: Table, coverage: Coverage, domains: Domains) -> Iterable[Case]:
    """Gaps in what forms of the package can answer; what else may come, only the owner knows."""
    known = {c.title for c in table.inputs if c.source in domains}
    return (gap.case for gap in coverage.gaps if not gap.open and all(title in known for title, _ in gap.case))


def words_of(case: Case) -> Text:
    """“Jenjang: muda; Nilai: > 5”; everything, where no column narrows it."""
    if not case:
        return Text("apa saja", "anything")
    parts = [Text(f"{quoted(title)}: {words.id}", f"{quoted(title)}: {words.en}") for title, words in case]
    return Text("; ".join(p.id for p in parts), "; ".join(p.en for p in parts))


def _rule(table: Table, number: int) -> str:
    return table.rules[number - 1].id


def _say(findings: Findings, code: str, element: str, **values: Any) -> None:
    reason, cure = _TEXTS[code]
    findings.warning(element, f"dmn_{code}", reason.filled(**values), cure)
