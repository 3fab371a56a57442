"""Proof that a case's record stands in an anchor: a short path of hashes from the record to the anchor's root."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from engine.anchors.leaves import Leaf, anchored, in_order
from engine.anchors.merkle import levels_of, path_in, root_through
from engine.anchors.statement import NoAnchorError
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Anchor

FORMAT = "alur-inclusion-1"


class NotAnchoredError(NotFoundError):
    """No anchor has been made since this case began."""

    indonesian = "Belum ada jangkar sejak kasus ini dimulai."
    code = "not_anchored"


@dataclass(frozen=True)
class InclusionProof:
    """A record that had so many events and ended so, and how its hash leads to the root of an anchor."""

    anchor: int
    leaf: Leaf
    index: int
    size: int
    path: list[bytes]
    root: bytes

    def holds(self) -> bool:
        """Does the path lead from the record to the root?"""
        return root_through(self.leaf.hash, self.index, self.size, self.path) == self.root

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "anchor": self.anchor,
            "instance_id": self.leaf.instance_id,
            "events": self.leaf.events,
            "head": self.leaf.head.hex(),
            "leaf": self.leaf.hash.hex(),
            "index": self.index,
            "size": self.size,
            "path": [step.hex() for step in self.path],
            "root": self.root.hex(),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "InclusionProof":
        """NoAnchorError where it is none."""
        try:
            if values["format"] != FORMAT:
                raise NoAnchorError
            leaf = Leaf(str(values["instance_id"]), int(values["events"]), bytes.fromhex(values["head"]))
            path, root = [bytes.fromhex(step) for step in values["path"]], bytes.fromhex(values["root"])
            return cls(int(values["anchor"]), leaf, int(values["index"]), int(values["size"]), path, root)
        except (ValueError, TypeError, KeyError):
            raise NoAnchorError from None


class Tree:
    """The tree of one anchor, for the proofs of many cases."""

    def __init__(self, number: int, leaves: dict[str, Leaf]) -> None:
        self.number = number
        self._leaves = in_order(leaves)
        self._places = {leaf.instance_id: place for place, leaf in enumerate(self._leaves)}
        self._levels = levels_of([leaf.hash for leaf in self._leaves])
        self.root = self._levels[-1][0]

    def inclusion(self, instance_id: str) -> InclusionProof:
        """NotAnchoredError for a case that is not in it."""
        place = self._places.get(instance_id)
        if place is None:
            raise NotAnchoredError
        path = path_in(self._levels, place)
        return InclusionProof(self.number, self._leaves[place], place, len(self._leaves), path, self.root)


def tree_of(unit: UnitOfWork, anchor: int | None = None) -> Tree:
    """The tree of this anchor, or of the newest. NotAnchoredError where there is none."""
    newest = select(func.max(col(Anchor.number)))
    if anchor is not None:
        newest = newest.where(col(Anchor.number) == anchor)
    number = unit.connection.execute(newest).scalar()
    if number is None:
        raise NotAnchoredError
    return Tree(number, anchored(unit, number))


def inclusion(unit: UnitOfWork, instance_id: str, anchor: int | None = None) -> InclusionProof:
    """The proof for one case, in this anchor or in the newest."""
    return tree_of(unit, anchor).inclusion(instance_id)
