"""Processes as deployed: a version is a whole package folder, addressed by its content."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class Definition(SQLModel, table=True):
    """A process by its key (the package folder's name, e.g. `inaproc_access`)."""

    __tablename__ = "definition"
    key: str = Field(primary_key=True, max_length=80)
    title: str = Field(max_length=200)
    owner: str = Field(max_length=200)
    current_version_id: str | None = Field(default=None, max_length=64)
    """The version new instances start on; None while nothing is published or the process is withdrawn."""


class DefinitionVersion(SQLModel, table=True):
    """One deployed state of a package. `id` is the SHA-256 over its files: equal content is one version."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("definition_key", "number"),)
    id: str = Field(primary_key=True, max_length=64)
    definition_key: str = Field(foreign_key="definition.key", max_length=80)
    number: int
    main_process: str = Field(max_length=80)
    manifest: dict = Field(sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    deployed_at: datetime = Field(sa_type=UtcDateTime)
    deployed_by: str = Field(max_length=200)
    note: str = Field(default="", max_length=1000)


class DefinitionFile(SQLModel, table=True):
    """One file of a version, byte for byte as it was deployed."""

    __tablename__ = "definition_file"
    __table_args__ = (Index("ix_definition_file_version", "version_id"),)
    version_id: str = Field(foreign_key="definition_version.id", primary_key=True, max_length=64)
    path: str = Field(primary_key=True, max_length=300)
    body: bytes = Field(sa_column=Column(Bytes, nullable=False))
