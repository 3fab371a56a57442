"""Reads the first sheet of an .xlsx workbook, in a process of its own: the file comes from outside."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from engine.imports.cells import Cell
from engine.imports.errors import BY_CODE, LockedWorkbookError, OldExcelError, UnreadableError
from engine.imports.limits import MAX_COLUMNS, MAX_ROWS, Grid

OLE_HEAD = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP_HEAD = b"PK\x03\x04"
TIMEOUT_SECONDS = 30
_CHILD = Path(__file__).with_name("child.py")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_places = threading.BoundedSemaphore(2)
"""Workbooks read at once: each may take its whole allowance of memory."""


def read_xlsx(body: bytes) -> Grid:
    """The rows that hold anything, by their number in the sheet."""
    if body.startswith(OLE_HEAD):
        # A workbook with a password is wrapped in the same old container as an .xls.
        raise LockedWorkbookError if "EncryptedPackage".encode("utf-16-le") in body else OldExcelError
    answer = _ask_child(body)
    if "refused" in answer:
        raise BY_CODE[answer["refused"]](limit=MAX_ROWS if answer["refused"] == "too_many_rows" else MAX_COLUMNS)
    return {int(n): [Cell(*cell) if cell else None for cell in row] for n, row in answer["rows"].items()}


def _ask_child(body: bytes) -> dict[str, Any]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    command = [sys.executable, "-I", "-B", str(_CHILD), str(MAX_ROWS), str(MAX_COLUMNS)]
    with _places:
        try:
            done = subprocess.run(  # noqa: S603 -- our own program, its arguments are ours
                command, input=body, capture_output=True, timeout=TIMEOUT_SECONDS, env=environment, check=False
            )
        except subprocess.TimeoutExpired:
            raise UnreadableError from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise UnreadableError from None
    return answer
