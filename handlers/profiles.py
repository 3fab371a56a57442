"""The profile of a person: who an Akun INAPROC belongs to, checked before any access as Penyedia."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.identifiers import mask, parse_nik
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError
from handlers.registers import PopulationRegister
from models import PersonProfile

TAKEN = "identity_taken"
IDENTITIES = ("nik", "paspor", "kitas")


class IdentityTakenError(BusinessError):
    """Another account has a profile with this identity number. Sign in with that account, or ask LKPP for help."""

    indonesian = (
        "Nomor identitas ini sudah dipakai pada profil akun lain. Masuklah dengan akun itu, atau minta bantuan LKPP."
    )
    code = TAKEN

    def __init__(self) -> None:
        super().__init__(TAKEN)


class NotANikError(BusinessError):
    """A NIK has 16 digits."""

    indonesian = "NIK terdiri atas 16 angka."
    code = "not_a_nik"

    def __init__(self) -> None:
        super().__init__(self.code)


def profile_of(context: HandlerContext) -> PersonProfile | None:
    """The starter's, as it stands in this transaction."""
    mine = select(PersonProfile).where(col(PersonProfile.user_id) == context.starter_id)
    found: PersonProfile | None = context.unit.session.scalars(mine.execution_options(populate_existing=True)).first()
    return found


def check_profile(context: HandlerContext) -> dict[str, Any]:
    """Is the starter's profile verified? Then the next step of an Akun INAPROC is open."""
    found = profile_of(context)
    return {"verified": found is not None and found.state == "verified", "name": found.name if found else ""}


def save_profile(
    context: HandlerContext,
    *,
    name: str,
    citizenship: str,
    identity_kind: str,
    identity_number: str,
    birth_date: date,
    address: str = "",
) -> dict[str, Any]:
    """Keep the starter's profile as a draft. A number that another account has is refused."""
    if context.starter_id is None or identity_kind not in IDENTITIES:
        msg = f"{context.element_id}: nobody started this case, or the identity is of no known kind"
        raise DiagramFaultError(msg)
    number = _number(identity_kind, identity_number)
    _refuse_others(context, identity_kind, number)
    mine = profile_of(context) or PersonProfile(
        user_id=context.starter_id, name="", citizenship="", identity_kind="", identity_number="",
        birth_date=birth_date, updated_at=context.now,
    )  # fmt: skip
    values = {
        "name": name, "citizenship": citizenship, "identity_kind": identity_kind, "identity_number": number,
        "birth_date": birth_date, "address": address, "state": "draft", "verified_at": None, "verified_by": "",
        "instance_id": context.instance_id, "updated_at": context.now,
    }  # fmt: skip
    mine.sqlmodel_update(values)
    context.unit.session.add(mine)
    context.unit.session.flush()
    return {"state": mine.state, "identity_masked": mask(number)}


def verify_profile(context: HandlerContext, *, by: str) -> dict[str, Any]:
    """The profile is verified: by Dukcapil, or by LKPP for who is not in it."""
    mine = profile_of(context)
    if mine is None:
        msg = f"{context.element_id}: there is no profile to verify"
        raise DiagramFaultError(msg)
    if mine.state != "verified":
        mine.state, mine.verified_at, mine.verified_by = "verified", context.now, by[:40]
        context.unit.session.add(mine)
        context.unit.session.flush()
    return {"verified_at": mine.verified_at}


@dataclass(frozen=True)
class Identities:
    """The handler `check_identity`."""

    register: PopulationRegister

    def ask(self, context: HandlerContext, **inputs: Any) -> Mapping[str, Any]:  # noqa: ARG002 -- it reads nothing of ours
        """Outside, before anything is locked."""
        return {"matches": self.register.agrees(inputs["nik"], inputs["name"], inputs["birth_date"])}

    def answer(self, context: HandlerContext, *, nik: str, name: str, birth_date: date) -> dict[str, Any]:  # noqa: ARG002 -- they were asked about before
        return {"source": self.register.source, **context.prepared}


def _number(kind: str, raw: str) -> str:
    """As it is kept: a NIK bare, other numbers without blanks."""
    if kind != "nik":
        return "".join(raw.split()).upper()[:30]
    digits = parse_nik(raw).value
    if digits is None:
        raise NotANikError
    return digits


def _refuse_others(context: HandlerContext, kind: str, number: str) -> None:
    """In words; against two at once the table's own constraint stands."""
    held = select(col(PersonProfile.user_id)).where(
        col(PersonProfile.identity_kind) == kind,
        col(PersonProfile.identity_number) == number,
        col(PersonProfile.user_id) != context.starter_id,
    )
    if context.unit.session.scalars(held).first() is not None:
        raise IdentityTakenError


def register(registry: Registry, population: PopulationRegister) -> None:
    identities = Identities(population)
    person = (
        Field("name", "text", "Nama sesuai identitas", "Name as on the identity document"),
        Field("birth_date", "date", "Tanggal lahir", "Date of birth"),
    )
    registry.add(
        Handler(
            name="check_profile",
            mode="inline",
            function=check_profile,
            title_id="Periksa apakah profil pemohon terverifikasi",
            title_en="Is the applicant's profile verified?",
            outputs=(
                Field("verified", "boolean", "Terverifikasi?", "Verified?"),
                Field("name", "text", "Nama pada profil", "The name in the profile"),
            ),
        )
    )
    registry.add(
        Handler(
            name="save_profile",
            mode="inline",
            function=save_profile,
            title_id="Simpan profil pemohon",
            title_en="Keep the applicant's profile",
            inputs=(
                *person,
                Field("citizenship", "text", "wni atau wna", "wni or wna"),
                Field("identity_kind", "text", "nik, paspor atau kitas", "nik, paspor or kitas"),
                Field("identity_number", "text", "Nomor identitas", "Identity number"),
                Field("address", "text", "Alamat", "Address", required=False),
            ),
            outputs=(
                Field("state", "text", "Keadaan profil", "State of the profile"),
                Field("identity_masked", "text", "Nomor identitas yang disamarkan", "The identity number, masked"),
            ),
            errors=(TAKEN, NotANikError.code),
        )
    )
    registry.add(
        Handler(
            name="check_identity",
            mode="async",
            function=identities.answer,
            prepare=identities.ask,
            title_id="Cocokkan NIK dengan Dukcapil (simulasi)",
            title_en="Compare the NIK with Dukcapil (simulation)",
            inputs=(Field("nik", "text", "NIK", "NIK"), *person),
            outputs=(
                Field("matches", "boolean", "Cocok?", "Do they agree?"),
                Field("source", "text", "Sumber jawaban", "Where the answer comes from"),
            ),
        )
    )
    registry.add(
        Handler(
            name="verify_profile",
            mode="inline",
            function=verify_profile,
            title_id="Nyatakan profil terverifikasi",
            title_en="Verify the profile",
            inputs=(Field("by", "text", "Oleh siapa", "By whom"),),
            outputs=(Field("verified_at", "date", "Sejak kapan", "Since when"),),
        )
    )
