"""The 17 standards of an LPSE: its phases, its items (a standard in one of three stages), evidence, and events."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class Lpse(SQLModel, table=True):
    """An LPSE that works on its standards. `id` is its case's id; an instansi has one."""

    __tablename__ = "lpse"
    id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    instansi_id: str = Field(foreign_key="instansi.id", unique=True, max_length=32)
    name: str = Field(max_length=200)
    registered_at: datetime = Field(sa_type=UtcDateTime)
    registered_by: str | None = Field(default=None, max_length=32)
    fulfilled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the last of the 17 standards was fulfilled."""
    letter_number: str = Field(default="", max_length=120)
    letter_attachment_id: str | None = Field(default=None, max_length=32)
    """The *surat keterangan pemenuhan standar*."""


class LpsePhase(SQLModel, table=True):
    """Dasar, Menengah, Atas or Faktual of one LPSE."""

    __tablename__ = "lpse_phase"
    lpse_id: str = Field(foreign_key="lpse.id", primary_key=True, max_length=32)
    phase: str = Field(primary_key=True, max_length=20)
    """dasar | menengah | atas | faktual"""
    position: int
    state: str = Field(default="waiting", max_length=12)
    """waiting | open | done"""
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_by: str | None = Field(default=None, max_length=32)
    override_reason: str = Field(default="", max_length=500)
    """Why it was opened before the earlier ones were done; empty when they were."""
    target_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LpseItem(SQLModel, table=True):
    """One standard in one stage: who answers for it, and how far it is. It has a case of its own once it has a PIC."""

    __tablename__ = "lpse_item"
    __table_args__ = (
        UniqueConstraint("lpse_id", "standard", "stage", name="lpse_item_once"),
        CheckConstraint("reviewer_id IS NULL OR reviewer_id <> submitted_by", name="lpse_item_four_eyes"),
        Index("ix_lpse_item_pic", "pic_id", "state"),
    )
    id: str = Field(primary_key=True, max_length=32)
    lpse_id: str = Field(foreign_key="lpse.id", max_length=32)
    phase: str = Field(max_length=20)
    standard: int
    """1 to 17."""
    title: str = Field(max_length=200)
    stage: str = Field(max_length=16)
    """policy | perencanaan | pelaksanaan"""
    asked: str = Field(default="", max_length=1000)
    """What the standard asks for in this stage, in the words of the package."""
    state: str = Field(default="belum", max_length=20)
    """belum | berjalan | diajukan | perlu_perbaikan | terpenuhi"""
    pic_id: str | None = Field(default=None, max_length=32)
    team: str = Field(default="", max_length=300)
    instance_id: str | None = Field(default=None, max_length=32)
    """Its case. Written by the act that starts that case, before the case's own row: hence no foreign key."""
    submitted_by: str | None = Field(default=None, max_length=32)
    reviewer_id: str | None = Field(default=None, max_length=32)
    """Who reviewed what was submitted last: never who submitted it."""
    rounds: int = 0
    """How often it was submitted."""
    note: str = Field(default="", max_length=2000)
    """What the reviewer found wanting, or remarked."""
    changed_at: datetime = Field(sa_type=UtcDateTime)


class LpseEvidence(SQLModel, table=True):
    """A document that was submitted for an item."""

    __tablename__ = "lpse_evidence"
    item_id: str = Field(foreign_key="lpse_item.id", primary_key=True, max_length=32)
    round: int = Field(primary_key=True)
    attachment_id: str = Field(primary_key=True, max_length=32)
    filename: str = Field(max_length=300)
    at: datetime = Field(sa_type=UtcDateTime)


class LpseEvent(SQLModel, table=True):
    """What happened to an item or a phase, in order. Only ever added."""

    __tablename__ = "lpse_event"
    __table_args__ = (Index("ix_lpse_event", "lpse_id", "at"), Index("ix_lpse_event_item", "item_id", "at"))
    id: str = Field(primary_key=True, max_length=32)
    lpse_id: str = Field(foreign_key="lpse.id", max_length=32)
    item_id: str | None = Field(default=None, foreign_key="lpse_item.id", max_length=32)
    phase: str = Field(default="", max_length=20)
    kind: str = Field(max_length=20)
    """state | pic | opened | overridden | done"""
    state: str = Field(default="", max_length=20)
    by: str | None = Field(default=None, max_length=32)
    person_id: str | None = Field(default=None, max_length=32)
    """The PIC that was named."""
    reason: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)
