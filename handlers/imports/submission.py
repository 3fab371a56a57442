"""Submitting the documents of many participants together, once all that are required are there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.forms import Fault
from engine.imports import Candidate, Column, ImportContext, ImportKind, Row, RowFault, RowRefusedError
from engine.imports.kinds import Values
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.imports.asking import (
    ADMIN,
    DOCUMENT_TASKS,
    Asked,
    case_number,
    instansi_scopes,
    open_tasks,
    participants_of,
    task_form,
    typed_so_far,
)
from handlers.imports.missing import missing_documents, missing_words
from models import Participant, UserTask

GONE = Text(
    "Tugas dokumen peserta ini sudah tidak terbuka.", "The documents of this participant are not asked for now."
)
DONE = Text("Dokumen diajukan.", "Documents submitted.")


def candidates(unit: UnitOfWork, context: ImportContext) -> list[Candidate]:
    """Every participant whose documents are asked for now, and whether what is there suffices."""
    people = participants_of(unit, context.scope)
    tasks = open_tasks(unit, [person.id for person in people], DOCUMENT_TASKS)
    return [_candidate(unit, context, person, tasks[person.id]) for person in people if person.id in tasks]


def _candidate(unit: UnitOfWork, context: ImportContext, person: Participant, task: UserTask) -> Candidate:
    asked = task_form(unit, context, task)
    typed = typed_so_far(unit, context, task, asked)
    faults = asked.form.validate(typed, asked.context).faults
    values = {"nip": person.nip, "name": person.name, "task": task.id}
    return Candidate(task.id, f"{person.name} ({person.nip})", _note(asked, typed, faults), values, ready=not faults)


def _note(asked: Asked, typed: Mapping[str, Any], faults: Mapping[str, list[Fault]]) -> Text:
    missing = missing_documents(asked, typed)
    if missing or not faults:
        return missing_words(missing)
    return next(fault.text for of_path in faults.values() for fault in of_path)


def check(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """The ticked ones as they stand now."""
    standing = {candidate.key: candidate for candidate in candidates(unit, context)}
    found: dict[int, list[RowFault]] = {}
    for number, values in rows.items():
        candidate = standing.get(values["task"])
        if candidate is None or not candidate.ready:
            found[number] = [RowFault("", GONE if candidate is None else candidate.note)]
    return found


def apply(runner: Runner, context: ImportContext, row: Row) -> dict[str, Any]:
    """Complete the participant's task with this person's draft."""
    task_id = row.values["task"]
    with runner.database.read() as unit:
        task = unit.session.scalars(select(UserTask).where(col(UserTask.id) == task_id)).first()
        if task is None:
            raise RowRefusedError(why=GONE)
        number = case_number(unit, task.instance_id)
        mine = task.state == "completed" and task.closed_by == context.actor.user_id
        if mine and row.attempt > 1:
            return {"text": DONE.to_json(), "case": number}
        if task.state != "open":
            raise RowRefusedError(why=GONE)
        typed = typed_so_far(unit, context, task, task_form(unit, context, task))
    runner.complete(task_id, context.actor, typed)
    return {"text": DONE.to_json(), "case": number}


KIND = ImportKind(
    name="submit_documents",
    title=Text("Ajukan dokumen banyak peserta", "Submit the documents of many participants"),
    description=Text(
        "Peserta yang dokumennya sudah lengkap diajukan bersama untuk diverifikasi LKPP.",
        "Participants whose documents are all there are submitted together, to be verified by LKPP.",
    ),
    noun=Text("peserta", "participants"),
    roles=(ADMIN,),
    columns=(Column("nip", Text("NIP", "NIP")), Column("name", Text("Nama", "Name"))),
    scopes=instansi_scopes,
    check=check,
    apply=apply,
    source="list",
    candidates=candidates,
)
