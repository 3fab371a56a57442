"""The template of an import: a workbook whose columns are formatted so that nothing typed into it gets lost."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from engine.imports.kinds import Column, ImportKind
from engine.imports.workbook import csv_text
from engine.texts import Text

REQUIRED, OPTIONAL = Text("wajib", "required"), Text("tidak wajib", "optional")
DATA = "Data"
EXPLANATION = Text("Penjelasan", "Explanation")
HEADINGS = (
    Text("Kolom", "Column"),
    Text("Wajib", "Required"),
    Text("Cara mengisi", "How to fill it in"),
    Text("Contoh", "Example"),
)
HINT = Text(
    "Isi lembar “Data” mulai baris 2. Jangan mengubah judul kolom. Paling banyak {limit} baris.",
    "Fill in the sheet “Data” from row 2. Do not change the headings. At most {limit} rows.",
)
YES_NO = {True: Text("Ya", "Yes"), False: Text("Tidak", "No")}


def template_xlsx(kind: ImportKind, locale: str) -> bytes:
    """Headings (with their explanation as a note) in the first sheet, how to fill them in, with an example, in the
    second. All columns are text: Excel then changes neither NIP nor dates."""
    book = Workbook()
    sheet = book.active
    sheet.title = DATA
    sheet.freeze_panes = "A2"
    for number, column in enumerate(kind.columns, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(1, number, column.heading.in_locale(locale) + (" *" if column.required else ""))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EEF4")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(_explained(column, locale), "Alur")
        sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = max(14, min(34, len(column.heading.in_locale(locale)) + 6))
        for row in range(2, 102):
            sheet.cell(row, number).number_format = "@"
        if column.options:
            _offer(sheet, column, letter, locale, kind.limits.rows)
    _explain(book, kind, locale)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def template_csv(kind: ImportKind, locale: str) -> str:
    """Headings and one example row, which is refused as long as it is the example."""
    header = [column.heading.in_locale(locale) for column in kind.columns]
    return csv_text(header, [example_row(kind.columns, locale)])


def example_row(columns: Sequence[Column], locale: str) -> list[str]:
    return [column.example_in(locale) for column in columns]


def _explained(column: Column, locale: str) -> str:
    needed = (REQUIRED if column.required else OPTIONAL).in_locale(locale)
    lines = [
        f"{column.heading.in_locale(locale)} ({needed})",
        column.explanation.in_locale(locale),
        _choices(column, locale),
    ]
    return "\n".join(line for line in lines if line)


def _choices(column: Column, locale: str) -> str:
    return " / ".join(option.label.in_locale(locale) for option in column.options)


def _offer(sheet: Any, column: Column, letter: str, locale: str, rows: int) -> None:
    """A drop-down with the options, as far as Excel takes them (255 characters, no commas)."""
    labels = [option.label.in_locale(locale) for option in column.options]
    listed = ",".join(labels)
    if len(listed) > 250 or any("," in label or '"' in label for label in labels):
        return
    offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    offered.add(f"{letter}2:{letter}{rows + 1}")
    sheet.add_data_validation(offered)


def _explain(book: Workbook, kind: ImportKind, locale: str) -> None:
    sheet = book.create_sheet(EXPLANATION.in_locale(locale))
    sheet.append([kind.title.in_locale(locale)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([HINT.filled(limit=kind.limits.rows).in_locale(locale)])
    sheet.append([])
    sheet.append([heading.in_locale(locale) for heading in HEADINGS])
    for cell in sheet[4]:
        cell.font = Font(bold=True)
    for column in kind.columns:
        how = "\n".join(part for part in (column.explanation.in_locale(locale), _choices(column, locale)) if part)
        heading, needed = column.heading.in_locale(locale), YES_NO[column.required].in_locale(locale)
        sheet.append([heading, needed, how, None])
        example = sheet.cell(sheet.max_row, 4)
        example.value = column.example_in(locale)
        example.data_type, example.number_format = "s", "@"
    for letter, width in zip("ABCD", (32, 10, 70, 34), strict=True):
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter][4:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
