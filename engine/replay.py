"""Re-executes the record of a case on the version it ran on, and compares every state and every event it leads to.

No handler is called: what they answered is in the record, in the order of the calls. Ids and the clock come from the
act's number and instant, dates from the calendar version the act recorded.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Row, text

from calendars import WorkingCalendar
from engine import store
from engine.acts.command import Command
from engine.acts.consequences import consequences_of
from engine.acts.facts import Facts
from engine.acts.moving import facts_after
from engine.acts.perform import Performed, perform, unpack
from engine.acts.services import Answer, RecordedServices, Services
from engine.calendar import load_calendar
from engine.definitions import Definitions, LoadedVersion
from engine.errors import AlurError
from engine.history import Finding, Kind
from engine.history.standing import check_standing
from engine.history.verify import Record, finding, read_record, verify_record
from engine.spiff import Data, Session
from engine.spiff.values import canonical
from engine.unit_of_work import UnitOfWork


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


def prove(unit: UnitOfWork, definitions: Definitions, instance_id: str, *, replay: bool = False) -> list[Finding]:
    """Everything wrong with a case's record and stored state, in a unit that has not read anything yet."""
    if unit.is_postgresql:
        # One snapshot for all that is read: a case that goes on meanwhile must not look broken.
        unit.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    record = read_record(unit, instance_id)
    found = [*verify_record(record), *check_standing(unit, record), *check_state(unit, definitions, instance_id)]
    return [*found, *(replay_instance(unit, definitions, instance_id) if replay else ())]


def replay_instance(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> list[Finding]:
    """Where the re-execution differs from the record, or from the case as it stands; empty when it reproduces it.

    The first difference ends it: what follows would be compared with another past.
    """
    record = read_record(unit, instance_id)
    return _Replay(unit, definitions, record).run()


def check_state(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> list[Finding]:
    """Are the live state, read token by token, and the case's row those that the last act recorded?"""
    case = read_record(unit, instance_id).case
    try:
        session = store.load(unit, case, definitions.version(case.version_id, unit).specs)
        states = [session.digest(), session.digest(fresh=True)]
        if all(Facts.of_row(case).sealing(state) == bytes(case.state_digest) for state in states):
            return []
    except Exception as error:  # noqa: BLE001 -- whatever a damaged state makes the engine stumble over is a finding
        return [_unreadable(error)]
    return [
        finding(
            "live_state",
            "Keadaan kasus yang tersimpan bukan yang dicatat tindakan terakhirnya.",
            "The stored state of the case is not the one its last act recorded.",
        )
    ]


class _Replay:
    """One re-execution: the session in memory goes from act to act, never through the store."""

    def __init__(self, unit: UnitOfWork, definitions: Definitions, record: Record) -> None:
        self.unit = unit
        self.definitions = definitions
        self.record = record
        self.session: Session | None = None
        self.facts: Facts | None = None
        self.version: LoadedVersion | None = None
        self.digest = b""

    def run(self) -> list[Finding]:
        for _, events in groupby(self.record.events, key=lambda e: e.act):
            entry, *followed = events
            try:
                found = self._act(entry, followed)
            except AlurError as error:
                found = _at(entry, "failed", f"tidak dapat diulang: {error.message('id')}",
                            f"cannot be re-executed: {error.message('en')}")  # fmt: skip
            except Exception as error:  # noqa: BLE001 -- a damaged record is a finding, whatever it is damaged in
                why = type(error).__name__
                found = _at(entry, "failed", f"tidak dapat dibaca ({why})", f"cannot be read ({why})")
            if found is not None:
                return [found]
        return self._end()

    def _act(self, entry: Row[Any], followed: list[Row[Any]]) -> Finding | None:
        payload = self.record.payloads.get(entry.seq)
        if payload is not None and payload.body is None:
            return _at(entry, "destroyed", "isinya sudah dimusnahkan menurut retensi",
                       "its payload was destroyed by retention")  # fmt: skip
        inputs, answers = ({}, []) if payload is None else unpack(bytes(payload.body))
        command = Command(Kind(entry.kind), inputs, entry.element_id, entry.token_id)
        if command.moves_engine:
            performed = self._perform(entry, command, tuple(answers))
            if performed.answers != tuple(answers):
                return _at(entry, "services", "memanggil penangan lain", "calls other handlers")
            found = _compared(entry, followed, performed)
            if found is not None:
                return found
            self.digest, self.facts = performed.digest, performed.facts
        if self.digest != bytes(entry.state_digest):
            return _at(entry, "state", "keadaan sesudahnya berbeda", "the state after it differs")
        return None

    def _perform(self, entry: Row[Any], command: Command, answers: tuple[Answer, ...]) -> Performed:
        if command.kind == Kind.CASE_STARTED:
            self._begin(entry, command.inputs["case"])
        elif command.kind == Kind.CASE_MIGRATED and self.facts is not None:
            self.version = self.definitions.version(command.inputs["version"], self.unit)
            self.facts = facts_after(self.facts, self.version, command.inputs)
        assert self.session is not None  # noqa: S101 -- the first act of every record starts the case
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

    def _end(self) -> list[Finding]:
        """The re-execution must end where the case's row and its stored tokens are."""
        case, facts = self.record.case, self.facts
        if facts is None or self.version is None:
            return [finding("empty", "Kasus ini tidak punya catatan.", "This case has no record.")]
        names = ("number", "version_id", "starter_id", "instansi_id", "business_key", "title", "stage", "stage_element",
                 "completers", "programme_id", "programme", "parameters")  # fmt: skip
        other = [name for name in names if getattr(facts, name) != getattr(case, name)]
        if other:
            columns = ", ".join(other)
            return [finding("case", f"Baris kasus berbeda: {columns}.", f"The case's row differs: {columns}.")]
        try:
            session = store.load(self.unit, case, self.version.specs)
            live = Facts.of_row(case).sealing(session.digest(fresh=True))
        except Exception as error:  # noqa: BLE001 -- as in check_state
            return [_unreadable(error)]
        if live != self.digest:
            indonesian = "Keadaan kasus yang tersimpan bukan hasil catatannya."
            english = "The stored state of the case is not what its record leads to."
            return [finding("live_state", indonesian, english)]
        return []


def _unreadable(error: Exception) -> Finding:
    why = type(error).__name__
    return finding(
        "live_state",
        f"Keadaan kasus yang tersimpan tidak dapat dibaca ({why}).",
        f"The stored state of the case cannot be read ({why}).",
    )


def _compared(entry: Row[Any], followed: list[Row[Any]], performed: Performed) -> Finding | None:
    """The consequences as sets: in which order tokens of one act were looked at is no part of what happened."""
    then = sorted(_line(e.kind, e.element_id, e.token_id, e.detail) for e in followed)
    now = sorted(_line(str(o.kind), o.element_id, o.token_id, dict(o.detail)) for o in consequences_of(performed))
    if then == now:
        return None
    first = next((a or b for a, b in zip_longest(then, now) if a != b), b"")
    shown = first.decode()[:200]
    return _at(entry, "events", f"menghasilkan peristiwa lain: {shown}", f"leads to other events: {shown}")


def _line(kind: str, element_id: str | None, token_id: str | None, detail: dict[str, Any]) -> bytes:
    return canonical([kind, element_id, token_id, detail])


def _at(entry: Row[Any], code: str, indonesian: str, english: str) -> Finding:
    return finding(
        code,
        f"Tindakan {entry.act} ({entry.kind}) {indonesian}.",
        f"Act {entry.act} ({entry.kind}) {english}.",
        entry.seq,
    )
