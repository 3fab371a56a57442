"""Letters: how far each series of numbers has come."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class LetterCounter(SQLModel, table=True):
    """The last number given in a series in a year. Whoever takes the next one holds the row until the commit."""

    __tablename__ = "letter_counter"
    __table_args__ = (CheckConstraint("last > 0", name="letter_counter_last"),)
    series: str = Field(primary_key=True, max_length=80)
    year: int = Field(primary_key=True)
    last: int
