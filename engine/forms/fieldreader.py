"""Reads one question of a form-js file into a `Field`: its kind, bounds, options and conditions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.expressions import is_reserved
from engine.forms.attributes import Attributes
from engine.forms.model import Check, Field, Kind, Option, Rules
from engine.identifiers import GOLONGAN
from engine.texts import Text

FIELD_TYPES = frozenset({
    "textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "taglist", "datetime", "filepicker",
})  # fmt: skip
_PLAIN: Mapping[str, Kind] = {
    "textfield": "text", "textarea": "textarea", "number": "number", "checkbox": "checkbox", "radio": "choice",
    "select": "choice", "checklist": "choices", "taglist": "choices", "datetime": "date", "filepicker": "document",
}  # fmt: skip
_DOMAIN: Mapping[str, tuple[Kind, frozenset[str]]] = {
    "nip": ("nip", frozenset({"textfield"})),
    "nik": ("nik", frozenset({"textfield"})),
    "npwp": ("npwp", frozenset({"textfield"})),
    "nib": ("nib", frozenset({"textfield"})),
    "mobile": ("mobile", frozenset({"textfield"})),
    "email": ("email", frozenset({"textfield"})),
    "golongan": ("golongan", frozenset({"select", "radio", "textfield"})),
    "document": ("document", frozenset({"filepicker"})),
    "review": ("review", frozenset({"checklist"})),
}
_SOURCE_TYPES = frozenset({"textfield", "select", "radio"})
MAX_OPTIONS = 1_000
MAX_CHARACTERS = {"text": 1_000, "textarea": 20_000}
NIP_KINDS = frozenset({"", "pns", "pppk", "nrp"})


def read_field(a: Attributes, key: str, path: str, sources: frozenset[str] | None) -> Field:
    """The field; faults go to the component's list."""
    type_ = str(a.component["type"])
    kind, source = _kind(a, type_, sources)
    label = Text(a.text("label") or a.text("dateLabel") or a.text("timeLabel"), a.property("label_en"))
    if not label.id:
        a.fault("no_label")
    field = Field(
        kind=kind,
        key=key,
        path=path,
        label=label,
        description=a.both("description"),
        widget=type_,
        rules=_rules(a, kind),
        source=source,
        multiple=a.flag("multiple") if kind == "document" else kind == "choices",
        hide=a.hide(),
        readonly=_readonly(a),
        checks=_checks(a),
        columns=_columns(a),
        properties={"nip_kind": _nip_kind(a)}
        if kind == "nip"
        else {"of": a.property("of")}
        if kind == "review"
        else {},
    )
    return replace(_with_options(a, field), default=a.raw("defaultValue"))


def _kind(a: Attributes, type_: str, sources: frozenset[str] | None) -> tuple[Kind, str | None]:
    wanted = a.property("type") or a.property("source")
    if not wanted:
        return (_time_kind(a) if type_ == "datetime" else _PLAIN[type_]), None
    if wanted in _DOMAIN:
        kind, types = _DOMAIN[wanted]
        if type_ not in types:
            a.fault("bad_value", attribute="type", wanted=Text(", ".join(sorted(types)), ", ".join(sorted(types))))
        return kind, None
    known = wanted in sources if sources is not None else not is_reserved(wanted)
    if not known or type_ not in _SOURCE_TYPES:
        a.fault("unknown_domain_type", type=wanted[:40])
    return "source", wanted


def _time_kind(a: Attributes) -> Kind:
    for attribute in ("dateLabel", "timeLabel", "use24h", "timeInterval", "timeSerializingFormat"):
        a.raw(attribute)
    kinds: dict[str, Kind] = {"date": "date", "time": "time", "datetime": "datetime"}
    subtype = a.raw("subtype") or "date"
    if subtype not in kinds:
        a.fault("bad_value", attribute="subtype", wanted=Text("date, time atau datetime", "date, time or datetime"))
    return kinds.get(str(subtype), "date")


def _rules(a: Attributes, kind: Kind) -> Rules:
    raw = a.raw("validate") or {}
    if not isinstance(raw, Mapping):
        a.fault("bad_value", attribute="validate", wanted=Text("sebuah objek", "an object"))
        raw = {}
    validate = Attributes({"type": "validate", "id": a.where, **raw}, a._faults)  # noqa: SLF001 -- its own other half
    rules = Rules(
        required=validate.flag("required"),
        required_when=a.expression("required_when", a.property("required_when")),
        pattern_text=Text(a.property("pattern_id"), a.property("pattern_en")),
    )
    rules = replace(rules, **_BOUNDS.get(kind, _no_bounds)(a, validate))
    if validate.raw("validationType") not in (None, "", "custom", "email", "phone"):
        a.fault("bad_value", attribute="validationType", wanted=Text("email atau phone", "email or phone"))
    validate.report_unknown()
    return rules


def _text_bounds(a: Attributes, v: Attributes) -> dict[str, Any]:
    most = MAX_CHARACTERS["textarea" if a.component["type"] == "textarea" else "text"]
    return {
        "min_length": v.whole("minLength", v.raw("minLength"), 0, 20_000),
        "max_length": v.whole("maxLength", v.raw("maxLength"), 1, 20_000, most),
        "pattern": v.pattern("pattern", v.raw("pattern")),
    }


