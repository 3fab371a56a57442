"""Where every case's record stood when an anchor was made; kept are only those that changed since the one before."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table, func, select

from engine.anchors.merkle import leaf_hash
from engine.unit_of_work import UnitOfWork
from models import AnchorLeaf, Instance, metadata

INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
LEAVES: Table = metadata.tables[str(AnchorLeaf.__tablename__)]
AT_ONCE = 5_000
BEFORE_ALL = -(2**31)
"""Numbers begin with one; what somebody put before it is found, too."""


@dataclass(frozen=True)
class Leaf:
    """A case's record: how many events, and the hash of the last. In an anchor the cases stand in order of their id."""

    instance_id: str
    events: int
    head: bytes

    @property
    def hash(self) -> bytes:
        return leaf_hash(f"{self.instance_id}:{self.events}:{self.head.hex()}".encode())


def standing(unit: UnitOfWork) -> dict[str, Leaf]:
    """Where the records stand now."""
    columns = INSTANCES.c.id, INSTANCES.c.event_count, INSTANCES.c.chain_head
    rows = unit.connection.execute(select(*columns).where(INSTANCES.c.event_count > 0))
    return {row[0]: Leaf(row[0], row[1], bytes(row[2])) for row in rows}


def anchored(unit: UnitOfWork, number: int) -> dict[str, Leaf]:
    """Where they stood in this anchor, by the newest row of each case until then. A case that is gone is still here."""
    until = select(LEAVES.c.instance_id, func.max(LEAVES.c.anchor_number).label("newest"))
    newest = until.where(LEAVES.c.anchor_number <= number).group_by(LEAVES.c.instance_id).subquery()
    joined = LEAVES.join(
        newest, (newest.c.instance_id == LEAVES.c.instance_id) & (newest.c.newest == LEAVES.c.anchor_number)
    )
    columns = LEAVES.c.instance_id, LEAVES.c.event_count, LEAVES.c.chain_head
    rows = unit.connection.execute(select(*columns).select_from(joined))
    return {row[0]: Leaf(row[0], row[1], bytes(row[2])) for row in rows}


def by_anchor(unit: UnitOfWork) -> Iterator[tuple[int, Leaf]]:
    """Every row, anchor by anchor, read some at a time."""
    after = (BEFORE_ALL, "")
    order = (LEAVES.c.anchor_number, LEAVES.c.instance_id)
    columns = LEAVES.c.anchor_number, LEAVES.c.instance_id, LEAVES.c.event_count, LEAVES.c.chain_head
    while True:
        later = (order[0] > after[0]) | ((order[0] == after[0]) & (order[1] > after[1]))
        rows = unit.connection.execute(select(*columns).where(later).order_by(*order).limit(AT_ONCE)).all()
        for row in rows:
            yield row[0], Leaf(row[1], row[2], bytes(row[3]))
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1][0], rows[-1][1])


def in_order(leaves: dict[str, Leaf]) -> list[Leaf]:
    """As they stand in the tree; not as a database would sort them, which depends on its locale."""
    return [leaves[ident] for ident in sorted(leaves)]
