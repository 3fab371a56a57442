"""What of a case goes into a bundle: its record, what was submitted and attached by right, and what it ran on."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, or_, select, text

from calendars import WorkingCalendar
from engine.bundles.ocel import documents_of
from engine.bundles.verify import ENTRY, EVENT
from engine.calendar import load_calendar
from engine.definitions import Definitions, LoadedVersion
from engine.documents import DocumentDamagedError, Documents
from engine.history import Kind
from engine.history.chain import instant
from engine.history.verify import Record, read_record
from engine.ledger import ENTRIES, GENESIS
from engine.privacy import Masking, names_people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Sheaf:
    """The files of a bundle while they are gathered: a folder of its own. The same file put twice is there once."""

    folder: Path

    def put(self, path: str, body: bytes) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_name(f".{place.name}.part")
        aside.write_bytes(body)
        aside.replace(place)  # whoever is killed here leaves nothing that looks whole

    def has(self, path: str) -> bool:
        return (self.folder / path).is_file()

    def paths(self) -> list[str]:
        files = (p for p in self.folder.rglob("*") if p.is_file() and not p.name.startswith("."))
        return sorted(p.relative_to(self.folder).as_posix() for p in files)


def hold_still(unit: UnitOfWork) -> None:
    """One snapshot for all that this unit reads: a case that goes on meanwhile is packed as it was."""
    if unit.is_postgresql:
        unit.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def put_case(
    sheaf: Sheaf,
    unit: UnitOfWork,
    definitions: Definitions,
    documents: Documents,
    instance_id: str,
    masking: Masking,
) -> None:
    """Put everything of one case into the sheaf.

    Where the reader's data are masked, nothing that somebody submitted is in it, nor what could be used to guess it:
    digests alone, which prove it to whoever has it.
    """
    bodies = masking.shows_bodies
    record = read_record(unit, instance_id)
    case, folder = record.case, f"cases/{record.case.number}"
    versions = [definitions.version(ident, unit) for ident in versions_of(record)]
    sheaf.put(f"{folder}/events.jsonl", as_lines(event_row(event) for event in record.events))
    sheaf.put(f"{folder}/payloads.jsonl", as_lines(_payloads(record, bodies=bodies)))
    attached = list(_documents(sheaf, unit, documents, instance_id, bodies=bodies))
    sheaf.put(f"{folder}/documents.json", as_json(attached))
    for version in versions:
        _put_version(sheaf, version)
    calendars = _put_calendars(sheaf, unit, record)
    process = versions[-1].manifest.title.in_locale(masking.locale)
    title = masking.title(case.title or process, process, personal=names_people(versions[-1]))
    sheaf.put(f"{folder}/case.json", as_json(_case(case, versions, calendars, title)))


def event_row(event: Row[Any]) -> dict[str, Any]:
    """An event as its hash covers it, with the hash: names and values of exactly those columns."""
    values = event._asdict()
    shown = {name: _plain(name, values[name]) for name in EVENT}
    return {**shown, "hash": bytes(event.hash).hex()}


def versions_of(record: Record) -> list[str]:
    """Ids of all versions that the case ran on, the first one first."""
    named = [
        event.detail["version"] for event in record.events if event.kind in (Kind.CASE_STARTED, Kind.CASE_MIGRATED)
    ]
    return list(dict.fromkeys([*named, record.case.version_id]))


def ledger_rows(unit: UnitOfWork, cases: Iterable[str], refs: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The ledger's entries about these cases, and about the versions and calendars they name, each after its hash."""
    before = ENTRIES.alias("before")
    about = or_(ENTRIES.c.instance_id.in_(sorted(cases)), ENTRIES.c.ref.in_(sorted(refs)))
    query = (
        select(ENTRIES, before.c.hash.label("previous"))
        .outerjoin(before, before.c.seq == ENTRIES.c.seq - 1)
        .where(about)
        .order_by(ENTRIES.c.seq)
    )
    for entry in unit.connection.execute(query):
        values = entry._asdict()
        previous = GENESIS if entry.previous is None else bytes(entry.previous)
        shown = {name: _plain(name, values[name]) for name in ENTRY}
        yield {**shown, "previous": previous.hex(), "hash": bytes(entry.hash).hex()}


