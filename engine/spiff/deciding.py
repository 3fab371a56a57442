"""A decision tried out of its case: the answer that the engine gives, and row by row which cells matched and why not.

The answer comes from the very engine that a business rule task has; the rows are looked at cell by cell beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import AlurError
from engine.expressions import EvaluationContext, evaluate, matches
from engine.spiff.act import Act, acting
from engine.spiff.decisions import DecisionEngine
from engine.spiff.specs import decision_engine


@dataclass(frozen=True)
class Answer:
    """A value that was computed, or why it could not be."""

    value: Any = None
    refused: AlurError | None = None


@dataclass(frozen=True)
class TriedRow:
    """One row: what each of its cells says of the input of its column (Ya/Tidak), and whether all match."""

    number: int
    cells: tuple[Answer, ...]

    @property
    def matches(self) -> bool:
        return all(cell.refused is None and cell.value for cell in self.cells)


@dataclass(frozen=True)
class Tried:
    """`outcome` is what the case would get, or the refusal it would stop with."""

    inputs: tuple[Answer, ...]
    rows: tuple[TriedRow, ...]
    outcome: Answer


def try_decision(
    body: bytes, names: Mapping[str, Any], externals: Mapping[str, Any], context: EvaluationContext
) -> Tried:
    """Ask a table about these names. Raises UnparsableError for a file that the gate would not let through."""
    engine = decision_engine(body)
    known = {**names, **externals}
    with acting(Act("", 0, context.now, context, externals)):
        inputs = tuple(_answer(lambda c=column: evaluate(c.expression, known, context)) for column in _inputs(engine))
        rows = tuple(_row(rule, engine, inputs, known, context) for rule in engine.decision_table.rules)
        outcome = _answer(lambda: engine.decide(known))
    return Tried(inputs, rows, outcome)


def _inputs(engine: DecisionEngine) -> list[Any]:
    return list(engine.decision_table.inputs)


def _row(
    rule: Any, engine: DecisionEngine, inputs: tuple[Answer, ...], known: Mapping[str, Any], context: EvaluationContext
) -> TriedRow:
    """All of its cells, also those after one that does not match: an owner asks about each."""
    by_column = {column.id: answer for column, answer in zip(_inputs(engine), inputs, strict=True)}
    cells = []
    for entry in rule.inputEntries:
        given = by_column[entry.input.id]
        text = entry.text
        cells.append(given if given.refused else _answer(lambda t=text, g=given: matches(t, g.value, known, context)))
    return TriedRow(rule.row_number, tuple(cells))


def _answer(compute: Any) -> Answer:
    try:
        return Answer(compute())
    except AlurError as error:
        return Answer(refused=error)
