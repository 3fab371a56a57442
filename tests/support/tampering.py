"""Changes something of an installation's record at random, looks whether the proof finds and names it, and undoes it.

.venv/bin/python -m tests.support.tampering --times 10000 [--postgresql] [--seed 1] [--json]
"""

import argparse
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Date, String, Table, and_, delete, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from engine.definitions import Definitions
from engine.proof import Bench, Found, check_beside, check_together
from engine.proof.columns import PROVED
from engine.unit_of_work import Database, UnitOfWork
from models import metadata
from models.types import JsonText, UtcDateTime
from tests.support.databases import create_postgresql
from tests.support.installed import Installed
from tests.support.postgresql import Cluster

TABLES = {name: metadata.tables[name] for name in PROVED}
NOT_COPIED = {"document", "instance_data", "ledger_head", "anchor_leaf"}
"""A second row of these says nothing of anybody: a file that nobody names, a document of no token."""


class _Undo(Exception):
    pass


class OddTamperingError(Exception):
    """The database would not take this one, or it changes nothing: another is tried."""


@dataclass
class Tampered:
    what: str
    case: str | None = None
    """The number of the case whose record it is."""


@dataclass
class Vandal:
    """Knows the rows of an installation as they are when it comes."""

    installed: Installed
    rows: dict[str, list[Any]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.database.read() as unit:
            for name, table in TABLES.items():
                self.rows[name] = unit.connection.execute(select(table).order_by(*table.primary_key)).all()
        self.numbers = {row.id: row.number for row in self.rows["instance"]}
        self.ids = sorted(self.numbers)
        self.definitions = Definitions(self.database)

    @property
    def database(self) -> Database:
        return self.installed.office.database

    def strike(self, chance: random.Random) -> tuple[Tampered, list[Found]]:
        """Change one thing, say what was found of it, and leave everything as it was."""
        while True:
            try:
                if chance.random() < 0.04:
                    return self._file(chance)
                return self._rows(chance)
            except OddTamperingError:
                continue

    def findings(self, unit: UnitOfWork) -> list[Found]:
        bench = Bench(self.definitions, self.installed.documents)
        ids = [ident for (ident,) in unit.connection.execute(text("SELECT id FROM instance"))]
        return [*check_together(unit, bench, ids).findings, *check_beside(unit)]

    # --- the ways of doing it ----------------------------------------------------------------------------------------

    def _rows(self, chance: random.Random) -> tuple[Tampered, list[Found]]:
        way = chance.choice([self._change] * 6 + self._others())
        answer: list[Any] = []
        try:
            with self.database.write() as unit:
                _without_keys(unit)
                try:
                    done = way(unit, chance)
                except (DBAPIError, StatementError) as error:
                    raise OddTamperingError from error
                answer += [done, self.findings(unit)]
                raise _Undo  # noqa: TRY301 -- what a transaction is undone by
        except _Undo:
            return answer[0], answer[1]

    def _others(self) -> list[Any]:
        return [self._spoil, self._remove, self._copy, self._swap, self._cut, self._remove_case]

    def _change(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        table, row = self._row(chance)
        column = table.c[chance.choice(sorted(PROVED[table.name]))]
        if table.name == "user_task" and column.name == "case_title" and row.state not in ("open", "suspended"):
            raise OddTamperingError
        others = [getattr(other, column.name) for other in self.rows[table.name]]
        before = getattr(row, column.name)
        after = _other(column, before, others, chance)
        if after == before and type(after) is type(before):
            raise OddTamperingError
        unit.connection.execute(update(table).where(_is(table, row)).values({column.name: after}))
        return self._tampered(f"{table.name}.{column.name}: {before!r:.60} → {after!r:.60}", row)

    def _spoil(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        """What was JSON, and cannot be read any more."""
        table, row = self._row(chance)
        columns = [c for c in PROVED[table.name] if isinstance(table.c[c].type, JsonText)]
        if not columns:
            raise OddTamperingError
        column = chance.choice(columns)
        spoilt = update(table).where(_is(table, row)).values({column: literal("{", String())})
        unit.connection.execute(spoilt)
        return self._tampered(f"{table.name}.{column}: spoilt", row)

    def _remove(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        table, row = self._row(chance)
        unit.connection.execute(delete(table).where(_is(table, row)))
        return self._tampered(f"{table.name}: a row removed", row)

    def _copy(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        table, row = self._row(chance)
        if table.name in NOT_COPIED:
            raise OddTamperingError
        key = [c for c in table.primary_key if c.name != "instance_id"][-1]
        values = {**row._mapping, key.name: _other(key, getattr(row, key.name), [], chance)}
        if table.name == "instance":
            values["number"] = "9999-AAAA-BBBB"
        unit.connection.execute(insert(table), values)
        done = self._tampered(f"{table.name}: a row added, like {getattr(row, key.name)}", row)
        return Tampered(done.what, "9999-AAAA-BBBB") if table.name == "instance" else done

    def _swap(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        """Two rows of a table change places in one column: events of one case, payloads, tokens, days off …"""
        table, row = self._row(chance)
        column = chance.choice([c for c in sorted(PROVED[table.name]) if c not in table.primary_key.columns])
        alike = [r for r in self.rows[table.name] if getattr(r, column) != getattr(row, column)]
        if not alike or (table.name, column) == ("user_task", "case_title"):
            raise OddTamperingError
        other = chance.choice(alike)
        for one, value in ((row, getattr(other, column)), (other, getattr(row, column))):
            unit.connection.execute(update(table).where(_is(table, one)).values({column: value}))
        return self._tampered(f"{table.name}.{column}: swapped between two rows", row)

    def _cut(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        case = chance.choice(self.ids)
        events = [row for row in self.rows["history_event"] if row.instance_id == case]
        last = chance.randrange(len(events))
        for name in ("history_payload", "history_event"):
            table = TABLES[name]
            unit.connection.execute(delete(table).where(table.c.instance_id == case, table.c.seq > last))
        return Tampered(f"history: only {last} of {len(events)} events left", self.numbers[case])

    def _remove_case(self, unit: UnitOfWork, chance: random.Random) -> Tampered:
        """All of a case: nothing in any table names it, but the ledger and the anchors."""
        case = chance.choice(self.ids)
        for table in reversed(metadata.sorted_tables):
            if table.name not in ("ledger_entry", "anchor_leaf", "case_link") and "instance_id" in table.c:
                unit.connection.execute(delete(table).where(table.c.instance_id == case))
        unit.connection.execute(delete(TABLES["instance"]).where(TABLES["instance"].c.id == case))
        return Tampered("a whole case removed", self.numbers[case])

    def _file(self, chance: random.Random) -> tuple[Tampered, list[Found]]:
        row = chance.choice([row for row in self.rows["attachment"] if row.instance_id])
        path = self.installed.documents._path(row.digest)
        before = path.read_bytes()
        way = chance.choice(["flip", "cut", "remove", "exchange"])
        if way == "remove":
            path.unlink()
        elif way == "exchange":
            others = {other.digest for other in self.rows["attachment"]} - {row.digest}
            path.write_bytes(self.installed.documents.body(chance.choice(sorted(others))))
        else:
            path.write_bytes(_flipped(before, chance) if way == "flip" else before[: chance.randrange(len(before))])
        try:
            with self.database.read() as unit:
                return self._tampered(f"file: {way}", row), self.findings(unit)
        finally:
            path.write_bytes(before)

    def _row(self, chance: random.Random) -> tuple[Table, Any]:
        name = chance.choice([name for name in TABLES if self.rows[name]])
        return TABLES[name], chance.choice(self.rows[name])

    def _tampered(self, what: str, row: Any) -> Tampered:
        """An entry of the ledger is named by its number; what is in a case, by the case's."""
        if what.startswith("ledger_entry"):
            return Tampered(what)
        case = getattr(row, "instance_id", None) or getattr(row, "number", None)
        return Tampered(what, self.numbers.get(case, case if case in self.numbers.values() else None))


def is_named(done: Tampered, found: list[Found]) -> bool:
    """Something was found, and where it is of a case, that case is named."""
    told = [f"{one.subject} {one.finding.text.en}" for one in found]
    return bool(told) and (done.case is None or any(done.case in one for one in told))


def _is(table: Table, row: Any) -> Any:
    return and_(*(c == getattr(row, c.name) for c in table.primary_key))


def _without_keys(unit: UnitOfWork) -> None:
    """Whoever has the database in their hands is not held by foreign keys."""
    if unit.is_postgresql:
        unit.connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        unit.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def _other(column: Column[Any], before: Any, others: list[Any], chance: random.Random) -> Any:  # noqa: PLR0911
    """Another value that this column might have: of another row, near to it, or nothing at all."""
    if before is not None and column.nullable and chance.random() < 0.15:
        return None
    different = [value for value in others if value != before and value is not None]
    if different and chance.random() < 0.4:
        return chance.choice(different)
    kind = column.type
    if isinstance(kind, UtcDateTime):
        shift = chance.choice([timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=-1)])
        return (before or datetime(2026, 6, 1, tzinfo=UTC)) + shift
    if isinstance(kind, Date):
        return (before or date(2026, 6, 1)) + timedelta(days=chance.choice([-1, 1, 365]))
    if isinstance(kind, Boolean):
        return not before
    if isinstance(kind, JsonText):
        return _other_json(before, chance)
    if isinstance(before, (bytes, memoryview)) or kind.python_type is bytes:
        return _flipped(bytes(before or b"\0" * 8), chance)
    if kind.python_type in (int, float):
        return (before or 0) + chance.choice([1, -1, 2])
    return _other_text(before or "", chance)


def _other_text(before: str, chance: random.Random) -> str:
    if not before:
        return "x"
    at = chance.randrange(len(before))
    letter = "y" if before[at] == "x" else "x"
    return chance.choice([before[:at] + letter + before[at + 1 :], before[:at] + before[at + 1 :], before + "x"])


def _other_json(before: Any, chance: random.Random) -> Any:  # noqa: PLR0911 -- a kind of JSON each
    if isinstance(before, dict) and before and chance.random() < 0.8:
        name = chance.choice(sorted(before))
        if chance.random() < 0.3:
            return {key: value for key, value in before.items() if key != name}
        return {**before, name: _other_json(before[name], chance)}
    if isinstance(before, dict):
        return {**before, "x": 1}
    if isinstance(before, list):
        return before[1:] if before and chance.random() < 0.5 else [*before, "x"]
    if isinstance(before, bool):
        return not before
    if isinstance(before, (int, float)):
        return before + 1
    return _other_text(before, chance) if isinstance(before, str) else {"x": 1}


def _flipped(body: bytes, chance: random.Random) -> bytes:
    if not body:
        return b"x"
    at = chance.randrange(len(body))
    return body[:at] + bytes([body[at] ^ (1 << chance.randrange(8))]) + body[at + 1 :]


# --- the big run -----------------------------------------------------------------------------------------------------


@contextmanager
def fresh(folder: Path, *, postgresql: bool) -> Any:
    """A database with all tables."""
    if not postgresql:
        database = Database(f"sqlite:///{folder / 'tampered.sqlite3'}")
        metadata.create_all(database.engine)
        yield database
        database.dispose()
        return
    cluster = Cluster()
    try:
        database = Database(create_postgresql(cluster.start(), "tampered"))
        yield database
        database.dispose()
    finally:
        cluster.stop()


def run(times: int, seed: int, *, postgresql: bool) -> dict[str, Any]:
    chance = random.Random(seed)
    kinds: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    missed: list[str] = []
    unnamed: list[str] = []
    with tempfile.TemporaryDirectory() as folder, fresh(Path(folder), postgresql=postgresql) as database:
        vandal = Vandal(Installed(database, Path(folder) / "documents"))
        with database.read() as unit:
            before = [one.to_json() for one in vandal.findings(unit)]
        began = time.monotonic()
        for number in range(times):
            done, found = vandal.strike(chance)
            kinds[done.what.partition(":")[0]] += 1
            codes.update({one.finding.code for one in found})
            if not found:
                missed.append(done.what)
            elif not is_named(done, found):
                unnamed.append(done.what)
            if number % 1000 == 999:
                print(f"{number + 1}: {len(missed)} missed, {len(unnamed)} not named", file=sys.stderr)  # noqa: T201
        with database.read() as unit:
            after = [one.to_json() for one in vandal.findings(unit)]
    return {
        "database": "postgresql" if postgresql else "sqlite",
        "seed": seed,
        "tamperings": times,
        "found": times - len(missed),
        "missed": missed,
        "found_but_not_named": unnamed,
        "untouched_before": before,
        "untouched_after": after,
        "seconds": round(time.monotonic() - began, 1),
        "by_place": dict(sorted(kinds.items())),
        "by_finding": dict(sorted(codes.items())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    report = run(options.times, options.seed, postgresql=options.postgresql)
    print(json.dumps(report, indent=2, ensure_ascii=False))  # noqa: T201 -- the result
    sys.exit(1 if report["missed"] or report["found_but_not_named"] or report["untouched_after"] else 0)


if __name__ == "__main__":
    main()
