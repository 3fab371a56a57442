"""A power of attorney (surat kuasa): its Pemberi Kuasa is asked by a one-time link, and answers for himself.

The Pemberi Kuasa is a foreign director who will not use Alur again. So he gets an account that cannot sign in (it has
no password) and a link that opens the one question; the record names him all the same. See web/companies/powers.py.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from engine.people import create_user, find_by_email, normal_email
from engine.people.links import token_digest
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError
from handlers.notification import Notices
from models import PowerOfAttorney, User

UNFIT = "grantor_unfit"
POWER_PAGE = "/kuasa/{token}"
ANSWERS = {"confirm": "confirmed", "decline": "declined"}


class SamePersonError(BusinessError):
    """The Pemberi Kuasa has to be somebody else than the Penerima Kuasa: give the director's own e-mail address."""

    indonesian = (
        "Pemberi Kuasa harus orang lain, bukan Penerima Kuasa sendiri: isi alamat surel direksi yang memberi kuasa."
    )
    code = UNFIT

    def __init__(self) -> None:
        super().__init__(UNFIT)


class ClosedAccountError(BusinessError):
    """The account with this e-mail address is closed: give another address of the Pemberi Kuasa."""

    indonesian = "Akun dengan alamat surel ini sudah ditutup: isi alamat surel lain milik Pemberi Kuasa."
    code = UNFIT

    def __init__(self) -> None:
        super().__init__(UNFIT)


@dataclass(frozen=True)
class Powers:
    """The handlers `ask_grantor` and `note_power_answer`."""

    notices: Notices

    def ask(
        self,
        context: HandlerContext,
        *,
        company_id: str,
        name: str,
        email: str,
        valid_until: date,
        link_days: int,
        position: str = "",
        template: str = "power_asked",
    ) -> dict[str, Any]:
        """Mail the Pemberi Kuasa a link; who confirmed the very same power before is not asked again."""
        grantor = self._grantor(context, name, email)
        before = _latest(context)
        if before is not None and before.state == "confirmed" and _same(before, company_id, grantor, valid_until):
            return {"grantor_id": grantor.id, "confirmed": True, "link_until": None}
        _void(context)
        token, until = secrets.token_urlsafe(32), context.now + timedelta(days=int(link_days))
        context.unit.session.add(
            PowerOfAttorney(
                id=uuid.uuid4().hex, instance_id=context.instance_id, company_id=company_id, grantor_id=grantor.id,
                grantor_name=name, grantor_position=position, grantee_id=context.starter_id or "",
                valid_until=valid_until, token_digest=token_digest(token), token_until=until, asked_at=context.now,
            )
        )  # fmt: skip
        context.unit.session.flush()
        # The link is in the mail alone: process data and the record of the case never hold it.
        link = self.notices.base_url + POWER_PAGE.format(token=token)
        self.notices.write_to(context, template, grantor, {"link": link, "link_until": until})
        return {"grantor_id": grantor.id, "confirmed": False, "link_until": until}

    def note(self, context: HandlerContext, *, answer: str) -> dict[str, Any]:
        """Write what the Pemberi Kuasa answered beside the question: from now on the link opens nothing."""
        asked = _latest(context)
        if asked is None or answer not in ANSWERS:
            msg = f"{context.element_id}: nobody was asked about a power of attorney, or the answer is of no known kind"
            raise DiagramFaultError(msg)
        if asked.state == "asked":
            asked.state, asked.answered_at = ANSWERS[answer], context.now
            context.unit.session.add(asked)
            context.unit.session.flush()
        return {"state": asked.state, "answered_at": asked.answered_at}

    def _grantor(self, context: HandlerContext, name: str, email: str) -> User:
        """The account with this address, or one that can only be named: without a password nobody signs in with it."""
        known = find_by_email(context.unit, normal_email(email))
        if known is None:
            made = create_user(context.unit, email=email, name=name, now=context.now)
            made.locale = "en"  # a foreign director; the page offers both languages
            context.unit.session.add(made)
            return made
        if known.id == context.starter_id:
            raise SamePersonError
        if known.state == "disabled":
            raise ClosedAccountError
        return known


def _latest(context: HandlerContext) -> PowerOfAttorney | None:
    """The question that counts: the newest that was not asked anew."""
    asked = select(PowerOfAttorney).where(
        col(PowerOfAttorney.instance_id) == context.instance_id, col(PowerOfAttorney.state) != "void"
    )
    found: PowerOfAttorney | None = context.unit.session.scalars(
        asked.order_by(col(PowerOfAttorney.asked_at).desc()).execution_options(populate_existing=True)
    ).first()
    return found


def _same(asked: PowerOfAttorney, company_id: str, grantor: User, valid_until: date) -> bool:
    return (asked.company_id, asked.grantor_id, asked.valid_until) == (company_id, grantor.id, valid_until)


def _void(context: HandlerContext) -> None:
    """Links sent before open nothing any more, and an answer to another power counts for nothing."""
    context.unit.session.execute(
        update(PowerOfAttorney)
        .where(col(PowerOfAttorney.instance_id) == context.instance_id)
        .values(state="void")
        .execution_options(synchronize_session=False)
    )


def register(registry: Registry, notices: Notices) -> None:
    powers = Powers(notices)
    registry.add(
        Handler(
            name="ask_grantor",
            mode="inline",
            function=powers.ask,
            title_id="Kirim tautan sekali pakai kepada Pemberi Kuasa",
            title_en="Mail the Pemberi Kuasa a one-time link",
            inputs=(
                Field("company_id", "text", "Perusahaan", "The company"),
                Field("name", "text", "Nama Pemberi Kuasa", "Name of the Pemberi Kuasa"),
                Field("email", "text", "Surel Pemberi Kuasa", "E-mail of the Pemberi Kuasa"),
                Field("valid_until", "date", "Hari terakhir kuasa", "The last day of the power"),
                Field("link_days", "number", "Masa berlaku tautan, dalam hari", "How many days the link is good"),
                Field("position", "text", "Jabatan Pemberi Kuasa", "Position of the Pemberi Kuasa", required=False),
                Field("template", "mail", "Nama surat; bila kosong “power_asked”", "The mail; “power_asked” if empty",
                      required=False),
            ),
            outputs=(
                Field("grantor_id", "text", "Akun Pemberi Kuasa", "The account of the Pemberi Kuasa"),
                Field("confirmed", "boolean", "Kuasa yang sama sudah dikonfirmasi?", "Confirmed already?"),
                Field("link_until", "date", "Tautan berlaku sampai", "Until when the link is good"),
            ),
            errors=(UNFIT,),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="note_power_answer",
            mode="inline",
            function=powers.note,
            title_id="Catat jawaban Pemberi Kuasa",
            title_en="Note the answer of the Pemberi Kuasa",
            inputs=(Field("answer", "text", "confirm atau decline", "confirm or decline"),),
            outputs=(
                Field("state", "text", "Keadaan kuasa", "State of the power"),
                Field("answered_at", "date", "Saat dijawab", "When it was answered"),
            ),
        )
    )
