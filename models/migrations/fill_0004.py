"""Enters into the ledger what was there before there was one: cases, versions, calendars, documents that Alur wrote,
readings of documents.

Frozen with its migration: it says for itself what an entry is, and which columns there were.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    TableClause,
    column,
    insert,
    select,
    table,
)

AT_ONCE = 1_000
_INSTANT, _DAY, _NUMBER, _BYTES = DateTime(timezone=True), Date(), Integer(), LargeBinary()


def _table(name: str, /, **columns: Any) -> TableClause:
    return table(name, *(column(one, kind) for one, kind in columns.items()))


HEAD = _table("ledger_head", id=_NUMBER, count=_NUMBER, hash=_BYTES)
ENTRIES = _table(
    "ledger_entry", seq=_NUMBER, at=_INSTANT, kind=String, instance_id=String, actor_id=String, ref=String,
    digest=_BYTES, detail=String, hash=_BYTES,
)  # fmt: skip
INSTANCES = _table("instance", id=String, number=String, started_at=_INSTANT)
EVENTS = _table("history_event", instance_id=String, seq=_NUMBER, hash=_BYTES)
VERSIONS = _table(
    "definition_version", id=String, definition_key=String, number=_NUMBER, main_process=String, manifest=String,
    deployed_at=_INSTANT, deployed_by=String, note=String,
)  # fmt: skip
CALENDARS = _table("calendar_version", number=_NUMBER, created_at=_INSTANT, created_by=String, note=String)
ADDED = {"added_in": _NUMBER}
ENDED = {**ADDED, "revoked_in": _NUMBER}
DAYS_OFF = _table(
    "calendar_entry", id=String, day=_DAY, name=String, name_en=String, kind=String, legal_source=String,
    tentative=Boolean(), **ENDED,
)  # fmt: skip
YEARS = _table("calendar_year", year=_NUMBER, legal_source=String, **ADDED)
CLOSINGS = _table(
    "unit_closing_day", id=String, instansi_id=String, day=_DAY, name=String, name_en=String, legal_source=String,
    **ENDED,
)  # fmt: skip
WEEKS = _table("unit_week", instansi_id=String, added_in=_NUMBER, weekdays=String)
ATTACHMENTS = _table(
    "attachment", id=String, digest=String, filename=String, field=String, instance_id=String, uploaded_by=String,
    uploaded_at=_INSTANT,
)  # fmt: skip
DOCUMENTS = _table("document", digest=String, kind=String, size=_NUMBER)
READINGS = _table("document_reading", id=String, attachment_id=String, user_id=String, at=_INSTANT)
LATER = {"entered": "0004"}
"""In the detail of each: it was entered by this migration, not when it happened."""


def fill(connection: Connection) -> None:
    """One entry for each, in the order in which they came to be."""
    found = [*_cases(connection), *_versions(connection), *_calendars(connection), *_documents(connection),
             *_readings(connection)]  # fmt: skip
    found.sort(key=lambda entry: (entry["at"], entry["kind"], entry["ref"]))
    hash_ = hashlib.sha256(b"alur:ledger:1").digest()
    for seq, entry in enumerate(found, 1):
        parts = [seq, _text(entry["at"]), entry["kind"], entry["instance_id"], entry["actor_id"], entry["ref"],
                 entry["digest"].hex(), entry["detail"]]  # fmt: skip
        hash_ = hashlib.sha256(hash_ + orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).digest()
        entry |= {"seq": seq, "detail": orjson.dumps(entry["detail"]).decode(), "hash": hash_}
    for first in range(0, len(found), AT_ONCE):
        connection.execute(insert(ENTRIES), found[first : first + AT_ONCE])
    connection.execute(insert(HEAD), {"id": 1, "count": len(found), "hash": hash_})


def _entry(kind: str, at: datetime, ref: str, digest: bytes, case: str | None = None, **detail: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, "ref": ref, "digest": digest, "instance_id": case, "actor_id": None,
            "detail": {**detail, **LATER}}  # fmt: skip


def _cases(connection: Connection) -> Iterator[dict[str, Any]]:
    first = select(INSTANCES, EVENTS.c.hash).join(
        EVENTS, (EVENTS.c.instance_id == INSTANCES.c.id) & (EVENTS.c.seq == 1)
    )
    for row in connection.execute(first):
        yield _entry("case:registered", row.started_at, row.number, bytes(row.hash), row.id)


def _versions(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(VERSIONS)):
        values = {**row._mapping, "manifest": orjson.loads(row.manifest)}  # noqa: SLF001 -- SQLAlchemy's public name
        named = {"process": row.definition_key, "number": row.number}
        yield _entry("version:deployed", row.deployed_at, row.id, _digest(list(values.values())), **named)


def _calendars(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(CALENDARS).order_by(CALENDARS.c.number)).all():
        content: list[Any] = [list(row)]
        for rows in (DAYS_OFF, YEARS, CLOSINGS, WEEKS):
            kept = [c for c in rows.c if c.name != "revoked_in"]
            mine = select(*kept).where(rows.c.added_in == row.number)
            content.append(sorted((list(one) for one in connection.execute(mine)), key=lambda one: one[0]))
            if "revoked_in" in rows.c:
                ended = select(rows.c.id).where(rows.c.revoked_in == row.number)
                content.append(sorted(connection.execute(ended).scalars()))
        yield _entry("calendar:published", row.created_at, str(row.number), _digest(content))


def _documents(connection: Connection) -> Iterator[dict[str, Any]]:
    """Nobody's form names what nobody uploaded."""
    written = (
        select(ATTACHMENTS, DOCUMENTS.c.kind, DOCUMENTS.c.size)
        .join(DOCUMENTS, DOCUMENTS.c.digest == ATTACHMENTS.c.digest)
        .where(ATTACHMENTS.c.uploaded_by.is_(None), ATTACHMENTS.c.instance_id.is_not(None))
    )
    for row in connection.execute(written):
        values = [row.id, row.digest, row.kind, row.size, row.filename, row.field, row.instance_id, row.uploaded_at]
        yield _entry("document:kept", row.uploaded_at, row.id, _digest(values), row.instance_id, file=row.digest)


def _readings(connection: Connection) -> Iterator[dict[str, Any]]:
    """Who read which document."""
    read = select(READINGS, ATTACHMENTS.c.instance_id).outerjoin(
        ATTACHMENTS, ATTACHMENTS.c.id == READINGS.c.attachment_id
    )
    for row in connection.execute(read):
        digest = _digest([row.id, row.attachment_id, row.user_id, row.at])
        entry = _entry("document:read", row.at, row.attachment_id, digest, row.instance_id, reading=row.id)
        yield {**entry, "actor_id": row.user_id or None}


def _digest(values: Any) -> bytes:
    option = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
    return hashlib.sha256(orjson.dumps(values, default=_text, option=option)).digest()


def _text(value: object) -> str:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError
