"""The record of a case: append-only events in a hash chain, with payloads that can be destroyed without breaking it."""

from engine.history.chain import event_hash, genesis, payload_digest
from engine.history.journal import EVENTS, Entry, Head, Occurrence, Sealed, seal, write
from engine.history.kinds import JOURNAL_KINDS, Kind
from engine.history.verify import Finding, verify_instance

__all__ = [
    "EVENTS",
    "JOURNAL_KINDS",
    "Entry",
    "Finding",
    "Head",
    "Kind",
    "Occurrence",
    "Sealed",
    "event_hash",
    "genesis",
    "payload_digest",
    "seal",
    "verify_instance",
    "write",
]
