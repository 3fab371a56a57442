"""Letters as PDF files: a template of a package and a case's data in, bytes out; equal input gives equal bytes."""

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.letters.codes import QR_FILE
from engine.letters.errors import LetterTemplateError, LetterTooHeavyError
from engine.letters.presses import PRESSES
from engine.letters.values import encode_data

log = logging.getLogger(__name__)

TOOLS = "alur.typ"
"""What every template may import; the file beside this module."""
DATA = "data.json"
MAIN = "main.typ"
RESERVED = frozenset({TOOLS, DATA, MAIN, QR_FILE})


@dataclass(frozen=True)
class Limits:
    """What one letter may take."""

    seconds: int = 10
    memory: int = 1 << 30
    bytes: int = 16 << 20


LIMITS = Limits()
WALL = 6
"""`seconds` are the processor's; so many times that may pass on the wall of a machine that is busy with other work."""


def render_letter(
    template: bytes,
    data: Mapping[str, Any],
    *,
    at: datetime,
    assets: Mapping[str, bytes] | None = None,
    limits: Limits = LIMITS,
    name: str = MAIN,
) -> bytes:
    """A PDF (PDF/A-2a and PDF/UA-1 where the template allows it), dated `at`, with the zone of `at`.

    `assets`: the other files of the folder letters/, by file name. `name`: what faults call the template.
    Takes some hundredths of a second: call it outside of a transaction where you can.
    """
    files = {**(assets or {}), TOOLS: tools(), DATA: encode_data(data, at.tzinfo or UTC), MAIN: template}
    answer, body = _ask_child(files, at.replace(microsecond=0), limits)  # the typesetter refuses parts of a second
    if body:
        if "ua-1" not in answer.get("standards", ()):
            log.info("letter below the standard", extra={"action": "letter_standard", "letter": name, **answer})
        return body
    if "message" not in answer:
        raise LetterTooHeavyError
    file = answer.get("file", MAIN)
    why = "; ".join([answer["message"], *answer.get("hints", ())])
    raise LetterTemplateError(file=name if file == MAIN else file, line=answer.get("line", 1), why=why)


def tools() -> bytes:
    """The words and pieces that every letter needs: Indonesian dates, the head of a letter, page x of y."""
    return Path(__file__).with_name(TOOLS).read_bytes()


def _ask_child(files: Mapping[str, bytes], at: datetime, limits: Limits) -> tuple[dict[str, Any], bytes]:
    work = {
        "files": {name: base64.b64encode(body).decode() for name, body in sorted(files.items())},
        "at": at.isoformat(),
        "limits": limits.__dict__,
    }
    answered = PRESSES.ask(json.dumps(work).encode(), WALL * limits.seconds)
    head, _, body = answered.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(head)
    except ValueError:  # killed at a limit, before it could answer
        raise LetterTooHeavyError from None
    return answer, body
