"""How much of a file is read. Numbers that people meet are said to them in words when they meet them."""

from dataclasses import dataclass

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2_000
MAX_COLUMNS = 60


@dataclass(frozen=True)
class Limits:
    """Of one file. What a workbook unpacks to, and the processor time it takes, are bounded as well."""

    rows: int = MAX_ROWS
    bytes: int = MAX_BYTES
    unpacked: int = 80 << 20
    part: int = 60 << 20
    answer: int = 16 << 20
    seconds: int = 20

    @property
    def megabytes(self) -> int:
        return self.bytes >> 20


SMALL = Limits()
"""Read while the person waits."""
LARGE = Limits(rows=150_000, bytes=40 << 20, unpacked=512 << 20, part=400 << 20, answer=128 << 20, seconds=150)
"""Read by the worker, row by row: memory does not grow with the file, only the list of what may stand once does."""
