"""What differs between two drawings of a process: steps, flows, who does them, when they are due, on what condition."""

from collections.abc import Iterable, Iterator, Mapping

from engine.studio.comparing.drawings import Drawing, Drawn
from engine.studio.comparing.facts import HIDDEN, change_of, due_text
from engine.studio.comparing.records import Change, Kind
from engine.studio.comparing.steps import Pairing, moved_in_the_way, pair
from engine.studio.comparing.words import differing, joined, quoted
from engine.texts import Text

_STEP = Text("Langkah", "Step")
_NOUNS = {
    "lane": Text("Jalur", "Lane"),
    "participant": Text("Pool", "Pool"),
    "process": Text("Proses", "Process"),
    "textAnnotation": Text("Catatan", "Note"),
    "group": Text("Kelompok", "Group"),
    "dataObjectReference": Text("Data", "Data"),
    "dataStoreReference": Text("Simpanan data", "Data store"),
    "exclusiveGateway": Text("Pilihan", "Choice"),
    "inclusiveGateway": Text("Pilihan ganda", "Multiple choice"),
    "parallelGateway": Text("Jalur bersamaan", "Parallel split"),
    "eventBasedGateway": Text("Penantian", "Wait for the first"),
    "startEvent": Text("Awal", "Start"),
    "endEvent": Text("Akhir", "End"),
    "boundaryEvent": Text("Kejadian", "Event"),
    "intermediateCatchEvent": Text("Kejadian", "Event"),
    "intermediateThrowEvent": Text("Kejadian", "Event"),
    "subProcess": Text("Bagian proses", "Part of the process"),
}
_PLACED = frozenset({"@attachedToRef", "@default"})
"""Facts that name another element by its id: said by that one's name."""


