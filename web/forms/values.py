"""The values of a form for reading: what was answered, in words, documents as links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.forms import Field, Form, Node, Option, Paragraph
from engine.forms.words import show_value
from engine.identifiers import format_mobile, format_nip, format_npwp, mask_mobile, mask_nik, mask_npwp
from engine.texts import Text

_FORMATS = {"nip": format_nip, "npwp": format_npwp, "mobile": format_mobile}
_MASKS = {"nik": mask_nik, "npwp": mask_npwp, "mobile": mask_mobile}
_YES, _NO = Text("Ya", "Yes"), Text("Tidak", "No")

DocumentUrl = Callable[[str], str | None]
"""Where a document is downloaded, by the attachment's id; None when this reader may not."""


@dataclass(frozen=True)
class File:
    """A document as a reader sees it."""

    id: str
    filename: str
    size: int
    url: str | None = None


@dataclass(frozen=True)
class Value:
    """One answered question. `files` where it is documents."""

    key: str
    label: str
    words: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Values:
    """Answers under a heading; `groups` are sections and the rows of lists."""

    label: str
    values: tuple[Value, ...]
    groups: tuple["Values", ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who reads: language, zone, whether personal numbers are masked, and where documents are."""

    locale: str
    zone: ZoneInfo
    masked: bool = False
    document_url: DocumentUrl = lambda _: None


def form_values(form: Form, data: Mapping[str, Any], reader: Reader) -> Values:
    """All answers of a form that the data hold; what was not asked or not answered is left out."""
    return _record(form.title.in_locale(reader.locale), form.children, data, reader)


def field_value(field: Field, value: Any, reader: Reader) -> Value:
    """One answer in words."""
    label = field.label.in_locale(reader.locale)
    if field.kind == "document":
        return Value(field.key, label, "", files_of(value, reader))
    return Value(field.key, label, _words(field, value, reader))


def files_of(value: Any, reader: Reader) -> tuple[File, ...]:
    """The documents of a field's value."""
    entries = value if isinstance(value, list) else [value]
    return tuple(
        File(e["id"], str(e.get("filename", "")), int(e.get("size") or 0), reader.document_url(e["id"]))
        for e in entries
        if isinstance(e, Mapping) and isinstance(e.get("id"), str)
    )


def _record(label: str, nodes: tuple[Node, ...], data: Mapping[str, Any], reader: Reader) -> Values:
    values: list[Value] = []
    groups: list[Values] = []
    for node in nodes:
        if isinstance(node, Paragraph):
            continue
        known = data.get(node.key) if node.key else data
        if isinstance(node, Field):
            if known is not None and known not in ("", []):
                values.append(field_value(node, known, reader))
        else:
            groups += _groups(node.label.in_locale(reader.locale), node, known, reader)
    return Values(label, tuple(values), tuple(groups))


def _groups(label: str, node: Any, known: Any, reader: Reader) -> list[Values]:
    if isinstance(known, list):
        rows = [r for r in known if isinstance(r, Mapping)]
        return [_record(f"{label} {n}", node.children, row, reader) for n, row in enumerate(rows, start=1)]
    group = _record(label, node.children, known, reader) if isinstance(known, Mapping) else None
    return [group] if group and (group.values or group.groups) else []


def _words(field: Field, value: Any, reader: Reader) -> str:
    if reader.masked and field.kind in _MASKS and isinstance(value, str):
        return _MASKS[field.kind](value)
    if field.kind in _FORMATS and isinstance(value, str):
        return _FORMATS[field.kind](value)
    if field.kind == "review" and isinstance(value, Mapping):
        return "; ".join(_answer(o, value.get(o.value), reader) for o in field.options if value.get(o.value))
    labels = {o.value: o.label.in_locale(reader.locale) for o in field.options}
    if isinstance(value, list):
        return ", ".join(labels.get(v, str(v)) for v in value)
    if isinstance(value, str):
        return labels.get(value, value)
    return show_value(value, reader.zone, reader.locale)


def _answer(row: Option, answer: Any, reader: Reader) -> str:
    label = row.label.in_locale(reader.locale)
    if not isinstance(answer, Mapping) or answer.get("ok") is None:
        return f"{label}: –"
    said = (_YES if answer["ok"] else _NO).in_locale(reader.locale)
    note = answer.get("note")
    return f"{label}: {said} ({note})" if note else f"{label}: {said}"
