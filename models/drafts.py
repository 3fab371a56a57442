"""Drafts of the studio: the files an owner works on, every saved state of them, and who is looking at them now."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import Bytes, UtcDateTime


class Draft(SQLModel, table=True):
    """A package in the making. Nothing runs on it; publishing makes a version of its files."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_key", "key", "state"),)
    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=80)
    """The process it is for; that process need not exist yet."""
    title: str = Field(max_length=200)
    based_on: str | None = Field(default=None, foreign_key="definition_version.id", max_length=64)
    """The version it began as; None when it began from a template or an uploaded file."""
    state: str = Field(default="open", max_length=12)
    """open | review (frozen until somebody decides) | published | discarded"""
    revision: int = 1
    """Counts every save of any of its files."""
    created_by: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = Field(max_length=32)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class DraftFile(SQLModel, table=True):
    """A file of a draft as it is now. `revision` is the draft's at its last save; whoever saves names the one seen."""

    __tablename__ = "draft_file"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True, max_length=32)
    path: str = Field(primary_key=True, max_length=300)
    body: bytes = Field(sa_column=Column(Bytes, nullable=False))
    revision: int
    changed_by: str = Field(max_length=32)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class DraftSave(SQLModel, table=True):
    """One saved state of one file, never changed afterwards: any of them can be brought back."""

    __tablename__ = "draft_save"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True, max_length=32)
    revision: int = Field(primary_key=True)
    path: str = Field(primary_key=True, max_length=300)
    body: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """Compressed: a diagram saves itself every few seconds. None when the file was removed."""
    by: str = Field(sa_column_kwargs={"name": "saved_by"}, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs={"name": "saved_at"})


class DraftPresence(SQLModel, table=True):
    """Who has which file of a draft open, as their browser last said."""

    __tablename__ = "draft_presence"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True, max_length=32)
    user_id: str = Field(primary_key=True, max_length=32)
    path: str = Field(default="", primary_key=True, max_length=300)
    """Empty on a page of the draft that edits no file."""
    seen_at: datetime = Field(sa_type=UtcDateTime)
