"""What a scenario gives: each fact goes to its provider. A programme is opened by itself where none is given."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine import programmes
from engine.errors import AlurError
from engine.facts import FactError, FactProvider, FactProviders, FactWorld, Fields
from engine.flows import flows
from engine.scenarios.filling import plain
from engine.scenarios.model import Fact
from engine.scenarios.outcome import StepError
from engine.scenarios.words import read_instant
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Programme

PROGRAMME = "programme"
_ZONE = ZoneInfo("Asia/Jakarta")
_WORDS = {
    "kunci": "key", "alur": "flow", "judul": "title", "periode": "period", "dibuka": "opens", "ditutup": "closes",
    "zona": "zone", "dasar hukum": "legal_basis", "parameter": "parameters",
}  # fmt: skip
_KNOWN = frozenset(_WORDS.values())


def provider_of(name: str, registered: FactProviders) -> FactProvider | None:
    """The registered provider; of `programme` the engine has one of its own."""
    return registered.get(name) or (_OWN if name in (_OWN.name, *_OWN.aliases) else None)


def names_of(registered: FactProviders) -> list[str]:
    return sorted({*registered.names(), PROGRAMME})


def make(unit: UnitOfWork, now: datetime, fact: Fact, world: FactWorld, registered: FactProviders) -> Fields:
    """Have it made; StepError with the fact's line when it cannot be."""
    provider = provider_of(fact.name, registered)
    if provider is None or provider.make is None:
        known = ", ".join(names_of(registered))
        words = Text(f"tidak ada keadaan “{fact.name}”; yang ada: {known}", f"no fact “{fact.name}”; known: {known}")
        raise StepError(fact.line, words)
    try:
        return provider.make(unit, now, plain(fact.fields), world) or {}
    except AlurError as error:
        raise StepError(fact.line, Text(error.message("id"), error.message("en"))) from error


def open_for_all(
    unit: UnitOfWork, facts: Sequence[Fact], start: datetime, world: FactWorld, known: FactProviders
) -> None:
    """Every flow that is there gets a programme for the year the story begins in, unless the story gives its own."""
    if any((provider := provider_of(f.name, known)) is not None and provider.opens_programme for f in facts):
        return
    for flow in flows(unit):
        world.programme_id = _opened(unit, start, {"flow": flow}).id


def _make_programme(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
    given = {_WORDS.get(name, name): value for name, value in fields.items()}
    if unknown := sorted(set(given) - _KNOWN):
        names, known = ", ".join(unknown), ", ".join(_WORDS)
        raise FactError(why=Text(f"“{names}” tidak dikenal; yang ada: {known}", f"“{names}” is unknown"))
    window: dict[str, Any] = {name: world.instant(str(given[name])) for name in ("opens", "closes") if name in given}
    programme = _opened(unit, now, {**given, **window})
    world.programme_id = programme.id
    return {"id": programme.id, "key": programme.key}


def _opened(unit: UnitOfWork, now: datetime, given: Mapping[str, Any]) -> Programme:
    """With what is not said as of course: the only flow there is, the whole year of the story."""
    there = list(flows(unit))
    flow = given.get("flow") or (there[0] if len(there) == 1 else "")
    year = now.astimezone(_ZONE).year
    closes = given.get("closes") or datetime(year, 12, 31, 23, 59, 59, tzinfo=_ZONE)
    basis = given.get("legal_basis") or []
    return programmes.open_programme(
        unit,
        key=str(given.get("key") or f"{flow}-{year}-{len(list(unit.session.scalars(select(col(Programme.id))))) + 1}"),
        flow=flow,
        title=Text(str(given.get("title") or f"Program {year}"), str(given.get("title") or f"Programme {year}")),
        period=str(given.get("period") or year),
        opens_at=given.get("opens") or datetime(year, 1, 1, tzinfo=_ZONE),
        closes_at=closes,
        zone=str(given.get("zone") or "Asia/Jakarta"),
        legal_basis=[basis] if isinstance(basis, str) else list(basis),
        parameters=given.get("parameters") or {},
        by=None,
        now=now.astimezone(UTC),
    )


def _read_programme(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:  # noqa: ARG001 -- a provider's shape
    found = unit.session.scalars(
        select(Programme).where((col(Programme.key) == name) | (col(Programme.title_id) == name))
    )
    programme = found.first()
    if programme is None:
        return None
    return {"state": programme.state, "opens": programme.opens_at, "closes": programme.closes_at,
            "closed": programme.closed_at, "parameters": programmes.parameter_values(unit, programme)}  # fmt: skip


def instant_of(text: str) -> datetime:
    """An instant as scenarios write it; FactError when it is none."""
    instant = read_instant(text)
    if instant is None:
        raise FactError(why=Text(f"“{text}” bukan waktu", f"“{text}” is no instant"))
    return instant


_OWN = FactProvider(PROGRAMME, _make_programme, _read_programme, aliases=("program",), opens_programme=True)
