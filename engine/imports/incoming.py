"""Files that were uploaded and not yet checked: kept aside, never served to anybody, gone when their import ends."""

import os
import re
import shutil
from pathlib import Path
from typing import BinaryIO

from engine.errors import NotFoundError
from engine.imports.errors import EmptyTableError, TooLargeError

PIECE = 1 << 20
_RUN = re.compile(r"[0-9a-f]{32}\Z")


class Incoming:
    """A folder with one folder per run and one file per row. What people call their files is no part of a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, run_id: str, number: int, body: bytes) -> None:
        """Keep a file, readable by us alone."""
        path = self._path(run_id, number)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "wb", opener=_private) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())

    def put_from(self, run_id: str, number: int, stream: BinaryIO, limit: int) -> None:
        """The same from a stream, piece by piece; refused, and dropped again, when it is longer than `limit`."""
        path = self._path(run_id, number)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        size = 0
        with open(path, "wb", opener=_private) as file:
            while size <= limit and (piece := stream.read(PIECE)):
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if not 0 < size <= limit:
            self.drop(run_id)
            raise TooLargeError(size=size, limit=limit) if size else EmptyTableError

    def open(self, run_id: str, number: int) -> BinaryIO:
        try:
            return self._path(run_id, number).open("rb")
        except OSError:
            raise NotFoundError from None

    def get(self, run_id: str, number: int) -> bytes:
        try:
            return self._path(run_id, number).read_bytes()
        except OSError:
            raise NotFoundError from None

    def drop(self, run_id: str) -> None:
        """Forget all files of a run."""
        shutil.rmtree(self._path(run_id, 0).parent, ignore_errors=True)

    def _path(self, run_id: str, number: int) -> Path:
        if not _RUN.match(run_id):
            raise NotFoundError
        return self._folder / run_id / str(int(number))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
