"""Participants: registered within the formasi, one NIP once in a programme, followed through their states, let go."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.unit_of_work import inserting
from handlers import formasi, seats
from handlers.inpassing import (
    ENDED,
    DiagramFaultError,
    enter_state,
    inserted,
    instansi_of,
    jenjang_of,
    known_participant,
    participant_of,
    programme_of,
    write_stage,
)
from models import Formasi, Participant

NIP_TAKEN = "nip_taken"
FORMASI_FULL = "formasi_full"
GOLONGAN_MISMATCH = "golongan_mismatch"


class NipTakenError(BusinessError):
    """A participant with NIP {nip} is registered in this programme already."""

    indonesian = "Peserta dengan NIP {nip} sudah terdaftar pada program ini."
    code = NIP_TAKEN

    def __init__(self, nip: str) -> None:
        super().__init__(NIP_TAKEN, nip=nip)


class FormasiFullError(BusinessError):
    """No formasi of jenjang {jenjang} is left: {approved} approved, {used} taken."""

    indonesian = "Formasi jenjang {jenjang} sudah habis: {approved} disetujui, {used} terpakai."
    code = FORMASI_FULL

    def __init__(self, jenjang: str, approved: int, used: int) -> None:
        super().__init__(FORMASI_FULL, jenjang=jenjang, approved=approved, used=used)


class GolonganMismatchError(BusinessError):
    """Golongan {golongan} does not fit jenjang {jenjang}; it takes {allowed}."""

    indonesian = "Golongan {golongan} tidak sesuai untuk jenjang {jenjang}; yang sesuai: {allowed}."
    code = GOLONGAN_MISMATCH

    def __init__(self, golongan: str, jenjang: str, allowed: Sequence[str]) -> None:
        super().__init__(GOLONGAN_MISMATCH, golongan=golongan, jenjang=jenjang, allowed=", ".join(allowed))


def register_participant(  # noqa: PLR0913 -- the biodata, one input for each field
    context: HandlerContext,
    *,
    nip: str,
    name: str,
    golongan: str,
    jenjang: str,
    email: str,
    allowed: Sequence[str],
    birth_place: str | None = None,
    birth_date: date | None = None,
    position: str | None = None,
    work_unit: str | None = None,
    phone: str | None = None,
) -> dict[str, Any]:
    """Register the participant of this case, or correct its biodata. Takes the NIP and one of the formasi."""
    titles = jenjang_of(context)
    if jenjang not in titles:
        msg = f"{context.element_id}: there is no jenjang “{jenjang}”"
        raise DiagramFaultError(msg)
    if golongan not in allowed:
        raise GolonganMismatchError(golongan, titles[jenjang], allowed)
    values = {
        "nip": nip, "name": name, "golongan": golongan, "jenjang": jenjang, "email": email, "birth_date": birth_date,
        "birth_place": birth_place or "",
        "position": position or "", "work_unit": work_unit or "", "phone": phone or "", "updated_at": context.now,
    }  # fmt: skip
    known = known_participant(context)
    if known is None:
        _insert(context, values)
    else:
        _change(context, known, values)
    return {"participant_id": context.instance_id, "state": "draf" if known is None else known.state}


def _insert(context: HandlerContext, values: dict[str, Any]) -> None:
    """The NIP first, then the formasi: a row of formasi is what many wait for, so it is locked last."""
    programme, instansi = programme_of(context), instansi_of(context)
    row = {
        **values, "id": context.instance_id, "programme_id": programme, "instansi_id": instansi, "state": "draf",
        "counts": True, "documents": "none", "attempts": 0, "created_at": context.now,
    }  # fmt: skip
    # It waits for somebody who registers the same NIP at this moment, and does nothing if that one was first.
    new = inserting(context.unit, Participant).values(row).on_conflict_do_nothing()
    if not inserted(context.unit, new, col(Participant.id)):
        raise NipTakenError(values["nip"])
    _take_formasi(context, programme, instansi, values["jenjang"])
    formasi.link_proposal(context, programme, instansi, values["jenjang"])
    write_stage(context, "draf")


def _change(context: HandlerContext, known: Row[Any], values: dict[str, Any]) -> None:
    try:
        with context.unit.savepoint():
            own = update(Participant).where(col(Participant.id) == known.id)
            context.unit.connection.execute(own.values(**values))
    except IntegrityError as error:
        raise NipTakenError(values["nip"]) from error
    before, after = known.jenjang, values["jenjang"]
    if not known.counts or before == after:
        return
    programme, instansi = known.programme_id, known.instansi_id
    _lock_formasi(context, programme, instansi)
    _take_formasi(context, programme, instansi, after)
    formasi.give_back(context, programme, instansi, before)


def _lock_formasi(context: HandlerContext, programme: str, instansi: str) -> None:
    """All of an instansi, in the order in which everybody locks them: two who change places wait, but not for ever."""
    rows = select(col(Formasi.jenjang)).where(
        col(Formasi.programme_id) == programme, col(Formasi.instansi_id) == instansi
    )
    context.unit.connection.execute(rows.order_by(col(Formasi.jenjang)).with_for_update(key_share=True))


def _take_formasi(context: HandlerContext, programme: str, instansi: str, jenjang: str) -> None:
    if not formasi.take(context, programme, instansi, jenjang):
        approved, used = formasi.numbers_of(context, programme, instansi, jenjang)
        raise FormasiFullError(jenjang_of(context)[jenjang], approved, used)


def set_participant_state(
    context: HandlerContext, *, state: str, note: str | None = None, detail: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The participant is in this state from now on. *Diajukan*: its documents wait for verification."""
    participant_of(context)
    values = {"documents": "waiting"} if state == "diajukan" else {}
    enter_state(context, state, note or "", detail, **values)
    return {"state": state}


