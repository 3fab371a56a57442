"""Who uses Alur: accounts, instansi and their working units, memberships, sessions and one-time links."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class User(SQLModel, table=True):
    """An account. Never deleted: the history names it."""

    __tablename__ = "user_account"
    id: str = Field(primary_key=True, max_length=32)
    email: str = Field(unique=True, max_length=320)
    """Stored lower case."""
    name: str = Field(max_length=200)
    phone: str | None = Field(default=None, max_length=20)
    nip: str | None = Field(default=None, max_length=18)
    password_hash: str | None = Field(default=None, max_length=300)
    state: str = Field(default="pending", max_length=16)
    """pending (not activated) | active | disabled"""
    locale: str = Field(default="id", max_length=5)
    zone: str = Field(default="Asia/Jakarta", max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)
    activated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_login_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Instansi(SQLModel, table=True):
    """A government body (kementerian, lembaga, provinsi, kabupaten, kota)."""

    __tablename__ = "instansi"
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=20)
    """kementerian | lembaga | provinsi | kabupaten | kota"""
    name: str = Field(max_length=200)
    province: str | None = Field(default=None, max_length=100)
    zone: str = Field(default="Asia/Jakarta", max_length=40)


class SatuanKerja(SQLModel, table=True):
    """A working unit of an instansi; the first registrant gives its NPWP and address."""

    __tablename__ = "satuan_kerja"
    __table_args__ = (UniqueConstraint("instansi_id", "name_key"),)
    id: str = Field(primary_key=True, max_length=32)
    instansi_id: str = Field(foreign_key="instansi.id", max_length=32)
    name: str = Field(max_length=200)
    name_key: str = Field(max_length=200)
    """Case-folded, single-spaced name: two spellings are one unit."""
    npwp: str = Field(max_length=16)
    address: str = Field(max_length=500)
    registered_by_instance: str | None = Field(default=None, max_length=32)
    """The application that gave these data: its claim holds while that case runs."""
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a first access in this unit was granted; from then on the unit stays registered."""
    created_at: datetime = Field(sa_type=UtcDateTime)


SOLE_ROLES = frozenset({"admin_instansi"})
"""Roles that one person alone holds in an instansi. The index below keeps two from holding one at once."""
SOLE = text("role = 'admin_instansi' AND state = 'active' AND instansi_id IS NOT NULL")
SOLE_IN_BRANCH = text("role = 'admin_cabang' AND state = 'active' AND branch_id IS NOT NULL")
"""One active Admin for each division or branch of a company."""

ACTIVE = text("state = 'active'")


COMPANY_ROLES = frozenset({"admin_perusahaan", "admin_cabang"})
"""Held in a company, or in a branch of one: given by their own procedures, for an instansi is no place for them."""


class Membership(SQLModel, table=True):
    """A person holds a role, in an instansi, from a day to a day (both included, in the instansi's zone)."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_user", "user_id", "state"),
        Index("ix_membership_role", "role", "instansi_id", "state"),
        # All that the overview counts, so that a hundred thousand accesses are counted without being looked up.
        Index("ix_membership_counted", "role", "instansi_id", "state", "user_id", "valid_until", "valid_from"),
        UniqueConstraint("source_key"),
        Index("uq_membership_sole", "role", "instansi_id", unique=True, sqlite_where=SOLE, postgresql_where=SOLE),
        Index(
            "uq_membership_branch",
            "branch_id",
            unique=True,
            sqlite_where=SOLE_IN_BRANCH,
            postgresql_where=SOLE_IN_BRANCH,
        ),
        Index("ix_membership_company", "company_id", "role", "state"),
        Index("ix_membership_ending", "valid_until", sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    )
    id: str = Field(primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="user_account.id", max_length=32)
    role: str = Field(max_length=60)
    instansi_id: str | None = Field(default=None, foreign_key="instansi.id", max_length=32)
    satuan_kerja_id: str | None = Field(default=None, foreign_key="satuan_kerja.id", max_length=32)
    company_id: str | None = Field(
        default=None, sa_column=Column(String(32), ForeignKey("company.id", name="fk_membership_company"))
    )
    branch_id: str | None = Field(
        default=None, sa_column=Column(String(32), ForeignKey("branch.id", name="fk_membership_branch"))
    )
    """Of a Penyedia: the company, and for an Admin Cabang the division or branch of it."""
    valid_from: date
    valid_until: date | None = None
    state: str = Field(default="active", max_length=16)
    """active | inactive (Nonaktif) | expired (Kedaluwarsa); the dates decide as well, at every request"""
    source_key: str | None = Field(default=None, max_length=120)
    """What granted it (instance and element): granting twice is granting once."""
    life_id: str | None = Field(default=None, max_length=32)
    """The case that sees it to its end: reminds, marks it Kedaluwarsa, takes its deactivation and reactivation."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class OneTimeLink(SQLModel, table=True):
    """A link that sets a password once. Only the token's digest is kept."""

    __tablename__ = "one_time_link"
    token_digest: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="user_account.id", max_length=32)
    purpose: str = Field(max_length=16)
    """activate | reset"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebSession(SQLModel, table=True):
    """A signed-in (or not yet signed-in) browser. Only the digest of the cookie's value is kept."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_user", "user_id"),)
    digest: str = Field(primary_key=True, max_length=64)
    user_id: str | None = Field(default=None, foreign_key="user_account.id", max_length=32)
    data: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class LoginFailure(SQLModel, table=True):
    """A refused login, by digest of account and of address, for throttling."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_key", "key", "at"),)
    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class AccountEvent(SQLModel, table=True):
    """Something done to an account or its memberships, by whom and why. Only ever added."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_user", "user_id", "at"),)
    id: str = Field(primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="user_account.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=60)
    """`subject:action`, e.g. `membership:granted`, `account:disabled`"""
    actor_id: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", max_length=1000)
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
