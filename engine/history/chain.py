"""The hash chain: each event's hash covers all its columns and the hash of the event before it."""

import hashlib
from datetime import UTC

import orjson

from models import HistoryEvent


def genesis(instance_id: str) -> bytes:
    """What the first event of a case is chained to; two cases never share a chain."""
    return hashlib.sha256(b"alur:history:1:" + instance_id.encode()).digest()


def payload_digest(salt: bytes, body: bytes) -> bytes:
    """Salted, so that a destroyed payload of few possible values cannot be guessed back from its digest."""
    return hashlib.sha256(salt + body).digest()


def event_hash(previous: bytes, event: HistoryEvent) -> bytes:
    """Hash of `event` after `previous`. The form is part of the record: offline verifiers compute it too."""
    body = orjson.dumps(
        [
            event.instance_id,
            event.seq,
            event.act,
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.kind,
            event.actor_id,
            event.on_behalf_of,
            event.element_id,
            event.token_id,
            event.detail,
            _hex(event.payload_digest),
            _hex(event.state_digest),
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hashlib.sha256(previous + body).digest()


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
