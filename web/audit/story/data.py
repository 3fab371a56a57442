"""A case's data as they changed, in words: what the player shows at an instant, and the text of each step."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.forms import Field, Form
from engine.forms.words import show_value
from engine.history.kinds import Kind
from engine.privacy import Masking, is_concealed
from engine.privacy.masking import is_document
from engine.story import Retold, Scope, Story
from engine.story.changes import ABSENT, Change
from engine.unit_of_work import UnitOfWork
from models import Instance
from web.audit.story.pausing import Paused, acts_from, paused_at
from web.context import services
from web.forms.values import Reader, field_value
from web.i18n import locale_code

_ROW = re.compile(r"\[\d+\]")
LONGEST = 2000
TOKEN_SHOWN = 12


@dataclass(frozen=True)
class Changed:
    """One change as a person reads it; None where there was, or is, nothing."""

    path: str
    label: str
    before: str | None
    after: str | None

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "label": self.label, "before": self.before, "after": self.after}


class DataWords:
    """Names and values of a case's data, as the forms of its versions call them."""

    def __init__(self, story: Story, masking: Masking) -> None:
        self.masking = masking
        self.locale = locale_code()
        self.reader = Reader(self.locale, ZoneInfo(story.case.zone))
        self.fields: dict[str, Field] = {}
        for phase in story.phases:
            for form in phase.version.forms.values():
                self.fields.update({field.path: field for field in form.fields()})

        self._asked = dict(_forms_asked(story))

    def of(self, act: Retold) -> list[Changed]:
        """What an act changed, in the words of the form by which it was told; what became empty words is left out."""
        asked = self._asked.get(act.act)
        own = {**self.fields, **{field.path: field for field in asked.fields()}} if asked is not None else self.fields
        told = [self._changed(change, own) for change in act.changes]
        return [changed for changed in told if changed.before != changed.after]

    def _changed(self, change: Change, fields: Mapping[str, Field]) -> Changed:
        field = fields.get(_ROW.sub("", change.path))
        before, after = (self._words(change.path, value, field) for value in (change.before, change.after))
        return Changed(self.masking.text(change.path), self._label(change.path, fields), before, after)

    def _label(self, path: str, fields: Mapping[str, Field]) -> str:
        """The question that a path answers, with the row it stands in; a path that no form asks for stays as it is."""
        plain = _ROW.sub("", path)
        field = fields.get(plain)
        if field is not None:
            return self._numbered(field.label.in_locale(self.locale) or plain, path)
        owner = next((f for f in (fields.get(prefix) for prefix in _prefixes(plain)) if f is not None), None)
        if owner is None:
            return self.masking.text(path)
        rest = plain.removeprefix(owner.path).lstrip(".").split(".")
        named = {option.value: option.label.in_locale(self.locale) for option in owner.options}
        words = [owner.label.in_locale(self.locale), *(named.get(part, part) for part in rest)]
        return self.masking.text(self._numbered(" · ".join(words), path))

    def _numbered(self, label: str, path: str) -> str:
        rows = [str(int(row[1:-1]) + 1) for row in _ROW.findall(path)]
        return f"{label} ({', '.join(rows)})" if rows else label

    def _words(self, path: str, value: Any, field: Field | None) -> str | None:
        if value is ABSENT or value is None or value == "":
            return None
        shown = self.masking.value(path, value)
        if isinstance(shown, dict) and is_document(shown):
            return f"{shown['filename']} ({str(shown['digest'])[:12]})"
        if field is not None and not (isinstance(shown, str) and is_concealed(shown)):
            return field_value(field, shown, self.reader).words[:LONGEST] or None
        return show_value(shown, self.reader.zone, self.locale)[:LONGEST]


def _forms_asked(story: Story) -> Iterator[tuple[int, Form]]:
    """The form that each act was told by, where a person filled one in."""
    for event in story.events:
        if event.begins and event.kind == Kind.TASK_COMPLETED:
            version = story.phases[event.version].version
            element = version.specs.elements.get(event.element_id or "")
            form = None if element is None else version.forms.get(element.properties.get("form", ""))
            if form is not None:
                yield event.act, form


def _prefixes(path: str) -> Iterable[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def data_json(
    unit: UnitOfWork, case: Instance, masking: Masking, first: int = 1, *, whole: bool = False
) -> dict[str, Any]:
    """The changes of the acts from the `first` on; `whole`: however long it takes (for files)."""
    parts = services()
    paused = paused_at(unit, parts.database, parts.definitions, case)
    acts = acts_from(paused, unit, parts.definitions, first, **({"budget": None} if whole else {}))
    words = DataWords(paused.story, masking)
    following = first + len(acts)
    over = paused.finished and following > len(paused.told)
    return {
        "acts": {str(act.act): told for act in acts if (told := _act(words, act))},
        "next": None if over else following,
        "complete": over and paused.failed is None,
        "failed": _failed(paused) if over else None,
    }


def _act(words: DataWords, act: Retold) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if act.changes:
        told["changes"] = [changed.to_json() for changed in words.of(act)]
    if act.scopes:
        told["in"] = {str(n): [_scope(scope) for scope in scopes] for n, scopes in act.scopes.items()}
    return told


def _scope(scope: Scope) -> dict[str, Any]:
    told = {"element": scope.element_id, "k": (scope.token_id or "")[:TOKEN_SHOWN]}
    return told if scope.index is None else {**told, "i": scope.index}


def _failed(paused: Paused) -> str | None:
    failed = paused.failed
    return None if failed is None else failed.in_locale(locale_code())
