"""Reads one untrusted workbook in a process of its own, with little memory and time and nothing to write to.

Started by `xlsxfile`, isolated, with the limits as arguments and the file on standard input. Answers one line of JSON:
{"rows": {number: [[kind, text] or null, …]}} or {"refused": code}. Imports nothing of ours.
"""

import datetime as dt
import io
import json
import math
import resource
import sys
import zipfile
from typing import Any

MEMORY, SECONDS = 768 << 20, 20
MAX_ENTRIES, MAX_UNPACKED, MAX_PART = 2_000, 80 << 20, 60 << 20
MAX_TEXT, MAX_ANSWER = 2_000, 16 << 20
DOCTYPES = [
    ("<!" + word).encode(code) for word in ("DOCTYPE", "ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
]


class Refused(Exception):  # noqa: N818 -- it is the answer
    """The argument is the code."""


def check_package(body: bytes) -> None:
    """A workbook without macros, that unpacks to a bearable size, and whose XML defines no entities."""
    try:
        package = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused("file_kind") from None
    with package:
        entries = package.infolist()
        names = {entry.filename.lower().lstrip("/") for entry in entries}
        if "[content_types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
            raise Refused("file_kind")
        if any(name.endswith((".bin", ".vbs", ".exe", ".dll")) and "printersettings" not in name for name in names):
            raise Refused("macros")
        sizes = [entry.file_size for entry in entries]
        if len(entries) > MAX_ENTRIES or sum(sizes) > MAX_UNPACKED or max(sizes) > MAX_PART:
            raise Refused("too_big_inside")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("unreadable")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _check_part(package.read(entry), entry.filename.lower())


def _check_part(part: bytes, name: str) -> None:
    if any(mark in part for mark in DOCTYPES):
        raise Refused("unreadable")
    if name.endswith("[content_types].xml") and (b"macroEnabled" in part or b"vbaProject" in part):
        raise Refused("macros")


def read(body: bytes, max_rows: int, max_columns: int) -> dict[int, list[Any]]:
    """Rows that hold anything, of the sheet called Data or else the first one."""
    import openpyxl  # noqa: PLC0415 -- after the limits are set

    workbook = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
    sheets = workbook.worksheets
    if not sheets:
        raise Refused("unreadable")
    sheet = next((s for s in sheets if s.title.strip().lower() == "data"), sheets[0])
    sheet.reset_dimensions()  # what the file says of its own size is a claim
    rows: dict[int, list[Any]] = {}
    size = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = [_cell(cell) for cell in cells]
        if not any(row):
            continue
        if any(row[max_columns:]):
            raise Refused("too_many_columns")
        rows[number] = row[:max_columns]
        size += sum(len(cell[1]) + 12 for cell in row if cell)
        if len(rows) > max_rows + 1:
            raise Refused("too_many_rows")
        if size > MAX_ANSWER:
            raise Refused("too_big_inside")
    return rows


def _cell(cell: Any) -> list[str] | None:
    """What stands in the cell, as [kind, text]."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return ["formula", ""]
    if cell.data_type == "e":
        return ["error", str(value)[:20]]
    if isinstance(value, (bool, int, float)):
        return _figure(value)
    if isinstance(value, dt.date):
        return _dated(value)
    text = str(value).replace("\u00a0", " ").strip()
    kind = "long" if len(text) > MAX_TEXT else "text"
    return [kind, text[:MAX_TEXT]] if text else None


def _figure(value: float) -> list[str]:
    if isinstance(value, bool):
        return ["boolean", "true" if value else "false"]
    return ["number", repr(value)] if math.isfinite(value) else ["error", "#NUM!"]


def _dated(value: dt.date) -> list[str]:
    if isinstance(value, dt.datetime):
        if (value.hour, value.minute, value.second) != (0, 0, 0):
            return ["moment", value.isoformat(timespec="seconds")]
        value = value.date()
    return ["date", value.isoformat()]


def main() -> None:
    """Limits first, then the file."""
    body = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        check_package(body)
        answer: dict[str, Any] = {"rows": read(body, int(sys.argv[1]), int(sys.argv[2]))}
    except Refused as refused:
        answer = {"refused": refused.args[0]}
    except MemoryError:
        answer = {"refused": "too_big_inside"}
    except Exception:  # noqa: BLE001 -- whatever a hostile file provokes is a refusal
        answer = {"refused": "unreadable"}
    print(json.dumps(answer))  # noqa: T201 -- the answer


if __name__ == "__main__":
    main()
