"""Letters: PDF files from a package's templates, and their numbers."""

from engine.letters.errors import (
    LetterDataError,
    LetterError,
    LetterMissingError,
    LetterTemplateError,
    LetterTooHeavyError,
    NumberPatternError,
)
from engine.letters.numbering import next_number
from engine.letters.press import Limits, render_letter
from engine.letters.writing import Letterbox

__all__ = [
    "LetterDataError", "LetterError", "LetterMissingError", "LetterTemplateError", "LetterTooHeavyError", "Letterbox",
    "Limits", "NumberPatternError", "next_number", "render_letter",
]  # fmt: skip
