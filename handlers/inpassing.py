"""What the handlers of inpassing share: the programme and the participant of a case, and a participant's stages."""

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row, Table, Update, bindparam, insert, select, update

from engine.registry import HandlerContext
from engine.unit_of_work import UnitOfWork
from models import Participant, ParticipantStage, metadata

JENJANG = ("pertama", "muda", "madya")
"""Of a package that names none in its parameter `jenjang`."""
ENDED = ("mengundurkan_diri", "gugur", "tidak_lulus", "tidak_hadir", "tidak_memenuhi_syarat")
"""States in which a participant may leave a programme."""
STATES = frozenset({
    "draf", "diajukan", "tidak_lengkap", "lengkap", "terdaftar", "portofolio_tidak_sesuai", "lulus", "ujian_ulang",
    "sertifikat", "rekomendasi", "diangkat", "diundang", "uji_kompetensi", "dikembalikan", *ENDED,
})  # fmt: skip
NOTE_LENGTH = 500


PARTICIPANTS: Table = metadata.tables[str(Participant.__tablename__)]
_OWN = PARTICIPANTS.c.id == bindparam("case")
# Made once: to build them costs as much as to send them.
_PARTICIPANT = select(PARTICIPANTS).where(_OWN)
_ENTER = (
    update(PARTICIPANTS)
    .where(_OWN, PARTICIPANTS.c.state != bindparam("entered"))
    .values(state=bindparam("entered"), updated_at=bindparam("at", type_=PARTICIPANTS.c.updated_at.type))
)
_KEEP_STAGE = insert(ParticipantStage)


class DiagramFaultError(LookupError):
    """A diagram calls a handler where it cannot work, or hands it what is not there: an incident, not a refusal."""


def programme_of(context: HandlerContext) -> str:
    """The programme of the case."""
    if context.programme_id is None:
        msg = f"{context.element_id}: the case belongs to no programme"
        raise DiagramFaultError(msg)
    return context.programme_id


def parameter(context: HandlerContext, name: str) -> Any:
    """A parameter that the package must have."""
    if name not in context.parameters:
        msg = f"{context.element_id}: process.toml has no parameter “{name}”"
        raise DiagramFaultError(msg)
    return context.parameters[name]


def jenjang_of(context: HandlerContext) -> dict[str, str]:
    """What may be held in this procedure, by its key, and what it is called: the package's parameter says."""
    named = context.parameters.get("jenjang") or {jenjang: jenjang for jenjang in JENJANG}
    return {str(key): str(title) for key, title in dict(named).items()}


def instansi_of(context: HandlerContext) -> str:
    """The instansi of the case."""
    if context.instansi_id is None:
        msg = f"{context.element_id}: the case belongs to no instansi"
        raise DiagramFaultError(msg)
    return context.instansi_id


def known_participant(context: HandlerContext) -> Row[Any] | None:
    """The participant whose case this is, as it stands in this transaction; None before it was registered."""
    return context.unit.connection.execute(_PARTICIPANT, {"case": context.instance_id}).first()


def participant_of(context: HandlerContext) -> Row[Any]:
    """The participant whose case this is."""
    participant = known_participant(context)
    if participant is None:
        msg = f"{context.element_id}: the participant of this case is not registered yet"
        raise DiagramFaultError(msg)
    return participant


def enter_state(
    context: HandlerContext, state: str, note: str = "", detail: Mapping[str, Any] | None = None, **values: Any
) -> None:
    """Put the participant of the case in a state and keep the step; in the state it is in already, only `values`."""
    if state not in STATES:
        msg = f"{context.element_id}: no participant can be “{state}”"
        raise DiagramFaultError(msg)
    connection, now = context.unit.connection, context.now
    entered = connection.execute(_ENTER, {"case": context.instance_id, "entered": state, "at": now})
    if values:
        change_participant(context, **values)
    if entered.rowcount or note:
        write_stage(context, state, note, detail)


def change_participant(context: HandlerContext, **values: Any) -> None:
    """Something new of the participant of the case, whatever its state."""
    changed = {f"v_{name}": value for name, value in {**values, "updated_at": context.now}.items()}
    context.unit.connection.execute(_change_of(tuple(changed)), {"case": context.instance_id, **changed})


@cache
def _change_of(names: tuple[str, ...]) -> Update:
    """Made once for each set of columns, of which there are few."""
    columns = [PARTICIPANTS.c[name.removeprefix("v_")] for name in names]
    return (
        update(PARTICIPANTS)
        .where(_OWN)
        .values({column.name: bindparam(name, type_=column.type) for name, column in zip(names, columns, strict=True)})
    )


def write_stage(context: HandlerContext, state: str, note: str = "", detail: Mapping[str, Any] | None = None) -> None:
    """One line of the participant's *Riwayat*."""
    stage = {
        "id": uuid.uuid4().hex, "participant_id": context.instance_id, "state": state, "note": note[:NOTE_LENGTH],
        "detail": dict(detail or {}), "at": context.now,
    }  # fmt: skip
    context.unit.connection.execute(_KEEP_STAGE, [stage])


def inserted(unit: UnitOfWork, statement: Any, column: Any) -> bool:
    """Send it, and say whether it wrote its row: a row count is not told of every INSERT by every driver."""
    return unit.connection.execute(statement.returning(column)).first() is not None
