"""Letters: who writes them, how far each series of numbers has come, each letter with its files and signatures."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.types import JsonText, UtcDateTime


class LetterCounter(SQLModel, table=True):
    """The last number given in a series in a year. Whoever takes the next one holds the row until the commit."""

    __tablename__ = "letter_counter"
    __table_args__ = (CheckConstraint("last > 0", name="letter_counter_last"),)
    series: str = Field(primary_key=True, max_length=80)
    year: int = Field(primary_key=True)
    last: int


class LetterOffice(SQLModel, table=True):
    """An office that writes letters: the head of its paper, and how it numbers. `key`: its instansi's id, or a word."""

    __tablename__ = "letter_office"
    key: str = Field(primary_key=True, max_length=32)
    """`lkpp`, or the id of an instansi. Part of the name of its own templates: `letters/certificate@lkpp.typ`."""
    instansi_id: str | None = Field(default=None, foreign_key="instansi.id", max_length=32)
    name: str = Field(max_length=200)
    """As the public page calls the issuer."""
    lines: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """The head of its letters (kop), line by line."""
    address: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    city: str = Field(default="", max_length=100)
    zone: str = Field(default="Asia/Jakarta", max_length=40)
    """Whose year begins its numbers anew."""
    class_code: str = Field(default="", max_length=40)
    """{class} in its numbers: the classification of the archive, `800`"""
    unit_code: str = Field(default="", max_length=40)
    """{unit} in its numbers: `BKD2.1`"""
    number_pattern: str = Field(default="", max_length=60)
    """For every kind that `patterns` does not name; empty: as the process says."""
    patterns: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Kind of letter → pattern."""
    signer_title: str = Field(default="", max_length=200)
    signer_name: str = Field(default="", max_length=200)
    signer_nip: str = Field(default="", max_length=18)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    updated_by: str | None = Field(default=None, max_length=32)


class Letter(SQLModel, table=True):
    """A numbered letter. Its number stays its own, whatever becomes of it; once signed it is never changed."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("office", "year", "number"),
        UniqueConstraint("series", "year", "running"),
        Index("ix_letter_instance", "instance_id"),
        Index("ix_letter_issued", "issued_at", "id"),
        Index("ix_letter_office", "office", "issued_at", "id"),
        Index(
            "uq_letter_replaces",
            "replaces_id",
            unique=True,
            sqlite_where=text("replaces_id IS NOT NULL"),
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=32)
    code: str = Field(unique=True, max_length=16)
    """What the public page is asked with. Nobody can guess one."""
    key: str = Field(unique=True, max_length=120)
    """What asked for it (case and token): asked for again, it is the same letter."""
    instance_id: str = Field(foreign_key="instance.id", max_length=32)
    office: str = Field(max_length=32)
    issuer: str = Field(max_length=200)
    """The office's name when the letter was numbered."""
    kind: str = Field(max_length=60)
    series: str = Field(max_length=80)
    year: int
    running: int | None = None
    """None: it was numbered before there was a book."""
    number: str = Field(max_length=120)
    subject: str = Field(max_length=300)
    """Hal."""
    addressee: str = Field(default="", max_length=300)
    holder: str = Field(default="", max_length=200)
    """Whom it is about, masked as the public may see it."""
    state: str = Field(default="issued", max_length=12)
    """issued (numbered) | signed | withdrawn | replaced | cancelled"""
    issued_on: date
    """In the office's zone."""
    issued_at: datetime = Field(sa_type=UtcDateTime)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was withdrawn, replaced or cancelled."""
    reason: str = Field(default="", max_length=500)
    attachment_id: str | None = Field(default=None, max_length=32)
    """Its newest file."""
    replaces_id: str | None = Field(default=None, foreign_key="letter.id", max_length=32)


class LetterFile(SQLModel, table=True):
    """A letter's file at one stage: as it was written, and after each further signature. Only ever added."""

    __tablename__ = "letter_file"
    __table_args__ = (Index("ix_letter_file_digest", "digest"),)
    letter_id: str = Field(foreign_key="letter.id", primary_key=True, max_length=32)
    stage: int = Field(primary_key=True)
    key: str = Field(unique=True, max_length=120)
    """What asked for it: asked for again, it is the same file."""
    digest: str = Field(max_length=64)
    attachment_id: str = Field(max_length=32)
    signatures: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """All in this file: kind (seal | person), name, title, reason, at, issuer, service, serial."""
    written_at: datetime = Field(sa_type=UtcDateTime)


class LetterEvent(SQLModel, table=True):
    """What was done to a letter or to an office's paper by hand, by whom and why. Only ever added."""

    __tablename__ = "letter_event"
    __table_args__ = (Index("ix_letter_event", "subject_id", "at"),)
    id: str = Field(primary_key=True, max_length=32)
    subject_id: str = Field(max_length=32)
    """The letter, or the office's key."""
    kind: str = Field(max_length=40)
    """`letter:cancelled`, `letter:withdrawn`, `letter:replaced`, `office:changed`"""
    actor_id: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", max_length=500)
    detail: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    at: datetime = Field(sa_type=UtcDateTime)
