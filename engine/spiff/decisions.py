"""Decision tables whose hit policy is truly honoured: UNIQUE, FIRST, ANY, COLLECT (also SUM, MIN, MAX, COUNT).

SpiffWorkflow takes everything but COLLECT for "the first rule that matches", also where UNIQUE is broken.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.task import Task

from engine.errors import AlurError
from engine.expressions import equal, evaluate, matches
from engine.spiff.act import current_act
from engine.spiff.faults import at_element
from engine.spiff.language import element_id
from engine.spiff.values import clean

HIT_POLICIES = frozenset({"UNIQUE", "FIRST", "ANY", "COLLECT"})
AGGREGATIONS = frozenset({"SUM", "MIN", "MAX", "COUNT"})


class DecisionError(AlurError):
    """The decision table "{table}" does not give one answer: {why}"""

    indonesian = "Tabel keputusan “{table}” tidak memberi satu jawaban: {why}"
    code = "decision"


def aggregation_of(node: Any) -> str | None:
    """The aggregation of a file's decision table, which the stock parser does not read."""
    found = next((e for e in node.iter() if isinstance(e.tag, str) and e.tag.endswith("}decisionTable")), None)
    return None if found is None else found.get("aggregation")


class DecisionEngine:
    """Stands where a business rule task has its DMNEngine."""

    def __init__(self, decision_table: Any, aggregation: str | None = None) -> None:
        self.decision_table = decision_table
        self.aggregation = aggregation

    def result(self, task: Task) -> dict[str, Any]:
        """The outputs of the rules that match the task's data, as the hit policy puts them together."""
        act = current_act()
        with at_element(element_id(task.task_spec)):
            names = {**task.workflow.data_objects, **task.data, **act.externals}
            return self.decide(names)

    def decide(self, names: Mapping[str, Any]) -> dict[str, Any]:
        table = self.decision_table
        inputs = {}
        for column in table.inputs:
            inputs[column.id] = self._evaluate(column.expression, names)
        hits = [rule for rule in table.rules if self._matches(rule, inputs, names)]
        outputs = [self._outputs(rule, names) for rule in hits]
        return self._combined(hits, outputs)

    def _matches(self, rule: Any, inputs: Mapping[str, Any], names: Mapping[str, Any]) -> bool:
        act = current_act()
        for entry in rule.inputEntries:
            act.budget.charge(evaluations=1)
            if not matches(entry.text, inputs[entry.input.id], names, act.context):
                return False
        return True

    def _outputs(self, rule: Any, names: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry in rule.outputEntries:
            value = self._evaluate(entry.text, names) if (entry.text or "").strip() else None
            _put(found, (entry.output.name or entry.output.label).split("."), clean(value))
        return found

    def _combined(self, hits: list[Any], outputs: list[dict[str, Any]]) -> dict[str, Any]:
        policy = (self.decision_table.hit_policy or "UNIQUE").upper()
        if policy == "COLLECT":
            return self._collected(outputs)
        if not outputs:
            return self._no_answer()
        if policy == "UNIQUE" and len(outputs) > 1:
            rows = ", ".join(str(rule.row_number) for rule in hits)
            raise DecisionError(table=self._name, why=f"rules {rows} match at once (UNIQUE)")
        if policy == "ANY" and not all(equal(outputs[0], other) for other in outputs[1:]):
            raise DecisionError(table=self._name, why="matching rules say different things (ANY)")
        if policy not in HIT_POLICIES:
            raise DecisionError(table=self._name, why=f"hit policy {policy} is not supported")
        return outputs[0]

    def _no_answer(self) -> dict[str, Any]:
        """Every output is there and empty, so that no answer of an earlier round is taken for this one's."""
        found: dict[str, Any] = {}
        for column in self.decision_table.outputs:
            _put(found, (column.name or column.label).split("."), None)
        return found

    def _collected(self, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        names = [column.name or column.label for column in self.decision_table.outputs]
        lists = {name: [_get(output, name.split(".")) for output in outputs] for name in names}
        found: dict[str, Any] = {}
        for name, values in lists.items():
            _put(found, name.split("."), self._aggregated(values))
        return found

    def _aggregated(self, values: list[Any]) -> Any:
        if self.aggregation is None:
            return values
        if self.aggregation == "COUNT":
            return len(values)
        if any(isinstance(v, bool) or not isinstance(v, int | float | Decimal) for v in values):
            raise DecisionError(table=self._name, why=f"{self.aggregation} needs numbers")
        if self.aggregation == "SUM":
            return _plain(sum((Decimal(str(v)) for v in values), Decimal(0)), values)
        if not values:
            return None
        choose = min if self.aggregation == "MIN" else max
        return choose(values, key=lambda v: Decimal(str(v)))

    def _evaluate(self, expression: str, names: Mapping[str, Any]) -> Any:
        act = current_act()
        act.budget.charge(evaluations=1)
        return evaluate(expression, names, act.context)

    @property
    def _name(self) -> str:
        return str(self.decision_table.name or self.decision_table.id)


def _plain(total: Decimal, values: list[Any]) -> int | float | Decimal:
    """A sum of whole numbers is a whole number, a sum with Decimals a Decimal."""
    if all(isinstance(v, int) for v in values):
        return int(total)
    return total if any(isinstance(v, Decimal) for v in values) else float(total)


def _put(record: dict[str, Any], path: list[str], value: Any) -> None:
    """`a.b` fills field `b` of record `a`."""
    for name in path[:-1]:
        record = record.setdefault(name, {})
    record[path[-1]] = value


def _get(record: Any, path: list[str]) -> Any:
    for name in path:
        record = record[name]
    return record
