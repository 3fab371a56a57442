"""Every element and attribute of a diagram against the vocabulary: what is not honoured is named, never ignored."""

import re
from typing import Any

from lxml import etree

from engine.gate.catalogue import report
from engine.gate.diagram import Diagram, local, name_of
from engine.gate.vocabulary import (
    ATTRIBUTES,
    BPMN,
    CURES,
    DI_SPACES,
    NODES,
    ONCE,
    PARENTS,
    PROPERTIES,
    REMOVE,
    RESERVED_ENDINGS,
    RESERVED_IDS,
    SPIFF,
    SPIFF_ATTRIBUTES,
    SPIFF_PARENTS,
    is_decoration,
    vendor,
)

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}\Z", re.ASCII)
_NEED_ID = NODES | {"process", "sequenceFlow", "message", "signal", "error", "escalation", "dataObject",
                    "dataObjectReference", "inputDataItem", "outputDataItem"}  # fmt: skip


def check_elements(diagram: Diagram) -> None:
    seen: set[str] = set()
    pending = [diagram.root]
    while pending:
        element = pending.pop()
        if _check(diagram, element, seen):
            pending.extend(reversed(list(element)))


def _check(diagram: Diagram, element: Any, seen: set[str]) -> bool:
    """Check one element; True when its children are to be checked, too."""
    name = etree.QName(element)
    if element.tag.startswith(BPMN):
        return _check_bpmn(diagram, element, seen)
    if element.tag.startswith(SPIFF):
        return _check_spiff(diagram, element)
    space = name.namespace or ""
    if space in DI_SPACES:
        return False  # layout: see layout.py
    if is_decoration(space):
        diagram.say("ignored", element, name=local(element), product=space)
    else:
        diagram.say("foreign", element, name=local(element), product=vendor(space) or space or "?")
    return False


def _check_bpmn(diagram: Diagram, element: Any, seen: set[str]) -> bool:
    tag, parent = local(element), element.getparent()
    _check_id(diagram, element, tag, seen)
    if len(element.get("name") or "") > 300:
        diagram.say("name_long", element)
    if parent is None:
        _check_attributes(diagram, element, tag)
        return True
    if tag in ("documentation", "extensionElements"):
        return tag == "extensionElements"
    if tag not in PARENTS:
        diagram.say("unsupported", element, tag=tag, cure=CURES.get(tag, REMOVE))
        return False
    if not parent.tag.startswith(BPMN) or local(parent) not in PARENTS[tag]:
        diagram.say("misplaced", element, tag=tag, parent=local(parent))
        return False
    if tag in ONCE and parent.find(BPMN + tag) is not element:
        diagram.say("repeated", element, tag=tag, parent=local(parent))
    _check_attributes(diagram, element, tag)
    return True


def _check_id(diagram: Diagram, element: Any, tag: str, seen: set[str]) -> None:
    ident = element.get("id")
    if not ident:
        if tag in _NEED_ID:
            diagram.say("no_id", element, tag=tag)
        return
    if ident in seen:
        diagram.say("duplicate_id", element, id=ident)
    seen.add(ident)
    if not ID.match(ident):
        diagram.say("bad_id", element, id=ident)
    elif tag in NODES | {"process"} and (ident in RESERVED_IDS or ident.endswith(RESERVED_ENDINGS)):
        diagram.say("reserved_id", element, id=ident)


def _check_attributes(diagram: Diagram, element: Any, tag: str) -> None:
    known = ATTRIBUTES.get(tag, {})
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if name.namespace:
            if not is_decoration(name.namespace):
                product = vendor(name.namespace) or name.namespace
                diagram.say("foreign", element, name=name.localname, product=product)
        elif name.localname not in known:
            if name.localname not in ("id", "name"):
                diagram.say("attribute", element, tag=tag, name=name.localname)
        else:
            allowed = known[name.localname]
            if allowed is not None and value not in allowed:
                diagram.say("attribute_value", element, tag=tag, name=name.localname, value=value,
                            allowed=", ".join(allowed))  # fmt: skip


def _check_spiff(diagram: Diagram, element: Any) -> bool:
    tag, parent = local(element), element.getparent()
    if parent.tag == f"{BPMN}extensionElements":
        parent = parent.getparent()
    holder = local(parent)
    if tag not in SPIFF_PARENTS or holder not in SPIFF_PARENTS[tag]:
        diagram.say("extension", element, name=tag, parent=holder)
        return False
    for key in element.attrib:
        name = etree.QName(key)
        if name.namespace or name.localname not in SPIFF_ATTRIBUTES.get(tag, frozenset()):
            diagram.say("attribute", element, tag=tag, name=name.localname)
    if tag == "property":
        _check_property(diagram, element)
    elif tag != "parameter" and next(element.itersiblings(element.tag, preceding=True), None) is not None:
        diagram.say("repeated", element, tag=tag, parent=holder)
    return True


def _check_property(diagram: Diagram, element: Any) -> None:
    name = element.get("name") or ""
    node = element.getparent().getparent().getparent()
    if any(e.get("name") == name for e in element.itersiblings(element.tag, preceding=True)):
        diagram.say("property_twice", element, name=name)
    if name not in PROPERTIES:
        diagram.say("property_unknown", element, name=name, known=", ".join(PROPERTIES))
    elif local(node) not in PROPERTIES[name]:
        diagram.say("property_place", element, name=name, tag=local(node))
    elif not (element.get("value") or "").strip():
        diagram.say("property_empty", element, name=name)


def check_across(diagrams: list[Diagram]) -> None:
    """Ids of nodes, flows and processes are one space for the whole package: history and tokens name them bare."""
    first: dict[str, str] = {}
    for diagram in diagrams:
        for ident, element in diagram.ids.items():
            if local(element) not in NODES | {"process", "sequenceFlow"}:
                continue
            other = first.setdefault(ident, diagram.file)
            if other != diagram.file:
                report(diagram.findings, "element_twice", name_of(element), element.sourceline, id=ident, other=other)
