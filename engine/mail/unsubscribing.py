"""Links by which a reader says "no more of these" without signing in (RFC 8058). A link names its reader, signed.

It never lapses: a mail is read years later. All it can do is to change that one reader's wish about courtesy mails.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

PATH = "/surel/berhenti/"
_LENGTH = 22
"""Characters of the signature: 132 bits."""


@dataclass(frozen=True)
class Unsubscribing:
    """Makes such links for an installation, and reads them."""

    base_url: str
    secret: bytes = field(repr=False)

    def link(self, reader: str) -> str:
        return f"{self.base_url}{PATH}{self.token(reader)}"

    def token(self, reader: str) -> str:
        return f"{_encoded(reader.encode())}.{self._signature(reader)}"

    def reader_of(self, token: str) -> str | None:
        """Who the link is for; None when it was not made here."""
        name, _, signature = token.partition(".")
        try:
            reader = urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
        except ValueError:
            return None
        genuine = hmac.compare_digest(signature.encode(), self._signature(reader).encode())
        return reader if genuine and _encoded(reader.encode()) == name else None

    def _signature(self, reader: str) -> str:
        return _encoded(hmac.new(self.secret, b"unsubscribe\0" + reader.encode(), sha256).digest())[:_LENGTH]


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