def withdraw_participant(context: HandlerContext, *, reason: str, state: str) -> dict[str, Any]:
    """The participant leaves the programme: NIP, formasi and seat are free for others."""
    if state not in ENDED:
        msg = f"{context.element_id}: nobody leaves as “{state}”"
        raise DiagramFaultError(msg)
    participant = known_participant(context)
    if participant is None:
        return {"state": state, "seat_freed": False}
    freed = seats.release(context, seats.RELEASED)
    leaving = update(Participant).where(col(Participant.id) == participant.id, col(Participant.counts))
    if context.unit.connection.execute(leaving.values(counts=False)).rowcount:
        formasi.give_back(context, participant.programme_id, participant.instansi_id, participant.jenjang)
    enter_state(context, state, reason)
    return {"state": state, "seat_freed": freed}


BIODATA = (
    Field("nip", "text", "NIP, tanpa spasi", "NIP, without blanks"),
    Field("name", "text", "Nama", "Name"),
    Field("golongan", "text", "Golongan", "Golongan"),
    Field("jenjang", "text", "Kunci jenjang", "Key of the jenjang"),
    Field("email", "text", "Alamat surel peserta", "The participant's e-mail address"),
    Field("allowed", "list", "Golongan yang sesuai untuk jenjang ini (dari tabel keputusan)",
          "The golongan that fit this jenjang (from a decision table)"),
    Field("birth_place", "text", "Tempat lahir", "Place of birth", required=False),
    Field("birth_date", "date", "Tanggal lahir", "Date of birth", required=False),
    Field("position", "text", "Jabatan", "Position", required=False),
    Field("work_unit", "text", "Unit kerja", "Working unit", required=False),
    Field("phone", "text", "Nomor telepon", "Telephone number", required=False),
)  # fmt: skip
STATE = Field("state", "text", "Status peserta", "The participant's state")


def register(registry: Registry) -> None:
    for name, title_id, title_en in (
        ("register_participant", "Daftarkan peserta", "Register the participant"),
        ("update_participant", "Perbaiki biodata peserta", "Correct the participant's biodata"),
    ):
        registry.add(
            Handler(
                name=name,
                mode="inline",
                function=register_participant,
                title_id=title_id,
                title_en=title_en,
                inputs=BIODATA,
                outputs=(Field("participant_id", "text", "Nomor peserta", "Id of the participant"), STATE),
                errors=(NIP_TAKEN, FORMASI_FULL, GOLONGAN_MISMATCH),
            )
        )
    registry.add(
        Handler(
            name="set_participant_state",
            mode="inline",
            function=set_participant_state,
            title_id="Catat status peserta",
            title_en="Record the participant's state",
            inputs=(
                STATE,
                Field("note", "text", "Keterangan untuk Riwayat", "Note for the history", required=False),
                Field("detail", "record", "Rincian", "Details", required=False),
            ),
            outputs=(STATE,),
        )
    )
    registry.add(
        Handler(
            name="withdraw_participant",
            mode="inline",
            function=withdraw_participant,
            title_id="Keluarkan peserta: formasi, NIP, dan kursi dibebaskan",
            title_en="Let the participant go: formasi, NIP and seat are freed",
            inputs=(
                Field("reason", "text", "Alasan", "Reason"),
                Field("state", "text", "mengundurkan_diri, gugur, tidak_lulus, tidak_hadir, atau tidak_memenuhi_syarat",
                      "mengundurkan_diri, gugur, tidak_lulus, tidak_hadir or tidak_memenuhi_syarat"),
            ),
            outputs=(STATE, Field("seat_freed", "boolean", "Kursi dibebaskan?", "Was a seat freed?")),
        )
    )  # fmt: skip
