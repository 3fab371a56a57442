"""Reads the tree of a form's components: sections, lists and words; fields are read by `fieldreader`."""

from collections.abc import Mapping
from typing import Any

from engine.expressions import check, is_reserved
from engine.forms.attributes import Attributes, normalised_properties
from engine.forms.fieldreader import FIELD_TYPES, read_field
from engine.forms.formfaults import FormFault, problem
from engine.forms.interpolation import expressions_in
from engine.forms.model import Node, Paragraph, Repeat, Rules, Section
from engine.texts import Text

MAX_DEPTH = 4
MAX_COMPONENTS = 300
ROOT_PROPERTIES = frozenset({"title", "title_en", "notes_from", "hidden"})


class Reader:
    """Walks a file once, collecting nodes and faults."""

    def __init__(self, name: str, sources: frozenset[str] | None) -> None:
        self.name = name
        self.sources = sources
        self.faults: list[FormFault] = []
        self.submit = Text()
        self._count = 0

    def root_properties(self, raw: Any) -> dict[str, str]:
        properties = normalised_properties(raw)
        self.faults += [
            problem("unknown_property", self.name, name=n[:40]) for n in properties.keys() - ROOT_PROPERTIES
        ]
        return properties

    def nodes(self, components: list[Any]) -> tuple[Node, ...]:
        if not components:
            self.faults.append(problem("empty_form", self.name))
        return self._children(components, "", set(), 0)

    def _children(self, components: Any, path: str, taken: set[str], depth: int) -> tuple[Node, ...]:
        """`taken`: names already used in the record these components fill."""
        if depth > MAX_DEPTH:
            self.faults.append(problem("too_deep", path or self.name, limit=MAX_DEPTH))
            return ()
        if not isinstance(components, list):
            self.faults.append(problem("bad_component", path or self.name))
            return ()
        found = (self._one(c, path, taken, depth) for c in components)
        return tuple(node for node in found if node is not None)

    def _one(self, component: Any, path: str, taken: set[str], depth: int) -> Node | None:
        self._count += 1
        if self._count > MAX_COMPONENTS:
            if self._count == MAX_COMPONENTS + 1:
                self.faults.append(problem("too_many", self.name, limit=MAX_COMPONENTS))
            return None
        if not isinstance(component, Mapping) or not isinstance(component.get("type"), str):
            self.faults.append(problem("bad_component", path or self.name))
            return None
        attributes = Attributes(component, self.faults)
        node = self._read(component["type"], attributes, path, taken, depth)
        if node is not None or component["type"] == "button":  # else it was refused unread
            attributes.report_unknown()
        return node

    def _read(self, kind: str, a: Attributes, path: str, taken: set[str], depth: int) -> Node | None:
        if kind in FIELD_TYPES:
            key = self._name(a, "key", taken)
            return read_field(a, key, _joined(path, key), self.sources) if key else None
        if kind == "group":
            return self._section(a, path, taken, depth)
        if kind == "dynamiclist":
            return self._repeat(a, path, taken, depth)
        if kind == "text":
            return self._paragraph(a)
        if kind == "separator":
            return Paragraph(Text(), hide=a.hide(), level=-1)
        if kind == "button":
            self._button(a)
        elif kind != "spacer":
            a.fault("unknown_type", type=kind[:40])
        return None

    def _section(self, a: Attributes, path: str, taken: set[str], depth: int) -> Section:
        a.raw("showOutline")
        key = self._name(a, "path", taken) if a.raw("path") else None
        inner = _joined(path, key) if key else path
        children = self._children(a.raw("components") or [], inner, set() if key else taken, depth + 1)
        return Section(a.both("label"), children, key, inner if key else "", a.hide(), a.both("description"))

    def _repeat(self, a: Attributes, path: str, taken: set[str], depth: int) -> Repeat | None:
        for attribute in ("showOutline", "isRepeating", "disableCollapse", "nonCollapsedItems"):
            a.raw(attribute)
        key = self._name(a, "path", taken)
        if key is None:
            return None
        inner = _joined(path, key)
        least = a.whole("min_items", a.property("min_items"), 0, 200, 0) or 0
        most = a.whole("max_items", a.property("max_items"), 1, 200, 100) or 100
        return Repeat(
            key=key,
            path=inner,
            label=a.both("label"),
            children=self._children(a.raw("components") or [], inner, set(), depth + 1),
            rules=Rules(min_items=least, max_items=most),
            hide=a.hide(),
            fixed=not a.flag("allowAddRemove", default=True),
            initial_rows=a.whole("defaultRepetitions", a.raw("defaultRepetitions"), 0, most, 1) or 0,
            row_label=Text(a.property("row_label"), a.property("row_label_en")),
            description=a.both("description"),
        )

    def _paragraph(self, a: Attributes) -> Paragraph:
        words = a.both("text")
        for source in {*expressions_in(words.id), *expressions_in(words.en)}:
            for found in check(source, mode="expression"):
                a.fault("bad_expression", attribute="text", why=found.text, cure=found.cure)
        marks = len(words.id) - len(words.id.lstrip("#"))
        level = marks if 1 <= marks <= 3 and "\n" not in words.id.strip() else 0
        bare = Text(words.id.lstrip("# "), words.en.lstrip("# ")) if level else words
        tone = a.property("tone") or ""
        if tone not in ("", "info", "warn"):
            a.fault("bad_value", attribute="tone", wanted=Text("“info” atau “warn”", "“info” or “warn”"))
        return Paragraph(bare, hide=a.hide(), level=level, values_of=a.property("values_of") or None, tone=tone)

    def _button(self, a: Attributes) -> None:
        if a.raw("action") not in (None, "submit"):
            a.fault("bad_value", attribute="action", wanted=Text("“submit”", "“submit”"))
        self.submit = a.both("label")

    def _name(self, a: Attributes, attribute: str, taken: set[str]) -> str | None:
        name = a.raw(attribute)
        if not isinstance(name, str) or is_reserved(name):
            a.fault("bad_name", name=str(name)[:40])
            return None
        if name in taken:
            a.fault("duplicate_name", name=name)
            return None
        taken.add(name)
        return str(name)


def _joined(path: str, key: str | None) -> str:
    return f"{path}.{key}" if path else str(key)
