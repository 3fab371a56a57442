"""Executes the record of a case again, act by act, on the versions it ran on: for proofs, stories and comparisons.

No handler is called: what they answered is in the record, in the order of the calls. Ids and the clock come from the
act's number and instant, dates from the calendar version the act recorded. The session in memory goes from act to act,
never through the store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from calendars import WorkingCalendar
from engine.acts.command import Command
from engine.acts.facts import Facts
from engine.acts.moving import facts_after
from engine.acts.perform import Performed, perform, unpack
from engine.acts.services import Answer, RecordedServices, Services
from engine.calendar import load_calendar
from engine.definitions import Definitions, LoadedVersion
from engine.errors import AlurError
from engine.history import Kind
from engine.history.verify import Record
from engine.spiff import Data, Session
from engine.texts import Text
from engine.unit_of_work import UnitOfWork


class CannotReEnactError(AlurError):
    """Act {act} ({kind}) {why}."""

    indonesian = "Tindakan {act} ({kind}) {why}."
    code = "cannot_re_enact"

    def __init__(self, entry: Row[Any], reason: str, why: Text) -> None:
        super().__init__(act=entry.act, kind=entry.kind, why=why)
        self.entry = entry
        self.reason = reason
        """destroyed: retention took what it was told; failed: the record cannot be executed, or not be read."""
        self.why = why


@dataclass(frozen=True)
class Enacted:
    """One act, done again. `session` goes on with the next act: what is wanted of it is to be copied before that."""

    entry: Row[Any]
    """The journal entry as it is recorded, and the events that the record says followed from it."""
    followed: tuple[Row[Any], ...]
    inputs: Data
    answers: tuple[Answer, ...]
    """What the record says handlers answered; `performed.answers` are those that were asked for now."""
    performed: Performed | None
    """None: an act that the engine does not feel (a claim, a suspension)."""
    session: Session
    version: LoadedVersion
    facts: Facts
    digest: bytes
    """What the case is after it; as long as the engine feels nothing, what it was before."""


@dataclass(frozen=True)
class RecordedFrame:
    """An act as it was: zone, calendar version and answers come from the record."""

    unit: UnitOfWork
    version: LoadedVersion
    number: int
    now: datetime
    zone: str
    calendar_version: int
    answers: tuple[Answer, ...]

    def zone_for(self, facts: Facts) -> str:  # noqa: ARG002 -- the record knows
        return self.zone

    def calendar_for(self, facts: Facts) -> WorkingCalendar:
        return load_calendar(self.unit, facts.calendar_of, self.zone, self.calendar_version)

    def services_for(self, facts: Facts) -> Services:  # noqa: ARG002 -- nothing is called
        return RecordedServices(self.answers)


def re_enact(unit: UnitOfWork, definitions: Definitions, record: Record) -> Iterator[Enacted]:
    """The acts of a record, one after the other, each as far as the engine gets with what was recorded.

    Nothing is compared with the record. Raises CannotReEnactError at the act that cannot be executed (again).
    """
    return Stage(unit, definitions, record).acts()


class Stage:
    """What one re-execution stands on: a session in memory, the facts and the version that go with it.

    Between two acts `unit` may be made another: whoever pauses there holds no transaction meanwhile.
    """

    def __init__(self, unit: UnitOfWork, definitions: Definitions, record: Record) -> None:
        self.unit = unit
        self.definitions = definitions
        self.record = record
        self.session: Session | None = None
        self.facts: Facts | None = None
        self.version: LoadedVersion | None = None
        self.digest = b""

    def acts(self) -> Iterator[Enacted]:
        for _, events in groupby(self.record.events, key=lambda e: e.act):
            entry, *followed = events
            try:
                enacted = self.enact(entry, tuple(followed))
            except CannotReEnactError:
                raise
            except AlurError as error:
                why = Text(
                    f"tidak dapat diulang: {error.message('id')}", f"cannot be re-executed: {error.message('en')}"
                )
                raise CannotReEnactError(entry, "failed", why) from error
            except Exception as error:  # a damaged record is a finding, whatever it is damaged in
                name = type(error).__name__
                why = Text(f"tidak dapat dibaca ({name})", f"cannot be read ({name})")
                raise CannotReEnactError(entry, "failed", why) from error
            yield enacted

    def enact(self, entry: Row[Any], followed: tuple[Row[Any], ...]) -> Enacted:
        inputs, answers = self._told(entry)
        command = Command(Kind(entry.kind), inputs, entry.element_id, entry.token_id)
        if self._is_destroyed(entry) and command.moves_engine:
            why = Text("isinya sudah dimusnahkan menurut retensi", "its payload was destroyed by retention")
            raise CannotReEnactError(entry, "destroyed", why)
        performed = self._perform(entry, command, tuple(answers)) if command.moves_engine else None
        if performed is not None:
            self.digest, self.facts = performed.digest, performed.facts
        assert self.session is not None  # noqa: S101 -- the first act of every record starts the case
        assert self.version is not None  # noqa: S101
        assert self.facts is not None  # noqa: S101
        return Enacted(
            entry, followed, inputs, tuple(answers), performed, self.session, self.version, self.facts, self.digest
        )

    def _told(self, entry: Row[Any]) -> tuple[Data, list[Answer]]:
        payload = self.record.payloads.get(entry.seq)
        return ({}, []) if payload is None or payload.body is None else unpack(bytes(payload.body))

    def _is_destroyed(self, entry: Row[Any]) -> bool:
        payload = self.record.payloads.get(entry.seq)
        return payload is not None and payload.body is None

    def _perform(self, entry: Row[Any], command: Command, answers: tuple[Answer, ...]) -> Performed:
        if command.kind == Kind.CASE_STARTED:
            self._begin(entry, command.inputs["case"])
        elif command.kind == Kind.CASE_MIGRATED and self.facts is not None:
            self.version = self.definitions.version(command.inputs["version"], self.unit)
            self.facts = facts_after(self.facts, self.version, command.inputs)
        assert self.session is not None  # noqa: S101 -- as in `enact`
        assert self.facts is not None  # noqa: S101
        assert self.version is not None  # noqa: S101
        frame = RecordedFrame(
            self.unit, self.version, entry.act, entry.at, entry.detail["zone"], entry.detail["calendar"], answers
        )
        return perform(self.session, command, frame, self.facts)

    def _begin(self, entry: Row[Any], given: Data) -> None:
        self.version = self.definitions.version(entry.detail["version"], self.unit)
        self.session = Session.new(self.version.specs, entry.instance_id)
        self.facts = Facts(
            instance_id=entry.instance_id,
            number=given["number"],
            definition_key=self.version.key,
            version_id=self.version.id,
            started_at=entry.at,
            starter_id=entry.actor_id,
            zone=entry.detail["zone"],
            instansi_id=given["instansi"],
            business_key=given["key"],
            programme=given["programme"],
            parameters=given["parameters"],
        )
