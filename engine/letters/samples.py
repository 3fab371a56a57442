"""The sample that stands at the head of a template: what its letter looks like before there is a case."""

import json
import re
from typing import Any

from engine.letters.errors import LetterTemplateError

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
