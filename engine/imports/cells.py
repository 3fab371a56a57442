"""A cell of a spreadsheet as a value: read back from what Excel made of it, refused where something was lost."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.expressions import EvaluationContext
from engine.forms.convert import Asking, Refusal, convert
from engine.forms.model import FormContext
from engine.imports.kinds import Column, RowFault
from engine.texts import Text

CellKind = Literal["text", "number", "date", "moment", "boolean", "formula", "error", "long"]
MAX_TEXT = 2_000
DIGITS = frozenset({"nip", "nik", "npwp", "nib", "mobile"})
EXACT = 10**15
"""Excel keeps 15 digits of a number; what follows them has become zeros."""
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agu agt aug ags", "september sep sept",
            "oktober october okt oct", "november nov nopember nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WRITTEN_DATE = re.compile(r"(\d{1,2})[ \-/.]+([A-Za-z]{3,9})\.?[ \-/.,]+(\d{4})\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d([.,]\d+)?[eE]\+?\d+\Z", re.ASCII)
_KEPT_AS_TEXT = re.compile(r'="([^"=]*)"\Z')

LOST = Text(
    "“{label}” telah diubah lembar kerja menjadi angka sehingga angka terakhirnya hilang. Ubah format kolom menjadi "
    "Teks, lalu ketik ulang nilainya.",
    "“{label}” was turned into a number by the spreadsheet, and its last digits are lost. Set the column's format to "
    "Text and type the value again.",
)
FORMULA = Text(
    "“{label}” berisi rumus. Salin kolomnya, lalu tempel sebagai nilai (Paste Special → Values).",
    "“{label}” holds a formula. Copy the column and paste it as values (Paste Special → Values).",
)
ERROR = Text("“{label}” berisi galat lembar kerja ({value}).", "“{label}” holds an error of the spreadsheet ({value}).")
LONG = Text("“{label}” paling banyak {limit} karakter.", "“{label}” takes at most {limit} characters.")
REQUIRED = Text("“{label}” wajib diisi.", "“{label}” must be filled in.")
BARE_NUMBER = Text(
    "“{label}” berisi angka {value}, bukan tanggal. Tulis seperti 07/04/2026 atau 7 April 2026.",
    "“{label}” holds the number {value}, not a date. Write it like 07/04/2026 or 7 April 2026.",
)
CHOICE = Text("“{label}” diisi salah satu: {options}.", "“{label}” takes one of: {options}.")


@dataclass(frozen=True)
class Cell:
    """What stood in a cell. `text` is the text, the figure in plain digits, or the date in ISO form."""

    kind: CellKind
    text: str


GridRow = tuple[int, list[Cell | None]]
"""A row that holds anything, with its number as a spreadsheet counts."""


class Unfit(Exception):  # noqa: N818 -- it is an answer, not a failure
    """The cell cannot be taken, for these reasons."""

    def __init__(self, *texts: Text) -> None:
        self.texts = texts
        super().__init__()


def value_of(cell: Cell | None, column: Column, now: datetime, zone: str) -> tuple[Any, list[RowFault]]:
    """The value as a form would be sent it, or the text that stood there with the faults."""
    try:
        return _value(cell, column, now, zone), []
    except Unfit as unfit:
        return (cell.text[:MAX_TEXT] if cell else None), [RowFault(column.key, text) for text in unfit.texts]


def _value(cell: Cell | None, column: Column, now: datetime, zone: str) -> Any:
    raw = None if cell is None else _raw(cell, column)
    if raw is None or raw == "":
        if column.required:
            raise Unfit(REQUIRED.filled(label=column.heading))
        return None
    if column.kind == "choice":
        return _choice(raw, column)
    return _converted(raw, column, now, zone)


def _raw(cell: Cell, column: Column) -> str:
    """The cell's words as somebody would type them into a form."""
    label = column.heading
    if cell.kind == "formula":
        raise Unfit(FORMULA.filled(label=label))
    if cell.kind == "error":
        raise Unfit(ERROR.filled(label=label, value=cell.text))
    if cell.kind == "long":
        raise Unfit(LONG.filled(label=label, limit=MAX_TEXT))
    if cell.kind == "number":
        return _figure(cell.text, column)
    if cell.kind == "date":
        return cell.text
    if cell.kind == "moment":
        return cell.text.partition("T")[0] if column.kind == "date" else cell.text
    if cell.kind == "boolean":
        return "ya" if cell.text == "true" else "tidak"
    return _written(cell.text.strip(), column)


def _figure(text: str, column: Column) -> str:
    """A number cell: good for figures; for what is text, as long as it kept all its digits."""
    number = Decimal(text)
    if column.kind == "number":
        return format(number.normalize(), "f").replace(".", ",")
    if column.kind == "date":
        raise Unfit(BARE_NUMBER.filled(label=column.heading, value=text))
    if abs(number) >= EXACT:
        raise Unfit(LOST.filled(label=column.heading))
    plain = format(number.normalize(), "f")
    # A spreadsheet drops the zero that a mobile number begins with.
    return "0" + plain if column.kind == "mobile" and plain.startswith("8") else plain


def _written(text: str, column: Column) -> str:
    kept = _KEPT_AS_TEXT.match(text)
    if kept:
        text = kept[1]
    elif text.startswith("="):
        raise Unfit(FORMULA.filled(label=column.heading))
    elif text[:2] in ("'=", "'+", "'-", "'@") or (column.kind in DIGITS and text.startswith("'")):
        text = text[1:]  # the mark by which a spreadsheet, and our own downloads, keep a text from being computed
    if column.kind in DIGITS and _SCIENTIFIC.match(text):
        raise Unfit(LOST.filled(label=column.heading))
    if column.kind == "date":
        return _dated(text)
    if column.kind == "mobile" and re.fullmatch(r"8\d{8,11}", text, re.ASCII):
        return "0" + text
    return text


def _dated(text: str) -> str:
    """`7 April 2026` in ISO form; whatever else it is, the form's own reading decides."""
    found = _WRITTEN_DATE.match(" ".join(text.split()))
    month = MONTHS.get(found[2].lower()) if found else None
    if found is None or month is None:
        return text
    try:
        return date(int(found[3]), month, int(found[1])).isoformat()
    except ValueError:
        return text


def _choice(raw: str, column: Column) -> str:
    wanted = " ".join(raw.casefold().replace("_", " ").split())
    for option in column.options:
        names = {option.value, option.label.id, option.label.en}
        if wanted in {" ".join(name.casefold().replace("_", " ").split()) for name in names}:
            return option.value
    names_id, names_en = (
        ", ".join(option.label.in_locale(locale) for option in column.options) for locale in ("id", "en")
    )
    raise Unfit(CHOICE.filled(label=column.heading, options=Text(names_id, names_en)))


def _converted(raw: str, column: Column, now: datetime, zone: str) -> Any:
    context = FormContext(now=now, zone=ZoneInfo(zone), evaluation=EvaluationContext(now=now))
    try:
        value = convert(raw, Asking(column.field, context, {}, column.options, [], []))
    except Refusal as refusal:
        raise Unfit(*(fault.text for fault in refusal.faults)) from None
    if isinstance(value, str) and len(value) > column.max_length:
        raise Unfit(LONG.filled(label=column.heading, limit=column.max_length))
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else value
