"""Takes the files of a request: each is checked, kept and put into the submission, so that no refusal loses one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from engine.documents import CheckedDocument, DocumentRefusedError, Documents, check_document
from engine.forms import Fault, Field, Form, Node, Paragraph, Repeat
from engine.unit_of_work import Database
from web.forms.naming import joined

FILE_SUFFIX = "--file"
MAX_FILES = 20


@dataclass(frozen=True)
class Place:
    """A document field as it stands in a submission."""

    field: Field
    path: str
    name: str
    record: dict[str, Any]


def receive_uploads(
    form: Form,
    files: MultiDict[str, FileStorage],
    submission: dict[str, Any],
    *,
    documents: Documents,
    database: Database,
    actor_id: str,
    task_id: str,
    now: datetime,
) -> dict[str, list[Fault]]:
    """Keep what passes and note it in the submission; answer with the reasons for the rest, by path.

    Files are checked outside of the transaction that keeps them.
    """
    faults: dict[str, list[Fault]] = {}
    accepted: list[tuple[Place, CheckedDocument]] = []
    for place, file in _chosen(form, files, submission):
        try:
            checked = check_document(file.filename or "", file.stream.read(), place.field.rules)
            accepted.append((place, checked))
        except DocumentRefusedError as error:
            faults.setdefault(place.path, []).append(error.fault)
    if accepted:
        _keep(accepted, faults, documents=documents, database=database, actor_id=actor_id, task_id=task_id, now=now)
    return faults


def _keep(
    accepted: list[tuple[Place, CheckedDocument]],
    faults: dict[str, list[Fault]],
    *,
    documents: Documents,
    database: Database,
    actor_id: str,
    task_id: str,
    now: datetime,
) -> None:
    with database.write() as unit:
        for place, checked in accepted:
            try:
                kept = documents.keep(
                    unit, checked, actor_id=actor_id, task_id=task_id, field=place.field.path, now=now
                )
            except DocumentRefusedError as error:
                faults.setdefault(place.path, []).append(error.fault)
                continue
            before = place.record.get(place.field.key)
            place.record[place.field.key] = [*(before or []), kept.id] if place.field.multiple else kept.id


def _chosen(
    form: Form, files: MultiDict[str, FileStorage], submission: dict[str, Any]
) -> Iterator[tuple[Place, FileStorage]]:
    """Every file that was really chosen (browsers send an empty one for none)."""
    count = 0
    for place in _places(form.children, submission, "", ""):
        for file in files.getlist(place.name + FILE_SUFFIX):
            if file.filename and count < MAX_FILES:
                count += 1
                yield place, file


def _places(nodes: tuple[Node, ...], record: dict[str, Any], path: str, name: str) -> Iterator[Place]:
    for node in nodes:
        if isinstance(node, Paragraph):
            continue
        inner_path = (f"{path}.{node.key}" if path else node.key) if node.key else path
        inner_name = joined(name, node.key) if node.key else name
        if isinstance(node, Field):
            if node.kind == "document" and not node.readonly:
                yield Place(node, inner_path or "", inner_name, record)
        elif isinstance(node, Repeat):
            for index, row in enumerate(record.get(node.key) or []):
                yield from _places(node.children, row, f"{inner_path}[{index}]", f"{inner_name}-{index}")
        else:
            inner = record.setdefault(node.key, {}) if node.key else record
            yield from _places(node.children, inner, inner_path or "", inner_name)
