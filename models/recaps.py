"""Recaps (*rekap per tanggal*): how many accounts INAPROC counted on a day, by agency and by role."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime

NON_PENYEDIA = ("pejabat_pembuat_komitmen", "pejabat_pengadaan", "bendahara", "vai")
"""Roles whose accounts a recap counts, in its order; named by the package `inaproc_access`."""


class AgencyRecap(SQLModel, table=True):
    """Accounts of one agency on a day; its verifiers (VAI) are among them."""

    __tablename__ = "agency_recap"
    __table_args__ = (
        CheckConstraint("vai >= 0 AND accounts >= vai", name="agency_recap_counts"),
        Index("ix_agency_recap_instansi", "instansi_id", "day"),
    )
    day: date = Field(primary_key=True)
    instansi_id: str = Field(primary_key=True, foreign_key="instansi.id", max_length=32)
    vai: int
    accounts: int
    source: str = Field(max_length=60)
    """The import that wrote it: `import:<run>`."""
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class RoleRecap(SQLModel, table=True):
    """Accounts of one role in the whole country on a day."""

    __tablename__ = "role_recap"
    __table_args__ = (CheckConstraint("accounts >= 0", name="role_recap_counts"),)
    day: date = Field(primary_key=True)
    role: str = Field(primary_key=True, max_length=60)
    accounts: int
    source: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
