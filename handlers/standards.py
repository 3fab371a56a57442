"""The standards of an LPSE: it is registered once, its phases open in their order or by an override, and close."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, insert, select, update
from sqlmodel import col

from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.unit_of_work import inserting
from handlers.inpassing import DiagramFaultError, inserted, instansi_of
from models import Instansi, Lpse, LpseEvent, LpseItem, LpsePhase

STAGES = {"policy": "Policy", "perencanaan": "Perencanaan", "pelaksanaan": "Pelaksanaan"}
"""The stages of implementation, in their order; the same words in every language."""
REASON_LENGTH = 500


class LpseRegisteredError(BusinessError):
    """The LPSE of {name} is registered already; its standards are worked on there."""

    indonesian = "LPSE {name} sudah terdaftar; pemenuhan standarnya berjalan di sana."
    code = "lpse_registered"


def register_lpse(context: HandlerContext, *, name: str) -> dict[str, Any]:
    """The LPSE of the case's instansi. One for each instansi: the second is told so."""
    instansi_id = instansi_of(context)
    row = {
        "id": context.instance_id, "instansi_id": instansi_id, "name": name, "registered_at": context.now,
        "registered_by": context.actor.user_id, "letter_number": "",
    }  # fmt: skip
    made = inserting(context.unit, Lpse).values(row).on_conflict_do_nothing(index_elements=["instansi_id"])
    agency = context.unit.session.get_one(Instansi, instansi_id)
    if not inserted(context.unit, made, col(Lpse.id)):
        raise LpseRegisteredError("lpse_registered", name=agency.name)
    return {"id": context.instance_id, "name": name, "instansi_id": instansi_id, "instansi": agency.name}


def register_phase(
    context: HandlerContext,
    *,
    phase: str,
    position: int,
    numbers: Sequence[int],
    titles: Sequence[str],
    policy: Sequence[str],
    perencanaan: Sequence[str],
    pelaksanaan: Sequence[str],
) -> dict[str, Any]:
    """Write down the standards of a phase, each in its three stages, as the decision table names them now."""
    unit, lpse_id = context.unit, context.instance_id
    unit.connection.execute(
        insert(LpsePhase), [{"lpse_id": lpse_id, "phase": phase, "position": position, "state": "waiting"}]
    )
    asked = zip(numbers, titles, zip(policy, perencanaan, pelaksanaan, strict=True), strict=True)
    rows = [
        {"id": uuid.uuid4().hex, "lpse_id": lpse_id, "phase": phase, "standard": number, "title": title,
         "stage": stage, "asked": words, "state": "belum", "rounds": 0, "changed_at": context.now}
        for number, title, by_stage in asked
        for stage, words in zip(STAGES, by_stage, strict=True)
    ]  # fmt: skip
    unit.connection.execute(insert(LpseItem), rows)
    choices = [
        {"value": str(number), "label": f"Standar {number}: {title}"}
        for number, title in sorted(zip(numbers, titles, strict=True))
    ]
    return {"items": len(rows), "opens_now": position == 1, "choices": choices}


def open_phase(context: HandlerContext, *, phase: str, target: datetime, reason: str | None = None) -> dict[str, Any]:
    """The phase is open: its target date begins to count. With a `reason` it is an override, and said so for ever."""
    reason = (reason or "").strip()[:REASON_LENGTH]
    values = {
        "state": "open", "opened_at": context.now, "opened_by": context.actor.user_id, "override_reason": reason,
        "target_on": target.astimezone(ZoneInfo(context.zone)).date(),
    }  # fmt: skip
    _change_phase(context, phase, "waiting", values)
    tell(context, context.instance_id, "overridden" if reason else "opened", phase=phase, reason=reason)
    return {"opened_on": context.now.astimezone(ZoneInfo(context.zone)).date(), "target": target, "reason": reason}


def close_phase(context: HandlerContext, *, phase: str) -> dict[str, Any]:
    """All of the phase is fulfilled. `next`: the phase that this opens, once all before it are done; else None."""
    _change_phase(context, phase, "open", {"state": "done", "done_at": context.now})
    tell(context, context.instance_id, "done", phase=phase)
    phases = context.unit.connection.execute(
        select(col(LpsePhase.phase), col(LpsePhase.state))
        .where(col(LpsePhase.lpse_id) == context.instance_id)
        .order_by(col(LpsePhase.position))
    ).all()
    left = [p for p in phases if p.state != "done"]
    if not left:
        own = update(Lpse).where(col(Lpse.id) == context.instance_id)
        context.unit.connection.execute(own.values(fulfilled_at=context.now))
    return {"next": left[0].phase if left and left[0].state == "waiting" else None, "all_done": not left}


def list_standards(context: HandlerContext) -> dict[str, Any]:
    """The standards as the letter names them: number, name, phase, and the day the phase was fulfilled."""
    found = context.unit.connection.execute(
        select(col(LpseItem.standard), col(LpseItem.title), col(LpseItem.phase), col(LpsePhase.done_at))
        .join(
            LpsePhase, (col(LpsePhase.lpse_id) == col(LpseItem.lpse_id)) & (col(LpsePhase.phase) == col(LpseItem.phase))
        )
        .where(col(LpseItem.lpse_id) == context.instance_id)
        .distinct()
        .order_by(col(LpseItem.standard))
    )
    zone = ZoneInfo(context.zone)
    standards = [
        {"standard": row.standard, "title": row.title, "phase": row.phase,
         "on": row.done_at.astimezone(zone).date() if row.done_at else None}
        for row in found
    ]  # fmt: skip
    return {"standards": standards}


