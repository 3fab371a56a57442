"""Formasi and participants of a programme. The database itself keeps them within what was approved."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime

COUNTING = text("counts")


class Formasi(SQLModel, table=True):
    """How many of a jenjang an instansi may have in a programme: approved by LKPP, and taken by participants."""

    __tablename__ = "formasi"
    __table_args__ = (
        CheckConstraint("approved >= 0", name="formasi_approved"),
        CheckConstraint("used >= 0 AND used <= approved", name="formasi_used"),
    )
    programme_id: str = Field(foreign_key="programme.id", primary_key=True, max_length=32)
    instansi_id: str = Field(foreign_key="instansi.id", primary_key=True, max_length=32)
    jenjang: str = Field(primary_key=True, max_length=20)
    """pertama | muda | madya"""
    approved: int = 0
    used: int = 0
    instance_id: str = Field(max_length=32)
    """The proposal that was approved last."""
    approved_at: datetime = Field(sa_type=UtcDateTime)


class Participant(SQLModel, table=True):
    """A peserta: one row and one case. `id` is the case's id."""

    __tablename__ = "participant"
    __table_args__ = (
        Index(
            "uq_participant_nip",
            "programme_id",
            "nip",
            unique=True,
            sqlite_where=COUNTING,
            postgresql_where=COUNTING,
        ),
        Index("ix_participant_instansi", "programme_id", "instansi_id", "state"),
        Index("ix_participant_state", "programme_id", "state"),
    )
    id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    programme_id: str = Field(foreign_key="programme.id", max_length=32)
    instansi_id: str = Field(foreign_key="instansi.id", max_length=32)
    nip: str = Field(max_length=18)
    name: str = Field(max_length=200)
    birth_place: str = Field(default="", max_length=100)
    birth_date: date | None = None
    golongan: str = Field(max_length=8)
    jenjang: str = Field(max_length=20)
    position: str = Field(default="", max_length=200)
    work_unit: str = Field(default="", max_length=200)
    email: str = Field(max_length=320)
    phone: str = Field(default="", max_length=20)
    state: str = Field(default="draf", max_length=30)
    """draf | diajukan | tidak_lengkap | lengkap | terdaftar | portofolio_tidak_sesuai | lulus | tidak_lulus |
    ujian_ulang | sertifikat | rekomendasi | diangkat | mengundurkan_diri | tidak_hadir | gugur"""
    counts: bool = True
    """Takes a NIP and a place of the formasi; false once withdrawn, dropped or finally failed."""
    documents: str = Field(default="none", max_length=12)
    """Verification: none | waiting | incomplete | complete"""
    method: str | None = Field(default=None, max_length=20)
    attempts: int = 0
    """Exams taken."""
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ParticipantStage(SQLModel, table=True):
    """Each state a participant has been in: what *Riwayat* and the funnel read."""

    __tablename__ = "participant_stage"
    __table_args__ = (Index("ix_participant_stage", "participant_id", "at"),)
    id: str = Field(primary_key=True, max_length=32)
    participant_id: str = Field(foreign_key="participant.id", max_length=32)
    state: str = Field(max_length=30)
    note: str = Field(default="", max_length=500)
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    at: datetime = Field(sa_type=UtcDateTime)


class Certificate(SQLModel, table=True):
    """A Sertifikat Kompetensi. One for a participant."""

    __tablename__ = "certificate"
    participant_id: str = Field(foreign_key="participant.id", primary_key=True, max_length=32)
    number: str = Field(unique=True, max_length=80)
    attempt: int
    issued_at: datetime = Field(sa_type=UtcDateTime)
    attachment_id: str | None = Field(default=None, max_length=32)
    """The file, once it is written."""


class Recommendation(SQLModel, table=True):
    """A Rekomendasi Pengangkatan for one or several participants of an instansi. `id` is its case's id."""

    __tablename__ = "recommendation"
    id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    programme_id: str = Field(foreign_key="programme.id", max_length=32)
    instansi_id: str = Field(foreign_key="instansi.id", max_length=32)
    number: str = Field(unique=True, max_length=80)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    attachment_id: str | None = Field(default=None, max_length=32)


class RecommendedParticipant(SQLModel, table=True):
    """A participant is recommended once."""

    __tablename__ = "recommended_participant"
    __table_args__ = (Index("ix_recommended_participant", "recommendation_id"),)
    participant_id: str = Field(foreign_key="participant.id", primary_key=True, max_length=32)
    recommendation_id: str = Field(foreign_key="recommendation.id", max_length=32)


class Appointment(SQLModel, table=True):
    """What the instansi reported: the SK by which it appointed the participant."""

    __tablename__ = "appointment"
    participant_id: str = Field(foreign_key="participant.id", primary_key=True, max_length=32)
    sk_number: str = Field(max_length=100)
    sk_date: date
    effective_from: date | None = None
    attachment_id: str | None = Field(default=None, max_length=32)
    reported_at: datetime = Field(sa_type=UtcDateTime)
