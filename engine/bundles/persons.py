"""How people are called in an export: by a number of this export, or by name where the reader may know it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import User

SYSTEM = "Alur"
"""Who did what nobody did."""


@dataclass
class Persons:
    """`P1`, `P2` … in the order of first mention: the same person is the same in one export, and in no other."""

    named: bool = False
    _numbers: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def learn(self, unit: UnitOfWork, ids: Iterable[str | None]) -> None:
        """Read the names of these, if names are to be told."""
        new = sorted({ident for ident in ids if ident is not None} - self._names.keys()) if self.named else []
        if new:
            query = select(col(User.id), col(User.name)).where(col(User.id).in_(new))
            self._names |= {row.id: row.name for row in unit.connection.execute(query)}

    def number(self, ident: str) -> str:
        return self._numbers.setdefault(ident, f"P{len(self._numbers) + 1}")

    def called(self, ident: str | None) -> str:
        """The name, or the number where names are not told; the system's where it is nobody."""
        if ident is None:
            return SYSTEM
        return self._names.get(ident) or self.number(ident)
