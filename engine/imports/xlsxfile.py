"""Reads the first sheet of an .xlsx workbook, in a process of its own: the file comes from outside."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from engine.imports.cells import Cell, GridRow
from engine.imports.errors import BY_CODE, LockedWorkbookError, OldExcelError, UnreadableError
from engine.imports.limits import MAX_COLUMNS, Limits

OLE_HEAD = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP_HEAD = b"PK\x03\x04"
_CHILD = Path(__file__).with_name("child.py")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_places = threading.BoundedSemaphore(2)
"""Workbooks read at once: each may take its whole allowance of memory."""


def read_xlsx(file: BinaryIO, limits: Limits) -> Generator[GridRow]:
    """The rows that hold anything, one after the other as the child reads them. `file` is one of the file system."""
    with closing(_lines(file, limits)) as lines:
        for line in lines:
            try:
                said = json.loads(line)
            except ValueError:
                break  # the child was stopped amid a line
            if isinstance(said, dict):
                _end(said["refused"], limits)
                return
            number, row = said
            yield number, [Cell(*cell) if cell else None for cell in row]
    raise UnreadableError


def _end(refused: str | None, limits: Limits) -> None:
    if refused is not None:
        raise BY_CODE[refused](limit=limits.rows if refused == "too_many_rows" else MAX_COLUMNS)


def refuse_old_form(file: BinaryIO) -> None:
    """A workbook with a password is wrapped in the same old container as an .xls."""
    raise LockedWorkbookError if "EncryptedPackage".encode("utf-16-le") in file.read() else OldExcelError


def _lines(file: BinaryIO, limits: Limits) -> Generator[bytes]:
    """What the child says, until it ends or took too long. A reader that goes away ends the child."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    told = json.dumps({**asdict(limits), "columns": MAX_COLUMNS})
    with (
        _places,
        subprocess.Popen(  # noqa: S603 -- our own program, its arguments are ours
            [sys.executable, "-I", "-B", str(_CHILD), told],
            stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        ) as child,
    ):  # fmt: skip
        # By the clock of the wall it may take far longer than by its processor's: it waits while rows are written.
        patience = threading.Timer(max(30, limits.seconds * 6), child.kill)
        patience.start()
        try:
            yield from child.stdout or ()
        finally:
            patience.cancel()
            child.kill()
