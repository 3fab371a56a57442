"""Making an anchor: one signed statement over where every case's record and the ledger stand."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, insert, select
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine import ledger
from engine.anchors.deliveries import Outlets, send_out
from engine.anchors.leaves import LEAVES, anchored, in_order, standing
from engine.anchors.merkle import root_of
from engine.anchors.statement import Statement, statement_hash
from engine.chores import Chore
from engine.letters.signing import Signer, fingerprint
from engine.runner import Runner
from engine.unit_of_work import UnitOfWork, inserting
from models import Anchor, LedgerEntry, metadata

ANCHORS: Table = metadata.tables[str(Anchor.__tablename__)]


def make(unit: UnitOfWork, signer: Signer, outlets: Outlets, now: datetime) -> Anchor | None:
    """One anchor more, and the jobs that carry it outside. None where another process has just made this one.

    A handful of statements, however many cases there are; rows only for those whose records have grown.
    """
    last = newest(unit)
    known = {} if last is None else anchored(unit, last.number)
    now_there = standing(unit)
    changed = [leaf for ident, leaf in now_there.items() if known.get(ident) != leaf]
    leaves = in_order({**known, **now_there})
    anchor = _signed(unit, signer, outlets, now, last, [leaf.hash for leaf in leaves])
    anchor.changed = len(changed)
    row = {column.name: getattr(anchor, column.name) for column in ANCHORS.columns}
    entered = inserting(unit, Anchor).values(row).on_conflict_do_nothing().returning(ANCHORS.c.number)
    if unit.connection.execute(entered).first() is None:
        return None
    if changed:
        rows = [
            {"instance_id": leaf.instance_id, "anchor_number": anchor.number, "event_count": leaf.events,
             "chain_head": leaf.head}
            for leaf in in_order({leaf.instance_id: leaf for leaf in changed})
        ]  # fmt: skip
        unit.connection.execute(insert(LEAVES), rows)
    send_out(unit, anchor, outlets, now)
    ledger.note(unit, ledger.Kind.ANCHOR_MADE, at=now, ref=str(anchor.number), digest=anchor.hash)
    return anchor


def newest(unit: UnitOfWork) -> Anchor | None:
    return unit.session.execute(select(Anchor).order_by(col(Anchor.number).desc()).limit(1)).scalar_one_or_none()


def is_due(unit: UnitOfWork, now: datetime) -> bool:
    """Once on each day (in Jakarta), over the days before it; an installation's first day has nothing to close yet."""
    today = now.astimezone(ZoneInfo(DEFAULT_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    made = unit.connection.execute(select(func.max(col(Anchor.at)))).scalar()
    if made is not None:
        return bool(made < today)
    first = select(col(LedgerEntry.seq)).where(col(LedgerEntry.at) < today).limit(1)
    return unit.connection.execute(first).first() is not None


def chore(signer: Signer, outlets: Outlets) -> Chore:
    """The day's anchor, made by whichever worker looks first."""

    def run(runner: Runner, now: datetime) -> int:
        with runner.database.read() as unit:
            if not is_due(unit, now):
                return 0
        with runner.database.write() as unit:
            if not is_due(unit, now) or make(unit, signer, outlets, now) is None:
                return 0
            if runner.wake is not None:
                unit.after_commit(runner.wake)
        return 1

    return Chore("anchors", run)


def _signed(
    unit: UnitOfWork, signer: Signer, outlets: Outlets, now: datetime, last: Anchor | None, hashes: list[bytes]
) -> Anchor:
    # The ledger is read after the records: whatever case the tree has is entered by then.
    stands = ledger.head(unit)
    statement = Statement(
        number=1 if last is None else last.number + 1,
        at=now,
        root=root_of(hashes),
        leaves=len(hashes),
        ledger=stands,
        previous=None if last is None else bytes(last.hash),
        installation=outlets.installation,
        key=fingerprint(signer.key()),
    )
    sealed = signer.seal(statement.to_bytes())
    return Anchor(
        number=statement.number,
        at=now,
        root=statement.root,
        leaves=statement.leaves,
        changed=0,
        ledger_count=stands.count,
        ledger_hash=stands.hash,
        statement=sealed.body.decode(),
        hash=statement_hash(sealed.body),
        signature=sealed.signature,
        certificate=sealed.certificate,
        issuer=sealed.issuer,
        service=sealed.service,
    )
