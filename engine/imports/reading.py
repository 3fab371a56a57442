"""Reads a large file in the background and makes its dry run, some hundreds of rows at a time.

Nothing is done yet, so a worker that dies amid it is simply followed by one that begins anew.
"""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import BinaryIO

from engine.errors import AlurError, ForbiddenError, NotFoundError
from engine.imports.chunks import breathe
from engine.imports.errors import ImportRefusedError, UnreadableError
from engine.imports.kinds import ImportContext
from engine.imports.lease import ENDED, LeasedRun, Stop, words
from engine.imports.runs import RUNS, Checked, add_rows, checked_by_kind, forget_rows, typed_rows
from engine.imports.table import stream_table
from engine.unit_of_work import UnitOfWork

CHUNK = 500
MOST_TIMES = 3
"""A file at which the worker died so often is given up."""


class Reading(LeasedRun):
    """The dry run of one leased run whose file lies among the incoming ones."""

    def work(self, stop: Stop) -> int:
        """Returns how many rows were read."""
        context = self.context()
        if context is None:
            return self._refuse(ForbiddenError(why=ENDED))
        try:
            self._begin()
            with self._file() as file:
                return self._read(context, file, stop)
        except (ImportRefusedError, NotFoundError) as error:
            return self._refuse(error)

    def _file(self) -> BinaryIO:
        incoming = self.runner.registry.imports.incoming
        if incoming is None:
            raise NotFoundError
        return incoming.open(self.run.id, 0)

    def _begin(self) -> None:
        """Whatever a reading before this one came to is forgotten."""
        times = self.run.context.get("readings", 0) + 1
        if times > MOST_TIMES:
            raise UnreadableError
        with self.database.write() as unit:
            self.change(unit, context={**self.run.context, "readings": times}, total=0, faulty=0)
        left = True
        while left:
            with self.database.write() as unit:
                left = self.holds(unit) and forget_rows(unit, [self.run.id])

    def _read(self, context: ImportContext, file: BinaryIO, stop: Stop) -> int:
        ignored, rows = stream_table(self.run.filename, file, self.kind.columns, self.kind.limits)
        did = 0
        with closing(rows):
            for chunk in _chunks(typed_rows(rows, self.kind, context.now)):
                with self.database.read() as unit:
                    checked = checked_by_kind(unit, self.kind, context, chunk)
                with self.database.write() as unit:
                    if not self._goes_on(unit) or stop():
                        self._give_back(unit)
                        return did
                    add_rows(unit, self.run.id, checked)
                    faulty = sum(bool(row.faults) for row in checked)
                    self.change(unit, total=RUNS.c.total + len(checked), faulty=RUNS.c.faulty + faulty)
                did += len(checked)
                breathe(self.database.is_sqlite)
        with self.database.write() as unit:
            if self._goes_on(unit):
                self.change(unit, state="checked", context={**self.run.context, "ignored": list(ignored[:20])})
                self._give_back(unit)
        self._drop_file()
        return did

    def _goes_on(self, unit: UnitOfWork) -> bool:
        """Still ours, and not cancelled."""
        return self.holds(unit) and self.state(unit) == "reading"

    def _give_back(self, unit: UnitOfWork) -> None:
        if self.holds(unit):
            self.let_go(unit, finished=False)

    def _refuse(self, error: AlurError) -> int:
        """It is no such table, or may not be read: said on its page; no row of it is kept. That is work done, too."""
        left = True
        while left:
            with self.database.write() as unit:
                left = forget_rows(unit, [self.run.id])
        with self.database.write() as unit:
            if self._goes_on(unit):
                told = {**self.run.context, "refused": words(error)["text"]}
                self.change(unit, state="refused", context=told, total=0, faulty=0,
                            finished_at=self.runner.clock.now())  # fmt: skip
                self._give_back(unit)
        self._drop_file()
        return 1

    def _drop_file(self) -> None:
        incoming = self.runner.registry.imports.incoming
        if incoming is not None:
            incoming.drop(self.run.id)


def _chunks(rows: Iterator[Checked]) -> Iterator[list[Checked]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
