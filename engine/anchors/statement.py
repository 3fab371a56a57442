"""What an anchor states and how it is written down: the signed file that leaves the system, and its form in a mail."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.errors import AlurError
from engine.history.chain import instant
from engine.ledger import Head
from engine.letters.signing import Sealed
from models import Anchor

FORMAT = "alur-anchor-1"
BEGIN, END = "-----BEGIN ALUR ANCHOR-----", "-----END ALUR ANCHOR-----"
_ARMOUR = re.compile(rf"{BEGIN}\s+([A-Za-z0-9+/=\s]+?)\s*{END}")
LINE = 64


class NoAnchorError(AlurError):
    """This is not the file of an anchor."""

    indonesian = "Ini bukan berkas jangkar."
    code = "no_anchor"


@dataclass(frozen=True)
class Statement:
    """All that an anchor says."""

    number: int
    at: datetime
    root: bytes
    leaves: int
    ledger: Head
    previous: bytes | None
    """SHA-256 of the statement before."""
    installation: str
    key: str
    """The fingerprint of the key that signs it."""

    def to_bytes(self) -> bytes:
        """JSON without spaces, names sorted: the bytes that are signed."""
        values = {
            "format": FORMAT,
            "number": self.number,
            "at": instant(self.at),
            "root": self.root.hex(),
            "leaves": self.leaves,
            "ledger": {"count": self.ledger.count, "hash": self.ledger.hash.hex()},
            "previous": None if self.previous is None else self.previous.hex(),
            "installation": self.installation,
            "key": self.key,
        }
        return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def of_bytes(cls, body: bytes) -> "Statement":
        """NoAnchorError where it is none."""
        try:
            values = orjson.loads(body)
            if values["format"] != FORMAT:
                raise NoAnchorError
            ledger = Head(int(values["ledger"]["count"]), bytes.fromhex(values["ledger"]["hash"]))
            previous = values["previous"]
            return cls(
                number=int(values["number"]),
                at=datetime.fromisoformat(values["at"]),
                root=bytes.fromhex(values["root"]),
                leaves=int(values["leaves"]),
                ledger=ledger,
                previous=None if previous is None else bytes.fromhex(previous),
                installation=str(values["installation"]),
                key=str(values["key"]),
            )
        except (ValueError, TypeError, KeyError):
            raise NoAnchorError from None


def statement_hash(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def sealed_of(anchor: Anchor) -> Sealed:
    """What is kept of an anchor, as what was signed."""
    return Sealed(
        anchor.statement.encode(),
        bytes(anchor.signature),
        bytes(anchor.certificate),
        anchor.issuer,
        anchor.service,
    )


def file_of(anchor: Anchor) -> bytes:
    """The signed file; equal bytes each time."""
    return _file(sealed_of(anchor).to_json())


def file_name(number: int) -> str:
    return f"alur-anchor-{number:06d}.json"


def armoured(anchor: Anchor) -> str:
    """The signed file for the words of a mail, where nothing on the way takes its figures for something else."""
    encoded = base64.b64encode(file_of(anchor)).decode()
    return "\n".join([BEGIN, *(encoded[i : i + LINE] for i in range(0, len(encoded), LINE)), END])


def read_file(body: bytes) -> Sealed:
    """The signed statement in a file, or in a mail that was kept as one. NoAnchorError where there is none."""
    try:
        found = _ARMOUR.search(body.decode())
        values: Any = json.loads(base64.b64decode(found[1]) if found else body)
        return Sealed.from_json(values)
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise NoAnchorError from None


def _file(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()
