"""Are the signatures in somebody's PDF good? Asked of pyHanko's validator, in a process of its own."""

import base64
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.isolated import ask

_CHILD = Path(__file__).with_name("check_child.py")
TIMEOUT_SECONDS = 20

_places = threading.BoundedSemaphore(2)
"""Files at once: each may take its whole allowance of memory."""


@dataclass(frozen=True)
class Seen:
    """A signature as it was found in a file. Name and reason are what the file says."""

    name: str
    reason: str
    certificate: str
    intact: bool
    """It fits the bytes that it signs."""
    trusted: bool
    """Its certificate is one of this installation's."""
    unchanged: bool
    """Both, and nothing that was added later changes what was signed."""
    to_the_end: bool
    """Nothing was added after it."""


def signatures_in(body: bytes, roots: Sequence[bytes]) -> list[Seen] | None:
    """Every signature of a PDF, in the order in which they were made; None where it cannot be read as one."""
    encoded = json.dumps([base64.b64encode(root).decode() for root in roots]).encode()
    with _places:
        answered = ask(_CHILD, body=len(encoded).to_bytes(8, "big") + encoded + body, seconds=TIMEOUT_SECONDS)
    try:
        found = json.loads(answered or b"null")
    except ValueError:  # killed at a limit, before it could answer
        return None
    return None if found is None else [Seen(**one) for one in found]
