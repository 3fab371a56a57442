"""Scenario files as a person would write them: blocks for what is long, one line for what is short, no needless quotes.

Every scalar is text to the reader of scenarios, so nothing is quoted for looking like a date or a number.
"""

import re
from typing import Any

import yaml

from engine.scenarios.words import ALIASES

WIDTH = 110
STEPS = frozenset(alias for word in ("when", "at_once", "then") for alias in ALIASES[word])
PEOPLE = 2
"""How deep the people of a story stand."""
_MAP, _SEQ = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
_RISKY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")


class _Dumper(yaml.SafeDumper):
    """Plain scalars are never guessed at, and nothing is said once and pointed at later."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 -- the name and type that PyYAML looks for

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)  # lists stand below their name, indented


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    quoted = value in ("", "~") or _RISKY.search(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if quoted else None)


class _Line(dict):  # type: ignore[type-arg]
    """A record to be written on one line."""


class _Row(list):  # type: ignore[type-arg]
    """A list to be written on one line."""


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Line, lambda dumper, value: dumper.represent_mapping(_MAP, value.items(), flow_style=True))
_Dumper.add_representer(_Row, lambda dumper, value: dumper.represent_sequence(_SEQ, value, flow_style=True))


def write_yaml(story: Any) -> str:
    """Records, lists and texts as YAML; reading it gives the same texts again."""
    return _dumped(_shaped(story, 0))


def _dumped(value: Any) -> str:
    written: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000, indent=2,
                             default_flow_style=False)  # fmt: skip
    return written


def _shaped(value: Any, depth: int) -> Any:
    """What fits on a line is written on one, from the second level on; the outermost names always stand in a block."""
    if isinstance(value, str):
        return value
    if depth > 1 and not _heads(value, depth) and _fits(value, depth):
        return _flat(value)
    if isinstance(value, dict):
        return {str(name): _shaped(item, depth + 1) for name, item in value.items()}
    return [_shaped(item, depth + 1) for item in value]


def _heads(value: Any, depth: int = 0) -> bool:
    """`- when: {…}`: the one word of a step stands before its line, not inside it; so do steps in their list."""
    if isinstance(value, list):
        return any(_heads(item) for item in value)
    if depth == PEOPLE and isinstance(value, dict) and any(isinstance(item, dict) for item in value.values()):
        return True  # one line for each person, and for each example of a form
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in STEPS


def _fits(value: Any, depth: int) -> bool:
    return "\n" not in str(value) and len(_dumped(_flat(value))) + 2 * depth <= WIDTH and _depth(value) <= 4


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return _Line({str(name): _flat(item) for name, item in value.items()})
    return _Row(_flat(item) for item in value) if isinstance(value, list) else value


def _depth(value: Any) -> int:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(item) for item in items), default=0)
