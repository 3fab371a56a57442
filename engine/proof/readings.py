"""Who read which document: each reading is in the ledger, and each of the ledger's is still a row."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Table, select

from engine import ledger
from engine.history import Finding
from engine.history.verify import finding
from engine.ledger.digests import reading_digest
from engine.unit_of_work import UnitOfWork
from models import DocumentReading, metadata

READINGS: Table = metadata.tables[str(DocumentReading.__tablename__)]
AT_ONCE = 2_000


def check_readings(unit: UnitOfWork) -> Iterator[tuple[str, Finding]]:
    """By who read, or the reading's id, with what is wrong with it; the number is the ledger's."""
    entered: set[str] = set()
    after = 0
    while some := _entries(unit, after):
        after = some[-1].seq
        rows = _rows(unit, [entry.detail["reading"] for entry in some])
        entered.update(entry.detail["reading"] for entry in some)
        for entry in some:
            row = rows.get(entry.detail["reading"])
            if row is None or _digest(row) != bytes(entry.digest):
                text = "Catatan siapa membaca dokumen hilang atau diubah."
                english = "The record of who read a document is gone or was changed."
                yield entry.actor_id or "", finding("reading", text, english, entry.seq)
    for ident in unit.connection.execute(select(READINGS.c.id)).scalars():
        if ident not in entered:
            text = "Pembacaan dokumen ini tidak pernah masuk buku besar."
            yield ident, finding("reading", text, "This reading of a document was never entered into the ledger.")


def _digest(row: Row[Any]) -> bytes:
    return reading_digest(ident=row.id, attachment_id=row.attachment_id, user_id=row.user_id, at=row.at)


def _entries(unit: UnitOfWork, after: int) -> list[Row[Any]]:
    table = ledger.ENTRIES
    some = select(table).where(table.c.kind == ledger.Kind.DOCUMENT_READ, table.c.seq > after)
    return list(unit.connection.execute(some.order_by(table.c.seq).limit(AT_ONCE)))


def _rows(unit: UnitOfWork, ids: list[str]) -> dict[str, Row[Any]]:
    return {row.id: row for row in unit.connection.execute(select(READINGS).where(READINGS.c.id.in_(ids)))}
