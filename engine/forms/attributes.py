"""Typed reading of one component's attributes and properties; whatever is wrong is noted, not raised."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import re2

from engine.expressions import check
from engine.forms.formfaults import FormFault, problem
from engine.texts import Text

MAX_TEXT = 4_000
PREFIX = "alur:"
UNUSED_BY_US = frozenset({"id", "type", "layout", "verticalAlignment", "appearance", "searchLabel", "showIcon"})
"""What form-js writes for its own editor, or for looks we decide ourselves."""


def bare_expression(source: str) -> str:
    """form-js marks an expression with a leading `=`."""
    return source.strip().removeprefix("=").strip()


def normalised_properties(raw: Any) -> dict[str, str]:
    """Custom properties by their name without `alur:`; scalars as text."""
    if not isinstance(raw, Mapping):
        return {}
    found = {}
    for name, value in raw.items():
        if isinstance(value, bool):
            found[str(name).removeprefix(PREFIX)] = "true" if value else "false"
        elif isinstance(value, (str, int, float)):
            found[str(name).removeprefix(PREFIX)] = str(value).strip()
    return found


class Attributes:
    """One component. Every attribute and property that is asked for counts as known; the rest is a warning."""

    def __init__(self, component: Mapping[str, Any], faults: list[FormFault]) -> None:
        self.component = component
        self.properties = normalised_properties(component.get("properties"))
        self.where = str(component.get("key") or component.get("path") or component.get("id") or component.get("type"))
        self._faults = faults
        self._attributes: set[str] = {"properties", "key", "path", *UNUSED_BY_US}
        self._property_names: set[str] = set()

    def fault(self, code: str, **values: Any) -> None:
        self._faults.append(problem(code, self.where, **values))

    def raw(self, attribute: str) -> Any:
        self._attributes.add(attribute)
        return self.component.get(attribute)

    def property(self, name: str) -> str:
        self._property_names.add(name)
        return self.properties.get(name, "")

    def text(self, attribute: str, limit: int = MAX_TEXT) -> str:
        value = self.raw(attribute)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault("bad_value", attribute=attribute, wanted=Text("teks", "text"))
            return ""
        if len(value) > limit:
            self.fault("too_long", attribute=attribute, limit=limit)
            return ""
        return value.strip()

    def both(self, attribute: str, english: str | None = None) -> Text:
        """The attribute in Indonesian, `properties.<attribute>_en` in English."""
        return Text(self.text(attribute), self.property(english or f"{attribute}_en"))

    def flag(self, attribute: str, default: bool = False) -> bool:
        value = self.raw(attribute)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault("bad_value", attribute=attribute, wanted=Text("true atau false", "true or false"))
            return default
        return value

    def whole(self, name: str, value: Any, low: int, high: int, default: int | None = None) -> int | None:
        """A whole number given as an attribute's or a property's value."""
        if value is None or value == "":
            return default
        if not isinstance(value, bool) and re2.fullmatch(r"-?\d{1,10}", str(value)) and low <= int(value) <= high:
            return int(value)
        wanted = Text(f"bilangan bulat {low} sampai {high}", f"a whole number from {low} to {high}")
        self.fault("bad_value", attribute=name, wanted=wanted)
        return default

    def number(self, name: str, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
            if not isinstance(value, bool) and number.is_finite():
                return number
        except InvalidOperation:
            pass
        self.fault("bad_value", attribute=name, wanted=Text("angka", "a number"))
        return None

    def expression(self, name: str, value: Any) -> str | None:
        """A source text of our expression language, checked but never run."""
        if value is None or value == "" or value is False:
            return None
        if not isinstance(value, str):
            self.fault("bad_value", attribute=name, wanted=Text("sebuah ekspresi", "an expression"))
            return None
        source = bare_expression(value)
        faults = check(source, mode="expression")
        for found in faults:
            self.fault("bad_expression", attribute=name, why=found.text, cure=found.cure)
        return None if faults else source

    def hide(self) -> str | None:
        """The expression of `conditional.hide`."""
        conditional = self.raw("conditional") or {}
        if not isinstance(conditional, Mapping) or conditional.keys() - {"hide"}:
            self.fault("bad_value", attribute="conditional", wanted=Text("{“hide”: ekspresi}", "{“hide”: expression}"))
            return None
        return self.expression("conditional.hide", conditional.get("hide"))

    def pattern(self, name: str, value: Any) -> str | None:
        """A regular expression without the power to run for ever (RE2)."""
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > 500:
            self.fault("bad_value", attribute=name, wanted=Text("ekspresi reguler", "a regular expression"))
            return None
        try:
            compiled_pattern(value)
        except re2.error as error:
            self.fault("bad_pattern", why=str(error)[:120])
            return None
        return value

    def report_unknown(self) -> None:
        for attribute in sorted(set(self.component) - self._attributes):
            self.fault("unknown_attribute", attribute=attribute[:40])
        for name in sorted(set(self.properties) - self._property_names):
            self.fault("unknown_property", name=name[:40])


@lru_cache(maxsize=512)
def compiled_pattern(pattern: str) -> Any:
    """Compiled once; matching takes time linear in the text."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(pattern, options)
