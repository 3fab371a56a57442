"""The sample that stands at the head of a template: what its letter looks like before there is a case."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.letters.codes import QR_FILE, SAMPLE_ADDRESS, qr_svg
from engine.letters.errors import LetterSampleError, LetterTemplateError
from engine.letters.press import LIMITS, Limits, render_letter

_SAMPLE = re.compile(r"\A\s*/\*\s*(?:contoh|sample)\b(.*?)\*/", re.DOTALL)


def sample_of(template: bytes, name: str) -> dict[str, Any] | None:
    """The data in `/* contoh {…} */`; None where there is none. LetterTemplateError where it is no JSON record."""
    match = _SAMPLE.match(template.decode("utf-8", errors="replace"))
    if match is None:
        return None
    try:
        data = json.loads(match[1])
    except ValueError as error:
        line = template[: match.start(1)].count(b"\n") + getattr(error, "lineno", 1)
        raise LetterTemplateError(file=name, line=line, why=f"contoh: {error}") from None
    if not isinstance(data, dict):
        raise LetterTemplateError(file=name, line=1, why="contoh: {…}")
    return data


def set_sample(
    files: Mapping[str, bytes],
    name: str,
    *,
    at: datetime,
    known: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> bytes:
    """The PDF of the template `name` with its sample, and in place of it whatever is `known` already.

    `files`: the folder letters/, by file name. LetterSampleError: the template has no sample; else as `render_letter`.
    """
    sample = sample_of(files[name], name)
    if sample is None:
        raise LetterSampleError(file=name)
    assets = {**files, QR_FILE: qr_svg(SAMPLE_ADDRESS)}
    return render_letter(assets[name], {**sample, **(known or {})}, at=at, assets=assets, limits=limits, name=name)
