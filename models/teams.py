"""Teams appointed by an SK, their members, and the scores that each assessor gave on their own."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index, Numeric, text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime

ACTIVE = text("state = 'active'")
HEADS = text("position <> 'anggota'")


class Team(SQLModel, table=True):
    """A team of a programme, appointed by an SK. `id` is its case's id."""

    __tablename__ = "team"
    __table_args__ = (
        Index("uq_team_active", "programme_id", "kind", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    )
    id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    programme_id: str = Field(foreign_key="programme.id", max_length=32)
    kind: str = Field(max_length=30)
    """The role that its members hold: tim_seleksi | tim_uji"""
    sk_number: str = Field(max_length=100)
    sk_date: date
    sk_attachment_id: str | None = Field(default=None, max_length=32)
    state: str = Field(default="active", max_length=12)
    """active | replaced"""
    appointed_at: datetime = Field(sa_type=UtcDateTime)


class TeamMember(SQLModel, table=True):
    """A person in a team: once, and one ketua and one sekretaris in each."""

    __tablename__ = "team_member"
    __table_args__ = (
        Index("uq_team_head", "team_id", "position", unique=True, sqlite_where=HEADS, postgresql_where=HEADS),
        Index("ix_team_member_user", "user_id"),
    )
    team_id: str = Field(foreign_key="team.id", primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="user_account.id", primary_key=True, max_length=32)
    position: str = Field(max_length=12)
    """ketua | sekretaris | anggota"""
    number: int
    """Order in the SK."""
    title: str = Field(default="", max_length=200)
    """Office held, as letters name it."""
    origin: str = Field(default="", max_length=200)
    """*Unsur*: the unit that the member comes from."""
    membership_id: str | None = Field(default=None, max_length=32)
    """The role that the SK gave."""


class Assessment(SQLModel, table=True):
    """What one assessor found in one portfolio, in one round: once, whatever happens at the same moment."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index("uq_assessment", "participant_id", "round", "assessor_id", unique=True),
        CheckConstraint("score >= 0 AND score <= 100", name="assessment_score"),
    )
    id: str = Field(primary_key=True, max_length=32)
    participant_id: str = Field(foreign_key="participant.id", max_length=32)
    round: int
    assessor_id: str = Field(foreign_key="user_account.id", max_length=32)
    kind: str = Field(default="penilai", max_length=20)
    """penilai | pendapat_ketiga"""
    scores: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    score: Decimal = Field(sa_column=Column(Numeric(6, 2), nullable=False))
    note: str = Field(default="", max_length=2000)
    given_at: datetime = Field(sa_type=UtcDateTime)
