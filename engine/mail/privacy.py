"""What never leaves in a mail: a full NIK. Whoever wrote it there, the last four digits remain."""

import re

from engine.identifiers import mask_nik

_SIXTEEN = re.compile(
    r"(?<![0-9a-f])(?:\d{16}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{6}([ .-])\d{6}\2\d{4})(?![0-9a-f])", re.ASCII
)
"""In one piece, in fours, or as the card is read. Part of a longer number or of a hexadecimal code is none."""


def without_nik(words: str) -> str:
    """The same words, every NIK masked; so is an NPWP of sixteen digits, which for a person is the NIK."""
    return _SIXTEEN.sub(lambda found: mask_nik(re.sub(r"\D", "", found[0])), words)
