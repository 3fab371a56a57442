"""Checks every anchor against itself, against the one before it, and against what the records and the ledger are now.

What an anchor said once can never become untrue: records and ledger only grow. So it finds a tail that was cut, a
history that was written anew with all its hashes, and a case that is gone.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Table, select
from sqlmodel import col

from engine.anchors.leaves import INSTANCES, LEAVES, Leaf, by_anchor
from engine.anchors.making import ANCHORS
from engine.anchors.merkle import root_of
from engine.anchors.statement import NoAnchorError, Statement, sealed_of, statement_hash
from engine.errors import AlurError
from engine.history import EVENTS, Finding
from engine.history.verify import finding
from engine.ledger import ENTRIES, GENESIS, Kind
from engine.letters.signing import fingerprint
from engine.unit_of_work import UnitOfWork
from models import Anchor

_REGISTERED: Table = ENTRIES.alias("registered")  # type: ignore[assignment]


def verify_anchors(unit: UnitOfWork, roots: Sequence[bytes] | None = None) -> list[Finding]:
    """Everything wrong; the number of a finding is the anchor's.

    With `roots` (certificates, DER) the keys must have been issued by one of them.
    """
    anchors = list(unit.session.scalars(select(Anchor).order_by(col(Anchor.number))))
    return [
        *_chain(anchors),
        *_statements(anchors, None if roots is None else list(roots)),
        *_roots(unit, anchors),
        *_heads(unit),
        *_ledger(unit),
        *_entered(unit),
    ]


def _chain(anchors: Sequence[Anchor]) -> Iterator[Finding]:
    before: bytes | None = None
    for number, anchor in enumerate(anchors, 1):
        if anchor.number != number:
            yield finding("anchor_gap", f"Jangkar {number} tidak ada.", f"Anchor {number} is missing.", number)
            return
        try:
            previous = Statement.of_bytes(anchor.statement.encode()).previous
        except NoAnchorError:
            return  # told below
        if previous != before:
            text = f"Jangkar {number} tidak menyambung jangkar sebelumnya."
            yield finding("anchor_chain", text, f"Anchor {number} does not follow the one before it.", number)
        before = statement_hash(anchor.statement.encode())


def _statements(anchors: Sequence[Anchor], roots: list[bytes] | None) -> Iterator[Finding]:
    for anchor in anchors:
        sealed = sealed_of(anchor)
        if not _says_what_it_is(anchor):
            text = f"Pernyataan jangkar {anchor.number} tidak seperti yang disimpan di sebelahnya."
            english = f"The statement of anchor {anchor.number} is not what is kept beside it."
            yield finding("anchor_statement", text, english, anchor.number)
        elif not sealed.is_good() or (roots is not None and not sealed.is_issued_by(roots)):
            text = f"Tanda tangan jangkar {anchor.number} tidak sah."
            yield finding("anchor_signature", text, f"The signature of anchor {anchor.number} is bad.", anchor.number)


def _says_what_it_is(anchor: Anchor) -> bool:
    try:
        said = Statement.of_bytes(anchor.statement.encode())
        key = fingerprint(sealed_of(anchor).key)
    except (AlurError, ValueError, TypeError):
        return False
    kept = (anchor.number, anchor.at, bytes(anchor.root), anchor.leaves, anchor.ledger_count)
    own = bytes(anchor.ledger_hash), bytes(anchor.hash)
    stated = (said.number, said.at, said.root, said.leaves, said.ledger.count)
    exact = said.to_bytes() == anchor.statement.encode() and said.key == key
    return exact and kept == stated and own == (said.ledger.hash, statement_hash(said.to_bytes()))


def _roots(unit: UnitOfWork, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    """Each root computed again from the rows of its leaves, which add up from anchor to anchor."""
    rows = by_anchor(unit)
    row = next(rows, None)
    leaves: dict[str, Leaf] = {}
    hashes: dict[str, bytes] = {}
    for anchor in anchors:
        changed = 0
        while row is not None and row[0] <= anchor.number:
            leaves[row[1].instance_id], hashes[row[1].instance_id] = row[1], row[1].hash
            changed += row[0] == anchor.number
            row = next(rows, None)
        root = root_of([hashes[ident] for ident in sorted(hashes)])
        if (root, len(leaves), changed) != (bytes(anchor.root), anchor.leaves, anchor.changed):
            text = f"Akar jangkar {anchor.number} tidak cocok dengan daunnya ({len(leaves)} kasus)."
            english = f"The root of anchor {anchor.number} does not follow from its leaves ({len(leaves)} cases)."
            yield finding("anchor_root", text, english, anchor.number)
    if row is not None:
        text = f"Ada daun dari jangkar {row[0]}, yang tidak ada."
        yield finding("anchor_root", text, f"There are leaves of anchor {row[0]}, which does not exist.", row[0])


def _heads(unit: UnitOfWork) -> Iterator[Finding]:
    """Records that no longer have the event they ended with when they were anchored; each case once."""
    same = (EVENTS.c.instance_id == LEAVES.c.instance_id) & (EVENTS.c.seq == LEAVES.c.event_count)
    noted = (_REGISTERED.c.instance_id == LEAVES.c.instance_id) & (_REGISTERED.c.kind == Kind.CASE_REGISTERED)
    lost = (
        select(
            LEAVES.c.instance_id, LEAVES.c.anchor_number, LEAVES.c.event_count, _REGISTERED.c.ref, INSTANCES.c.number
        )
        .outerjoin(EVENTS, same)
        .outerjoin(INSTANCES, INSTANCES.c.id == LEAVES.c.instance_id)
        .outerjoin(_REGISTERED, noted)
        .where(EVENTS.c.hash.is_distinct_from(LEAVES.c.chain_head))
        .order_by(LEAVES.c.anchor_number, LEAVES.c.instance_id)
    )
    told: set[str] = set()
    for row in unit.connection.execute(lost):
        if row.instance_id in told:
            continue
        told.add(row.instance_id)
        name = row.number or row.ref or row.instance_id
        text = f"Riwayat kasus {name} tidak lagi seperti di jangkar {row.anchor_number} (peristiwa {row.event_count})."
        english = f"The record of case {name} is not as anchor {row.anchor_number} has it (event {row.event_count})."
        yield finding("anchor_head", text, english, row.anchor_number)


def _ledger(unit: UnitOfWork) -> Iterator[Finding]:
    """Anchors at which the ledger stood otherwise than it does now."""
    lost = (
        select(ANCHORS.c.number)
        .outerjoin(ENTRIES, ENTRIES.c.seq == ANCHORS.c.ledger_count)
        .where(ENTRIES.c.hash.is_distinct_from(ANCHORS.c.ledger_hash))
        .where((ANCHORS.c.ledger_count > 0) | (ANCHORS.c.ledger_hash != GENESIS))
        .order_by(ANCHORS.c.number)
    )
    for number in unit.connection.execute(lost).scalars():
        text = f"Buku besar tidak lagi seperti di jangkar {number}."
        yield finding("anchor_ledger", text, f"The ledger is not as anchor {number} has it.", number)


def _entered(unit: UnitOfWork) -> Iterator[Finding]:
    """Anchors that the ledger knows of and that are gone, or the other way round."""
    made = select(ENTRIES.c.ref, ENTRIES.c.digest).where(ENTRIES.c.kind == Kind.ANCHOR_MADE)
    known = {row.ref: bytes(row.digest or b"") for row in unit.connection.execute(made)}
    rows = unit.connection.execute(select(ANCHORS.c.number, ANCHORS.c.hash))
    there = {str(row.number): bytes(row.hash) for row in rows}
    for number in sorted(known.keys() | there.keys(), key=lambda ref: (len(ref), ref)):
        if known.get(number) != there.get(number):
            text = f"Jangkar {number} bukan yang dicatat buku besar, atau hilang."
            english = f"Anchor {number} is not the one that the ledger has, or is gone."
            yield finding("anchor_entry", text, english, int(number) if number.isdigit() else None)
