"""Penyedia: companies by their NIB, who leads them, their divisions and branches, and who may act for them."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class Company(SQLModel, table=True):
    """A company, by the NIB it has from OSS."""

    __tablename__ = "company"
    id: str = Field(primary_key=True, max_length=32)
    nib: str = Field(unique=True, max_length=13)
    name: str = Field(max_length=200)
    address: str = Field(default="", max_length=500)
    registered_by_instance: str | None = Field(default=None, max_length=32)
    """The application that named it last; None when it was recorded otherwise."""
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When LKPP first found its papers in order. Until then an application may correct what it says."""
    created_at: datetime = Field(sa_type=UtcDateTime)


class Director(SQLModel, table=True):
    """A Penanggung Jawab/Pengurus/Direksi on the NIB, in the order of the list. Numbers of passports stay in papers."""

    __tablename__ = "director"
    __table_args__ = (UniqueConstraint("company_id", "place"),)
    id: str = Field(primary_key=True, max_length=32)
    company_id: str = Field(foreign_key="company.id", max_length=32)
    place: int
    name: str = Field(max_length=200)
    position: str = Field(max_length=100)
    citizenship: str = Field(max_length=3)
    """wni | wna"""
    country: str = Field(default="", max_length=60)
    """Of a WNA."""
    user_id: str | None = Field(default=None, foreign_key="user_account.id", max_length=32)
    """Their account, once one is known: only a director with an account can be Admin in person."""


class Branch(SQLModel, table=True):
    """A division or a branch of a company: two spellings of one name are one."""

    __tablename__ = "branch"
    __table_args__ = (UniqueConstraint("company_id", "name_key"),)
    id: str = Field(primary_key=True, max_length=32)
    company_id: str = Field(foreign_key="company.id", max_length=32)
    kind: str = Field(max_length=10)
    """divisi | cabang"""
    name: str = Field(max_length=200)
    name_key: str = Field(max_length=200)
    address: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PersonProfile(SQLModel, table=True):
    """Who an account belongs to: the second step of an Akun INAPROC, after the account and before any access."""

    __tablename__ = "person_profile"
    __table_args__ = (UniqueConstraint("identity_kind", "identity_number"),)
    user_id: str = Field(foreign_key="user_account.id", primary_key=True, max_length=32)
    name: str = Field(max_length=200)
    citizenship: str = Field(max_length=3)
    identity_kind: str = Field(max_length=10)
    """nik | paspor | kitas"""
    identity_number: str = Field(max_length=30)
    """One person, one profile. Shown masked."""
    birth_date: date
    address: str = Field(default="", max_length=500)
    state: str = Field(default="draft", max_length=10)
    """draft | verified"""
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verified_by: str = Field(default="", max_length=40)
    """dukcapil_simulasi | lkpp"""
    instance_id: str | None = Field(default=None, max_length=32)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class PowerOfAttorney(SQLModel, table=True):
    """A surat kuasa as its Pemberi Kuasa is asked about it, by a link that answers once. Only its digest is kept."""

    __tablename__ = "power_of_attorney"
    __table_args__ = (Index("ix_power_of_attorney_instance", "instance_id", "state"),)
    id: str = Field(primary_key=True, max_length=32)
    instance_id: str = Field(foreign_key="instance.id", max_length=32)
    company_id: str = Field(foreign_key="company.id", max_length=32)
    grantor_id: str = Field(foreign_key="user_account.id", max_length=32)
    grantor_name: str = Field(max_length=200)
    grantor_position: str = Field(default="", max_length=100)
    grantee_id: str = Field(foreign_key="user_account.id", max_length=32)
    valid_until: date
    state: str = Field(default="asked", max_length=10)
    """asked | confirmed | declined | void (asked anew, or never answered)"""
    token_digest: str = Field(unique=True, max_length=64)
    token_until: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
