"""The ledger: one append-only chain of what is outside of every case's own record."""

from engine.ledger.book import ENTRIES, Head, Note, head, note
from engine.ledger.chain import GENESIS, entry_hash
from engine.ledger.kinds import Kind
from engine.ledger.verify import entries, verify

__all__ = ["ENTRIES", "GENESIS", "Head", "Kind", "Note", "entries", "entry_hash", "head", "note", "verify"]
