"""Publications: which version shall hold for whom from when, who asked for it, who looked at it, and why."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class Publication(SQLModel, table=True):
    """One wish to make a version hold, from its submission to its end."""

    __tablename__ = "publication"
    __table_args__ = (
        Index("ix_publication_key", "definition_key", "requested_at"),
        Index("ix_publication_due", "state", "starts_at"),
    )
    id: str = Field(primary_key=True, max_length=32)
    definition_key: str = Field(max_length=80)
    """The process, which need not be there before its first publication."""
    draft_id: str | None = Field(default=None, foreign_key="draft.id", max_length=32)
    """None when a version that is there already shall hold (again, or for more cases)."""
    digest: str = Field(max_length=64)
    """Of the files that were submitted: the version they are, or will be."""
    version_id: str | None = Field(default=None, foreign_key="definition_version.id", max_length=64)
    """From the approval on."""
    scope: str = Field(default="all", max_length=12)
    """all (every case started from then on) | new (also, but running programmes keep theirs) |
    programme (only cases of one programme)"""
    programme_id: str | None = Field(default=None, foreign_key="programme.id", max_length=32)
    note: str = Field(max_length=500)
    state: str = Field(default="review", max_length=12)
    """review | refused | scheduled | live | ended (something else holds now) | withdrawn | cancelled"""
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: as soon as it is approved."""
    requested_by: str = Field(max_length=32)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    before: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """What held where it began to hold: {"current": version or None, "programmes": {id: version}}."""


class PublicationAct(SQLModel, table=True):
    """What somebody did to a publication, when and why. Only ever added."""

    __tablename__ = "publication_act"
    publication_id: str = Field(foreign_key="publication.id", primary_key=True, max_length=32)
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=12)
    """submitted | approved | refused | started | ended | resumed | withdrawn | stopped | cancelled"""
    by: str | None = Field(default=None, sa_column_kwargs={"name": "done_by"}, max_length=32)
    """None: the clock did it."""
    reason: str = Field(default="", max_length=500)
    at: datetime = Field(sa_type=UtcDateTime, sa_column_kwargs={"name": "done_at"})
