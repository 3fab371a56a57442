"""How a `then` says what it expects: names, lists of names, and records of a few words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.scenarios.outcome import StepError
from engine.scenarios.words import ALIASES, NO, NOTHING, YES, read_instant, show_instant
from engine.scenarios.yamltree import Mapping, Scalar, Sequence, Tree
from engine.texts import Text

NONE = Text("tidak ada", "none")
DASH = "–"


def by_name(tree: Tree) -> list[tuple[str, Tree | None]]:
    """One name, a list of names, or names with something beside each."""
    if isinstance(tree, Mapping):
        return [(key.text, value) for key, value in tree]
    return [(name, None) for name in texts_of(tree)]


def texts_of(tree: Tree) -> list[str]:
    if isinstance(tree, Sequence):
        return [text_of(item) for item in tree]
    text = text_of(tree)
    return [] if text.lower() in NOTHING or not text else [text]


def text_of(tree: Tree) -> str:
    if isinstance(tree, Scalar):
        return tree.text.strip()
    raise StepError(tree.line, Text("di sini seharusnya satu teks", "one text belongs here"))


def items_of(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Sequence) else (tree,)


def entries_of(tree: Tree) -> tuple[tuple[Scalar, Tree], ...]:
    if isinstance(tree, Mapping):
        return tree.entries
    raise StepError(tree.line, Text("di sini seharusnya “nama: nilai” per baris", "“name: value” lines belong here"))


def words_of(tree: Tree, allowed: tuple[str, ...]) -> dict[str, str]:
    known = {alias: name for name in allowed for alias in ALIASES[name]}
    found = {}
    for key, value in entries_of(tree):
        if key.text not in known:
            words = ", ".join(ALIASES[name][0] for name in allowed)
            raise StepError(key.line, Text(f"“{key.text}” tidak dikenal; pakai {words}", f"“{key.text}”: use {words}"))
        found[known[key.text]] = text_of(value)
    return found


def listed(names: Iterable[str]) -> Text:
    """Names as they were written, or that there are none."""
    shown = ", ".join(names)
    return Text(shown) if shown else NONE


def equals(value: Any, expected: str) -> bool:
    """Is the value what was written?"""
    if isinstance(value, bool):
        return expected.lower() in (YES if value else NO)
    if isinstance(value, datetime):
        return value == read_instant(expected)
    if value is None:
        return expected == "" or expected.lower() in NOTHING
    return (value.isoformat() if isinstance(value, date) else str(value)) == expected


def shown(value: Any, zone: ZoneInfo) -> Text:
    """The value as it would be written."""
    if isinstance(value, datetime):
        return Text(show_instant(value, zone))
    if isinstance(value, bool):
        return Text("ya", "yes") if value else Text("tidak", "no")
    return Text(DASH if value is None else str(value))
