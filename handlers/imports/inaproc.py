"""What the imports of INAPROC share: roles as its lists write them, and which agency a name means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.forms.model import Option
from engine.imports import Scope
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Instansi

COUNTRY = "nasional"
SHORT = {"pejabat_pembuat_komitmen": "PPK", "pejabat_pengadaan": "PP", "bendahara": "Bendahara", "vai": "VAI"}
ROLES = tuple(Option(key, Text(name, name)) for key, name in SHORT.items())
KINDS = (
    Option("kementerian", Text("Kementerian", "Ministry")),
    Option("lembaga", Text("Lembaga", "Institution")),
    Option("provinsi", Text("Provinsi", "Province")),
    Option("kabupaten", Text("Kabupaten", "Regency")),
    Option("kota", Text("Kota", "City")),
)
UNKNOWN = Text(
    "“{name}” tidak ada dalam daftar instansi. Tulis namanya seperti pada daftar, mis. Kabupaten Kapuas.",
    "“{name}” is not in the list of agencies. Write its name as there, e.g. Kabupaten Kapuas.",
)


@dataclass(frozen=True)
class Agency:
    """An agency as a row of an import needs it."""

    id: str
    zone: str


class Agencies:
    """All agencies by name; case and spacing do not count, nor does a kind left out where another column gives it."""

    def __init__(self, unit: UnitOfWork) -> None:
        found = unit.connection.execute(select(col(Instansi.id), col(Instansi.name), col(Instansi.kind),
                                               col(Instansi.zone))).all()  # fmt: skip
        self._by_name = {_key(row.name): Agency(row.id, row.zone) for row in found}
        self._by_kind = {(row.kind, _key(row.name)): Agency(row.id, row.zone) for row in found}

    def named(self, name: str) -> Agency | None:
        return self._by_name.get(_key(name))

    def of_kind(self, kind: str, name: str) -> Agency | None:
        return self._by_kind.get((kind, _key(name))) or self._by_kind.get((kind, _key(f"{kind} {name}")))


def country(roles: Iterable[str]) -> "Scopes":
    """The whole country, for holders of one of these roles everywhere."""
    return Scopes(tuple(roles))


@dataclass(frozen=True)
class Scopes:
    """What `ImportKind.scopes` is asked for."""

    roles: tuple[str, ...]

    def __call__(self, unit: UnitOfWork, actor: Actor, now: datetime) -> list[Scope]:  # noqa: ARG002 -- a kind's signature
        title = Text("Seluruh Indonesia", "All of Indonesia")
        return [Scope(COUNTRY, title)] if any(grant.role in self.roles for grant in actor.grants) else []


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
