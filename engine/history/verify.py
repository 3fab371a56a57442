"""Checks the record of a case against itself: numbers without gap, hashes, payloads, and what the case's row says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, bindparam, select

from engine.errors import NotFoundError
from engine.history.chain import event_hash, genesis, payload_digest
from engine.history.journal import EVENTS, PAYLOADS
from engine.history.kinds import JOURNAL_KINDS
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Instance, metadata

INSTANCES: Table = metadata.tables[str(Instance.__tablename__)]
_KEY: Any = bindparam("key")
_CASE = select(INSTANCES).where(INSTANCES.c.id == _KEY)
_EVENTS = select(EVENTS).where(EVENTS.c.instance_id == _KEY).order_by(EVENTS.c.seq)
_PAYLOADS = select(PAYLOADS).where(PAYLOADS.c.instance_id == _KEY).order_by(PAYLOADS.c.seq)
Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Finding:
    """Something of a record that is not as it was written, or does not lead to what the case is now."""

    code: str
    text: Text
    seq: int | None = None
    """The event it was found at; None: the case as a whole."""

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text.to_json(), "seq": self.seq}


def finding(code: str, indonesian: str, english: str, seq: int | None = None) -> Finding:
    return Finding(code, Text(indonesian, english), seq)


@dataclass(frozen=True)
class Record:
    """All that is kept of a case's past."""

    case: Row[Any]
    events: Rows
    payloads: Mapping[int, Row[Any]]
    """By the number of the event they belong to."""


def read_record(unit: UnitOfWork, instance_id: str) -> Record:
    """The case's row, its events in order, and their payloads."""
    case = unit.connection.execute(_CASE, {"key": instance_id}).first()
    if case is None:
        raise NotFoundError
    events = unit.connection.execute(_EVENTS, {"key": instance_id}).all()
    payloads = unit.connection.execute(_PAYLOADS, {"key": instance_id})
    return Record(case, events, {row.seq: row for row in payloads})


def verify_instance(unit: UnitOfWork, instance_id: str) -> list[Finding]:
    """Everything wrong with the record of a case; empty when it proves itself."""
    return verify_record(read_record(unit, instance_id))


def verify_record(record: Record, destroyed: Collection[int] | None = None) -> list[Finding]:
    """`destroyed`: the events whose payloads the ledger says were destroyed; None: it was not asked."""
    return [*_chain(record), *_acts(record), *_payloads(record, destroyed), *_case(record)]


def _chain(record: Record) -> list[Finding]:
    """Only the first break is told: everything after it is unproven anyway."""
    before = genesis(record.case.id)
    for number, event in enumerate(record.events, 1):
        if event.seq != number:
            return [finding("gap", f"Peristiwa {number} tidak ada.", f"Event {number} is missing.", event.seq)]
        if event_hash(before, event._asdict()) != bytes(event.hash):
            return [
                finding(
                    "hash",
                    f"Peristiwa {number} tidak seperti saat dicatat.",
                    f"Event {number} is not as it was written.",
                    number,
                )
            ]
        before = bytes(event.hash)
    return []


def _acts(record: Record) -> list[Finding]:
    """Acts count up by one, and each begins with its one journal entry, which alone has payload and state."""
    found = []
    act = 0
    for event in record.events:
        begins = event.act == act + 1
        act = event.act
        is_entry = event.kind in JOURNAL_KINDS and event.state_digest is not None
        if begins != is_entry or (not begins and event.payload_digest is not None):
            text = f"Peristiwa {event.seq} tidak pada tempatnya di tindakan {act}."
            found.append(finding("act", text, f"Event {event.seq} is out of place in act {act}.", event.seq))
    return found


def _payloads(record: Record, destroyed: Collection[int] | None) -> list[Finding]:
    found = []
    for event in record.events:
        kept = record.payloads.get(event.seq)
        if event.payload_digest is None:
            if kept is not None:
                text = f"Peristiwa {event.seq} tidak pernah punya isi, tetapi kini ada."
                english = f"Event {event.seq} never had a payload, but there is one."
                found.append(finding("payload", text, english, event.seq))
        elif kept is not None and kept.destroyed_at is not None and kept.body is None and kept.salt is None:
            if destroyed is not None and event.seq not in destroyed:
                text = f"Isi peristiwa {event.seq} ditandai dimusnahkan, tetapi buku besar tidak mencatatnya."
                english = f"The payload of event {event.seq} is marked destroyed, but the ledger knows nothing of it."
                found.append(finding("payload_gone", text, english, event.seq))
        elif kept is None or kept.body is None or kept.salt is None:
            text = f"Isi peristiwa {event.seq} hilang, dan tidak tercatat dimusnahkan."
            english = f"The payload of event {event.seq} is gone, and was not destroyed by retention."
            found.append(finding("payload_gone", text, english, event.seq))
        elif payload_digest(bytes(kept.salt), bytes(kept.body)) != bytes(event.payload_digest) or kept.destroyed_at:
            text = f"Isi peristiwa {event.seq} diubah."
            found.append(finding("payload", text, f"The payload of event {event.seq} was changed.", event.seq))
    for seq in sorted(set(record.payloads) - {event.seq for event in record.events}):
        text = f"Ada isi untuk peristiwa {seq} yang tidak ada."
        found.append(finding("payload", text, f"There is a payload of event {seq}, which is not there.", seq))
    return found


def _case(record: Record) -> list[Finding]:
    """The case's row knows how long the record is, how it ends, and what state it leads to."""
    case, events = record.case, record.events
    head = bytes(events[-1].hash) if events else genesis(case.id)
    acts = events[-1].act if events else 0
    states = [bytes(e.state_digest) for e in events if e.state_digest is not None]
    found = []
    if (case.event_count, case.act_count, bytes(case.chain_head)) != (len(events), acts, head):
        text = f"Kasus mencatat {case.event_count} peristiwa; yang ada {len(events)} atau akhirnya lain."
        english = f"The case counts {case.event_count} events; there are {len(events)}, or they end otherwise."
        found.append(finding("head", text, english))
    if states and states[-1] != bytes(case.state_digest):
        text = "Sidik keadaan kasus bukan yang dicatat tindakan terakhir."
        found.append(finding("state_digest", text, "The case's state digest is not the one its last act recorded."))
    return found
