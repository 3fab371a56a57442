"""The Admin of a division or branch: what must hold before one is appointed, said all at once, and the access."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from engine.people import add_membership, end_membership, find_by_email, membership_status
from engine.people.memberships import NATIONAL_ZONE
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.texts import Text
from engine.unit_of_work import inserting
from handlers.access import END_DATE_PASSED, EndDatePassedError
from handlers.branch_words import (
    ADMIN_CLOSED,
    BRANCH_HELD,
    HOLDS_IT,
    NO_ACCOUNT,
    NO_COMPANY,
    NO_PROFILE,
    NOT_A_DIRECTOR,
)
from handlers.companies import ADMIN, OPEN, OURS, company_by_nib, granted
from handlers.inpassing import DiagramFaultError
from handlers.satuan_kerja import name_key
from models import Branch, Company, Director, Membership, PersonProfile, User

BRANCH_ADMIN = "admin_cabang"
PRECONDITIONS = "preconditions"
REPLACED = "Diganti Admin Divisi/Cabang yang baru"


class PreconditionsError(BusinessError):
    """What was in order before is not any more: {why}"""

    indonesian = "Yang tadi terpenuhi kini tidak lagi: {why}"
    code = PRECONDITIONS

    def __init__(self, failures: list[Text]) -> None:
        super().__init__(PRECONDITIONS, why=_joined(failures))


def check_branch(
    context: HandlerContext,
    *,
    nib: str,
    branch_name: str,
    assignee_email: str,
    replace: bool = False,
    attorney_may_apply: bool = False,
) -> dict[str, Any]:
    """Every precondition that fails, by name and with what to do; nothing is decided by a person here."""
    company = company_by_nib(context.unit, nib)
    assignee = find_by_email(context.unit, assignee_email)
    held = _held(context, company, branch_name)
    failures = [
        *_of_parent(context, company, nib, attorney_may_apply=attorney_may_apply),
        *_of_assignee(context, assignee, assignee_email),
        *_of_branch(held, assignee, replace=replace),
    ]
    words = _joined(failures)
    return {
        "ok": not failures, "failed": len(failures), "words": words.id, "words_en": words.en,
        "company_id": company.id if company else "", "company_name": company.name if company else "",
        "assignee_id": assignee.id if assignee else "", "assignee_name": assignee.name if assignee else "",
        "holder_name": held[1].name if held else "",
    }  # fmt: skip


def grant_branch_access(
    context: HandlerContext,
    *,
    nib: str,
    branch: Mapping[str, Any],
    assignee_email: str,
    valid_until: date,
    replace: bool = False,
    attorney_may_apply: bool = False,
) -> dict[str, Any]:
    """The assignee is Admin of the branch. What must hold is looked at once more, with the company locked."""
    known, today = granted(context), context.now.astimezone(OURS).date()
    if known is not None:
        return {
            "membership_id": known.id,
            "branch_id": known.branch_id,
            "valid_until": valid_until,
            "replaced_name": "",
        }
    if valid_until < today:
        raise EndDatePassedError(valid_until)
    company = company_by_nib(context.unit, nib, lock=True)
    held = _held(context, company, str(branch["name"]))
    assignee = find_by_email(context.unit, assignee_email)
    failures = [
        *_of_parent(context, company, nib, attorney_may_apply=attorney_may_apply),
        *_of_assignee(context, assignee, assignee_email),
        *_of_branch(held, assignee, replace=replace),
    ]
    if failures or company is None or assignee is None:
        raise PreconditionsError(failures)
    place = _branch(context, company.id, branch)
    if held:
        end_membership(context.unit, held[0].id, by=context.actor, reason=REPLACED, now=context.now)
    _lapse(context, place.id, today)
    membership = add_membership(
        context.unit,
        user_id=assignee.id,
        role=BRANCH_ADMIN,
        instansi_id=None,
        company_id=company.id,
        branch_id=place.id,
        valid_from=today,
        valid_until=valid_until,
        now=context.now,
        source_key=context.idempotency_key,
    )
    return {
        "membership_id": membership.id, "branch_id": place.id, "valid_until": valid_until,
        "replaced_name": held[1].name if held else "",
    }  # fmt: skip


def _of_parent(context: HandlerContext, company: Company | None, nib: str, *, attorney_may_apply: bool) -> list[Text]:
    """The starter acts for the parent company today, as one of its leaders."""
    mine = _memberships_of_starter(context, company)
    if company is None or not mine:
        return [NO_COMPANY.filled(nib=nib)]
    if not any(membership_status(m, context.now, NATIONAL_ZONE) in OPEN for m in mine):
        return [ADMIN_CLOSED.filled(company=company.name)]
    leads = select(col(Director.id)).where(
        col(Director.company_id) == company.id, col(Director.user_id) == context.starter_id
    )
    if attorney_may_apply or context.unit.session.scalars(leads).first() is not None:
        return []
    return [NOT_A_DIRECTOR.filled(company=company.name)]


def _memberships_of_starter(context: HandlerContext, company: Company | None) -> list[Membership]:
    if company is None:
        return []
    mine = select(Membership).where(
        col(Membership.role) == ADMIN,
        col(Membership.company_id) == company.id,
        col(Membership.user_id) == context.starter_id,
    )
    return list(context.unit.session.scalars(mine.execution_options(populate_existing=True)))


def _of_assignee(context: HandlerContext, assignee: User | None, email: str) -> list[Text]:
    if assignee is None or assignee.state != "active":
        return [NO_ACCOUNT.filled(email=email)]
    profile = context.unit.session.get(PersonProfile, assignee.id, populate_existing=True)
    if profile is None or profile.state != "verified":
        return [NO_PROFILE.filled(name=assignee.name)]
    return []


def _of_branch(held: tuple[Membership, User, Branch] | None, assignee: User | None, *, replace: bool) -> list[Text]:
    if held is None:
        return []
    _membership, holder, branch = held
    if assignee is not None and holder.id == assignee.id:
        return [HOLDS_IT.filled(name=holder.name, branch=branch.name)]
    return [] if replace else [BRANCH_HELD.filled(branch=branch.name, name=holder.name)]


def _held(context: HandlerContext, company: Company | None, branch_name: str) -> tuple[Membership, User, Branch] | None:
    """The branch's active Admin of today."""
    if company is None:
        return None
    rows = context.unit.session.execute(
        select(Membership, User, Branch)
        .join(Branch, col(Branch.id) == col(Membership.branch_id))
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            col(Membership.role) == BRANCH_ADMIN,
            col(Membership.state) == "active",
            col(Branch.company_id) == company.id,
            col(Branch.name_key) == name_key(branch_name),
        )
        .execution_options(populate_existing=True)
    )
    return next(((m, u, b) for m, u, b in rows if membership_status(m, context.now, NATIONAL_ZONE) in OPEN), None)


