"""`process.toml` as a form reads and changes it: only what was changed is written, comments and order stay.

`read_settings` gives plain values under fixed names; `write_settings` takes the same shape back.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from engine.gate.diagram import Diagram, read_diagram
from engine.gate.findings import Findings
from engine.gate.vocabulary import BPMN, HUMAN

Settings = dict[str, Any]
BILINGUAL = ("title", "description")
CASE = ("title", "instansi", "business_key", "starter")
EMPTY: tuple[Any, ...] = (None, "", [], {}, False)
DEFAULTS: dict[tuple[str, ...], Any] = {("zone",): "instansi", ("start", "who"): "signed_in"}
NAMED = ("lanes", "parameters", "roles")
"""Tables of which each entry may come and go as a whole."""


def read_document(body: bytes | None) -> tomlkit.TOMLDocument | None:
    """The file with its comments; None when it is no TOML."""
    try:
        return tomlkit.parse((body or b"").decode("utf-8-sig"))
    except (TOMLKitError, UnicodeDecodeError, RecursionError, ValueError):
        return None


def read_settings(body: bytes | None) -> Settings | None:
    """What the file says; None when it cannot be read."""
    document = read_document(body)
    return None if document is None else _normal(document.unwrap())


def write_settings(body: bytes, wanted: Settings) -> bytes:
    """The file with what `wanted` says otherwise. Nothing changed gives the same bytes."""
    document = read_document(body)
    if document is None:
        raise ValueError("a process.toml that cannot be read cannot be changed by a form")
    before, after = _leaves(_normal(document.unwrap())), _leaves(wanted)
    if before == after:
        return body
    for path in before.keys() - after.keys():
        _remove(document, path)
    for path, value in after.items():
        if before.get(path) != value:
            _put(document, path, value)
    for name in NAMED:
        _prune(document, name, wanted.get(name) or {})
    return tomlkit.dumps(document).encode()


def merged(base: Settings, mine: Settings, theirs: Settings) -> Settings:
    """What two people made of the same file: theirs, except where I changed something."""
    together: Settings = {}
    for key in dict.fromkeys([*theirs, *mine]):
        before, own, other = base.get(key), mine.get(key), theirs.get(key)
        if isinstance(own, dict) and isinstance(other, dict):
            together[key] = merged(before if isinstance(before, dict) else {}, own, other)
        elif (key in mine, own) == (key in base, before):
            together.update({key: other} if key in theirs else {})
        elif key in mine:
            together[key] = own
    return together


def diagrams_of(files: Mapping[str, bytes]) -> list[Diagram]:
    """Those of its diagrams that can be read."""
    found = (read_diagram(path, body, Findings(path)) for path, body in files.items() if path.endswith(".bpmn"))
    return [diagram for diagram in found if diagram is not None]


def lanes_of(diagrams: list[Diagram]) -> list[str]:
    """The names of all lanes that nodes may stand in, in the order of the drawings."""
    lanes = (lane for diagram in diagrams for lane in diagram.root.iter(f"{BPMN}lane"))
    names = [(lane.get("name") or "").strip() for lane in lanes if lane.find(f"{BPMN}childLaneSet") is None]
    return [name for name in dict.fromkeys(names) if name]


def tasks_of(diagrams: list[Diagram]) -> dict[str, str]:
    """People's tasks by id, with their names: whom a four-eyes rule may name."""
    return {
        node.id: (node.element.get("name") or node.id)
        for diagram in diagrams
        for _scope, node in diagram.nodes()
        if node.tag in HUMAN
    }


def processes_of(diagrams: list[Diagram]) -> dict[str, str]:
    """The processes that cases could start on, by id."""
    return {
        scope.id: (scope.element.get("name") or scope.id)
        for diagram in diagrams
        for scope in diagram.processes
        if scope.id
    }


def _normal(plain: Mapping[str, Any]) -> Settings:
    start, case = _table(plain, "start"), _table(plain, "case")
    who = start.get("who", "signed_in")
    return {
        "title": _two(plain.get("title")),
        "description": _two(plain.get("description")),
        "owner": _text(plain.get("owner")),
        "main": _text(plain.get("main")),
        "legal_basis": [_text(one) for one in _list(plain.get("legal_basis"))],
        "zone": _text(plain.get("zone")) or "instansi",
        "start": {
            "who": [_text(r) for r in who] if isinstance(who, list) else "signed_in",
            "label": _two(start.get("label")),
            "after_close": start.get("after_close") is True,
        },
        "case": {name: _text(case.get(name)) for name in CASE},
        "lanes": {str(name): _lane(lane) for name, lane in _table(plain, "lanes").items()},
        "parameters": {
            str(name): {"value": one.get("value"), "title": _two(one.get("title"))}
            for name, one in _table(plain, "parameters").items()
            if isinstance(one, dict)
        },
        "roles": {str(key): _two(title) for key, title in _table(plain, "roles").items()},
        "retention": dict(_table(plain, "retention")),
    }


def _lane(lane: Any) -> dict[str, Any]:
    table = lane if isinstance(lane, dict) else {}
    return {
        "assign": _text(table.get("assign")),
        "role": _text(table.get("role")),
        "scope": _text(table.get("scope")),
        "exclude": [_text(one) for one in _list(table.get("exclude"))],
    }


def _two(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return {"id": _text(value.get("id")), "en": _text(value.get("en"))}
    return {"id": _text(value), "en": ""}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(plain: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = plain.get(name)
    return value if isinstance(value, dict) else {}


def _leaves(settings: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every value by where it stands; what is empty or as usual stands nowhere."""
    found: dict[tuple[str, ...], Any] = {}
    for key, value in settings.items():
        here = (*path, key)
        if isinstance(value, dict) and not (here[0] == "parameters" and key == "value"):
            found.update(_leaves(value, here))
        elif (here[0] == "parameters" and key == "value") or (value not in EMPTY and value != DEFAULTS.get(here)):
            found[here] = value
    return found


def _put(document: tomlkit.TOMLDocument, path: tuple[str, ...], value: Any) -> None:
    table: Any = document
    for number, key in enumerate(path[:-1]):
        if key not in table or not isinstance(table[key], dict):
            plain = table.get(key)  # title = "…" becomes a table of two languages
            table[key] = tomlkit.table(is_super_table=number == 0 and key in NAMED)
            if isinstance(plain, str) and path[-1] != "id":
                table[key]["id"] = plain
        table = table[key]
    if isinstance(value, list) and len(value) > 1:
        several = tomlkit.array()
        several.extend(value)
        table[path[-1]] = several.multiline(sum(map(len, map(str, value))) > 80)
    else:
        table[path[-1]] = value


def _remove(document: tomlkit.TOMLDocument, path: tuple[str, ...]) -> None:
    table: Any = document
    for key in path[:-1]:
        if key not in table or not isinstance(table[key], dict):
            break
        table = table[key]
    else:
        if path[-1] in table:
            del table[path[-1]]
        return
    if len(path) == 2 and path[1] == "id" and path[0] in document:  # title = "…"
        del document[path[0]]


def _prune(document: tomlkit.TOMLDocument, name: str, wanted: Mapping[str, Any]) -> None:
    table: Any = document.get(name)
    if not isinstance(table, dict):
        return
    for key in [key for key in table if key not in wanted]:
        del table[key]
    if not table:
        del document[name]


def parameter_kind(value: Any) -> str:
    """How a parameter is asked for in a form; "other" is shown but not changed there."""
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, int):
        return "whole"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "date" if type(value) is date else "other"
