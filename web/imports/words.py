"""Runs and rows in the words of their pages and reports."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.imports import ImportKind
from engine.texts import Text
from web.i18n import locale_code

RUN_TONES = {
    "reading": "busy",
    "refused": "bad",
    "checked": "warn",
    "running": "busy",
    "done": "good",
    "cancelled": "neutral",
}
ROW_TONES = {"ready": "neutral", "faulty": "bad", "doing": "busy", "done": "good", "failed": "bad", "left": "neutral"}


def run_state(state: str) -> str:
    return {
        "reading": _("Sedang diperiksa"),
        "refused": _("Berkas ditolak"),
        "checked": _("Menunggu dijalankan"),
        "running": _("Sedang berjalan"),
        "done": _("Selesai"),
        "cancelled": _("Dibatalkan"),
    }.get(state, state)


def row_state(state: str) -> str:
    return {
        "ready": _("Siap"),
        "faulty": _("Perlu Perbaikan"),
        "doing": _("Sedang dikerjakan"),
        "done": _("Berhasil"),
        "failed": _("Gagal"),
        "left": _("Tidak dijalankan"),
    }[state]


@dataclass(frozen=True)
class ShownRow:
    """A row for reading: its values in the columns' order, and what is to be said of it."""

    number: int
    cells: tuple[str, ...]
    state: str
    state_text: str
    tone: str
    notes: tuple[str, ...]
    case: str | None


def shown(row: Any, keys: list[str], kind: ImportKind | None, run_state_now: str) -> ShownRow:
    state = "left" if row.state in ("ready", "doing") and run_state_now in ("done", "cancelled") else row.state
    labels = _labels(kind)
    cells = tuple(labels.get((key, value), str(value)) if (value := row.row_values.get(key)) is not None else ""
                  for key in keys)  # fmt: skip
    return ShownRow(row.number, cells, state, row_state(state), ROW_TONES[state], _notes(row), row.result.get("case"))


def _labels(kind: ImportKind | None) -> dict[tuple[str, Any], str]:
    """Options by their words."""
    columns = kind.columns if kind is not None else ()
    return {(c.key, o.value): o.label.in_locale(locale_code()) for c in columns for o in c.options}


def _notes(row: Any) -> tuple[str, ...]:
    """What is wrong, else what became of it, in the reader's language."""
    said = [*row.faults, *([row.result["text"]] if "text" in row.result else [])]
    return tuple(Text(note.get("id", ""), note.get("en", "")).in_locale(locale_code()) for note in said)
