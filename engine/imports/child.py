"""Reads one untrusted workbook in a process of its own, with little memory and time and nothing to write to.

Started by `xlsxfile`, isolated, with the limits as argument and the file as standard input. Answers lines of JSON:
[number, [[kind, text] or null, …]] for each row, and at last {"refused": code or null}. Imports nothing of ours.
"""

import datetime as dt
import json
import math
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

MEMORY = 768 << 20
MAX_ENTRIES, MAX_TEXT = 2_000, 2_000
PIECE = 1 << 20
DOCTYPES = [
    ("<!" + word).encode(code) for word in ("DOCTYPE", "ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
]


class Refused(Exception):  # noqa: N818 -- it is the answer
    """The argument is the code."""


def check_package(file: BinaryIO, limits: dict[str, int]) -> None:
    """A workbook without macros, that unpacks to a bearable size, and whose XML defines no entities."""
    try:
        package = zipfile.ZipFile(file)
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
        if len(entries) > MAX_ENTRIES or sum(sizes) > limits["unpacked"] or max(sizes) > limits["part"]:
            raise Refused("too_big_inside")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("unreadable")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _check_part(package, entry)


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Piece by piece; a mark that begins in one piece and ends in the next is seen in the next."""
    content_types = entry.filename.lower().endswith("[content_types].xml")
    with package.open(entry) as part:
        before = b""
        for piece in iter(lambda: part.read(PIECE), b""):
            here = before + piece
            if any(mark in here for mark in DOCTYPES):
                raise Refused("unreadable")
            if content_types and (b"macroEnabled" in here or b"vbaProject" in here):
                raise Refused("macros")
            before = piece[-64:]


def read(file: BinaryIO, limits: dict[str, int]) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold anything, of the sheet called Data or else the first one."""
    import openpyxl  # noqa: PLC0415 -- after the limits are set

    workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    sheets = workbook.worksheets
    if not sheets:
        raise Refused("unreadable")
    sheet = next((s for s in sheets if s.title.strip().lower() == "data"), sheets[0])
    sheet.reset_dimensions()  # what the file says of its own size is a claim
    count = size = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = [_cell(cell) for cell in cells]
        if not any(row):
            continue
        if any(row[limits["columns"] :]):
            raise Refused("too_many_columns")
        count += 1
        size += sum(len(cell[1]) + 12 for cell in row if cell)
        if count > limits["rows"] + 1:
            raise Refused("too_many_rows")
        if size > limits["answer"]:
            raise Refused("too_big_inside")
        yield number, row[: limits["columns"]]


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
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    refused = None
    try:
        file = open(0, "rb", closefd=False)  # noqa: SIM115 -- a file, not a pipe: a package is read from its end
        check_package(file, limits)
        for row in read(file, limits):
            print(json.dumps(row))  # noqa: T201 -- the answer
    except Refused as error:
        refused = error.args[0]
    except MemoryError:
        refused = "too_big_inside"
    except Exception:  # noqa: BLE001 -- whatever a hostile file provokes is a refusal
        refused = "unreadable"
    print(json.dumps({"refused": refused}))  # noqa: T201 -- the answer


if __name__ == "__main__":
    main()
