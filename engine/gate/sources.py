"""Every place of a diagram where something is computed: each source text is checked, none is run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from engine.expressions import check, is_reserved, names_used
from engine.gate.diagram import Diagram, Node, local, text_of
from engine.gate.timers import check_timer
from engine.gate.vocabulary import BPMN, SPIFF
from engine.texts import Text

Mode = Literal["expression", "script"]

_WHERE = {
    "conditionExpression": Text("Syarat alir", "The flow's condition"),
    "condition": Text("Syarat event", "The event's condition"),
    "loopCondition": Text("Syarat pengulangan", "The loop's condition"),
    "loopCardinality": Text("loopCardinality", "loopCardinality"),
    "completionCondition": Text("Syarat selesai", "The completion condition"),
    "timeDate": Text("Waktu pewaktu", "The timer's date"),
    "timeDuration": Text("Lama pewaktu", "The timer's duration"),
    "timeCycle": Text("Putaran pewaktu", "The timer's cycle"),
    "script": Text("Script", "The script"),
    "preScript": Text("preScript", "preScript"),
    "postScript": Text("postScript", "postScript"),
    "messagePayload": Text("Isi pesan", "The message's payload"),
    "payloadExpression": Text("Isi event", "The event's payload"),
}
_PROPERTIES = {
    "due": Text("Tenggat", "The deadline"),
    "assign": Text("Pelaksana", "The person (assign)"),
    "correlation": Text("Kunci pesan", "The correlation"),
}
_SCRIPTS = frozenset({"script", "preScript", "postScript"})
_VARIABLES = {
    "loopDataInputRef": Text("data yang diulang", "the data repeated over"),
    "loopDataOutputRef": Text("kumpulan hasil", "the results"),
    "messageVariable": Text("nama data pesan", "the message's name of data"),
    "variableName": Text("nama data event", "the event's name of data"),
}


@dataclass(frozen=True)
class Computed:
    """A source text in a diagram: where it stands, and how it is called in a finding."""

    element: Any
    where: Text
    source: str
    mode: Mode = "expression"


def sources(diagram: Diagram) -> Iterator[Computed]:
    """All source texts of a diagram."""
    for element in diagram.root.iter(f"{BPMN}*", f"{SPIFF}*"):
        tag = local(element)
        if tag in _WHERE:
            yield Computed(element, _WHERE[tag], element.text or "", "script" if tag in _SCRIPTS else "expression")
        elif tag == "parameter" and element.get("value"):
            name = element.get("id") or "?"
            yield Computed(element, Text(f"Parameter {name[:60]}", f"The parameter {name[:60]}"), element.get("value"))
        elif tag == "property" and element.get("name") in _PROPERTIES and not _is_keyword(element):
            yield Computed(element, _PROPERTIES[element.get("name")], element.get("value") or "")


def _is_keyword(element: Any) -> bool:
    """`assign` may say "starter" instead of computing a person; an empty property is reported elsewhere."""
    value = (element.get("value") or "").strip()
    return not value or (element.get("name") == "assign" and value == "starter")


def check_sources(diagram: Diagram) -> None:
    """Every expression and script can be read, and every variable has a name the language allows."""
    for computed in sources(diagram):
        if not computed.source.strip():
            diagram.say("expression_missing", computed.element, where=computed.where)
        elif not _is_timer(computed.element) or not check_timer(diagram, computed.element, computed.source):
            for fault in check(computed.source, computed.mode):
                diagram.say("expression", computed.element, where=computed.where, why=fault.text, cure=fault.cure)
    for element in diagram.root.iter(f"{BPMN}*", f"{SPIFF}*"):
        tag = local(element)
        if tag in _VARIABLES and is_reserved(text_of(element)):
            diagram.say("name_reserved", element, name=text_of(element), where=_VARIABLES[tag])
    for _, node in diagram.nodes():
        _check_items(diagram, node)
    _check_data_objects(diagram)


def names_read(diagram: Diagram) -> Iterator[tuple[Computed, str]]:
    """Names of data that conditions and other expressions read, for the question who fills them."""
    for computed in sources(diagram):
        if not check(computed.source, computed.mode):
            for name in sorted(names_used(computed.source, computed.mode)):
                yield computed, name


def _is_timer(element: Any) -> bool:
    return local(element) in ("timeDate", "timeDuration", "timeCycle")


def _check_items(diagram: Diagram, node: Node) -> None:
    multi = node.child("multiInstanceLoopCharacteristics")
    for tag in ("inputDataItem", "outputDataItem"):
        item = None if multi is None else multi.find(BPMN + tag)
        if item is None:
            continue
        ident, name = item.get("id") or "", item.get("name") or ""
        if ident and is_reserved(ident):
            diagram.say("name_reserved", item, name=ident, where=Text("butir multi-instance", "the item"))
        elif name and name != ident:
            diagram.say("item_name", item, id=ident, name=name)


def _check_data_objects(diagram: Diagram) -> None:
    for element in diagram.root.iter(f"{BPMN}dataObject"):
        if is_reserved(element.get("id") or ""):
            diagram.say(
                "name_reserved", element, name=element.get("id") or "", where=Text("data object", "data object")
            )
    for reference in diagram.root.iter(f"{BPMN}dataObjectReference"):
        target = diagram.ids.get(reference.get("dataObjectRef") or "")
        if target is None or local(target) != "dataObject" or target.getparent() is not reference.getparent():
            diagram.say("data_object", reference, ref=reference.get("dataObjectRef") or "")
    for tag, end in (("dataInputAssociation", "sourceRef"), ("dataOutputAssociation", "targetRef")):
        for association in diagram.root.iter(BPMN + tag):
            _check_association(diagram, association, text_of(association.find(BPMN + end)))


def _check_association(diagram: Diagram, association: Any, ref: str) -> None:
    target = diagram.ids.get(ref)
    scopes = list(association.getparent().iterancestors())
    if target is None or local(target) != "dataObjectReference" or target.getparent() not in scopes:
        diagram.say("data_reference", association, ref=ref)
