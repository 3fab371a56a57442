"""The life of an access: watched until its last day is over, ended by its holder, taken up again.

The dates alone open and close the platforms; what is written here is what people read: *Kedaluwarsa*, *Nonaktif*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import col

from calendars.zones import local_instant, time_of
from engine import people
from engine.registry import Field, Handler, HandlerContext, Registry
from handlers.access import EndDatePassedError
from handlers.access_colleagues import VAI, colleagues_of
from handlers.inpassing import DiagramFaultError
from models import DefinitionVersion, Instansi, Membership, SatuanKerja, User, UserTask

CHECK_AGAIN = timedelta(days=180)
"""How often an access without an end date is looked at."""


@dataclass(frozen=True)
class Watched:
    """How an access stands in its own zone. `next_at`: when it is to be looked at again."""

    status: str
    days_left: int | None
    next_at: datetime


def begin_access_life(context: HandlerContext, *, membership_id: str) -> dict[str, Any]:
    """What the case needs to know of the access: whose it is, which role, where, until when.

    One that nobody sees to yet is this case's from now on: its holder asked before any chore came by.
    """
    unwatched = context.unit.session.get(Membership, membership_id, with_for_update=True)
    if unwatched is not None and unwatched.life_id is None:
        unwatched.life_id = context.instance_id
    membership = _membership(context, membership_id)
    session = context.unit.session
    agency = session.get(Instansi, membership.instansi_id) if membership.instansi_id else None
    unit = session.get(SatuanKerja, membership.satuan_kerja_id) if membership.satuan_kerja_id else None
    holder = session.get_one(User, membership.user_id)
    role = _role_title(context, membership.role)
    return {
        "membership_id": membership.id,
        "holder": holder.id,
        "holder_name": holder.name,
        "role": membership.role,
        "role_title": role.get("id", membership.role),
        "role_title_en": role.get("en", membership.role),
        "instansi_id": membership.instansi_id,
        "instansi_name": agency.name if agency else "",
        "working_unit": unit.name if unit else "",
        "valid_from": membership.valid_from,
        "valid_until": membership.valid_until,
    }


def watch_access(
    context: HandlerContext, *, access: Mapping[str, Any], reminders: Sequence[int], reminder_time: str
) -> dict[str, Any]:
    """How it stands now; an access whose last day is over is marked Kedaluwarsa in this very act."""
    membership = _membership(context, str(access["membership_id"]))
    watched = _watched(membership, context.now, context.zone, reminders, reminder_time)
    if watched.status == "expired" and membership.state == "active":
        membership.state = "expired"
        context.unit.session.add(membership)
        context.unit.session.flush()
    return {
        "status": watched.status,
        "days_left": watched.days_left,
        "valid_until": membership.valid_until,
        "next_at": watched.next_at,
        "last_vai": _is_last_vai(context, membership),
    }


def _watched(membership: Membership, now: datetime, zone: str, reminders: Sequence[int], reminder_time: str) -> Watched:
    if membership.state == "inactive":
        return Watched("inactive", None, now + CHECK_AGAIN)
    if membership.valid_until is None:
        return Watched("active", None, now + CHECK_AGAIN)
    left = (membership.valid_until - now.astimezone(ZoneInfo(zone)).date()).days
    if left < 0:
        return Watched("expired", left, now + CHECK_AGAIN)
    at = time_of(reminder_time)
    moments = [local_instant(membership.valid_until - timedelta(days=int(d)), at, ZoneInfo(zone)) for d in reminders]
    ending = any(moment <= now for moment in moments)
    over = local_instant(membership.valid_until + timedelta(days=1), time_of("00:00"), ZoneInfo(zone))
    return Watched("ending" if ending else "active", left, min([over, *(m for m in moments if m > now)]))


def survey_access(context: HandlerContext, *, access: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be known before an access is ended or taken up again: who else is there, and what work is open."""
    membership = _membership(context, str(access["membership_id"]))
    others = colleagues_of(context, membership.role, membership.instansi_id, membership.user_id)
    verifiers = colleagues_of(context, VAI, membership.instansi_id, membership.user_id)
    open_work = select(func.count()).where(
        col(UserTask.assignee_id) == membership.user_id,
        col(UserTask.role) == membership.role,
        col(UserTask.state) == "open",
    )
    return {
        "last_vai": membership.role == VAI and not others,
        "colleagues": len(others),
        "has_vai": bool(verifiers),
        "open_work": int(context.unit.session.scalar(open_work) or 0),
    }


