"""The ledger's hash chain: each entry's hash covers all its columns and the hash of the entry before it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from engine.history.chain import instant

GENESIS = hashlib.sha256(b"alur:ledger:1").digest()
"""What the first entry is chained to."""


def entry_hash(previous: bytes, entry: Mapping[str, Any]) -> bytes:
    """Hash of an entry's row after `previous`. The form is part of the record: offline verifiers compute it too."""
    digest = entry["digest"]
    body = orjson.dumps(
        [
            entry["seq"],
            instant(entry["at"]),
            entry["kind"],
            entry["instance_id"],
            entry["actor_id"],
            entry["ref"],
            None if digest is None else bytes(digest).hex(),
            entry["detail"],
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hashlib.sha256(previous + body).digest()
