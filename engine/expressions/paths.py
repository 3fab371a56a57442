"""Which values an expression reads, by name and field: what somebody who tries it out has to be asked for."""

import ast
from collections.abc import Iterator

from engine.expressions.cells import INPUT
from engine.expressions.functions import LAZY
from engine.expressions.limits import LITERALS

NOT_DATA = frozenset({*LITERALS, INPUT})


def paths_read(tree: ast.AST | None, *, needed: bool = False) -> list[str]:
    """`["assessed.spread", "role"]`, in the order of reading, each once; nothing for a text that cannot be read.

    `needed`: only what must be there; default(name, …) and defined(name) do without.
    """
    found = [] if tree is None else list(_paths(tree, needed=needed))
    return list(dict.fromkeys(path for path in found if path not in NOT_DATA))


def leaves(paths: list[str]) -> list[str]:
    """Each once; a record that is read whole and by a field is meant by its fields."""
    once = list(dict.fromkeys(paths))
    return [path for path in once if not any(other.startswith(f"{path}.") for other in once)]


def path_of(node: ast.AST) -> str | None:
    """`a.b` of a name and its fields; None of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        holder = path_of(node.value)
        return f"{holder}.{node.attr}" if holder else None
    return None


def _paths(node: ast.AST, *, needed: bool) -> Iterator[str]:
    path = path_of(node)
    if path is not None:
        if not isinstance(getattr(node, "ctx", None), ast.Store):
            yield path
        return
    inner: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):  # the function's name is no value
        lazy = isinstance(node.func, ast.Name) and node.func.id in LAZY
        inner = [*(node.args[1:] if needed and lazy else node.args), *(k.value for k in node.keywords)]
    for child in inner:
        yield from _paths(child, needed=needed)
