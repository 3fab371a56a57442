"""Pedoman dan Peraturan of a programme: what its owner keeps for everybody to download."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class ProgrammeGuide(SQLModel, table=True):
    """A guide, a regulation or a sample format: a file, or a link to where it is kept. Taken down, the row stays."""

    __tablename__ = "programme_guide"
    __table_args__ = (Index("ix_programme_guide", "programme_id", "kind", "added_at"),)
    id: str = Field(primary_key=True, max_length=32)
    programme_id: str = Field(foreign_key="programme.id", max_length=32)
    kind: str = Field(max_length=16)
    """pedoman | peraturan | contoh_format"""
    title: str = Field(max_length=200)
    link: str = Field(default="", max_length=1000)
    """Empty where a file is kept here."""
    attachment_id: str | None = Field(default=None, foreign_key="attachment.id", max_length=32)
    added_by: str | None = Field(default=None, max_length=32)
    added_at: datetime = Field(sa_type=UtcDateTime)
    removed_by: str | None = Field(default=None, max_length=32)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
