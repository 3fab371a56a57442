"""A YAML file as a tree that remembers its lines; every scalar stays the text that was typed.

YAML's own guesses (a date, `no`, 0123) would change what a process owner wrote; meaning is given by the reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

import yaml

from engine.scenarios.findings import ScenarioFileError, problem

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 20


@dataclass(frozen=True)
class Scalar:
    """A text. Empty where nothing was written."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Sequence:
    """A list."""

    file: str
    line: int
    items: tuple["Tree", ...]

    def __iter__(self) -> Iterator["Tree"]:
        return iter(self.items)


@dataclass(frozen=True)
class Mapping:
    """Entries in the order they were written; a key is a text with a line of its own."""

    file: str
    line: int
    entries: tuple[tuple[Scalar, "Tree"], ...] = field(default=())

    def __iter__(self) -> Iterator[tuple[Scalar, "Tree"]]:
        return iter(self.entries)


Tree = Union[Scalar, Sequence, Mapping]  # noqa: UP007 -- the three name each other before they exist


def read_tree(file: str, body: bytes) -> Tree:
    """The tree of a file's bytes. Raises ScenarioFileError with the line where reading stopped."""
    if len(body) > MAX_BYTES:
        raise _refused(file, 1, "too_large")
    try:
        node = yaml.compose(body.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise _refused(file, 1, "not_utf8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refused(file, mark.line + 1 if mark else 1, "not_yaml") from None
    except (yaml.YAMLError, RecursionError):
        raise _refused(file, 1, "not_yaml") from None
    if node is None:
        raise _refused(file, 1, "empty")
    return _Builder(file).tree(node, 0)


def _refused(file: str, line: int, code: str, **values: str) -> ScenarioFileError:
    return ScenarioFileError([problem(file, line, code, **values)])


class _Builder:
    """Copies a composed YAML tree; aliases (`*name`) are copied where they stand, within bounds."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.left = MAX_NODES

    def tree(self, node: yaml.Node, depth: int) -> Tree:
        line = node.start_mark.line + 1
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise _refused(self.file, line, "too_large")
        if isinstance(node, yaml.ScalarNode):
            empty = node.style is None and node.value in ("", "~")
            return Scalar(self.file, line, "" if empty else node.value)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(self.file, line, tuple(self.tree(item, depth + 1) for item in node.value))
        return Mapping(self.file, line, tuple(self._entries(node, depth)))

    def _entries(self, node: yaml.Node, depth: int) -> Iterator[tuple[Scalar, Tree]]:
        seen = set()
        for key_node, value_node in node.value:
            key = self.tree(key_node, depth + 1)
            if not isinstance(key, Scalar):
                raise _refused(self.file, key.line, "bad_key")
            if key.text in seen:
                raise _refused(self.file, key.line, "twice", key=key.text)
            seen.add(key.text)
            yield key, self.tree(value_node, depth + 1)
