"""Cases as an object-centric event log (OCEL 2.0, JSON): what happened, and every thing it happened to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, Table, select
from sqlmodel import col

from engine.bundles.log import UNKNOWN, CaseLog, Happening
from engine.bundles.persons import Persons
from engine.unit_of_work import UnitOfWork
from models import Attachment, Document, Instansi, Letter, Programme, metadata

ATTACHMENTS: Table = metadata.tables[str(Attachment.__tablename__)]
DOCUMENTS: Table = metadata.tables[str(Document.__tablename__)]
CASE, PERSON, DOCUMENT, LETTER, INSTANSI, PROGRAMME = "case", "person", "document", "letter", "instansi", "programme"
OBJECT_TYPES: Mapping[str, Mapping[str, str]] = {
    CASE: {
        "process": "string", "process_title": "string", "version": "integer", "version_id": "string",
        "status": "string", "outcome": "string", "zone": "string", "started": "time", "ended": "time",
        "elapsed_seconds": "integer", "working_seconds": "integer",
    },
    PERSON: {"name": "string"},
    DOCUMENT: {"field": "string", "kind": "string", "size": "integer", "sha256": "string"},
    LETTER: {"number": "string", "kind": "string", "state": "string"},
    INSTANSI: {"name": "string", "kind": "string"},
    PROGRAMME: {"title": "string", "period": "string"},
}  # fmt: skip
EVENT_ATTRIBUTES: Mapping[str, str] = {
    "transition": "string", "kind": "string", "element": "string", "type": "string", "version": "integer",
    "role": "string", "lane": "string", "ready": "time", "due": "time", "late": "boolean",
    "elapsed_seconds": "integer", "working_seconds": "integer",
}  # fmt: skip
ENDS = frozenset({"complete", "withdraw", "ate_abort", UNKNOWN})
"""That a task waited or was taken by somebody shows in the times of its end."""


@dataclass
class _Log:
    """The four lists of the file, while cases are added."""

    unit: UnitOfWork
    persons: Persons
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    event_types: dict[str, None] = field(default_factory=dict)

    def object(self, kind: str, ident: str, at: datetime, values: Mapping[str, Any]) -> str:
        """The id of this object in the file; written once. `at`: since when it is so."""
        name = f"{kind}:{ident}"
        if name not in self.objects:
            self.objects[name] = {
                "id": name,
                "type": kind,
                "attributes": [{"time": _instant(at), **each} for each in _values(values)],
                "relationships": [],
            }
        return name

    def person(self, ident: str, at: datetime) -> str:
        self.persons.learn(self.unit, [ident])
        named = {"name": self.persons.called(ident)} if self.persons.named else {}
        return self.object(PERSON, self.persons.number(ident), at, named)

    def relate(self, source: str, target: str, qualifier: str) -> None:
        relation = {"objectId": target, "qualifier": qualifier}
        if relation not in self.objects[source]["relationships"]:
            self.objects[source]["relationships"].append(relation)

    def instansi(self, ident: str, at: datetime) -> str:
        found = self.unit.session.get(Instansi, ident)
        return self.object(INSTANSI, ident, at, {"name": found.name, "kind": found.kind} if found else {})

    def add(self, log: CaseLog) -> None:
        case = self._case(log)
        given = self._documents(log, case)
        letters = self._letters(log, case)
        for one in log.happenings:
            if one.transition in ENDS:
                self._event(log, one, case, [*given.get(one.token_id or "", ()), *letters.get(one.token_id or "", ())])

    def _case(self, log: CaseLog) -> str:
        row, at = log.case, log.case.started_at
        values = {
            "process": log.version.key, "process_title": log.version.manifest.title.id,
            "version": log.version.number, "version_id": log.version.id, "status": row.status,
            "outcome": row.outcome, "zone": row.zone, "started": at, "ended": row.ended_at,
            "elapsed_seconds": log.elapsed, "working_seconds": log.working,
        }  # fmt: skip
        case = self.object(CASE, row.number, at, values)
        if row.starter_id is not None:
            self.relate(case, self.person(row.starter_id, at), "applicant")
        if row.instansi_id is not None:
            self.relate(case, self.instansi(row.instansi_id, at), "instansi")
        programme = self.unit.session.get(Programme, row.programme_id) if row.programme_id else None
        if programme is not None:
            told = {"title": programme.title_id, "period": programme.period}
            self.relate(case, self.object(PROGRAMME, programme.key, programme.opens_at, told), "programme")
        return case

    def _documents(self, log: CaseLog, case: str) -> dict[str, list[dict[str, str]]]:
        """By the task they were submitted with."""
        given: dict[str, list[dict[str, str]]] = {}
        for row in documents_of(self.unit, log.case.id):
            values = {"field": row.field, "kind": row.kind, "size": row.size, "sha256": row.digest}
            document = self.object(DOCUMENT, row.id, row.uploaded_at, values)
            self.relate(document, case, "of case")
            if row.user_task_id is not None:
                given.setdefault(row.user_task_id, []).append({"objectId": document, "qualifier": "submitted"})
        return given

    def _letters(self, log: CaseLog, case: str) -> dict[str, list[dict[str, str]]]:
        """By the token that asked for them: their keys are `case:token`."""
        asked: dict[str, list[dict[str, str]]] = {}
        query = select(Letter).where(col(Letter.instance_id) == log.case.id).order_by(col(Letter.issued_at))
        for row in self.unit.session.scalars(query):
            values = {"number": row.number, "kind": row.kind, "state": row.state}
            letter = self.object(LETTER, row.id, row.issued_at, values)
            self.relate(letter, case, "of case")
            token = row.key.removeprefix(f"{log.case.id}:").partition(":")[0]
            asked.setdefault(token, []).append({"objectId": letter, "qualifier": "issued"})
        return asked

    def _event(self, log: CaseLog, one: Happening, case: str, more: list[dict[str, str]]) -> None:
        relations = [{"objectId": case, "qualifier": "case"}]
        if one.actor_id is not None:
            relations.append({"objectId": self.person(one.actor_id, one.at), "qualifier": "by"})
        if one.instansi_id is not None:
            relations.append({"objectId": self.instansi(one.instansi_id, one.at), "qualifier": "unit"})
        self.event_types[one.activity] = None
        values = {
            "transition": one.transition, "kind": one.kind, "element": one.element_id, "type": one.type,
            "version": one.version, "role": one.role, "lane": one.lane, "ready": one.ready_at, "due": one.due_at,
            "late": one.late, "elapsed_seconds": one.elapsed, "working_seconds": one.working,
        }  # fmt: skip
        self.events.append(
            {
                "id": f"{log.case.number}#{one.seq}",
                "type": one.activity,
                "time": _instant(one.at),
                "attributes": _values(values),
                "relationships": [*relations, *more],
            }
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "objectTypes": [{"name": kind, "attributes": _typed(names)} for kind, names in OBJECT_TYPES.items()],
            "eventTypes": [{"name": name, "attributes": _typed(EVENT_ATTRIBUTES)} for name in sorted(self.event_types)],
            "objects": list(self.objects.values()),
            "events": sorted(self.events, key=lambda event: event["time"]),
        }


def ocel(unit: UnitOfWork, logs: Iterable[CaseLog], persons: Persons) -> bytes:
    """The file. Objects and events of all cases are held at once: one object may be of many cases."""
    whole = _Log(unit, persons)
    for log in logs:
        whole.add(log)
    return orjson.dumps(whole.to_json(), option=orjson.OPT_INDENT_2)


def documents_of(unit: UnitOfWork, instance_id: str) -> list[Row[Any]]:
    """The documents that belong to a case, in the order they came."""
    own = (ATTACHMENTS.c.instance_id == instance_id) & ATTACHMENTS.c.submitted
    query = select(ATTACHMENTS, DOCUMENTS.c.kind, DOCUMENTS.c.size).join(
        DOCUMENTS, DOCUMENTS.c.digest == ATTACHMENTS.c.digest
    )
    return list(unit.connection.execute(query.where(own).order_by(ATTACHMENTS.c.uploaded_at, ATTACHMENTS.c.id)))


def _typed(names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in names.items()]


def _values(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "value": _plain(value)} for name, value in values.items() if value is not None]


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    return _instant(value) if isinstance(value, datetime) else value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
