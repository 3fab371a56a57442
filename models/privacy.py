"""Personal data looked at with a reason: unmaskings, and requests of people for a report of what is held of them."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class Unmasking(SQLModel, table=True):
    """An auditor looks at the personal data of a case, for a time and with a reason. The ledger keeps its digest."""

    __tablename__ = "unmasking"
    __table_args__ = (Index("ix_unmasking_reader", "user_id", "instance_id", "until"),)
    id: str = Field(primary_key=True, max_length=32)
    instance_id: str = Field(max_length=32)
    """No foreign key: that somebody looked outlives the case."""
    user_id: str = Field(foreign_key="user_account.id", max_length=32)
    reason: str = Field(max_length=500)
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its button ended it, before its time."""


class SubjectRequest(SQLModel, table=True):
    """A person asked what is held of them. The answer is owed by `due_at`."""

    __tablename__ = "subject_request"
    __table_args__ = (Index("ix_subject_request_due", "answered_at", "due_at"),)
    id: str = Field(primary_key=True, max_length=32)
    subject_key: str = Field(max_length=40)
    """`akun-…` with the id of their account, or `peserta-…` with that of a participant who has none."""
    received_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    noted_by: str = Field(foreign_key="user_account.id", max_length=32)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=32)
