"""Reads everything that is kept of some cases, each table in one statement, as one moment has it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, select, text

from engine import ledger
from engine.history.journal import EVENTS, PAYLOADS
from engine.history.verify import INSTANCES, Record
from engine.spiff.base_document import EMPTY, BaseDocument
from engine.spiff.snapshot import Snapshot, TokenRow
from engine.unit_of_work import UnitOfWork
from models import (
    Attachment,
    Deadline,
    Document,
    Incident,
    InstanceData,
    Letter,
    LetterFile,
    Token,
    UserTask,
    metadata,
)

Rows = Sequence[Row[Any]]
NAMED = (ledger.Kind.DOCUMENT_KEPT, ledger.Kind.PAYLOAD_DESTROYED)
"""Ledger entries that say something of the rows of a case."""


def _table(model: Any) -> Table:
    return metadata.tables[str(model.__tablename__)]


TASKS, DEADLINES, TOKENS, DATA = map(_table, (UserTask, Deadline, Token, InstanceData))
ATTACHMENTS, DOCUMENTS, INCIDENTS = map(_table, (Attachment, Document, Incident))
LETTERS, FILES = _table(Letter), _table(LetterFile)


@dataclass(frozen=True)
class Kept:
    """All that is kept of one case."""

    record: Record
    tasks: Rows
    deadlines: Rows
    snapshot: Snapshot
    attachments: Rows
    """Those that belong to the case, with kind and size of their document (None where that is gone)."""
    entries: Rows
    """What the ledger says of its documents and of what was destroyed."""
    letter_files: Rows
    incidents: frozenset[str] = field(default_factory=frozenset)
    """Ids of the deadlines that failed for good, and are an operator's."""


def one_moment(unit: UnitOfWork) -> None:
    """All that this unit reads is of one moment: a case that goes on meanwhile must not look broken."""
    if unit.is_postgresql:  # SQLite's readers have that anyway
        unit.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def read_cases(unit: UnitOfWork, ids: Sequence[str]) -> list[Kept]:
    """The cases of these ids that are there, in the order of the ids."""
    cases = {row.id: row for row in unit.connection.execute(select(INSTANCES).where(INSTANCES.c.id.in_(ids)))}
    events = _by_case(unit, _of(EVENTS, ids).order_by(EVENTS.c.instance_id, EVENTS.c.seq))
    payloads = _by_case(unit, _of(PAYLOADS, ids).order_by(PAYLOADS.c.instance_id, PAYLOADS.c.seq))
    tasks = _by_case(unit, _of(TASKS, ids).order_by(TASKS.c.id))
    deadlines = _by_case(unit, _of(DEADLINES, ids).order_by(DEADLINES.c.id))
    snapshots = _snapshots(unit, ids, cases)
    attachments = _by_case(unit, _attachments(ATTACHMENTS.c.instance_id.in_(ids)))
    entries = _by_case(unit, _of(ledger.ENTRIES, ids).where(ledger.ENTRIES.c.kind.in_(NAMED)))
    letters = _by_case(unit, _letter_files(ids))
    incidents = _incidents(unit, [row.id for rows in deadlines.values() for row in rows if row.state == "failed"])
    return [
        Kept(
            Record(cases[ident], events[ident], {row.seq: row for row in payloads[ident]}),
            tasks[ident], deadlines[ident], snapshots[ident], attachments[ident], entries[ident], letters[ident],
            incidents,
        )
        for ident in ids
        if ident in cases
    ]  # fmt: skip


def attachments_by_id(unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Attachments whatever case they belong to: a case may be told of another's document."""
    if not ids:
        return {}
    return {row.id: row for row in unit.connection.execute(_attachments(ATTACHMENTS.c.id.in_(ids)))}


def _of(table: Table, ids: Sequence[str]) -> Select[Any]:
    return select(table).where(table.c.instance_id.in_(ids))


def _attachments(which: ColumnElement[bool]) -> Select[Any]:
    with_file = select(ATTACHMENTS, DOCUMENTS.c.kind, DOCUMENTS.c.size)
    joined = with_file.outerjoin(DOCUMENTS, DOCUMENTS.c.digest == ATTACHMENTS.c.digest)
    return joined.where(which).order_by(ATTACHMENTS.c.id)


def _letter_files(ids: Sequence[str]) -> Select[Any]:
    files = select(LETTERS.c.instance_id, LETTERS.c.number, LETTERS.c.attachment_id.label("newest"), FILES)
    return (
        files.outerjoin(FILES, FILES.c.letter_id == LETTERS.c.id)
        .where(LETTERS.c.instance_id.in_(ids))
        .order_by(LETTERS.c.id, FILES.c.stage)
    )


def _by_case(unit: UnitOfWork, query: Select[Any]) -> Mapping[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in unit.connection.execute(query):
        found[row.instance_id].append(row)
    return found


def _snapshots(unit: UnitOfWork, ids: Sequence[str], cases: Mapping[str, Row[Any]]) -> dict[str, Snapshot]:
    tokens: dict[str, dict[str, TokenRow]] = defaultdict(dict)
    for row in unit.connection.execute(_of(TOKENS, ids)):
        tokens[row.instance_id][row.id] = TokenRow(*(getattr(row, name) for name in TokenRow._fields))
    documents = {row.instance_id: BaseDocument(row.number, bytes(row.body)) for row in
                 unit.connection.execute(_of(DATA, ids))}  # fmt: skip
    return {
        ident: Snapshot(bytes(case.meta), tokens[ident], documents.get(ident, EMPTY)) for ident, case in cases.items()
    }


def _incidents(unit: UnitOfWork, deadline_ids: Sequence[str]) -> frozenset[str]:
    if not deadline_ids:
        return frozenset()
    theirs = INCIDENTS.c.deadline_id.in_(deadline_ids)
    found = select(INCIDENTS.c.deadline_id).where(theirs, INCIDENTS.c.state == "open")
    return frozenset(unit.connection.execute(found).scalars())
