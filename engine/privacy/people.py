"""Whose data a case holds: what is known of them is found again wherever somebody wrote it.

From the rows that name a person (who applied, the participant), and from what was submitted, by the fields' sorts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from engine.acts.perform import unpack
from engine.privacy.concealing import NUMBERS, Sort
from engine.privacy.fields import Knowledge
from engine.unit_of_work import UnitOfWork
from models import HistoryPayload, Instance, Participant, PersonProfile, User

SHORTEST_NAME, SHORTEST_NUMBER = 3, 8
_TITLES = re.compile(r"^(?:(?:Prof|Dr|dr|drg|Ir|Drs|Dra|H|Hj|KH)\.?\s+)+")
_CODE = re.compile(r"(?=.*\d)[\w\-]{6,40}")
_CASE: Any = bindparam("case")
_STARTER = select(col(Instance.starter_id)).where(col(Instance.id) == _CASE)
_PARTICIPANT = select(
    col(Participant.name), col(Participant.nip), col(Participant.email), col(Participant.phone),
    col(Participant.birth_date),
).where(col(Participant.id) == _CASE)  # fmt: skip
_BODIES = select(col(HistoryPayload.body)).where(
    col(HistoryPayload.instance_id) == _CASE, col(HistoryPayload.body).is_not(None)
)


@dataclass
class People:
    """What is known of the people that some cases are about. `accounts` are those of them who have one."""

    accounts: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    numbers: dict[str, Sort] = field(default_factory=dict)
    """Digits alone → what they are."""
    addresses: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    """The number of a passport, a day of birth."""

    def learn(self, sort: Sort, value: Any) -> None:
        """A value of somebody: from now on it is theirs in any text."""
        words = str(value).strip() if isinstance(value, (str, int, date)) and not isinstance(value, bool) else ""
        if not words:
            return
        if sort is Sort.NAME:
            self.names.update(name for name in spellings(words) if len(name) >= SHORTEST_NAME)
        elif sort is Sort.EMAIL:
            self.addresses.add(words.lower())
        elif sort in NUMBERS:
            self._number(sort, re.sub(r"\D", "", words))
        elif sort is Sort.UNSHOWN and _CODE.fullmatch(words):
            self.codes.add(words)

    def learn_all(self, knowledge: Knowledge, data: Any, path: str = "", *, names: bool = True) -> None:
        """Everything personal in a record, by the sorts of its fields."""
        if isinstance(data, Mapping):
            for key, value in data.items():
                self.learn_all(knowledge, value, f"{path}.{key}" if path else str(key), names=names)
        elif isinstance(data, list):
            for value in data:
                self.learn_all(knowledge, value, path, names=names)
        else:
            sort = knowledge.sort(path)
            if names or sort is not Sort.NAME:
                self.learn(sort, data)

    def _number(self, sort: Sort, digits: str) -> None:
        if sort is Sort.PHONE:
            digits = re.sub(r"^(?:62|0)", "", digits)  # written with or without the country, it is one number
        if len(digits) >= SHORTEST_NUMBER:
            self.numbers[digits] = sort


def spellings(name: str) -> list[str]:
    """A name as it may stand in a text: whole, and without the titles before and behind it."""
    whole = " ".join(name.split())
    bare = _TITLES.sub("", whole.split(",")[0]).strip()
    return [whole] if bare == whole else [whole, bare]


def people_of(unit: UnitOfWork, instance_ids: Iterable[str], knowledge: Knowledge, *, payloads: bool = True) -> People:
    """Those that these cases are about. `payloads`: also what was submitted, the whole story of each case."""
    people = People()
    for instance_id in instance_ids:
        _learn_rows(unit, people, instance_id)
        if payloads:
            for body in unit.connection.execute(_BODIES, {"case": instance_id}).scalars():
                _learn_payload(people, knowledge, bytes(body or b""))
    return people


def _learn_payload(people: People, knowledge: Knowledge, body: bytes) -> None:
    """What people, messages and handlers brought. How a handler calls its answers' parts, no form says: names there
    are of offices as often as of people, and only numbers and addresses speak for themselves."""
    inputs, answers = unpack(body)
    for part in (inputs, inputs.get("message")):
        if isinstance(part, Mapping):
            people.learn_all(knowledge, part.get("data"))
            people.learn_all(knowledge, part.get("payload"))
    for answered in (inputs.get("outputs"), *(answer.outputs for answer in answers)):
        people.learn_all(knowledge, answered, names=False)


def _learn_rows(unit: UnitOfWork, people: People, instance_id: str) -> None:
    starter = unit.connection.execute(_STARTER, {"case": instance_id}).scalar_one_or_none()
    if starter is not None:
        learn_account(unit, people, starter)
    learn_participant(unit, people, instance_id)


def learn_participant(unit: UnitOfWork, people: People, participant_id: str) -> None:
    """What the row of a participant says; its id is its case's."""
    found = unit.connection.execute(_PARTICIPANT, {"case": participant_id}).first()
    if found is None:
        return
    people.learn(Sort.NAME, found.name)
    people.learn(Sort.NIP, found.nip)
    people.learn(Sort.EMAIL, found.email)
    people.learn(Sort.PHONE, found.phone)
    people.learn(Sort.UNSHOWN, found.birth_date)


def learn_account(unit: UnitOfWork, people: People, user_id: str) -> None:
    """An account's owner, with what their profile says."""
    people.accounts.add(user_id)
    user = unit.session.get(User, user_id)
    profile = unit.session.get(PersonProfile, user_id)
    if user is not None:
        for sort, value in ((Sort.NAME, user.name), (Sort.EMAIL, user.email), (Sort.PHONE, user.phone),
                            (Sort.NIP, user.nip)):  # fmt: skip
            people.learn(sort, value)
    if profile is not None:
        people.learn(Sort.NAME, profile.name)
        people.learn(Sort.UNSHOWN, profile.identity_number)
        people.learn(Sort.UNSHOWN, profile.birth_date)
