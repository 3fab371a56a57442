"""Exam schedules, seats and results. Seats never exceed the quota: the database refuses it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime

LIVE = text("state IN ('booked', 'waiting')")


class ExamSchedule(SQLModel, table=True):
    """A schedule that was opened. `id` is its case's id."""

    __tablename__ = "exam_schedule"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= quota", name="exam_schedule_seats"),
        CheckConstraint("quota > 0", name="exam_schedule_quota"),
        Index("ix_exam_schedule_programme", "programme_id", "state", "starts_at"),
    )
    id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    programme_id: str = Field(foreign_key="programme.id", max_length=32)
    kind: str = Field(max_length=12)
    """reguler | instansi"""
    instansi_id: str | None = Field(default=None, foreign_key="instansi.id", max_length=32)
    """Only participants of this instansi (a schedule of kind instansi)."""
    method: str = Field(max_length=20)
    """portofolio | tes_tertulis"""
    name: str = Field(max_length=200)
    place: str = Field(max_length=300)
    zone: str = Field(max_length=40)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    """Batas Akhir Pendaftaran: the end of day H-12."""
    closes_why: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """The explanation, day by day (calendars.Explained)."""
    repair_until: datetime = Field(sa_type=UtcDateTime)
    """H+2, 16.00 WIB: until then a portfolio may be repaired."""
    quota: int
    taken: int = 0
    state: str = Field(default="open", max_length=12)
    """open | closed | held | finished | cancelled"""
    result_attachment_id: str | None = Field(default=None, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Booking(SQLModel, table=True):
    """A participant's seat, or place in the waiting list, in a schedule. At most one live one for a participant."""

    __tablename__ = "booking"
    __table_args__ = (
        Index("uq_booking_live", "participant_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_booking_participant", "participant_id", "state"),
        Index("ix_booking_schedule", "schedule_id", "state", "number"),
        UniqueConstraint("schedule_id", "number"),
    )
    id: str = Field(primary_key=True, max_length=32)
    schedule_id: str = Field(foreign_key="exam_schedule.id", max_length=32)
    participant_id: str = Field(foreign_key="participant.id", max_length=32)
    number: int
    """In the order of arrival: whoever waits gets a seat in this order."""
    attempt: int
    state: str = Field(max_length=12)
    """booked | waiting | done (the exam was taken) | released | dropped (not complete when H-12 ended)"""
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ExamResult(SQLModel, table=True):
    """What came out of one exam of a participant."""

    __tablename__ = "exam_result"
    __table_args__ = (
        UniqueConstraint("participant_id", "attempt"),
        Index("ix_exam_result_schedule", "schedule_id"),
    )
    id: str = Field(primary_key=True, max_length=32)
    participant_id: str = Field(foreign_key="participant.id", max_length=32)
    schedule_id: str = Field(foreign_key="exam_schedule.id", max_length=32)
    attempt: int
    method: str = Field(max_length=20)
    outcome: str = Field(max_length=20)
    """lulus | tidak_lulus | tidak_hadir"""
    score: Decimal | None = Field(default=None, sa_column=Column(Numeric(6, 2)))
    note: str = Field(default="", max_length=500)
    recorded_by: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
