"""The hash chain: each event's hash covers all its columns and the hash of the event before it."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson


def genesis(instance_id: str) -> bytes:
    """What the first event of a case is chained to; two cases never share a chain."""
    return hashlib.sha256(b"alur:history:1:" + instance_id.encode()).digest()


def payload_digest(salt: bytes, body: bytes) -> bytes:
    """Salted, so that a destroyed payload of few possible values cannot be guessed back from its digest."""
    return hashlib.sha256(salt + body).digest()


def event_hash(previous: bytes, event: Mapping[str, Any]) -> bytes:
    """Hash of an event's row after `previous`. The form is part of the record: offline verifiers compute it too."""
    body = orjson.dumps(
        [
            event["instance_id"],
            event["seq"],
            event["act"],
            instant(event["at"]),
            event["kind"],
            event["actor_id"],
            event["on_behalf_of"],
            event["element_id"],
            event["token_id"],
            event["detail"],
            _hex(event["payload_digest"]),
            _hex(event["state_digest"]),
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hashlib.sha256(previous + body).digest()


def instant(at: datetime) -> str:
    """An instant as the record spells it: UTC, always six decimals."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