def _branch(context: HandlerContext, company_id: str, named: Mapping[str, Any]) -> Branch:
    """The branch of this name, kept when it is new."""
    session, name = context.unit.session, str(named["name"])
    row = inserting(context.unit, Branch).values(
        id=uuid.uuid4().hex, company_id=company_id, kind=str(named["kind"]), name=" ".join(name.split()),
        name_key=name_key(name),
        address=str(named.get("address") or ""), created_at=context.now,
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing(index_elements=["company_id", "name_key"]))
    same = select(Branch).where(col(Branch.company_id) == company_id, col(Branch.name_key) == name_key(name))
    found: Branch | None = session.scalars(same.execution_options(populate_existing=True)).first()
    if found is None:
        msg = f"{context.element_id}: the branch was not kept"
        raise DiagramFaultError(msg)
    return found


def _lapse(context: HandlerContext, branch_id: str, today: date) -> None:
    """Write *Kedaluwarsa* on Admins whose last day is over: the index counts whatever is called active."""
    context.unit.session.execute(
        update(Membership)
        .where(
            col(Membership.branch_id) == branch_id,
            col(Membership.state) == "active",
            col(Membership.valid_until) < today,
        )
        .values(state="expired")
        .execution_options(synchronize_session=False)
    )


def _joined(failures: list[Text]) -> Text:
    """One line for each."""
    return Text(
        "\n\n".join(f"{n}. {f.id}" for n, f in enumerate(failures, 1)),
        "\n\n".join(f"{n}. {f.in_locale('en')}" for n, f in enumerate(failures, 1)),
    )


def register(registry: Registry) -> None:
    nib = Field("nib", "text", "NIB perusahaan induk", "NIB of the parent company")
    asked = (
        Field("assignee_email", "text", "Surel personel yang ditugaskan", "E-mail of the person assigned"),
        Field("replace", "boolean", "Gantikan Admin yang sekarang?", "Replace the present Admin?", required=False),
        Field("attorney_may_apply", "boolean", "Bolehkah Admin berdasarkan kuasa mengajukan?",
              "May an Admin by power of attorney apply?", required=False),
    )  # fmt: skip
    registry.add(
        Handler(
            name="check_branch",
            mode="inline",
            function=check_branch,
            title_id="Periksa prasyarat Admin Divisi/Cabang",
            title_en="Check what must hold for an Admin of a branch",
            inputs=(nib, Field("branch_name", "text", "Nama Divisi/Cabang", "Name of the branch"), *asked),
            outputs=(
                Field("ok", "boolean", "Semua terpenuhi?", "Does everything hold?"),
                Field("failed", "number", "Banyaknya yang tidak terpenuhi", "How many fail"),
                Field("words", "text", "Apa yang belum terpenuhi, dan tindakannya", "What fails, and what to do"),
                Field("words_en", "text", "Hal yang sama, dalam bahasa Inggris", "The same in English"),
                Field("company_id", "text", "Perusahaan", "The company"),
                Field("company_name", "text", "Nama perusahaan", "Its name"),
                Field("assignee_id", "text", "Akun personel", "The assignee's account"),
                Field("assignee_name", "text", "Nama personel", "The assignee's name"),
                Field("holder_name", "text", "Admin yang sekarang", "The present Admin"),
            ),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="grant_branch_access",
            mode="inline",
            function=grant_branch_access,
            title_id="Aktifkan akses Admin Divisi/Cabang",
            title_en="Activate the access as Admin of a branch",
            inputs=(
                nib,
                Field("branch", "record", "Divisi/Cabang: kind, name, address", "The branch: kind, name, address"),
                *asked,
                Field("valid_until", "date", "Hari terakhir", "The last day"),
            ),
            outputs=(
                Field("membership_id", "text", "Nomor keanggotaan", "Id of the membership"),
                Field("branch_id", "text", "Nomor Divisi/Cabang", "Id of the branch"),
                Field("valid_until", "date", "Hari terakhir", "The last day"),
                Field("replaced_name", "text", "Admin yang digantikan", "The Admin replaced"),
            ),
            errors=(END_DATE_PASSED, PRECONDITIONS),
        )
    )
