"""What a diagram reads of records and choices, against the forms and handlers that fill them."""

import ast
from collections.abc import Iterator

from engine.expressions import check, read
from engine.expressions.paths import path_of, paths_read
from engine.gate.diagram import Diagram
from engine.gate.filling import Filled, Filling
from engine.gate.sources import Computed, sources


def check_reading(diagrams: list[Diagram], filled: Filling) -> None:
    """Warn of fields that no form gives, and of answers that no form offers."""
    by_name: dict[str, list[Filled]] = {}
    for entry in filled.all:
        by_name.setdefault(entry.name, []).append(entry)
    for diagram in diagrams:
        for computed in sources(diagram):
            if not check(computed.source, computed.mode):
                _check_fields(diagram, computed, by_name)
                _check_answers(diagram, computed, by_name)


def _check_fields(diagram: Diagram, computed: Computed, by_name: dict[str, list[Filled]]) -> None:
    for path in paths_read(_tree(computed), needed=True):
        chain = path.split(".")
        for length in range(1, len(chain)):
            name, child = ".".join(chain[:length]), ".".join(chain[: length + 1])
            holders = by_name.get(name, [])
            if not holders or not all(h.closed for h in holders):
                break
            if child not in by_name:
                known = sorted(n.removeprefix(f"{name}.") for n in by_name if n.startswith(f"{name}."))
                listed = ", ".join(n for n in known if "." not in n) or "-"
                diagram.say("field_unknown", computed.element, where=computed.where, name=child, record=name,
                            known=listed)  # fmt: skip
                break


def _check_answers(diagram: Diagram, computed: Computed, by_name: dict[str, list[Filled]]) -> None:
    for node in _nodes(_tree(computed)):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        sides = (node.left, node.comparators[0])
        for name_side, value_side in (sides, sides[::-1]):
            fillers = by_name.get(path_of(name_side) or "", [])
            if fillers and all(f.options for f in fillers):
                _check_values(diagram, computed, fillers, value_side)


def _check_values(diagram: Diagram, computed: Computed, fillers: list[Filled], side: ast.AST) -> None:
    offered = {option.value for f in fillers for option in f.options}
    items = side.elts if isinstance(side, ast.List | ast.Tuple) else [side]
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str) and item.value not in offered | {""}:
            diagram.say("answer_unknown", computed.element, where=computed.where, name=fillers[0].name,
                        value=item.value, form=fillers[0].source, known=", ".join(sorted(offered)))  # fmt: skip


def _tree(computed: Computed) -> ast.AST | None:
    return read(computed.source, computed.mode).tree


def _nodes(tree: ast.AST | None) -> Iterator[ast.AST]:
    return iter(()) if tree is None else ast.walk(tree)
