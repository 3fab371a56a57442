"""The documents beside a form: those that the case's data hold now, in the order in which they are asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions import LoadedVersion
from engine.forms.model import ShownField, ShownParagraph
from web.forms import FormPage
from web.i18n import locale_code


@dataclass(frozen=True)
class Paper:
    """A document of the case. `key`: the answer it belongs to; `asked`: the open form has a row about it."""

    id: str
    filename: str
    label: str
    key: str
    asked: bool


def papers(version: LoadedVersion, page: FormPage) -> list[Paper]:
    """Every document in the data once. A replaced one is not among them: only what counts now is looked at."""
    rows = check_rows(page)
    asked = set(rows) | _listed(version, page)
    places = {key: place for place, key in enumerate(rows)}
    labels = _labels(version)
    found = [
        Paper(document, name, rows.get(key) or label, key, key in asked)
        for document, name, label, key in _walk(page.context.data, labels, ())
    ]
    ordered = sorted(found, key=lambda paper: (not paper.asked, places.get(paper.key, len(places))))
    unique: dict[str, Paper] = {}
    for paper in ordered:
        unique.setdefault(paper.id, paper)
    return list(unique.values())


def check_rows(page: FormPage) -> dict[str, str]:
    """The rows of the form's check-lists that are asked now: what each is about, and how it is called."""
    reviews = (part for part in page.parts if isinstance(part, ShownField) and part.field.kind == "review")
    return {option.value: option.label.in_locale(locale_code()) for part in reviews for option in part.options}


def _listed(version: LoadedVersion, page: FormPage) -> set[str]:
    """The answers of other forms that this form lists for reading: a portfolio is judged as a whole."""
    names = {part.values_of for part in page.parts if isinstance(part, ShownParagraph) and part.values_of}
    forms = [version.forms[name] for name in names if name in version.forms]
    return {field.path.partition(".")[0] for form in forms for field in form.fields()}


def _labels(version: LoadedVersion) -> dict[str, str]:
    """What the documents of all forms of the package are called, by their place without row numbers."""
    fields = (field for form in version.forms.values() for field in form.fields() if field.kind == "document")
    return {field.path: field.label.in_locale(locale_code()) for field in fields}


def _walk(value: Any, labels: Mapping[str, str], path: tuple[str | int, ...]) -> Iterator[tuple[str, str, str, str]]:
    """(Id, file name, label, top key) of every document below a value."""
    if isinstance(value, Mapping):
        if _is_document(value):
            yield value["id"], str(value["filename"]), _label(path, labels), str(path[0]) if path else ""
            return
        for key, inner in value.items():
            yield from _walk(inner, labels, (*path, key))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value, start=1):
            yield from _walk(inner, labels, (*path, number))


def _is_document(value: Mapping[str, Any]) -> bool:
    return {"id", "filename", "digest", "size"} <= value.keys() and isinstance(value["id"], str)


def _label(path: tuple[str | int, ...], labels: Mapping[str, str]) -> str:
    """As its form calls it, numbered where there are several."""
    plain = ".".join(part for part in path if isinstance(part, str))
    numbers = [str(part) for part in path if isinstance(part, int)]
    name = labels.get(plain) or (plain.rpartition(".")[2] or plain).replace("_", " ").capitalize()
    return f"{name} {'.'.join(numbers)}" if numbers else name
