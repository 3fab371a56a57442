"""The report to a person as a PDF with the installation's seal, and as files for a machine in one archive."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from engine.imports.workbook import csv_text
from engine.letters.press import render_letter
from engine.letters.signing import Signatory, Signer

TEMPLATE = Path(__file__).with_name("report.typ")
SEAL = Signatory("seal", "alur:laporan-subjek", "Segel Elektronik Laporan Subjek Alur", "Pelindungan Data Pribadi")


def report_pdf(report: Mapping[str, Any], signer: Signer, *, zone: str, now: datetime) -> bytes:
    """Set by the letters' press and sealed. Outside of a transaction: it takes some tenths of a second."""
    at = now.astimezone(ZoneInfo(zone))
    body = render_letter(TEMPLATE.read_bytes(), report, at=at, name="report.typ")
    return signer.sign(body, SEAL, reason="Laporan subjek data", at=at).body


def report_zip(report: Mapping[str, Any], pdf: bytes, *, now: datetime) -> bytes:
    """laporan.pdf, laporan.json, and a table for each list. The same report gives the same bytes."""
    files: dict[str, bytes] = {"laporan.pdf": pdf, "laporan.json": report_json(report)}
    for table in report["tables"]:
        files[f"{table['table']}.csv"] = _csv(table["columns"], table["rows"])
    cases = report["cases"]
    files["kasus.csv"] = _csv(
        ["number", "process", "purpose", "legal_basis", "as", "status", "started_at", "ended_at", "kept", "kept_until"],
        ([c["number"], c["process"], c["purpose"], "; ".join(c["legal_basis"]), c["as"], c["status"], c["started_at"],
          c["ended_at"], c["kept"], c["kept_until"]] for c in cases),
    )  # fmt: skip
    files["data.csv"] = _csv(
        ["number", "path", "label", "value"],
        ([c["number"], h["path"], h["label"], h["value"]] for c in cases for h in c["held"]),
    )
    files["pemrosesan.csv"] = _csv(
        ["number", "office", "acts", "first", "last"],
        ([c["number"], p["office"], p["acts"], p["first"], p["last"]] for c in cases for p in c["processed"]),
    )
    files["akses.csv"] = _csv(
        ["number", "at", "office", "what", "reason"],
        ([c["number"], s["at"], s["office"], s["what"], s["reason"]] for c in cases for s in c["seen"]),
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return made.getvalue()


def report_json(report: Mapping[str, Any]) -> bytes:
    """For a machine: instants in UTC, keys in order."""
    option = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z
    return orjson.dumps(report, option=option, default=str)


def _csv(header: list[str], rows: Iterable[list[Any]]) -> bytes:
    return csv_text(header, ([_cell(value) for value in row] for row in rows)).encode()


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else "" if value is None else value
