"""Searches that auditors keep: what was asked for, never what was found."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class SavedSearch(SQLModel, table=True):
    """The arguments of a list of cases under a name; a shared one is offered to every auditor."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("ix_saved_search_owner", "owner_id", "name"), Index("ix_saved_search_shared", "shared"))
    id: str = Field(primary_key=True, max_length=32)
    owner_id: str = Field(max_length=32)
    name: str = Field(max_length=80)
    arguments: dict = Field(sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Of the address, by name; a person is named by an id only."""
    shared: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
