"""One opening of a document: however many of its pages are turned, it is recorded as one reading.

An opening begins when a page of ours shows the document, and is written down when the first picture is fetched. It is
named in the addresses of the pictures, sealed, so that nobody can go on reading for ever under an old one.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from web.context import services

LASTS = timedelta(hours=12)
_SEAL = 16


def begin(attachment_id: str, user_id: str, now: datetime) -> str:
    """A new opening, as addresses carry it."""
    words = f"{int(now.timestamp())}.{secrets.token_hex(8)}"
    return f"{words}.{_seal(words, attachment_id, user_id)}"


def goes_on(opening: str, attachment_id: str, user_id: str, now: datetime) -> bool:
    """Is it this person's opening of this document, and not over yet?"""
    words, _, seal = opening.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(words, attachment_id, user_id).encode()):
        return False
    return timedelta() <= now - datetime.fromtimestamp(int(words.partition(".")[0]), now.tzinfo) < LASTS


def reading_id(opening: str) -> str:
    """What the reading is recorded under."""
    return hashlib.sha256(opening.encode()).hexdigest()[:32]


def _seal(words: str, attachment_id: str, user_id: str) -> str:
    key = services().settings.secret_key
    message = f"opening:{words}:{attachment_id}:{user_id}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[: 2 * _SEAL]
