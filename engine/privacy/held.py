"""What a case holds of one person: their own values open, those of others in the same case masked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.acts.perform import unpack
from engine.definitions import LoadedVersion
from engine.privacy.concealing import NUMBERS, Sort, conceal
from engine.privacy.fields import Knowledge
from engine.privacy.finding import conceal_patterns
from engine.privacy.masking import is_document
from engine.privacy.people import People, spellings
from engine.unit_of_work import UnitOfWork
from models import HistoryPayload

NAMES = frozenset({"name", "nama", "full_name", "nama_lengkap"})
BARE = NAMES | {
    "nip", "nik", "npwp", "nib", "email", "email_again", "surel", "phone", "phone_again", "telepon", "mobile",
    "birth_date", "birth_place", "tanggal_lahir", "tempat_lahir", "address", "alamat", "identity_number",
    "previous_username",
}  # fmt: skip
"""Names of fields that belong to whomever the form is about, when nothing says whose they are."""
SURE = frozenset({Sort.NAME, Sort.OFFICIAL, Sort.NIP, Sort.NIK, Sort.NPWP, Sort.EMAIL})
"""What is theirs wherever it stands; a day of birth or a telephone in somebody else's case is somebody else's."""


@dataclass(frozen=True)
class Held:
    """One value: where it is in the case, what the form calls it, and the value in words."""

    path: str
    label: str
    value: str


@dataclass(frozen=True)
class Own:
    """Shows a person what is theirs. `whole`: the case is theirs, so that what is nobody's by name is theirs too.

    `named`: what stands in it as `nik` or `email`, and not as somebody's, is theirs as well.
    """

    people: People
    knowledge: Knowledge
    whole: bool
    locale: str = "id"
    named: bool = False

    def shown(self, path: str, value: Any) -> str | None:
        """The value in words; None where it is not theirs to know of."""
        words = _words(value)
        sort = self.knowledge.sort(path)
        if (self.whole or sort in SURE) and self._theirs(sort, words):
            return words
        if not self.whole:
            return None
        if sort is Sort.PLAIN or sort is Sort.OFFICIAL:
            return conceal_patterns(words, self.locale)
        if sort is Sort.DOCUMENT or (self.named and path in BARE):
            return words
        return conceal(sort, words, self.locale)

    def is_named(self, record: Mapping[str, Any]) -> bool:
        """Is it this person whom the form asks for its name and numbers? An operator's application tells of another."""
        names = [str(record[key]) for key in NAMES if record.get(key)]
        return self.whole and (not names or any(self._theirs(Sort.NAME, name) for name in names))

    def _theirs(self, sort: Sort, words: str) -> bool:
        people = self.people
        if words.lower() in people.addresses or words in people.codes:
            return True
        if sort in NUMBERS or words.replace("+", "").isdigit():
            digits = "".join(letter for letter in words if letter.isdigit())
            return any(digits.endswith(number) for number in people.numbers) if digits else False
        names = {name.lower() for name in people.names}
        return sort in (Sort.NAME, Sort.OFFICIAL) and any(name.lower() in names for name in spellings(words))


def held_in(unit: UnitOfWork, instance_id: str, version: LoadedVersion, own: Own) -> tuple[list[Held], int]:
    """The values submitted in a case that are this person's, as they were last; and how many payloads are destroyed."""
    labels = {f.path: f.label.in_locale(own.locale) for form in version.forms.values() for f in form.fields()}
    latest: dict[str, Any] = {}
    destroyed = 0
    query = select(col(HistoryPayload.body)).where(col(HistoryPayload.instance_id) == instance_id)
    for body in unit.connection.execute(query.order_by(col(HistoryPayload.seq))).scalars():
        if body is None:
            destroyed += 1
        else:
            latest |= dict(_submitted(bytes(body)))
    own = replace(own, named=own.is_named(latest))
    found = [
        Held(path, _label(labels, _plain_path(path)), shown)
        for path, value in latest.items()
        if value not in (None, "", [], {}) and (shown := own.shown(path, value)) is not None
    ]
    return found, destroyed


def _submitted(body: bytes) -> Iterator[tuple[str, Any]]:
    inputs, _answers = unpack(body)
    for part in (inputs, inputs.get("message")):
        if isinstance(part, Mapping):
            yield from _leaves(part.get("data"), "")
            yield from _leaves(part.get("payload"), "")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        if is_document(value):
            yield path, value["filename"]
            return
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]")
    elif path:
        yield path, value


def _label(labels: Mapping[str, str], path: str) -> str:
    """What the form calls it; of a part of a field (a row of a review) the field's name, and then the part's."""
    field, _dot, rest = path, "", ""
    while field and field not in labels:
        field, _dot, part = field.rpartition(".")
        rest = f"{part}.{rest}" if rest else part
    return path if not field else f"{labels[field]} · {rest}" if rest else labels[field]


def _plain_path(path: str) -> str:
    return "".join(part.partition("]")[2] if "]" in part else part for part in path.split("["))


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
