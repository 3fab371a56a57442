"""Import of CAT results: each row completes the task “Hasil tes tertulis” of one participant of a schedule."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row as SqlRow
from sqlalchemy import select
from sqlmodel import col

from calendars.words import full_instant
from engine.actors import Actor
from engine.forms.model import Option
from engine.forms.numbers import read_number
from engine.imports import Column, ImportContext, ImportKind, Row, RowFault, RowRefusedError, Scope
from engine.imports.kinds import Values
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Booking, ExamSchedule, Instance, Participant, UserTask

ASSESSOR = "penguji"
TEST = "record_test"
WRITTEN = "tes_tertulis"
HELD = ("closed", "held")
ABSENT = "tidak_hadir"

OUTCOMES = (
    Option("lulus", Text("LULUS", "Passed")),
    Option("tidak_lulus", Text("TIDAK LULUS", "Failed")),
    Option(ABSENT, Text("Tidak Hadir", "Did not appear")),
)
COLUMNS = (
    Column("nip", Text("NIP", "NIP"), "nip", required=True, example="198703122010121003",
           explanation=Text("NIP peserta jadwal ini.", "NIP of a participant of this schedule.")),
    Column("name", Text("Nama", "Name"), example="Budi Santoso",
           explanation=Text("Untuk dibaca saja; yang dipakai NIP-nya.", "For reading only; the NIP counts.")),
    Column("outcome", Text("Hasil", "Outcome"), "choice", required=True, example="lulus", options=OUTCOMES),
    Column("score", Text("Nilai", "Score"), "number", example="78,5", decimals=2,
           explanation=Text("0 sampai 100; kosong bila Tidak Hadir.", "0 to 100; empty for who did not appear.")),
    Column("result_note", Text("Keterangan", "Note"), max_length=450),
)  # fmt: skip

NOT_BOOKED = Text("NIP ini bukan peserta jadwal ini.", "This NIP is no participant of this schedule.")
RECORDED = Text("Hasil peserta ini sudah dicatat.", "This participant's result is recorded already.")
NOT_WAITING = Text(
    "Hasil peserta ini belum dapat dicatat: ujiannya belum berlangsung.",
    "This participant's result cannot be recorded yet: the exam was not held.",
)
HELD_BY_OTHER = Text(
    "Tugas pencatatan hasil peserta ini sedang dipegang orang lain.", "Somebody else holds the task of this result."
)
NO_SCORE = Text("“Nilai” wajib diisi untuk yang mengikuti ujian.", "“Score” is needed for who took the exam.")
SCORE_OF_ABSENT = Text("“Nilai” dikosongkan untuk Tidak Hadir.", "“Score” stays empty for who did not appear.")
OUT_OF_RANGE = Text("“Nilai” dari 0 sampai 100.", "“Score” is from 0 to 100.")
DONE = Text("Hasil dicatat.", "Result recorded.")


def scopes(unit: UnitOfWork, actor: Actor, now: datetime) -> list[Scope]:
    """Written tests that were held and whose results are not complete; an assessor may record those of any."""
    if not actor.holds(ASSESSOR):
        return []
    found = select(ExamSchedule).where(
        col(ExamSchedule.method) == WRITTEN, col(ExamSchedule.state).in_(HELD), col(ExamSchedule.starts_at) <= now
    )
    return [_scope(schedule) for schedule in unit.session.scalars(found.order_by(col(ExamSchedule.starts_at).desc()))]


def _scope(schedule: ExamSchedule) -> Scope:
    at = schedule.starts_at.astimezone(ZoneInfo(schedule.zone))
    title = Text(f"{schedule.name} · {full_instant(at, 'id')}", f"{schedule.name} · {full_instant(at, 'en')}")
    return Scope(schedule.id, title, schedule.instansi_id, {"schedule": schedule.id})


def check(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """Who is booked in the schedule and waits for a result; whether outcome and score go together."""
    waiting = _standing(unit, context, [values["nip"] for values in rows.values()])
    found: dict[int, list[RowFault]] = {}
    for number, values in rows.items():
        faults = _score_faults(values)
        refused = _refusal(waiting.get(values["nip"]), context)
        if refused is not None:
            faults.insert(0, RowFault("nip", refused))
        if faults:
            found[number] = faults
    return found


def _score_faults(values: Values) -> list[RowFault]:
    absent, score = values["outcome"] == ABSENT, values.get("score")
    if score is None:
        return [] if absent else [RowFault("score", NO_SCORE)]
    if absent:
        return [RowFault("score", SCORE_OF_ABSENT)]
    return [] if 0 <= read_number(score, whole=False) <= 100 else [RowFault("score", OUT_OF_RANGE)]


def _refusal(standing: SqlRow[Any] | None, context: ImportContext) -> Text | None:
    if standing is None:
        return NOT_BOOKED
    if standing.booking == "done":
        return RECORDED
    if standing.task_id is None:
        return NOT_WAITING
    return HELD_BY_OTHER if standing.assignee_id not in (None, context.actor.user_id) else None


def _standing(unit: UnitOfWork, context: ImportContext, nips: Collection[str]) -> dict[str, SqlRow[Any]]:
    """By NIP: the participant's case, how the booking stands, and the open task of the result if there is one.

    A participant has one live booking, so the open task of whoever is booked here is that of this schedule.
    """
    task = (col(UserTask.instance_id) == col(Participant.id)) & (col(UserTask.element_id) == TEST)
    found: Any = (  # six columns are more than the stubs know
        select(
            col(Participant.nip),
            col(Participant.id),
            col(Instance.number),
            col(Booking.state).label("booking"),
            col(UserTask.id).label("task_id"),
            col(UserTask.assignee_id),
        )
        .join(Booking, col(Booking.participant_id) == col(Participant.id))
        .join(Instance, col(Instance.id) == col(Participant.id))
        .join(UserTask, task & (col(UserTask.state) == "open"), isouter=True)
        .where(
            col(Booking.schedule_id) == context.scope.shared["schedule"],
            col(Booking.state).in_(("booked", "done")),
            col(Participant.nip).in_(sorted(nips)),
        )
    )
    return {row.nip: row for row in unit.connection.execute(found)}


def apply(runner: Runner, context: ImportContext, row: Row) -> dict[str, Any]:
    """Complete the task of the participant's result; a repeated attempt sees that it did so before."""
    with runner.database.read() as unit:
        standing = _standing(unit, context, [row.values["nip"]]).get(row.values["nip"])
        before = _done_before(unit, context, standing) if standing is not None and row.attempt > 1 else False
    if standing is not None and before:
        return {"text": DONE.to_json(), "case": standing.number}
    refused = _refusal(standing, context)
    if standing is None or refused is not None:
        raise RowRefusedError(why=refused)
    answers = {key: value for key, value in row.values.items() if value is not None and key != "name"}
    runner.complete(standing.task_id, context.actor, {key: v for key, v in answers.items() if key != "nip"})
    return {"text": DONE.to_json(), "case": standing.number}


def _done_before(unit: UnitOfWork, context: ImportContext, standing: SqlRow[Any]) -> bool:
    """Did this run complete it already, and its worker die before it could say so?"""
    if standing.task_id is not None:
        return False
    closed = select(col(UserTask.id)).where(
        col(UserTask.instance_id) == standing.id,
        col(UserTask.element_id) == TEST,
        col(UserTask.state) == "completed",
        col(UserTask.closed_by) == context.actor.user_id,
        col(UserTask.closed_at) >= context.started_at,
    )
    return unit.connection.execute(closed).first() is not None


KIND = ImportKind(
    name="exam_results",
    title=Text("Hasil tes tertulis dari CAT", "Results of the written test from CAT"),
    description=Text(
        "Satu baris satu peserta jadwal: NIP, hasil, nilai. Setiap hasil langsung berlaku bagi pesertanya.",
        "One participant of the schedule a row: NIP, outcome, score. Each result takes effect at once.",
    ),
    noun=Text("hasil", "results"),
    roles=(ASSESSOR,),
    columns=COLUMNS,
    scopes=scopes,
    check=check,
    apply=apply,
    unique=("nip",),
)
