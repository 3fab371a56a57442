"""What can be said at one place of a draft's diagram: the names that the case has there, and where each comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from engine.expressions import read
from engine.expressions.paths import paths_read
from engine.gate.diagram import Diagram
from engine.gate.filling import By, Filled
from engine.gate.order import Moment, Order, Point
from engine.gate.parts import Parts, read_parts
from engine.gate.sources import sources
from engine.gate.vocabulary import BPMN
from engine.registry import Registry
from engine.studio.drafts import DraftView
from engine.studio.kept import Kept
from engine.texts import Text

KEPT_PARTS = 16

When = Literal["before", "later", "always", "unknown"]


@dataclass(frozen=True)
class Known:
    """A name that an expression may say. `by` is "given" for what the engine adds (`case`, `parameters`)."""

    name: str
    by: By | Literal["given"]
    type: str = ""
    label: Text = field(default_factory=Text)
    source: str = ""
    """The form, decision, handler or message that fills it."""
    element: str = ""
    element_name: str = ""
    options: tuple[str, ...] = ()
    when: When = "always"


_CASE = (
    ("case.id", "text", Text("Tanda pengenal kasus", "The case's id")),
    ("case.number", "text", Text("Nomor kasus", "The case's number")),
    ("case.starter", "text", Text("Akun yang memulai", "The account that started it")),
    ("case.started_at", "datetime", Text("Saat kasus dimulai", "When the case began")),
    ("case.instansi", "record", Text("Instansi kasus", "The case's agency")),
    ("programme.id", "text", Text("Tanda pengenal program", "The programme's id")),
    ("programme.key", "text", Text("Kunci program", "The programme's key")),
    ("programme.period", "text", Text("Periode program", "The programme's period")),
)


_parts: Kept[Parts] = Kept(KEPT_PARTS)


def parts_of(view: DraftView, registry: Registry) -> Parts:
    """What of the draft can be read. The same content is read once in this process; nobody changes it."""
    package = view.package()
    return _parts.get((package.digest(view.key), id(registry)), lambda: read_parts(package, registry))


def names_at(parts: Parts, file: str, element: str) -> list[Known]:
    """Every name, each once, those that are filled by then first."""
    point = _point(parts.diagram(file), element)
    order, called = Order(parts.diagrams), _names_of_elements(parts)
    found: dict[str, Known] = {}
    for filled in parts.filled.all:
        known = Known(
            filled.name, filled.by, filled.type, filled.label, filled.source, filled.element,
            called.get(filled.element, ""), tuple(o.value for o in filled.options), _when(filled, point, order),
        )  # fmt: skip
        better = found.get(filled.name)
        if better is None or _RANK[known.when] < _RANK[better.when]:
            found[filled.name] = known
    for path, root in _fields_read(parts, found):
        kind = "datetime" if path.endswith(_MOMENTS) else ""
        found.setdefault(path, replace(root, name=path, type=kind, label=Text(), options=()))
    given = [*_given(parts)]
    return [*sorted(found.values(), key=lambda k: (_RANK[k.when], k.name)), *given]


def _fields_read(parts: Parts, found: Mapping[str, Known]) -> Iterator[tuple[str, Known]]:
    """Fields of records that some diagram reads already: what a record holds is not always written down."""
    for diagram in parts.diagrams:
        for computed in sources(diagram):
            for path in paths_read(read(computed.source, computed.mode).tree):
                root = found.get(path.split(".")[0])
                if root is not None and path not in found:
                    yield path, root


_MOMENTS = ("_at", "_on", "_until", "_by", ".due")
"""How the fields end that hold a date or an instant."""
_RANK = {"before": 0, "always": 0, "unknown": 1, "later": 2}


def _given(parts: Parts) -> Iterator[Known]:
    for parameter in () if parts.manifest is None else parts.manifest.parameters.values():
        yield Known(f"parameters.{parameter.name}", "given", _type_of(parameter.value), parameter.title)
    for name, kind, label in _CASE:
        yield Known(name, "given", kind, label)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = {int: "number", str: "text", list: "list", dict: "record"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), "number")


def _when(filled: Filled, point: Point | None, order: Order) -> When:
    if filled.point is None:
        return "always"
    if point is None:
        return "unknown"
    return "before" if order.before(filled.point, point) else "later"


def _point(diagram: Diagram | None, ident: str) -> Point | None:
    element = None if diagram is None else diagram.ids.get(ident)
    if element is None:
        return None
    if element.tag == f"{BPMN}sequenceFlow":
        return element.get("sourceRef") or "", Moment.OVER
    return ident, Moment.WORKS


def _names_of_elements(parts: Parts) -> dict[str, str]:
    return {node.id: node.element.get("name") or "" for d in parts.diagrams for _, node in d.nodes()}


@dataclass(frozen=True)
class Choice:
    """Something of the draft that a property may name: a task, a process, a message, an error …"""

    id: str
    name: str
    file: str


def tasks(parts: Parts) -> list[Choice]:
    """People's tasks, for four-eyes rules."""
    return [
        Choice(node.id, node.element.get("name") or "", d.file)
        for d in parts.diagrams
        for _, node in d.nodes()
        if node.tag in ("userTask", "manualTask")
    ]


def processes(parts: Parts) -> list[Choice]:
    """What a call activity may call."""
    return [Choice(s.id, s.element.get("name") or "", d.file) for d in parts.diagrams for s in d.processes]


def message_names(parts: Parts) -> list[str]:
    """Of all diagrams: sender and receiver meet by the name."""
    found = {e.get("name") or "" for d in parts.diagrams for e in d.root.findall(f"{BPMN}message")}
    return sorted(found - {""})
