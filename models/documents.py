"""Documents by content: the file once, who attached it to which case, and who read it."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class Document(SQLModel, table=True):
    """A checked file by the SHA-256 of what is stored."""

    __tablename__ = "document"
    digest: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=8)
    """pdf | jpg"""
    size: int
    stored_at: datetime = Field(sa_type=UtcDateTime)


class Attachment(SQLModel, table=True):
    """A document as somebody gave it: for a task's field, under a name. Belongs to a case once submitted."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_instance", "instance_id"), Index("ix_attachment_task", "user_task_id"))
    id: str = Field(primary_key=True, max_length=32)
    digest: str = Field(foreign_key="document.digest", max_length=64)
    filename: str = Field(max_length=200)
    field: str = Field(max_length=120)
    instance_id: str | None = Field(default=None, max_length=32)
    user_task_id: str | None = Field(default=None, max_length=32)
    uploaded_by: str | None = Field(default=None, max_length=32)
    """None: Alur wrote it (a certificate, a list of results)."""
    uploaded_at: datetime = Field(sa_type=UtcDateTime)
    submitted: bool = False


class DocumentReading(SQLModel, table=True):
    """One reading of a document by a person."""

    __tablename__ = "document_reading"
    __table_args__ = (Index("ix_document_reading_attachment", "attachment_id", "at"),)
    id: str = Field(primary_key=True, max_length=32)
    attachment_id: str = Field(max_length=32)
    user_id: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
