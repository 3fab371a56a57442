"""The Admin Instansi: a one-time link to begin with, one active Admin for each instansi, and the one before let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine import people, relations
from engine.registry import Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError
from handlers.notification import Notices
from models import Instance, Instansi, Membership, User

ADMIN = "admin_instansi"
REPLACED = "Diganti Admin Instansi yang baru"
UNUSED = "Tautan aktivasi tidak dipakai sampai batas waktunya"
ACTIVATION_PAGE = "/aktivasi/{token}"


def check_admin(context: HandlerContext, *, instansi: Mapping[str, Any]) -> dict[str, Any]:
    """Has the instansi an Admin already? Then LKPP looks at the SK/ST of the one who is to replace them."""
    # Of two who register in the same moment the second waits here until the first is Admin, and then sees it.
    context.unit.session.get(Instansi, str(instansi["id"]), with_for_update={"key_share": True})
    held = _admins(context, str(instansi["id"]), lock=False)
    others = [user for membership, user in held if user.id != context.starter_id and _is_open(context, membership)]
    return {"needs_check": bool(others), "replaces_name": others[0].name if others else ""}


def make_admin(
    context: HandlerContext,
    *,
    instansi: Mapping[str, Any],
    letter: Mapping[str, Any] | None = None,  # noqa: ARG001 -- it is named in the record of the case
    valid_until: date | None = None,
) -> dict[str, Any]:
    """The starter is the Admin of the instansi from today; whoever was it until now is *Nonaktif*."""
    starter = _starter(context)
    agency = context.unit.session.get(Instansi, str(instansi["id"]), with_for_update={"key_share": True})
    if agency is None:
        msg = f"{context.element_id}: there is no such instansi"
        raise DiagramFaultError(msg)
    held = _admins(context, agency.id, lock=True)
    replaced = [user for _, user in held if user.id != starter.id]
    for membership, user in held:
        _let_go(context, membership, user, starter)
    membership = people.add_membership(
        context.unit,
        user_id=starter.id,
        role=ADMIN,
        instansi_id=agency.id,
        valid_from=context.now.astimezone(ZoneInfo(agency.zone)).date(),
        valid_until=valid_until,
        now=context.now,
        source_key=context.idempotency_key,
    )
    return {
        "membership_id": membership.id,
        "replaced": bool(replaced),
        "replaced_name": replaced[0].name if replaced else "",
    }


def _let_go(context: HandlerContext, membership: Membership, user: User, successor: User) -> None:
    """End the role; an account that opened nothing else is closed. The new case knows the one it replaces."""
    unit, now = context.unit, context.now
    people.end_membership(unit, membership.id, by=context.actor, reason=REPLACED, now=now)
    unit.session.flush()
    if user.id == successor.id:
        return
    origin = (membership.source_key or "").partition(":")[0]
    if origin and unit.session.get(Instance, origin) is not None:
        relations.link(unit, context.instance_id, origin, "replaces", now)
    if not any(held.status in ("active", "ending", "future") for held in people.memberships_of(unit, user.id, now)):
        people.disable(unit, user.id, by=context.actor, reason=REPLACED, now=now)


def close_account(context: HandlerContext) -> dict[str, Any]:
    """An account whose activation link nobody used is closed, and its e-mail address is free for a new registration."""
    starter = _starter(context, lock=True)
    if starter.state != "pending":
        return {"closed": False}
    people.disable(context.unit, starter.id, by=context.actor, reason=UNUSED, now=context.now)
    starter.email = f"{starter.id}@akun-ditutup.invalid"
    context.unit.session.add(starter)
    context.unit.session.flush()
    return {"closed": True}


@dataclass(frozen=True)
class Activation:
    """The handler `send_activation`."""

    notices: Notices

    def send(self, context: HandlerContext, *, valid_days: int, template: str = "activation") -> dict[str, Any]:
        """Mail the starter a link that is good once, until `valid_days` from now. An active account needs none."""
        starter = _starter(context)
        if starter.state != "pending":
            return {"link_until": None, "already_active": True}
        until = context.now + timedelta(days=int(valid_days))
        token = people.issue_link(context.unit, starter, "activate", context.now, until=until)
        # The link is in the mail alone: process data and the record of the case never hold it.
        more = {"link": self.notices.base_url + ACTIVATION_PAGE.format(token=token), "link_until": until}
        self.notices.write_to(context, template, starter, more)
        return {"link_until": until, "already_active": False}


def _starter(context: HandlerContext, *, lock: bool = False) -> User:
    user = None
    if context.starter_id is not None:
        user = context.unit.session.get(User, context.starter_id, with_for_update=lock, populate_existing=True)
    if user is None:
        msg = f"{context.element_id}: nobody started this case"
        raise DiagramFaultError(msg)
    return user


def _admins(context: HandlerContext, instansi_id: str, *, lock: bool) -> list[tuple[Membership, User]]:
    """Memberships of the role in the instansi that nobody has ended, whatever their dates say."""
    held = (
        select(Membership, User)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            col(Membership.role) == ADMIN,
            col(Membership.instansi_id) == instansi_id,
            col(Membership.state) == "active",
        )
        .order_by(col(Membership.id))
        .execution_options(populate_existing=True)
    )
    if lock:
        held = held.with_for_update(of=Membership, key_share=True)
    return [(row[0], row[1]) for row in context.unit.session.execute(held)]


def _is_open(context: HandlerContext, membership: Membership) -> bool:
    agency = context.unit.session.get(Instansi, membership.instansi_id)
    zone = agency.zone if agency else context.zone
    return people.membership_status(membership, context.now, zone) in ("active", "ending")


def register(registry: Registry, notices: Notices) -> None:
    instansi = Field("instansi", "record", "Instansi", "The instansi")
    registry.add(
        Handler(
            name="check_admin",
            mode="inline",
            function=check_admin,
            title_id="Periksa apakah instansi sudah punya Admin",
            title_en="Has the instansi an Admin already?",
            inputs=(instansi,),
            outputs=(
                Field("needs_check", "boolean", "Sudah ada Admin aktif: SK/ST diperiksa LKPP",
                      "There is an active Admin: LKPP checks the letter"),
                Field("replaces_name", "text", "Nama Admin yang akan diganti", "Name of the Admin to be replaced"),
            ),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="send_activation",
            mode="inline",
            function=Activation(notices).send,
            title_id="Kirim tautan aktivasi sekali pakai",
            title_en="Mail the one-time activation link",
            inputs=(
                Field("valid_days", "number", "Masa berlaku tautan, dalam hari", "How many days the link is good"),
                Field("template", "mail", "Nama surat; bila kosong “activation”", "The mail; “activation” if empty",
                      required=False),
            ),
            outputs=(
                Field("link_until", "date", "Tautan berlaku sampai; kosong bila akun sudah aktif",
                      "Until when the link is good; empty when the account is active already"),
                Field("already_active", "boolean", "Akun sudah aktif?", "Is the account active already?"),
            ),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="make_admin",
            mode="inline",
            function=make_admin,
            title_id="Jadikan Admin Instansi; Admin sebelumnya Nonaktif",
            title_en="Make the starter Admin Instansi; the one before is inactive",
            inputs=(
                instansi,
                Field("letter", "record", "SK/ST penunjukan", "Letter of appointment", required=False),
                Field("valid_until", "date", "Hari terakhir", "The last day", required=False),
            ),
            outputs=(
                Field("membership_id", "text", "Nomor keanggotaan", "Id of the membership"),
                Field("replaced", "boolean", "Menggantikan Admin lain?", "Was another Admin replaced?"),
                Field("replaced_name", "text", "Nama Admin yang diganti", "Name of the one replaced"),
            ),
        )
    )
    registry.add(
        Handler(
            name="close_account",
            mode="inline",
            function=close_account,
            title_id="Tutup akun yang tidak diaktifkan",
            title_en="Close the account that was never activated",
            outputs=(Field("closed", "boolean", "Akun ditutup?", "Was the account closed?"),),
        )
    )
