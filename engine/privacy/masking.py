"""Masking: what of a case's personal data a reader is shown, by the reader's level.

An auditor sees masked values until they unmask the case with a reason; who looks from outside never sees more than
what was chosen, counted and decided, and knows officials by their office.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from engine.privacy.concealing import HIDDEN, MARK, Sort, conceal, conceal_digits
from engine.privacy.fields import NO_KNOWLEDGE, Knowledge
from engine.privacy.finding import concealer
from engine.privacy.people import People
from engine.texts import Text

APPLICANT = Text("Pemohon", "Applicant")
OFFICER = Text("Petugas", "Officer")
SYSTEM_NAME = Text("Sistem", "System")
_FREE = frozenset({"text", "textarea", "source", None})
"""Kinds of fields in which people write what they like; None: no form asked for it."""
LEAST_DIGITS = 13


class Level(StrEnum):
    """How much a reader may know."""

    OPEN = "open"
    AUDITOR = "auditor"
    EXTERNAL = "external"


@dataclass(frozen=True)
class Masking:
    """For one reader, and the case (or cases) whose people it knows. Holds nothing that changes."""

    level: Level = Level.AUDITOR
    knowledge: Knowledge = NO_KNOWLEDGE
    people: People = field(default_factory=People)
    locale: str = "id"

    @property
    def masks(self) -> bool:
        return self.level is not Level.OPEN

    @property
    def shows_bodies(self) -> bool:
        """May this reader have the documents themselves?"""
        return self.level is Level.OPEN

    def value(self, path: str, value: Any) -> Any:
        """The value at `path` of a case's data (`members[0].nip`, `members.0.nip` or `members.nip`)."""
        if not self.masks or value is None:
            return value
        sort = self.knowledge.sort(path)
        if isinstance(value, Mapping):
            return self._document(value) if is_document(value) else self._record(path, value)
        if isinstance(value, list):
            return [self.value(path, each) for each in value]
        if sort not in (Sort.PLAIN, Sort.DOCUMENT) and not (sort is Sort.OFFICIAL and self.level is Level.AUDITOR):
            return conceal(sort, _words(value), self.locale)
        return self._plain(path, value)

    def data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A whole record of a case's data."""
        return {self.text(key): self.value(key, value) for key, value in data.items()}

    def person(self, user_id: str | None, name: str | None, office: str | None = None) -> str:
        """Who acted: an official by name (from outside: by `office`, the lane); whom the case is about, masked."""
        if user_id is None:
            return name or SYSTEM_NAME.in_locale(self.locale)
        if not self.masks:
            return name or ""
        own = user_id in self.people.accounts
        if self.level is Level.EXTERNAL:
            return APPLICANT.in_locale(self.locale) if own else office or OFFICER.in_locale(self.locale)
        return conceal(Sort.NAME, name or "", self.locale) if own else self.text(name or "")

    def name(self, name: str) -> str:
        """The name of somebody whom a case is about."""
        return conceal(Sort.NAME, name, self.locale) if self.masks and name else name

    def text(self, words: str) -> str:
        """Words in which anything may stand."""
        return self._conceal(words) if self.masks else words

    def free_text(self, words: str) -> str:
        """Words that a person wrote (a reason, a note): from outside not shown at all."""
        if self.level is Level.EXTERNAL and words:
            return self.hidden
        return self.text(words)

    def title(self, words: str, process: str, *, personal: bool = False) -> str:
        """A case's title, made of its data: from outside only what process it is of.

        `personal`: it names people (see `titles.names_people`), and perhaps none of those that are known here.
        """
        if self.level is Level.EXTERNAL:
            return process
        return f"{process} ({MARK.in_locale(self.locale)})" if personal and self.masks else self.text(words)

    def filename(self, filename: str) -> str:
        """People call files after people: only what kind of file it is remains."""
        return f"{HIDDEN}.{filename.rpartition('.')[2][:4]} ({MARK.in_locale(self.locale)})" if self.masks else filename

    @property
    def hidden(self) -> str:
        """Stands for what is not shown at all."""
        return conceal(Sort.UNSHOWN, "", self.locale)

    @cached_property
    def _conceal(self) -> Callable[[str], str]:
        return concealer(self.people, self.locale)

    def _record(self, path: str, record: Mapping[str, Any]) -> dict[str, Any]:
        return {self.text(str(key)): self.value(f"{path}.{key}", each) for key, each in record.items()}

    def _document(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """That there is one, of what kind and with which digest, is no secret; whose it is stands in its name."""
        return {**value, "filename": self.filename(str(value["filename"]))}

    def _plain(self, path: str, value: Any) -> Any:
        if isinstance(value, str):
            kind = self.knowledge.kind(path)
            return self.free_text(value) if kind in _FREE else self.text(value)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            digits = sum(letter.isdigit() for letter in str(value))
            return conceal_digits(str(value), self.locale) if digits >= LEAST_DIGITS else value
        return value


OPEN = Masking(Level.OPEN)


def is_document(value: Mapping[str, Any]) -> bool:
    """Does a record of a case's data stand for an uploaded file?"""
    return {"id", "filename", "digest"} <= value.keys()


def _words(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