def deactivate_access(
    context: HandlerContext, *, access: Mapping[str, Any], reason: str, successor: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """*Nonaktif*, at once. Tasks that the holder had taken go back to the group with the next upkeep."""
    membership = _membership(context, str(access["membership_id"]))
    last = _is_last_vai(context, membership)
    people.end_membership(context.unit, membership.id, by=context.actor, reason=reason, now=context.now)
    context.unit.session.flush()
    named = _account(context, successor)
    return {
        "at": context.now,
        "last_vai": last,
        "successor_id": named.id if named else None,
        "successor_name": named.name if named else str((successor or {}).get("name") or ""),
    }


def reactivate_access(context: HandlerContext, *, access: Mapping[str, Any], valid_until: date) -> dict[str, Any]:
    """*Aktif* again, from today to the new last day."""
    membership = _membership(context, str(access["membership_id"]))
    today = context.now.astimezone(ZoneInfo(context.zone)).date()
    if valid_until < today:
        raise EndDatePassedError(valid_until)
    if membership.state != "active":
        detail = {"membership_id": membership.id, "role": membership.role, "until": valid_until.isoformat()}
        people.record(
            context.unit, membership.user_id, "membership:reactivated", by=context.actor, now=context.now, detail=detail
        )
    membership.state, membership.valid_from, membership.valid_until = "active", today, valid_until
    context.unit.session.add(membership)
    context.unit.session.flush()
    return {"valid_from": today, "valid_until": valid_until}


# --- inside ----------------------------------------------------------------------------------------------------------


def _membership(context: HandlerContext, membership_id: str) -> Membership:
    found = context.unit.session.get(Membership, membership_id, with_for_update=True)
    if found is None or found.life_id != context.instance_id:
        msg = f"{context.element_id}: this case does not see to that access"
        raise DiagramFaultError(msg)
    return found


def _is_last_vai(context: HandlerContext, membership: Membership) -> bool:
    if membership.role != VAI or membership.instansi_id is None:
        return False
    return not colleagues_of(context, VAI, membership.instansi_id, membership.user_id)


def _account(context: HandlerContext, named: Mapping[str, Any] | None) -> User | None:
    return context.unit.session.get(User, str(named["id"])) if named and named.get("id") else None


def _role_title(context: HandlerContext, role: str) -> dict[str, str]:
    manifest = select(col(DefinitionVersion.manifest)).where(col(DefinitionVersion.id) == context.version_id)
    titles = (context.unit.connection.execute(manifest).scalar() or {}).get("roles", {})
    found: dict[str, str] = titles.get(role, {})
    return found


ACCESS = Field("access", "record", "Akses (hasil begin_access_life)", "The access (from begin_access_life)")
LAST = Field("last_vai", "boolean", "VAI aktif terakhir di instansinya?", "The agency's last active VAI?")


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="begin_access_life",
            mode="inline",
            function=begin_access_life,
            title_id="Catat akses yang diawasi",
            title_en="Take up an access",
            inputs=(Field("membership_id", "text", "Nomor keanggotaan", "Id of the membership"),),
            outputs=(
                Field("membership_id", "text", "Keanggotaannya", "The membership"),
                Field("holder", "text", "Pemegang", "Who holds it"),
                Field("role", "text", "Peran", "The role"),
                Field("holder_name", "text", "Nama pemegang", "The holder's name"),
                Field("role_title", "text", "Nama peran", "The role's name"),
                Field("role_title_en", "text", "Nama peran (Inggris)", "The role's name in English"),
                Field("instansi_id", "text", "Instansi", "The agency"),
                Field("instansi_name", "text", "Nama instansi", "The agency's name"),
                Field("working_unit", "text", "Satuan kerja", "The working unit"),
                Field("valid_from", "date", "Hari pertama", "The first day"),
                Field("valid_until", "date", "Hari terakhir; kosong: tanpa batas", "The last day; empty: no end"),
            ),
        )
    )
    registry.add(
        Handler(
            name="watch_access",
            mode="inline",
            function=watch_access,
            title_id="Periksa masa berlaku akses",
            title_en="Look at an access's dates",
            inputs=(
                ACCESS,
                Field("reminders", "list", "Diingatkan sekian hari sebelumnya", "Reminded so many days before"),
                Field("reminder_time", "text", "Jam pengingat", "Time of day of the reminders"),
            ),
            outputs=(
                Field("status", "text", "active | ending | expired | inactive", "active | ending | expired | inactive"),
                Field("days_left", "number", "Sisa hari", "Days left"),
                Field("valid_until", "date", "Hari terakhir; kosong: tanpa batas", "The last day; empty: no end"),
                Field("next_at", "date", "Diperiksa lagi pada", "When to look again"),
                LAST,
            ),
        )
    )
    registry.add(
        Handler(
            name="survey_access",
            mode="inline",
            function=survey_access,
            title_id="Periksa rekan seperan dan pekerjaan yang terbuka",
            title_en="Who else holds the role, and what work is open",
            inputs=(ACCESS,),
            outputs=(
                LAST,
                Field("colleagues", "number", "Rekan seperan yang aktif", "Others who hold the role"),
                Field("has_vai", "boolean", "Ada VAI lain di instansi?", "Is there another VAI in the agency?"),
                Field("open_work", "number", "Tugas yang sedang dipegang", "Tasks they have taken"),
            ),
        )
    )
    registry.add(
        Handler(
            name="deactivate_access",
            mode="inline",
            function=deactivate_access,
            title_id="Nonaktifkan akses",
            title_en="Deactivate an access",
            inputs=(
                ACCESS,
                Field("reason", "text", "Alasan", "Why"),
                Field("successor", "record", "Pengganti", "The successor", required=False),
            ),
            outputs=(LAST, Field("successor_name", "text", "Nama pengganti", "Name of the successor")),
        )
    )
    registry.add(
        Handler(
            name="reactivate_access",
            mode="inline",
            function=reactivate_access,
            title_id="Aktifkan kembali akses",
            title_en="Reactivate an access",
            inputs=(ACCESS, Field("valid_until", "date", "Hari terakhir yang baru", "The new last day")),
            outputs=(Field("valid_until", "date", "Hari terakhir", "The last day"),),
            errors=("end_date_passed",),
        )
    )