def _number_bounds(a: Attributes, v: Attributes) -> dict[str, Any]:
    for attribute in ("increment", "serializeToString"):
        a.raw(attribute)
    if a.raw("serializeToString"):
        a.fault("bad_value", attribute="serializeToString", wanted=Text("false", "false"))
    return {
        "minimum": v.number("min", v.raw("min")),
        "maximum": v.number("max", v.raw("max")),
        "decimals": a.whole("decimalDigits", a.raw("decimalDigits"), 0, 10),
    }


def _date_bounds(a: Attributes, _v: Attributes) -> dict[str, Any]:
    earliest = a.expression("earliest", a.property("earliest"))
    if a.flag("disallowPassedDates") and earliest is None:
        earliest = "today()"
    return {"earliest": earliest, "latest": a.expression("latest", a.property("latest"))}


def _document_bounds(a: Attributes, _v: Attributes) -> dict[str, Any]:
    words = a.property("accept") or a.text("accept") or ".pdf,.jpg,.jpeg"
    names = {w.strip().lower().lstrip(".") for w in words.split(",") if w.strip()}
    kinds = {"jpg" if n in ("jpeg", "image/jpeg") else "pdf" if n == "application/pdf" else n for n in names}
    if not kinds or kinds - {"pdf", "jpg"}:
        a.fault("bad_value", attribute="accept", wanted=Text(".pdf, .jpg atau .jpeg", ".pdf, .jpg or .jpeg"))
    least = a.whole("min_bytes", a.property("min_bytes"), 1, Rules.max_bytes, Rules.min_bytes) or Rules.min_bytes
    most = a.whole("max_bytes", a.property("max_bytes"), least, Rules.max_bytes, Rules.max_bytes) or Rules.max_bytes
    items = a.whole("max_items", a.property("max_items"), 1, 20, 10) or 10
    return {"accept": tuple(sorted(kinds & {"pdf", "jpg"})), "min_bytes": least, "max_bytes": most, "max_items": items}


def _no_bounds(_a: Attributes, _v: Attributes) -> dict[str, Any]:
    return {}


_BOUNDS: Mapping[Kind, Callable[[Attributes, Attributes], dict[str, Any]]] = {
    "text": _text_bounds, "textarea": _text_bounds, "source": _text_bounds, "number": _number_bounds,
    "date": _date_bounds, "datetime": _date_bounds, "document": _document_bounds,
}  # fmt: skip


def _readonly(a: Attributes) -> bool:
    """form-js tells readonly from disabled; on the server both mean: not this person's to change."""
    return any([a.flag("readonly"), a.flag("disabled")])


def _checks(a: Attributes) -> tuple[Check, ...]:
    """`check` with its words `check_id`, `check_en`; more of them as `check2`, `check3`."""
    found = []
    for number in ("", "2", "3"):
        source = a.expression(f"check{number}", a.property(f"check{number}"))
        words = Text(a.property(f"check{number}_id"), a.property(f"check{number}_en"))
        if source is None:
            continue
        if not words.id:
            a.fault(
                "bad_value", attribute=f"check{number}_id", wanted=Text("kalimat penolakannya", "the words of refusal")
            )
        found.append(Check(source, words))
    return tuple(found)


def _columns(a: Attributes) -> int:
    layout = a.component.get("layout")
    columns = layout.get("columns") if isinstance(layout, Mapping) else None
    return columns if isinstance(columns, int) and 2 <= columns <= 16 else 16


def _nip_kind(a: Attributes) -> str:
    kind = a.property("nip_kind")
    if kind not in NIP_KINDS:
        a.fault("bad_value", attribute="nip_kind", wanted=Text("pns, pppk atau nrp", "pns, pppk or nrp"))
    return kind or "pns"


def _with_options(a: Attributes, field: Field) -> Field:
    """Options written in the file, or the expression that gives them."""
    if field.kind not in ("choice", "choices", "review", "golongan"):
        return field
    a.raw("searchable")
    options = _options(a)
    if field.kind == "golongan" and not options:
        options = tuple(Option(g, Text(g, g)) for g in GOLONGAN)
    expression = a.expression("valuesExpression", a.raw("valuesExpression"))
    key = a.raw("valuesKey")
    if key and expression is None:
        expression = key if isinstance(key, str) and not is_reserved(key) else None
    if not options and expression is None:
        a.fault("no_options")
    return replace(field, options=options, options_from=None if options else expression)


def _options(a: Attributes) -> tuple[Option, ...]:
    raw = a.raw("values") or []
    if not isinstance(raw, list) or len(raw) > MAX_OPTIONS:
        a.fault("bad_value", attribute="values", wanted=Text("sebuah daftar", "a list"))
        return ()
    found: dict[str, Option] = {}
    for entry in raw:
        value = entry.get("value") if isinstance(entry, Mapping) else None
        label = entry.get("label") if isinstance(entry, Mapping) else None
        if not isinstance(value, str) or not value or not isinstance(label, str) or len(value) > 200 or value in found:
            a.fault(
                "bad_value",
                attribute="values",
                wanted=Text("pasangan label dan value yang unik", "unique pairs of label and value"),
            )
            continue
        hide = a.expression("values.hide", entry.get("hide"))
        found[value] = Option(value, Text(label, str(entry.get("label_en", ""))), hide)
    return tuple(found.values())
