"""What a column's input can be, where the package itself says so: the options and bounds of the form that asks it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.decisions.constants import constants_of
from engine.decisions.table import Table
from engine.forms import Field, Form
from engine.texts import Text


@dataclass(frozen=True)
class Domain:
    """The values an answer can have. `options` are all of them; without, any value within the bounds."""

    forms: tuple[str, ...]
    """Names of the forms that ask for it."""
    options: Mapping[Any, Text] = field(default_factory=dict)
    whole: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None


Domains = Mapping[str, Domain]
"""By the name that the column reads."""


def domains_of(forms: Iterable[Form]) -> Domains:
    """What forms say about their answers. A name that two forms ask for differently can be what either lets through."""
    found: dict[str, Domain] = {}
    unbounded: set[str] = set()
    for form in forms:
        for asked in form.fields():
            domain = _domain(asked, form.name)
            if domain is None:
                unbounded.add(asked.path)
            elif asked.path in found:
                found[asked.path] = _either(found[asked.path], domain)
            else:
                found[asked.path] = domain
    return {name: domain for name, domain in found.items() if name not in unbounded}


def _domain(asked: Field, form: str) -> Domain | None:
    if asked.kind == "checkbox":
        return Domain((form,), {True: Text("Ya", "Yes"), False: Text("Tidak", "No")})
    if asked.kind in ("choice", "golongan") and asked.options:
        return Domain((form,), {o.value: o.label for o in asked.options})
    if asked.kind == "number":
        rules = asked.rules
        return Domain((form,), whole=rules.decimals == 0, minimum=rules.minimum, maximum=rules.maximum)
    return None


def _either(one: Domain, other: Domain) -> Domain:
    forms = tuple(dict.fromkeys((*one.forms, *other.forms)))
    low = None if one.minimum is None or other.minimum is None else min(one.minimum, other.minimum)
    high = None if one.maximum is None or other.maximum is None else max(one.maximum, other.maximum)
    options = {**one.options, **other.options} if one.options and other.options else {}
    return Domain(forms, options, one.whole and other.whole, low, high)


@dataclass(frozen=True)
class Stray:
    """A cell names a value that the form does not offer: likely misspelt."""

    rule: int
    column: int
    value: Any
    domain: Domain


def stray_values(table: Table, domains: Domains, parameters: Mapping[str, Any]) -> list[Stray]:
    """Every value in a cell which the form that asks does not offer."""
    found = []
    for number, column in enumerate(table.inputs):
        domain = domains.get(column.source)
        if domain is None or not domain.options:
            continue
        for rule in table.rules:
            values = constants_of(rule.cells[number], parameters) or ()
            found += [
                Stray(rule.number, number, value, domain)
                for value in values
                if value is not None and not _offered(value, domain)
            ]
    return found


def _offered(value: Any, domain: Domain) -> bool:
    """True is not 1 here."""
    return any(type(option) is type(value) and option == value for option in domain.options)
