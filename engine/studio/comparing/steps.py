"""Which step of the one drawing is which of the other, and which of them changed their place in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.moving.likeness import LIKELY, likeness
from engine.studio.comparing.drawings import Drawing, Drawn


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
    ranked = sorted(
        (
            (likeness(one, other, old.flows.values(), new.flows.values()), one.id, other.id)
            for one in gone
            for other in come
            if (one.kind, one.event) == (other.kind, other.event)
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for share, before, after in ranked:
        if share >= LIKELY and before not in found and after not in found.values():
            found[before] = after
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
    back = {after: before for before, after in here.items()}
    found = {}
    for before, after in here.items():
        was = [{here[i] for i in _beside(old, before, set(here), ahead=ahead)} for ahead in (False, True)]
        now = [_beside(new, after, set(back), ahead=ahead) for ahead in (False, True)]
        if all(one and other and one.isdisjoint(other) for one, other in zip(was, now, strict=True)):
            found[after] = (now[0], now[1])
    return found


def _beside(drawing: Drawing, ident: str, known: set[str], *, ahead: bool) -> set[str]:
    """The nearest steps of `known` before or after this one."""
    found: set[str] = set()
    seen, queue = {ident}, [ident]
    while queue:
        at = queue.pop()
        for flow in drawing.flows.values():
            near, far = (flow.source, flow.target) if ahead else (flow.target, flow.source)
            if near != at or far in seen:
                continue
            seen.add(far)
            (found.add if far in known else queue.append)(far)
    return found
