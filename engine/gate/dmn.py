"""Decision tables (DMN): one table per file, a hit policy that is honoured, cells that the engine reads."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.expressions import check, is_reserved, names_used
from engine.gate.catalogue import report
from engine.gate.diagram import local, shown_tag, text_of
from engine.gate.elements import ID
from engine.gate.findings import Findings
from engine.gate.xml import read_xml
from engine.texts import Text

SPACES = frozenset({
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
})  # fmt: skip
POLICIES = frozenset({"UNIQUE", "FIRST", "ANY", "COLLECT"})
AGGREGATIONS = frozenset({"SUM", "MIN", "MAX", "COUNT"})
MAX_ROWS = 500
MAX_COLUMNS = 50

_CHILDREN = {
    "definitions": frozenset({"decision"}),
    "decision": frozenset({"decisionTable"}),
    "decisionTable": frozenset({"input", "output", "rule"}),
    "input": frozenset({"inputExpression"}),
    "inputExpression": frozenset({"text"}),
    "output": frozenset(),
    "rule": frozenset({"inputEntry", "outputEntry", "annotationEntry"}),
    "inputEntry": frozenset({"text"}),
    "outputEntry": frozenset({"text"}),
    "annotationEntry": frozenset({"text"}),
    "text": frozenset(),
}
_DESCRIBED = frozenset({"definitions", "decision", "rule", "inputEntry", "outputEntry"})
"""Where a `description` may stand: elsewhere the engine would take it for a column."""


@dataclass(frozen=True)
class Decision:
    """What the rest of the package needs to know of a decision file."""

    id: str
    outputs: frozenset[str]
    reads: frozenset[str]
    file: str = ""


def read_decision(body: bytes, findings: Findings) -> Decision | None:
    """The decision of a file; None when there is none to speak of."""
    root = read_xml(body, findings)
    if root is None:
        return None
    name = etree.QName(root)
    if name.namespace not in SPACES or name.localname != "definitions":
        report(findings, "not_dmn", line=root.sourceline, found=shown_tag(root))
        return None
    checker = _Checker(findings, f"{{{name.namespace}}}")
    checker.elements(root)
    tables = list(root.iter(f"{checker.space}decisionTable"))
    decisions = root.findall(f"{checker.space}decision")
    if len(tables) != 1 or len(decisions) != 1 or tables[0].getparent() is not decisions[0]:
        report(findings, "dmn_one_decision")
        return None
    checker.table(tables[0])
    outputs = frozenset((o.get("name") or "").split(".")[0] for o in tables[0].findall(f"{checker.space}output"))
    return Decision(decisions[0].get("id") or "", outputs, frozenset(checker.reads), findings.file)


class _Checker:
    def __init__(self, findings: Findings, space: str) -> None:
        self.findings = findings
        self.space = space
        self.reads: set[str] = set()

    def say(self, code: str, element: Any, **values: Any) -> None:
        around = next((e for e in (element, *element.iterancestors()) if e.get("id")), element)
        report(self.findings, code, around.get("id") or f"<{local(element)}>", element.sourceline, **values)

    def elements(self, root: Any) -> None:
        """Only elements that are honoured, each with the id that the engine asks for."""
        seen: set[str] = set()
        pending = [root]
        while pending:
            element = pending.pop()
            self._ids(element, seen)
            pending.extend(child for child in element if self._honoured(element, child))

    def _ids(self, element: Any, seen: set[str]) -> None:
        tag, ident = local(element), element.get("id")
        if not ident and tag not in ("text", "inputExpression", "definitions", "annotationEntry"):
            self.say("no_id", element, tag=tag)
        elif ident and ident in seen:
            self.say("duplicate_id", element, id=ident)
        elif ident and not ID.match(ident):
            self.say("bad_id", element, id=ident)
        seen.add(ident or "")
        if element.get("expressionLanguage") and tag != "definitions":
            self.say("dmn_language", element, language=element.get("expressionLanguage"))

    def _honoured(self, parent: Any, child: Any) -> bool:
        name, holder = etree.QName(child), local(parent)
        if f"{{{name.namespace}}}" != self.space:
            decorates = holder == "definitions" or "biodi" in (name.namespace or "")
            if decorates and name.localname not in ("decision", "decisionTable"):
                return False  # DMNDI: the drawing
        elif name.localname in _CHILDREN[holder]:
            return True
        elif name.localname == "description" and holder in _DESCRIBED:
            return False
        self.say("dmn_element", child, tag=name.localname)
        return False

    def table(self, table: Any) -> None:
        policy = (table.get("hitPolicy") or "UNIQUE").upper()
        aggregation = table.get("aggregation")
        if policy not in POLICIES or (table.get("hitPolicy") or "UNIQUE") != policy:
            self.say("dmn_policy", table, policy=table.get("hitPolicy"))
        if aggregation is not None and (policy != "COLLECT" or aggregation not in AGGREGATIONS):
            self.say("dmn_aggregation", table, name=aggregation, policy=policy)
        inputs, outputs, rules = (table.findall(self.space + t) for t in ("input", "output", "rule"))
        if not inputs or not outputs or not rules:
            self.say("dmn_columns", table)
        if len(rules) > MAX_ROWS or len(inputs) + len(outputs) > MAX_COLUMNS:
            self.say("dmn_too_large", table, rows=MAX_ROWS, columns=MAX_COLUMNS)
            return
        for column in inputs:
            found = column.find(f"{self.space}inputExpression/{self.space}text")
            self.expression(column, Text("Ekspresi masukan", "The input expression"), text_of(found), required=True)
        self._output_names(outputs)
        for rule in rules:
            self._rule(rule, len(inputs), len(outputs))

    def _output_names(self, outputs: list[Any]) -> None:
        seen: set[str] = set()
        for column in outputs:
            name = column.get("name") or ""
            if not name or name in seen or any(is_reserved(part) for part in name.split(".")):
                self.say("dmn_output_name", column, name=name)
            seen.add(name)

    def _rule(self, rule: Any, inputs: int, outputs: int) -> None:
        cells = rule.findall(f"{self.space}inputEntry")
        results = rule.findall(f"{self.space}outputEntry")
        for found, wanted in ((len(cells), inputs), (len(results), outputs)):
            if found != wanted:
                self.say("dmn_row", rule, found=found, wanted=wanted)
        for cell in cells:
            self.cell(cell, text_of(cell.find(f"{self.space}text")))
        for result in results:
            self.expression(result, Text("Sel keluaran", "The output cell"), text_of(result.find(f"{self.space}text")))

    def expression(self, element: Any, where: Text, source: str, *, required: bool = False) -> None:
        if not source:
            if required:
                self.say("expression_missing", element, where=where)
            return
        for fault in check(source):
            self.say("expression", element, where=where, why=fault.text, cure=fault.cure)
        self.reads |= names_used(source)

    def cell(self, element: Any, source: str) -> None:
        for fault in check(source, "dmn"):
            self.say(
                "expression", element, where=Text("Sel masukan", "The input cell"), why=fault.text, cure=fault.cure
            )
