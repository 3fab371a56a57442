"""Which step of the one drawing is which of the other, and which of them changed their place in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.moving.likeness import LIKELY, Ways, likeness
from engine.studio.comparing.drawings import Drawing, Drawn

MOST_LOOKED_AT = 5_000
"""Of two drawings with nothing in common, only steps of the same name are taken for each other beyond so many pairs."""


@dataclass(frozen=True)
class Pairing:
    """`pairs` is old id → new id for all that is in both; `renamed` those steps of them whose id is another."""

    pairs: Mapping[str, str]
    renamed: Mapping[str, str]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def pair(old: Drawing, new: Drawing) -> Pairing:
    """Equal ids of the same kind are the same; of the rest, the likeliest of the same kind, if likely at all.

    A flow is known by what it connects: tools number flows anew when they like.
    """
    same = {i: i for i, one in old.nodes.items() if i in new.nodes and new.nodes[i].kind == one.kind}
    gone = [one for i, one in old.nodes.items() if i not in same]
    come = [one for i, one in new.nodes.items() if i not in same]
    renamed = _likeliest(gone, come, old, new)
    pairs = same | renamed
    pairs |= _flows(old, new, pairs)
    taken = set(pairs.values())
    return Pairing(
        pairs=pairs,
        renamed=renamed,
        added=tuple(ident for ident in new.drawn if ident not in taken),
        removed=tuple(ident for ident in old.drawn if ident not in pairs),
    )


def _likeliest(gone: list[Drawn], come: list[Drawn], old: Drawing, new: Drawing) -> dict[str, str]:
    was, now = Ways(old.flows.values()), Ways(new.flows.values())
    alike = [(one, other) for one in gone for other in come if (one.kind, one.event) == (other.kind, other.event)]
    if len(alike) > MOST_LOOKED_AT:
        alike = [(one, other) for one, other in alike if one.name.casefold() == other.name.casefold()]
    ranked = sorted(((likeness(one, other, was, now), one.id, other.id) for one, other in alike), reverse=True)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for share, before, after in ranked:
        if share >= LIKELY and before not in found and after not in taken:
            found[before] = after
            taken.add(after)
    return found


def _flows(old: Drawing, new: Drawing, nodes: Mapping[str, str]) -> dict[str, str]:
    """First those between the same two steps, then those of the same id that still begin or end where they did."""
    left, free = [], {ident: one for ident, one in new.drawn.items() if one.is_flow}
    found: dict[str, str] = {}
    for flow in (one for one in old.drawn.values() if one.is_flow):
        ends = (nodes.get(flow.source), nodes.get(flow.target))
        fitting = [one.id for one in free.values() if (one.source, one.target) == ends]
        if not fitting:
            left.append((flow, ends))
            continue
        found[flow.id] = flow.id if flow.id in fitting else fitting[0]
        del free[found[flow.id]]
    for flow, (source, target) in left:
        other = free.get(flow.id)
        if other is not None and (other.source == source or other.target == target):
            found[flow.id] = free.pop(flow.id).id
    return found


def moved_in_the_way(old: Drawing, new: Drawing, pairing: Pairing) -> dict[str, tuple[set[str], set[str]]]:
    """Steps of both that come after and before others than they did, by new id: what is before and after them now.

    Steps that were added or removed are looked through: nobody moved because something new stands beside them.
    """
    here = {before: after for before, after in pairing.pairs.items() if before in old.nodes}
    known, back = set(here), set(here.values())
    was, now = Ways(old.flows.values()), Ways(new.flows.values())
    found = {}
    for before, after in here.items():
        stood = [{here[i] for i in _nearest(way, before, known)} for way in (was.before, was.after)]
        stands = [_nearest(way, after, back) for way in (now.before, now.after)]
        if all(one and other and one.isdisjoint(other) for one, other in zip(stood, stands, strict=True)):
            found[after] = (stands[0], stands[1])
    return found


def _nearest(way: Mapping[str, set[str]], ident: str, known: set[str]) -> set[str]:
    """The nearest steps of `known` on this way."""
    found: set[str] = set()
    seen, queue = {ident}, [ident]
    while queue:
        for far in way.get(queue.pop(), set()) - seen:
            seen.add(far)
            (found.add if far in known else queue.append)(far)
    return found
