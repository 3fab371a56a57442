"""Reads a form-js file into a `Form`, or says everything that is wrong with it. Never evaluates anything.

What form-js knows and we do not honour is refused by name rather than ignored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import DefinitionError
from engine.expressions import is_reserved
from engine.forms.components import Reader
from engine.forms.form import Form
from engine.forms.formfaults import FormFault, problem
from engine.forms.ordering import order_faults
from engine.texts import Text

MAX_BYTES = 512 * 1024
MAX_JSON_DEPTH = 24


class FormFileError(DefinitionError):
    """The form "{name}" cannot be used: {why}"""

    indonesian = "Formulir “{name}” tidak dapat dipakai: {why}"
    code = "form_file"

    def __init__(self, name: str, faults: list[FormFault]) -> None:
        self.faults = faults
        super().__init__(name=name, why="; ".join(f"{f.where}: {f.reason.in_locale('en')}" for f in faults[:5]))


KEEP = "keep"
"""The form's property `hidden`: see Form.keeps_hidden."""


@dataclass(frozen=True)
class ReadForm:
    """The form where it could be read, and all findings: errors (then `form` is None) and warnings."""

    form: Form | None
    faults: list[FormFault]


def parse_form(body: bytes, name: str) -> Form:
    """The form of a file's bytes. Raises `FormFileError` carrying all faults at once."""
    read = read_form(body, name)
    if read.form is None:
        raise FormFileError(name, [f for f in read.faults if f.severity == "error"])
    return read.form


def read_form(body: bytes, name: str, sources: frozenset[str] | None = None) -> ReadForm:
    """As `parse_form`, for the gate: warnings too. `sources`: the registered field sources, when they are known."""
    try:
        document = _load(body)
    except ValueError as error:
        return ReadForm(None, [problem("not_json", name, detail=str(error)[:200])])
    if not isinstance(document, dict) or not isinstance(document.get("components"), list):
        return ReadForm(None, [problem("not_a_form", name)])
    reader = Reader(name, sources)
    children = reader.nodes(document["components"])
    properties = reader.root_properties(document.get("properties", {}))
    form = Form(
        name=name,
        children=children,
        title=Text(properties.get("title", ""), properties.get("title_en", "")),
        submit=reader.submit,
        notes_from=properties.get("notes_from"),
        keeps_hidden=properties.get("hidden") == KEEP,
    )
    faults = [*reader.faults, *_root_faults(name, document, form, properties.get("hidden")), *order_faults(children)]
    broken = any(f.severity == "error" for f in faults)
    return ReadForm(None if broken else form, faults)


def _root_faults(name: str, document: Mapping[str, Any], form: Form, hidden: str | None) -> list[FormFault]:
    faults = []
    if document.get("type", "default") != "default":
        faults.append(problem("not_a_form", name))
    if form.notes_from is not None and is_reserved(form.notes_from):
        faults.append(problem("bad_name", name, name=form.notes_from[:40]))
    if hidden not in (None, KEEP):
        faults.append(problem("bad_hidden", name, found=hidden[:40]))
    return faults


def _load(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        msg = f"larger than {MAX_BYTES} bytes"
        raise ValueError(msg)
    text = body.decode("utf-8-sig")
    _refuse_depth(text)
    return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)


def _refuse_depth(text: str) -> None:
    """Before parsing, for the parser is recursive. Counts brackets outside of strings."""
    depth, quoted, escaped = 0, False, False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > MAX_JSON_DEPTH:
                msg = f"nested deeper than {MAX_JSON_DEPTH}"
                raise ValueError(msg)
        elif character in "]}":
            depth -= 1


def _refuse_constant(constant: str) -> Any:
    msg = f"{constant} is no JSON"
    raise ValueError(msg)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            msg = f"the name {key[:40]!r} is given twice in one object"
            raise ValueError(msg)
        seen[key] = value
    return seen
