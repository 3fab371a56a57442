"""The working calendar as data with versions: entries with their legal source, and units' own weeks and days."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime


class CalendarVersion(SQLModel, table=True):
    """A state of the national calendar. A deadline remembers the number it was computed with."""

    __tablename__ = "calendar_version"
    number: int = Field(primary_key=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=200)
    note: str = Field(default="", max_length=1000)


class CalendarEntry(SQLModel, table=True):
    """A day off. Valid from the version that brought it until the one that revoked it."""

    __tablename__ = "calendar_entry"
    __table_args__ = (Index("ix_calendar_entry_day", "day"),)
    id: str = Field(primary_key=True, max_length=32)
    day: date
    name: str = Field(max_length=300)
    name_en: str = Field(default="", max_length=300)
    kind: str = Field(max_length=20)
    """libur_nasional | cuti_bersama"""
    legal_source: str = Field(max_length=300)
    tentative: bool = False
    """Announced by estimate only (moon sighting), not yet by an SKB."""
    added_in: int = Field(foreign_key="calendar_version.number")
    revoked_in: int | None = Field(default=None, foreign_key="calendar_version.number")


class CalendarYear(SQLModel, table=True):
    """A year for which an SKB is in force; a deadline in any other year is refused."""

    __tablename__ = "calendar_year"
    year: int = Field(primary_key=True)
    legal_source: str = Field(max_length=300)
    added_in: int = Field(foreign_key="calendar_version.number")


class UnitWeek(SQLModel, table=True):
    """An instansi that does not work Monday to Friday, from a version of the calendar on."""

    __tablename__ = "unit_week"
    instansi_id: str = Field(primary_key=True, max_length=32)
    added_in: int = Field(primary_key=True, foreign_key="calendar_version.number")
    weekdays: str = Field(default="12345", max_length=7)
    """ISO weekday digits, e.g. 123456."""


class UnitClosingDay(SQLModel, table=True):
    """A day an instansi is closed by its own decision (a regional holiday)."""

    __tablename__ = "unit_closing_day"
    __table_args__ = (Index("ix_unit_closing_day", "instansi_id", "day"),)
    id: str = Field(primary_key=True, max_length=32)
    instansi_id: str = Field(max_length=32)
    day: date
    name: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=200)
    legal_source: str = Field(default="", max_length=300)
    added_in: int = Field(foreign_key="calendar_version.number")
    revoked_in: int | None = Field(default=None, foreign_key="calendar_version.number")
