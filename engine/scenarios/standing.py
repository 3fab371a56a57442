"""Judging how things of an area's own tables are: `keadaan: {formasi: {Kabupaten Kapuas: {used: 1}}}`."""

from collections.abc import Iterator

from engine.facts import FactProvider, Fields
from engine.scenarios import facts
from engine.scenarios.expected import NONE, entries_of, equals, shown, text_of
from engine.scenarios.model import Expectation
from engine.scenarios.outcome import Mismatch, StepError
from engine.scenarios.words import NOTHING
from engine.scenarios.world import World
from engine.scenarios.yamltree import Scalar, Tree
from engine.texts import Text


def state(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """Each thing by its kind and name, field by field; `tidak ada`: there is no such thing."""
    for kind, things in entries_of(expectation.value):
        provider = facts.provider_of(kind.text, world.registry.facts)
        if provider is None or provider.read is None:
            known = ", ".join(facts.names_of(world.registry.facts))
            words = Text(f"tidak ada keadaan “{kind.text}”; yang ada: {known}", f"no “{kind.text}”; known: {known}")
            raise StepError(kind.line, words)
        for name, wanted in entries_of(things):
            yield from _compared(world, provider, name, wanted)


def _compared(world: World, provider: FactProvider, name: Scalar, wanted: Tree) -> Iterator[Mismatch]:
    found = _read(world, provider, name.text)
    subject = Text(f"{provider.name} “{name.text}”")
    if isinstance(wanted, Scalar):
        if (wanted.text.lower() in NOTHING) is not (found is None):
            there = NONE if found is None else Text("ada", "there is one")
            yield Mismatch(name.line, subject, Text(wanted.text), there)
        return
    if found is None:
        yield Mismatch(name.line, subject, Text("ada", "there is one"), NONE)
        return
    for key, value in entries_of(wanted):
        if key.text not in found:
            known = ", ".join(found)
            raise StepError(key.line, Text(f"“{key.text}” tidak dikenal; yang ada: {known}", f"known: {known}"))
        if not equals(found[key.text], text_of(value)):
            told = Text(f"{subject.id}: {key.text}")
            yield Mismatch(key.line, told, Text(text_of(value)), shown(found[key.text], world.zone))


def _read(world: World, provider: FactProvider, name: str) -> Fields | None:
    with world.database.read() as unit:
        return provider.read(unit, name, world) if provider.read is not None else None
