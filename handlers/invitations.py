"""People invited by a case: an account, a role where one is given, and a link that is good once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from calendars import zone_of
from engine import people
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.accounts import ACTIVATION_PAGE
from handlers.inpassing import instansi_of
from handlers.notification import INBOX_PAGE, Notices
from models import Instansi, Membership, User

EMAIL_OF_OTHER = "email_of_other"
ACCOUNT_CLOSED = "account_closed"
REPLACED = "Digantikan oleh yang ditunjuk kemudian"


class EmailOfOtherError(BusinessError):
    """The e-mail address {email} belongs to the account of somebody else."""

    indonesian = "Alamat surel {email} milik akun orang lain."
    code = EMAIL_OF_OTHER

    def __init__(self, email: str) -> None:
        super().__init__(EMAIL_OF_OTHER, email=email)


class AccountClosedError(BusinessError):
    """The account with the e-mail address {email} is closed."""

    indonesian = "Akun dengan alamat surel {email} sudah ditutup."
    code = ACCOUNT_CLOSED

    def __init__(self, email: str) -> None:
        super().__init__(ACCOUNT_CLOSED, email=email)


@dataclass(frozen=True)
class Invitation:
    """The handler `invite_person`."""

    notices: Notices

    def invite(  # noqa: PLR0913 -- who, as what, and how they are told
        self,
        context: HandlerContext,
        *,
        email: str,
        name: str,
        nip: str,
        role: str,
        valid_days: int,
        template: str,
        template_active: str | None = None,
        phone: str | None = None,
        sole: bool = False,
    ) -> dict[str, Any]:
        """Let the person in, in the instansi of the case. Who has an account already is told without a link."""
        user = self._account(context, email, name, nip, phone)
        agency = context.unit.session.get_one(Instansi, instansi_of(context))
        if sole:
            _let_others_go(context, role, agency, user)
        found: dict[str, Any] = {"user_id": user.id, "membership_id": _membership(context, user, role, agency)}
        if user.state == "active":
            own = {"link": self.notices.base_url + INBOX_PAGE, "link_until": None}
            self.notices.write_to(context, template_active or template, user, own)
            return {**found, "link_until": None, "already_active": True}
        until = context.now + timedelta(days=int(valid_days))
        token = people.issue_link(context.unit, user, "activate", context.now, until=until)
        # The link is in the mail alone: process data and the record of the case never hold it.
        more = {"link": self.notices.base_url + ACTIVATION_PAGE.format(token=token), "link_until": until}
        self.notices.write_to(context, template, user, more)
        return {**found, "link_until": until, "already_active": False}

    def _account(self, context: HandlerContext, email: str, name: str, nip: str, phone: str | None) -> User:
        known = people.find_by_email(context.unit, email)
        if known is None:
            return people.create_user(
                context.unit, email=email, name=name, nip=nip, phone=phone, zone=context.zone, now=context.now
            )
        same = known.nip == nip if known.nip else known.name.casefold() == " ".join(name.split()).casefold()
        if not same:
            raise EmailOfOtherError(known.email)
        if known.state == "disabled":
            raise AccountClosedError(known.email)
        return known


def _membership(context: HandlerContext, user: User, role: str, agency: Instansi) -> str:
    """The role in the instansi from today; invited again, it is the one that is held."""
    now = context.now
    held = people.memberships_of(context.unit, user.id, now)
    known = next((m.id for m in held if m.is_open and (m.role, m.instansi_id) == (role, agency.id)), None)
    if known is not None:
        return known
    membership = people.add_membership(
        context.unit,
        user_id=user.id,
        role=role,
        instansi_id=agency.id,
        valid_from=now.astimezone(zone_of(agency.zone)).date(),
        valid_until=None,
        now=now,
        source_key=context.idempotency_key,
    )
    return membership.id


def _let_others_go(context: HandlerContext, role: str, agency: Instansi, user: User) -> None:
    """The one who is invited takes the place of whoever held the role in the instansi."""
    # Of two invitations at once the second waits here, and then ends the first.
    context.unit.session.get(Instansi, agency.id, with_for_update={"key_share": True})
    held = select(col(Membership.id)).where(
        col(Membership.role) == role,
        col(Membership.instansi_id) == agency.id,
        col(Membership.state) == "active",
        col(Membership.user_id) != user.id,
    )
    for ident in context.unit.session.execute(held.order_by(col(Membership.id))).scalars().all():
        people.end_membership(context.unit, ident, by=context.actor, reason=REPLACED, now=context.now)


def register(registry: Registry, notices: Notices) -> None:
    registry.add(
        Handler(
            name="invite_person",
            mode="inline",
            function=Invitation(notices).invite,
            title_id="Undang orang: akun, peran, dan tautan sekali pakai",
            title_en="Invite somebody: account, role and a one-time link",
            inputs=(
                Field("email", "text", "Alamat surel", "E-mail address"),
                Field("name", "text", "Nama", "Name"),
                Field("nip", "text", "NIP, tanpa spasi", "NIP, without blanks"),
                Field("role", "text", "Peran di instansi kasus", "The role, in the instansi of the case"),
                Field("valid_days", "number", "Masa berlaku tautan, dalam hari", "How many days the link is good"),
                Field("template", "mail", "Surat dengan tautan", "The mail with the link"),
                Field("template_active", "mail", "Surat bagi yang sudah punya akun; kosong: surat yang sama",
                      "The mail to who has an account; empty: the same", required=False),
                Field("phone", "text", "Nomor HP", "Mobile number", required=False),
                Field("sole", "boolean", "Menggantikan pemegang peran sebelumnya di instansi itu?",
                      "Takes the place of who held the role in the instansi?", required=False),
            ),
            outputs=(
                Field("user_id", "text", "Nomor akun", "Id of the account"),
                Field("membership_id", "text", "Nomor keanggotaan", "Id of the membership"),
                Field("link_until", "date", "Tautan berlaku sampai; kosong bila akun sudah aktif",
                      "Until when the link is good; empty when the account was active"),
                Field("already_active", "boolean", "Akun sudah aktif?", "Was the account active already?"),
            ),
            errors=(EMAIL_OF_OTHER, ACCOUNT_CLOSED),
        )
    )  # fmt: skip
