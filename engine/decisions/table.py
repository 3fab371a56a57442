"""What a decision file says: its columns, its rows, its hit policy. Reads whatever is there, also half-made tables."""

from dataclasses import dataclass
from typing import Any

from lxml import etree


@dataclass(frozen=True)
class Column:
    """An input (`source` is its expression) or an output (`source` is the name it fills)."""

    id: str
    label: str
    source: str
    kind: str
    """The file's `typeRef`; empty where it says nothing."""

    @property
    def title(self) -> str:
        return self.label or self.source


@dataclass(frozen=True)
class Rule:
    """A row. `number` counts from 1, as people do."""

    id: str
    number: int
    cells: tuple[str, ...]
    results: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True)
class Table:
    """One decision table."""

    id: str
    name: str
    policy: str
    aggregation: str | None
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]


def table_of(root: Any) -> Table | None:
    """The table of a file that was read already; None where there is none, or a row does not fit its columns."""
    decision = next(_children(root, "decision"), None)
    table = None if decision is None else next(_children(decision, "decisionTable"), None)
    if decision is None or table is None:
        return None
    inputs = tuple(_input(e) for e in _children(table, "input"))
    outputs = tuple(_output(e) for e in _children(table, "output"))
    rules = tuple(_rule(e, number) for number, e in enumerate(_children(table, "rule"), start=1))
    if any(len(r.cells) != len(inputs) or len(r.results) != len(outputs) for r in rules):
        return None
    return Table(
        id=decision.get("id") or "",
        name=decision.get("name") or decision.get("id") or "",
        policy=(table.get("hitPolicy") or "UNIQUE").upper(),
        aggregation=table.get("aggregation"),
        inputs=inputs,
        outputs=outputs,
        rules=rules,
    )


def _children(element: Any, name: str) -> Any:
    """Children of that name, in whatever edition of DMN."""
    return (e for e in element if isinstance(e.tag, str) and etree.QName(e).localname == name)


def _text(element: Any) -> str:
    found = None if element is None else next(_children(element, "text"), None)
    return "" if found is None else (found.text or "").strip()


def _input(element: Any) -> Column:
    expression = next(_children(element, "inputExpression"), None)
    kind = "" if expression is None else expression.get("typeRef") or ""
    return Column(element.get("id") or "", element.get("label") or "", _text(expression), kind)


def _output(element: Any) -> Column:
    name = element.get("name") or ""
    return Column(element.get("id") or "", element.get("label") or "", name, element.get("typeRef") or "")


def _rule(element: Any, number: int) -> Rule:
    words = next(_children(element, "description"), None)
    return Rule(
        id=element.get("id") or "",
        number=number,
        cells=tuple(_text(e) for e in _children(element, "inputEntry")),
        results=tuple(_text(e) for e in _children(element, "outputEntry")),
        description="" if words is None else (words.text or "").strip(),
    )
