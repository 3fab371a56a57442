"""Companies by their NIB: what an application says about one, what OSS says, and the access of its Admin Perusahaan."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlmodel import col

from engine.people import add_membership, membership_status
from engine.people.memberships import NATIONAL_ZONE
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.unit_of_work import UnitOfWork, inserting
from handlers.access import END_DATE_PASSED, EndDatePassedError
from handlers.inpassing import DiagramFaultError
from handlers.registers import BusinessRegister, Registered
from models import Company, Director, Membership, User

ADMIN = "admin_perusahaan"
HAS_ADMIN = "company_has_admin"
OPEN = ("active", "ending")
OURS = ZoneInfo(NATIONAL_ZONE)
"""A company belongs to no instansi: its days are those of WIB."""


class CompanyHasAdminError(BusinessError):
    """The company with NIB {nib} has an active Admin Perusahaan already: {name}. Ask them; or correct the NIB."""

    indonesian = (
        "Perusahaan dengan NIB {nib} sudah mempunyai Admin Perusahaan yang aktif: {name}. Hubungi yang bersangkutan; "
        "pemberian kuasa hanya untuk pendaftaran pertama kali atas nama perusahaan. Bila NIB salah ketik, perbaiki."
    )
    code = HAS_ADMIN

    def __init__(self, nib: str, name: str) -> None:
        super().__init__(HAS_ADMIN, nib=nib, name=name)


def record_company(
    context: HandlerContext, *, nib: str, name: str, address: str, directors: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Keep the company and its list of Penanggung Jawab/Pengurus/Direksi; count who is WNI and who is WNA."""
    session = context.unit.session
    row = inserting(context.unit, Company).values(
        id=uuid.uuid4().hex, nib=nib, name=name, address=address, created_at=context.now
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["nib"]))
    company = company_by_nib(context.unit, nib, lock=True)
    if company is None:
        msg = f"{context.element_id}: the company was not kept"
        raise DiagramFaultError(msg)
    _refuse_if_held(context, company)
    # What LKPP has found in order is not overwritten by whoever asks next; the case keeps its own list anyway.
    if company.verified_at is None:
        company.name, company.address, company.registered_by_instance = name, address, context.instance_id
        session.add(company)
        _replace_directors(context, company.id, directors)
    session.flush()
    citizens = [str(one["name"]) for one in directors if one.get("citizenship") == "wni"]
    return {
        "company_id": company.id,
        "directors_total": len(directors),
        "citizens": len(citizens),
        "citizens_names": ", ".join(citizens),
    }


def company_by_nib(unit: UnitOfWork, nib: str, *, lock: bool = False) -> Company | None:
    statement = select(Company).where(col(Company.nib) == nib).execution_options(populate_existing=True)
    found: Company | None = unit.session.scalars(statement.with_for_update() if lock else statement).first()
    return found


def open_admins(unit: UnitOfWork, company_id: str, now: datetime) -> list[tuple[Membership, User]]:
    """Who may act for the company today."""
    held = unit.session.execute(
        select(Membership, User)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            col(Membership.role) == ADMIN,
            col(Membership.company_id) == company_id,
            col(Membership.state) == "active",
        )
        .order_by(col(Membership.valid_from), col(Membership.id))
        .execution_options(populate_existing=True)
    )
    return [(m, u) for m, u in held if membership_status(m, now, NATIONAL_ZONE) in OPEN]


def granted(context: HandlerContext) -> Membership | None:
    """What this very call gave before: granting twice is granting once."""
    mine = select(Membership).where(col(Membership.source_key) == context.idempotency_key)
    found: Membership | None = context.unit.session.scalars(mine).first()
    return found


def grant_company_access(context: HandlerContext, *, company_id: str, valid_until: date) -> dict[str, Any]:
    """The starter is Admin Perusahaan until the power of attorney ends, that day included."""
    company = context.unit.session.get(Company, company_id, with_for_update=True)
    if company is None or context.starter_id is None:
        msg = f"{context.element_id}: there is no such company, or nobody who could act for it"
        raise DiagramFaultError(msg)
    known = granted(context)
    if known is not None:
        return {"membership_id": known.id, "valid_from": known.valid_from, "valid_until": valid_until}
    today = context.now.astimezone(OURS).date()
    if valid_until < today:
        raise EndDatePassedError(valid_until)
    # The company's row is locked: of two who were approved for one company the second finds the first.
    _refuse_if_held(context, company)
    company.verified_at = company.verified_at or context.now
    membership = add_membership(
        context.unit,
        user_id=context.starter_id,
        role=ADMIN,
        instansi_id=None,
        company_id=company.id,
        valid_from=today,
        valid_until=valid_until,
        now=context.now,
        source_key=context.idempotency_key,
    )
    return {"membership_id": membership.id, "valid_from": today, "valid_until": valid_until}