class DiagramComparison:
    """Two drawings of one file, paired once; then asked for its changes and for its marks."""

    def __init__(self, file: str, old: Drawing, new: Drawing, titles: Mapping[str, Text]) -> None:
        self.file, self._old, self._new, self._titles = file, old, new, titles
        self.pairing: Pairing = pair(old, new)
        self._moved = moved_in_the_way(old, new, self.pairing)
        self._shifted = [
            after
            for before, after in self.pairing.pairs.items()
            if before in old.nodes and (place := old.drawn[before].place) and place != new.drawn[after].place
            and new.drawn[after].place
        ]  # fmt: skip

    def changes(self) -> Iterator[Change]:
        yield from (self._gone(self._old.drawn[i]) for i in self.pairing.removed if self._worth(self._old, i))
        yield from (self._come(self._new.drawn[i]) for i in self.pairing.added if self._worth(self._new, i))
        for before, after in self.pairing.pairs.items():
            yield from self._both(self._old.drawn[before], self._new.drawn[after])
        if self._shifted and not self._moved:
            yield self._drawn_elsewhere()

    def marks(self) -> dict[str, Kind]:
        """Every element of either drawing that is not as it was; what changed in itself before what only moved."""
        found: dict[str, Kind] = dict.fromkeys(self._shifted, "moved")
        found |= dict.fromkeys(self._moved, "moved")
        found |= dict.fromkeys(self._redirected(), "changed")
        for change in self.changes():
            if change.element and found.get(change.element) in (None, "moved") and change.kind != "removed":
                found[change.element] = change.kind
        found |= dict.fromkeys(self.pairing.added, "added")
        return found | dict.fromkeys(self.pairing.removed, "removed")

    def _redirected(self) -> Iterator[str]:
        """Flows that go on but begin or end elsewhere, by new id."""
        pairs = self.pairing.pairs
        for before, after in pairs.items():
            old, new = self._old.drawn[before], self._new.drawn[after]
            if new.is_flow and (pairs.get(old.source), pairs.get(old.target)) != (new.source, new.target):
                yield after

    def _both(self, old: Drawn, new: Drawn) -> Iterator[Change]:
        if new.is_flow:
            yield from self._flow(old, new)
            return
        yield from self._called(old, new)
        if old.lane != new.lane:
            said = Text(
                f"{quoted(_name(new))} pindah dari jalur {quoted(old.lane or '–')} ke {quoted(new.lane or '–')}",
                f"{quoted(_name(new))} moves from lane {quoted(old.lane or '–')} to {quoted(new.lane or '–')}",
            )
            yield self._change("moved", new, said, old.lane or "", new.lane or "", lane=True)  # fmt: skip
        if new.id in self._moved:
            yield self._in_the_way(new)
        yield from self._facts(old, new)

    def _called(self, old: Drawn, new: Drawn) -> Iterator[Change]:
        if old.name == new.name and old.id == new.id:
            return
        noun = _NOUNS.get(new.kind, _STEP)
        said = joined(noun, Text(f" {quoted(_name(old))} kini bernama {quoted(_name(new))}",
                                 f" {quoted(_name(old))} is now called {quoted(_name(new))}"))  # fmt: skip
        if old.name == new.name:
            said = joined(noun, Text(f" {quoted(_name(new))} punya kode baru: {old.id} → {new.id}",
                                     f" {quoted(_name(new))} has a new code: {old.id} → {new.id}"))  # fmt: skip
        yield self._change("renamed", new, said, old.name or old.id, new.name or new.id, lane=new.kind == "lane")

    def _facts(self, old: Drawn, new: Drawn) -> Iterator[Change]:
        for key, before, after in differing(old.facts, new.facts):
            if key in HIDDEN or (key in _PLACED and self.pairing.pairs.get(before or "") == after):
                continue
            shown = (before, after)
            if key in _PLACED:
                shown = (_named(self._old, before), _named(self._new, after))
            said = change_of(self._called_by(new), key, *shown, self._titles)
            yield self._change("changed", new, said, before or "", after or "")

    def _flow(self, old: Drawn, new: Drawn) -> Iterator[Change]:
        if old.name != new.name:
            said = Text(f"Alir {self._called_by(new)}: {quoted(old.name)} → {quoted(new.name)}",
                        f"Flow {self._called_by(new)}: {quoted(old.name)} → {quoted(new.name)}")  # fmt: skip
            yield self._change("renamed", new, said, old.name, new.name)
        yield from self._facts(old, new)
        pairs, news = self.pairing.pairs, {*self.pairing.added, *self._moved}
        ends = {pairs.get(old.source, new.source), pairs.get(old.target, new.target), new.source, new.target}
        touched = ends & news or {old.source, old.target} & set(self.pairing.removed)
        if new.id in self._redirected() and not touched:
            was, now = self._ends(self._old, old), self._ends(self._new, new)
            yield self._change("changed", new, Text(f"Alir {was} kini {now}", f"Flow {was} is now {now}"), was, now)

    def _come(self, one: Drawn) -> Change:
        said = joined(_NOUNS.get(one.kind, _STEP), Text(f" {quoted(_name(one))} ditambahkan",
                                                        f" {quoted(_name(one))} was added"))  # fmt: skip
        if one.is_flow:
            ends = self._ends(self._new, one)
            said = Text(f"Alir {ends} ditambahkan", f"Flow {ends} was added")
        else:
            said = joined(said, self._where(self._new, one))
            if due := one.facts.get("property:due"):
                said = joined(said, Text("; batas waktu ", "; time limit "), due_text(due, self._titles))
        return self._change("added", one, said, lane=one.kind == "lane")

    def _gone(self, one: Drawn) -> Change:
        said = joined(_NOUNS.get(one.kind, _STEP), Text(f" {quoted(_name(one))} dihapus",
                                                        f" {quoted(_name(one))} was removed"))  # fmt: skip
        if one.is_flow:
            ends = self._ends(self._old, one)
            said = Text(f"Alir {ends} dihapus", f"Flow {ends} was removed")
        return self._change("removed", one, said, lane=one.kind == "lane")

    def _where(self, drawing: Drawing, one: Drawn) -> Text:
        """After what, before what, and by whom."""
        before = _names(drawing, (f.source for f in drawing.flows.values() if f.target == one.id))
        after = _names(drawing, (f.target for f in drawing.flows.values() if f.source == one.id))
        said = Text()
        if before:
            said = joined(said, Text(f" sesudah {before}", f" after {before}"))
        if after:
            said = joined(said, Text(" dan" if before else "", " and" if before else ""),
                          Text(f" sebelum {after}", f" before {after}"))  # fmt: skip
        return joined(said, Text(f", jalur {quoted(one.lane)}", f", lane {quoted(one.lane)}")) if one.lane else said

    def _in_the_way(self, new: Drawn) -> Change:
        before, after = (_names(self._new, sorted(found)) for found in self._moved[new.id])
        said = Text(f"Langkah {quoted(_name(new))} dipindah: kini sesudah {before} dan sebelum {after}",
                    f"Step {quoted(_name(new))} was moved: now after {before} and before {after}")  # fmt: skip
        return self._change("moved", new, said)

    def _drawn_elsewhere(self) -> Change:
        count = len(self._shifted)
        said = Text(f"{count} unsur digeser pada gambar, tanpa mengubah jalannya proses",
                    f"{count} elements were shifted on the drawing, which changes nothing in the process")  # fmt: skip
        return Change("moved", "diagram", self.file, "", said)

    def _worth(self, drawing: Drawing, ident: str) -> bool:
        """Flows at a step that came or went are told with it, unless they say something themselves."""
        one = drawing.drawn[ident]
        if not one.is_flow or one.name or "conditionExpression" in one.facts:
            return True
        news = set(self.pairing.added) | set(self.pairing.removed) | set(self._moved)
        return not {one.source, one.target} & news

    def _called_by(self, one: Drawn) -> str:
        return one.name or self._ends(self._new, one) if one.is_flow else _name(one)

    def _ends(self, drawing: Drawing, flow: Drawn) -> str:
        return f"{_named(drawing, flow.source)} → {_named(drawing, flow.target)}"

    def _change(
        self, kind: Kind, one: Drawn, said: Text, before: str = "", after: str = "", *, lane: bool = False
    ) -> Change:
        return Change(kind, "lane" if lane else "diagram", self.file, one.id, said, before, after)


def _name(one: Drawn) -> str:
    return one.name or one.id


def _named(drawing: Drawing, ident: str | None) -> str:
    found = drawing.drawn.get(ident or "")
    return (ident or "") if found is None else _name(found)


def _names(drawing: Drawing, idents: Iterable[str]) -> str:
    return ", ".join(quoted(_named(drawing, ident)) for ident in idents)