def keep_standards_letter(context: HandlerContext, *, number: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The letter that says that all 17 standards are fulfilled stands with the LPSE."""
    own = update(Lpse).where(col(Lpse.id) == context.instance_id)
    context.unit.connection.execute(own.values(letter_number=number, letter_attachment_id=str(document["id"])))
    return {"kept": True}


# --- shared with the items --------------------------------------------------------------------------------------------


def tell(context: HandlerContext, lpse_id: str, kind: str, **values: Any) -> None:
    """One line of what happened."""
    row = {
        "id": uuid.uuid4().hex, "lpse_id": lpse_id, "item_id": None, "phase": "", "kind": kind, "state": "",
        "by": context.actor.user_id, "person_id": None, "reason": "", "at": context.now, **values,
    }  # fmt: skip
    context.unit.connection.execute(insert(LpseEvent), [row])


def items_of(context: HandlerContext, phase: str) -> list[Row[Any]]:
    """The items of a phase, by standard and stage."""
    found = context.unit.connection.execute(
        select(LpseItem).where(col(LpseItem.lpse_id) == context.instance_id, col(LpseItem.phase) == phase)
    ).all()
    return sorted(found, key=lambda item: (item.standard, list(STAGES).index(item.stage)))


def _change_phase(context: HandlerContext, phase: str, before: str, values: Mapping[str, Any]) -> None:
    changed = context.unit.connection.execute(
        update(LpsePhase)
        .where(
            col(LpsePhase.lpse_id) == context.instance_id, col(LpsePhase.phase) == phase, col(LpsePhase.state) == before
        )
        .values(**values)
    )
    if changed.rowcount != 1:
        msg = f"{context.element_id}: phase “{phase}” is not {before}"
        raise DiagramFaultError(msg)


def register(registry: Registry) -> None:
    phase = Field("phase", "text", "dasar | menengah | atas | faktual", "dasar | menengah | atas | faktual")
    registry.add(
        Handler(
            name="register_lpse",
            mode="inline",
            function=register_lpse,
            title_id="Daftarkan LPSE (satu untuk setiap instansi)",
            title_en="Register the LPSE (one for each instansi)",
            inputs=(Field("name", "text", "Nama LPSE", "Name of the LPSE"),),
            outputs=(
                Field("id", "text", "Nomor kasusnya", "Id of its case"),
                Field("name", "text", "Nama LPSE", "Its name"),
                Field("instansi_id", "text", "Nomor instansinya", "Id of its instansi"),
                Field("instansi", "text", "Nama instansinya", "Name of its instansi"),
            ),
            errors=("lpse_registered",),
        )
    )
    registry.add(
        Handler(
            name="register_phase",
            mode="inline",
            function=register_phase,
            title_id="Catat standar sebuah tahap, masing-masing tiga tahap implementasi",
            title_en="Write down the standards of a phase, each in three stages",
            inputs=(
                phase,
                Field("position", "number", "Urutan tahap, mulai 1", "Place of the phase, from 1"),
                Field("numbers", "list", "Nomor standar", "Numbers of the standards"),
                Field("titles", "list", "Nama standar", "Names of the standards"),
                Field("policy", "list", "Yang diminta pada Policy", "What is asked for in Policy"),
                Field("perencanaan", "list", "Yang diminta pada Perencanaan", "What is asked for in planning"),
                Field("pelaksanaan", "list", "Yang diminta pada Pelaksanaan", "What is asked for in implementation"),
            ),
            outputs=(
                Field("items", "number", "Banyaknya butir", "How many items"),
                Field("opens_now", "boolean", "Tahap pertama: langsung dibuka", "The first phase: opens at once"),
                Field("choices", "list", "Standar tahap ini, untuk dipilih", "Its standards, to choose from"),
            ),
        )
    )
    registry.add(
        Handler(
            name="open_phase",
            mode="inline",
            function=open_phase,
            title_id="Buka tahap",
            title_en="Open the phase",
            inputs=(
                phase,
                Field("target", "date", "Target selesai", "Target date"),
                Field("reason", "text", "Alasan bila dibuka lebih awal", "Why, if opened early", required=False),
            ),
            outputs=(
                Field("opened_on", "date", "Tanggal dibuka", "Day of opening"),
                Field("target", "date", "Target selesai", "Target date"),
                Field("reason", "text", "Alasan", "Reason"),
            ),
        )
    )
    registry.add(
        Handler(
            name="close_phase",
            mode="inline",
            function=close_phase,
            title_id="Tutup tahap yang terpenuhi",
            title_en="Close a phase that is fulfilled",
            inputs=(phase,),
            outputs=(
                Field("next", "text", "Tahap yang kini terbuka, atau kosong", "The phase that opens now, or nothing"),
                Field("all_done", "boolean", "Semua tahap terpenuhi?", "Are all phases fulfilled?"),
            ),
        )
    )
    registry.add(
        Handler(
            name="list_standards",
            mode="inline",
            function=list_standards,
            title_id="Susun daftar standar yang terpenuhi",
            title_en="List the standards that are fulfilled",
            outputs=(Field("standards", "list", "Nomor, nama, tahap, tanggal", "Number, name, phase, day"),),
        )
    )
    registry.add(
        Handler(
            name="keep_standards_letter",
            mode="inline",
            function=keep_standards_letter,
            title_id="Simpan surat keterangan pemenuhan standar pada LPSE",
            title_en="Keep the letter with the LPSE",
            inputs=(
                Field("number", "text", "Nomor surat", "Number of the letter"),
                Field("document", "record", "Berkas surat", "The letter as a file"),
            ),
            outputs=(Field("kept", "boolean", "Tersimpan?", "Kept?"),),
        )
    )
