"""Checks the ledger against itself, and that every case it registered is there, and no other."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Table, select

from engine.history import EVENTS, Finding
from engine.history.verify import finding
from engine.ledger.book import ENTRIES, head
from engine.ledger.chain import GENESIS, entry_hash
from engine.ledger.kinds import Kind
from engine.unit_of_work import UnitOfWork
from models import Instance, metadata

INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
AT_ONCE = 5_000
BEFORE_ALL = -(2**62)
"""Numbers begin with one; what somebody put before it is found, too."""


def verify(unit: UnitOfWork) -> list[Finding]:
    """Everything wrong with the ledger; the number of a finding is the entry's."""
    return [*_chain(unit), *_registered(unit), *_unregistered(unit)]


def entries(unit: UnitOfWork, after: int = 0) -> Iterator[Row[Any]]:
    """Every entry in order, read some at a time."""
    while True:
        some = select(ENTRIES).where(ENTRIES.c.seq > after).order_by(ENTRIES.c.seq).limit(AT_ONCE)
        rows = unit.connection.execute(some).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].seq


def _chain(unit: UnitOfWork) -> Iterator[Finding]:
    """Only the first break is told: everything after it is unproven anyway."""
    before, count = GENESIS, 0
    for entry in entries(unit, BEFORE_ALL):
        count += 1
        if entry.seq != count:
            text = f"Catatan {count} di buku besar tidak ada."
            yield finding("ledger_gap", text, f"Entry {count} of the ledger is missing.", count)
            return
        if entry_hash(before, entry._asdict()) != bytes(entry.hash):
            text = f"Catatan {count} di buku besar ({entry.kind}) tidak seperti saat ditulis."
            yield finding("ledger_hash", text, f"Entry {count} of the ledger ({entry.kind}) was changed.", count)
            return
        before = bytes(entry.hash)
    stands = head(unit)
    if (stands.count, stands.hash) != (count, before):
        text = f"Buku besar mencatat {stands.count} catatan; yang ada {count} atau akhirnya lain."
        english = f"The ledger counts {stands.count} entries; there are {count}, or they end otherwise."
        yield finding("ledger_head", text, english)


def _registered(unit: UnitOfWork) -> Iterator[Finding]:
    """Cases that were registered, and are gone or begin otherwise now."""
    first = (EVENTS.c.instance_id == ENTRIES.c.instance_id) & (EVENTS.c.seq == 1)
    found = (
        select(ENTRIES.c.seq, ENTRIES.c.instance_id, ENTRIES.c.ref, INSTANCES.c.id, INSTANCES.c.number)
        .outerjoin(INSTANCES, INSTANCES.c.id == ENTRIES.c.instance_id)
        .outerjoin(EVENTS, first)
        .where(ENTRIES.c.kind == Kind.CASE_REGISTERED)
        .where(INSTANCES.c.number.is_distinct_from(ENTRIES.c.ref) | EVENTS.c.hash.is_distinct_from(ENTRIES.c.digest))
        .order_by(ENTRIES.c.seq)
    )
    for row in unit.connection.execute(found):
        if row.id is None:
            text = f"Kasus {row.ref} tidak ada lagi."
            yield finding("case_gone", text, f"Case {row.ref} is gone.", row.seq)
        else:
            text = f"Kasus {row.ref} tidak berawal seperti saat didaftarkan (kini bernomor {row.number})."
            english = f"Case {row.ref} does not begin as it was registered (its number is {row.number} now)."
            yield finding("case_begins", text, english, row.seq)


def _unregistered(unit: UnitOfWork) -> Iterator[Finding]:
    """Cases that nobody registered."""
    # As a set, not case by case: a planner without statistics would look through the kind for each.
    noted = select(ENTRIES.c.instance_id).where(
        ENTRIES.c.kind == Kind.CASE_REGISTERED, ENTRIES.c.instance_id.is_not(None)
    )
    found = select(INSTANCES.c.number).where(INSTANCES.c.id.not_in(noted)).order_by(INSTANCES.c.id)
    for number in unit.connection.execute(found).scalars():
        text = f"Kasus {number} tidak pernah didaftarkan."
        yield finding("case_unregistered", text, f"Case {number} was never registered.")