@dataclass(frozen=True)
class NibLookup:
    """The handler `look_up_nib`."""

    register: BusinessRegister

    def ask(self, context: HandlerContext, *, nib: str, **others: Any) -> Registered | None:  # noqa: ARG002 -- it asks outside only
        """Outside, before anything is locked."""
        return self.register.company(nib)

    def compare(
        self,
        context: HandlerContext,
        *,
        nib: str,  # noqa: ARG002 -- it was asked about before
        name: str,
        directors: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        """What the register says differently, for whoever checks; it decides nothing."""
        known: Registered | None = context.prepared
        words, english = _differences(known, name, directors)
        return {"source": self.register.source, "found": known is not None, "words": words, "words_en": english}


def _differences(known: Registered | None, name: str, directors: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    if known is None:
        return "NIB ini tidak ditemukan.", "This NIB was not found."
    said = {(str(one["name"]).casefold(), str(one.get("citizenship"))) for one in directors}
    theirs = {(leader.casefold(), citizenship) for leader, citizenship in known.leaders}
    listed = ", ".join(f"{leader} ({citizenship.upper()})" for leader, citizenship in known.leaders)
    if known.name.casefold() == name.casefold() and said == theirs:
        return f"Sama: {known.name}; {listed}.", f"The same: {known.name}; {listed}."
    return f"Berbeda. Tercatat: {known.name}; {listed}.", f"Different. Registered: {known.name}; {listed}."


def _refuse_if_held(context: HandlerContext, company: Company) -> None:
    others = [user for _held, user in open_admins(context.unit, company.id, context.now)]
    if others:
        raise CompanyHasAdminError(company.nib, others[0].name)


def _replace_directors(context: HandlerContext, company_id: str, directors: Sequence[Mapping[str, Any]]) -> None:
    session = context.unit.session
    session.execute(delete(Director).where(col(Director.company_id) == company_id))
    for place, one in enumerate(directors, 1):
        session.add(
            Director(
                id=uuid.uuid4().hex, company_id=company_id, place=place, name=str(one["name"]),
                position=str(one.get("position") or ""), citizenship=str(one["citizenship"]),
                country=str(one.get("country") or ""),
            )
        )  # fmt: skip


def register(registry: Registry, businesses: BusinessRegister) -> None:
    lookup = NibLookup(businesses)
    nib, name = Field("nib", "text", "NIB", "NIB"), Field("name", "text", "Nama perusahaan", "Name of the company")
    directors = Field("directors", "list", "Penanggung Jawab/Pengurus/Direksi", "Its leaders on the NIB")
    registry.add(
        Handler(
            name="record_company",
            mode="inline",
            function=record_company,
            title_id="Catat perusahaan dan direksinya",
            title_en="Record the company and its leaders",
            inputs=(nib, name, Field("address", "text", "Alamat", "Address"), directors),
            outputs=(
                Field("company_id", "text", "Nomor perusahaan", "Id of the company"),
                Field("directors_total", "number", "Banyaknya dalam daftar", "How many are listed"),
                Field("citizens", "number", "Banyaknya yang WNI", "How many are Indonesian citizens"),
                Field("citizens_names", "text", "Nama yang WNI", "Names of the Indonesian citizens"),
            ),
            errors=(HAS_ADMIN,),
        )
    )
    registry.add(
        Handler(
            name="look_up_nib",
            mode="async",
            function=lookup.compare,
            prepare=lookup.ask,
            title_id="Bandingkan dengan OSS (simulasi)",
            title_en="Compare with OSS (simulation)",
            inputs=(nib, name, directors),
            outputs=(
                Field("source", "text", "Sumber jawaban", "Where the answer comes from"),
                Field("found", "boolean", "NIB ditemukan?", "Was the NIB found?"),
                Field("words", "text", "Hasilnya", "What it says"),
                Field("words_en", "text", "Hasilnya, dalam bahasa Inggris", "What it says, in English"),
            ),
        )
    )
    registry.add(
        Handler(
            name="grant_company_access",
            mode="inline",
            function=grant_company_access,
            title_id="Aktifkan akses Admin Perusahaan",
            title_en="Activate the access as Admin Perusahaan",
            inputs=(
                Field("company_id", "text", "Perusahaan", "The company"),
                Field("valid_until", "date", "Hari terakhir kuasa", "The last day of the power of attorney"),
            ),
            outputs=(
                Field("membership_id", "text", "Nomor keanggotaan", "Id of the membership"),
                Field("valid_from", "date", "Hari pertama", "The first day"),
                Field("valid_until", "date", "Hari terakhir", "The last day"),
            ),
            errors=(END_DATE_PASSED, HAS_ADMIN),
        )
    )
