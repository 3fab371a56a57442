"""How large an expression and its values may be, and which names data may carry."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one evaluation. There is no clock among them: the same input always gives the same answer."""

    expression_characters: int = 1_000
    script_characters: int = 8_000
    nodes: int = 400
    depth: int = 24
    fuel: int = 200_000
    """Units of work: one per node, one per element or 64 characters touched."""
    text: int = 20_000
    items: int = 2_000
    number: int = 10**15
    decimal_places: int = 40
    data_bytes: int = 262_144
    data_depth: int = 12


LIMITS = Limits()

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z", re.ASCII)

LITERALS = {"True": True, "False": False, "None": None, "true": True, "false": False, "null": None}

READ_ONLY = frozenset({"case", "parameters", "programme"})
"""What the engine adds to every expression; a form or script can read but never replace it."""

RESERVED = READ_ONLY | frozenset(LITERALS) | frozenset({
    # read by SpiffWorkflow itself out of process data
    "self", "data_objects", "dmninputexpr", "kwargs", "task", "workflow", "typename", "spiff__datatype",
    # words of the language
    "and", "or", "not", "in", "is", "if", "else", "pass", "for", "while", "def", "class", "return", "import", "from",
    "lambda", "with", "as", "try", "except", "finally", "raise", "assert", "del", "global", "nonlocal", "yield",
    "break", "continue", "elif", "async", "await",
})  # fmt: skip


def valid_name(name: object) -> bool:
    """May process data carry a field of this name, and may an expression say it?"""
    return isinstance(name, str) and NAME.match(name) is not None and "__" not in name and name not in RESERVED


def readable_name(name: object) -> bool:
    """May an expression read it? Everything of `valid_name`, and what the engine adds."""
    return valid_name(name) or (isinstance(name, str) and (name in READ_ONLY or name in LITERALS))