# --- parts of a case -------------------------------------------------------------------------------------------------


def _case(case: Row[Any], versions: list[LoadedVersion], calendars: list[str], title: str) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "title": title,
        "process": case.definition_key,
        "process_title": versions[-1].manifest.title.to_json(),
        "versions": [{"id": v.id, "key": v.key, "number": v.number} for v in versions],
        "calendars": calendars,
        "status": case.status,
        "outcome": case.outcome,
        "zone": case.zone,
        "started_at": instant(case.started_at),
        "ended_at": None if case.ended_at is None else instant(case.ended_at),
        "events": case.event_count,
        "acts": case.act_count,
        "chain_head": bytes(case.chain_head).hex(),
        "state_digest": bytes(case.state_digest).hex(),
    }


def _payloads(record: Record, *, bodies: bool) -> Iterator[dict[str, Any]]:
    for event in record.events:
        if event.payload_digest is None:
            continue
        kept = record.payloads.get(event.seq)
        if kept is None:
            continue  # the record is damaged, and the bundle shows it
        if kept.destroyed_at is not None:
            yield {"seq": event.seq, "state": "destroyed", "at": instant(kept.destroyed_at)}
        elif not bodies or kept.body is None or kept.salt is None:
            yield {"seq": event.seq, "state": "withheld"}
        else:
            salt = base64.b64encode(kept.salt).decode()
            yield {"seq": event.seq, "state": "included", "salt": salt, "body": bytes(kept.body).decode()}


def _documents(
    sheaf: Sheaf, unit: UnitOfWork, documents: Documents, instance_id: str, *, bodies: bool
) -> Iterator[dict[str, Any]]:
    for row in documents_of(unit, instance_id):
        file = f"documents/{row.digest}.{row.kind}" if bodies else None
        if file is not None and not sheaf.has(file):
            with suppress(DocumentDamagedError):  # it is told of all the same, and whoever checks finds it missing
                sheaf.put(file, documents.body(row.digest))
        told = {"digest": row.digest, "kind": row.kind, "size": row.size, "field": row.field, "task": row.user_task_id}
        name = {"filename": row.filename} if bodies else {}
        yield {"id": row.id, **told, **name, "at": instant(row.uploaded_at), "file": file}


def _put_version(sheaf: Sheaf, version: LoadedVersion) -> None:
    for path, body in version.files.items():
        sheaf.put(f"versions/{version.id}/{path}", body)


def _put_calendars(sheaf: Sheaf, unit: UnitOfWork, record: Record) -> list[str]:
    """The working calendar in each version that a date of the case was computed with; the files they are in."""
    case = record.case
    instansi = case.instansi_id if case.programme is None else case.programme["instansi"]
    numbers = {event.detail["calendar"] for event in record.events if "calendar" in event.detail}
    paths = []
    for number in sorted(numbers):
        path = f"calendars/{number}-{instansi or 'nasional'}.json"
        paths.append(path)
        if not sheaf.has(path):
            sheaf.put(path, as_json(_calendar(load_calendar(unit, instansi, version=number), instansi)))
    return paths


def _calendar(calendar: WorkingCalendar, instansi: str | None) -> dict[str, Any]:
    days = [day for group in calendar.holidays.values() for day in group]
    return {
        "version": calendar.version,
        "instansi": instansi,
        "zone": calendar.zone.key,
        "weekdays": sorted(calendar.weekdays),
        "years_in_force": sorted(calendar.years_in_force),
        "days_off": [_day(day) for day in sorted([*days, *calendar.closing_days.values()], key=lambda d: d.day)],
    }


def _day(day: Any) -> dict[str, Any]:
    return {"day": day.day.isoformat(), "name": day.name, "kind": day.kind.value, "legal_source": day.legal_source}


# --- as bytes --------------------------------------------------------------------------------------------------------


def _plain(name: str, value: Any) -> Any:
    """As the hash sees it: instants with six decimals, digests in hexadecimal."""
    if name == "at":
        return instant(value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def as_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def as_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
