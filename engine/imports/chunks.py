"""Works off rows some hundreds at a time: what they do and that they are done is one transaction.

A worker that dies leaves none of them done, and the next one does them all; there is nothing to remember between.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson
from sqlalchemy import and_, select
from sqlalchemy.exc import OperationalError

from engine.imports.errors import RowFailedError
from engine.imports.kinds import ImportContext, Row, Together
from engine.imports.lease import LeasedRun, Stop
from engine.imports.runs import ROWS
from engine.texts import Text
from engine.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

CHUNK = 250
BREATH = 0.03
"""SQLite has one writer at a time: between two chunks whoever waits for a case gets its turn."""


class Chunks(LeasedRun):
    """Some hundreds of rows of one leased run."""

    def work(self, most: int, stop: Stop) -> int:
        """At least one chunk, unless it is to stop; returns how many rows were seen to."""
        context = self.context()
        if context is None:
            return self.end_without_authority()
        did = 0
        while True:
            more = not stop()
            with self.database.write() as unit:
                if not self.holds(unit):
                    return did
                rows = self._open_rows(unit) if more and self.state(unit) == "running" else []
                did += len(rows)
                if rows:
                    self._write_down(unit, self._together(unit, context, rows))
                if not rows or did >= most:
                    self.let_go(unit, finished=more and not rows)
                    return did
            breathe(self.database.is_sqlite)

    def _together(self, unit: UnitOfWork, context: ImportContext, rows: Sequence[Row]) -> Together:
        """One row's fault is its own: when all together fail, they are done one by one."""
        if self.kind.apply_many is None:
            raise LookupError(self.kind.name)
        try:
            with unit.savepoint():
                return self.kind.apply_many(unit, context, rows)
        except OperationalError:
            raise  # the database is away: the rows are done later
        except Exception as error:
            if len(rows) > 1:
                alone = [self._together(unit, context, [row]) for row in rows]
                return Together(_merged(one.done for one in alone), _merged(one.refused for one in alone))
            log.exception("import row failed", extra={"action": "import_row_failed", "kind": self.kind.name})
            told = RowFailedError(kind=type(error).__name__)
            return Together({}, {rows[0].number: Text(told.message("id"), told.message("en"))})

    def _open_rows(self, unit: UnitOfWork) -> list[Row]:
        found = unit.connection.execute(
            select(ROWS.c.number, ROWS.c.row_values, ROWS.c.attempts)
            .where(and_(ROWS.c.run_id == self.run.id, ROWS.c.state == "ready"))
            .order_by(ROWS.c.number)
            .limit(CHUNK)
        )
        return [Row(row.number, row.row_values, self.run.id, row.attempts + 1) for row in found]

    def _write_down(self, unit: UnitOfWork, outcome: Together) -> None:
        """One statement for all of whom the same is said."""
        for state, told in (("done", outcome.done), ("failed", outcome.refused)):
            for text, numbers in _by_text(told).items():
                self.note(unit, numbers, state, {"text": orjson.loads(text)})


def _merged(parts: Iterable[Mapping[int, Text]]) -> dict[int, Text]:
    return {number: text for part in parts for number, text in part.items()}


def _by_text(told: Mapping[int, Text]) -> dict[bytes, list[int]]:
    same: dict[bytes, list[int]] = defaultdict(list)
    for number, text in told.items():
        same[orjson.dumps(text.to_json())].append(number)
    return same


def breathe(is_sqlite: bool) -> None:
    if is_sqlite:
        time.sleep(BREATH)
