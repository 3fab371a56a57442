"""Parameters of a flow as form fields: each by the kind of its value, records and lists in parts a person can type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from engine.flows import FlowParameter
from web.auth.forms import choices
from web.i18n import day
from web.words.names import in_locale

LONGEST = 500
NUMBER = 15


@dataclass(frozen=True)
class Part:
    """One typed value: a parameter, or one entry of a parameter that is a record."""

    name: str
    key: str | None
    label: str
    value: Any
    """What `process.toml` says; it decides the kind."""
    process: str

    @property
    def field(self) -> str:
        return f"p_{self.name}" + (f"__{self.key}" if self.key else "")


def parts_of(parameters: Mapping[str, FlowParameter]) -> Iterator[Part]:
    """What can be typed. A record of anything but plain values and lists of texts cannot."""
    for name, parameter in parameters.items():
        title, value = in_locale(parameter.title, name), parameter.value
        if isinstance(value, dict) and value and all(map(_is_typable, value.values())):
            for key, inner in value.items():
                yield Part(name, key, f"{title}: {key}", inner, parameter.process)
        elif _is_typable(value):
            yield Part(name, None, title, value, parameter.process)


def with_parameters(base: type[Form], parts: list[Part]) -> type[Form]:
    """The form with a field for each part."""
    return type(base.__name__, (base,), {part.field: _field(part) for part in parts})


def typed(parts: list[Part], values: Mapping[str, Any]) -> dict[str, str]:
    """Field → what stands in it for these values."""
    return {part.field: as_text(_of(part, values)) for part in parts}


def values_of(form: Form, parts: list[Part]) -> dict[str, Any]:
    """Name → value, of a form that is valid."""
    found: dict[str, Any] = {}
    for part in parts:
        value = read(part.value, str(form[part.field].data or ""))
        if part.key is None:
            found[part.name] = value
        else:
            found.setdefault(part.name, {})[part.key] = value
    return found


def as_text(value: Any) -> str:
    """As it is typed."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def shown(value: Any) -> str:
    """As it is read."""
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(inner)}" for key, inner in value.items())
    if isinstance(value, date):
        return day(value)
    return as_text(value)


def read(like: Any, text: str) -> Any:
    """`text` as a value of the same kind as `like`; ValidationError when it is none."""
    text = text.strip()
    if isinstance(like, bool):
        return text == "ya"
    if isinstance(like, (int, Decimal)):
        return _number(like, text)
    if isinstance(like, list):
        return [item.strip() for item in text.split(",") if item.strip()]
    if isinstance(like, date):
        return _date(text)
    if not text or len(text) > LONGEST:
        raise ValidationError(_("Tulis teks, paling banyak %(most)s huruf.", most=LONGEST))
    return text


def _number(like: int | Decimal, text: str) -> int | Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(text) > NUMBER:
        raise ValidationError(_("Tulis bilangan, misalnya 12."))
    if isinstance(like, Decimal):
        return number
    if number != number.to_integral_value():
        raise ValidationError(_("Tulis bilangan bulat, misalnya 12."))
    return int(number)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Tulis tanggal, misalnya 2026-12-31.")) from None


def _field(part: Part) -> Any:
    if isinstance(part.value, bool):
        return SelectField(part.label, choices=choices({"ya": _("Ya"), "tidak": _("Tidak")}))
    keyboard = {"inputmode": "decimal"} if isinstance(part.value, (int, Decimal)) else {}

    def check(_form: Form, field: Field) -> None:
        read(part.value, field.data or "")

    attributes = {"autocomplete": "off", "maxlength": LONGEST, **keyboard}
    return StringField(part.label, [InputRequired(_("Isi nilainya.")), check], render_kw=attributes)


def _is_typable(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) and "," not in item for item in value)
    return isinstance(value, (bool, int, Decimal, str, date))


def _of(part: Part, values: Mapping[str, Any]) -> Any:
    value = values.get(part.name)
    if part.key is not None:
        value = value.get(part.key) if isinstance(value, dict) else None
    return part.value if value is None else value
