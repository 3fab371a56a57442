"""A Merkle tree as RFC 6962 and RFC 9162 have it: one hash over many leaves, short proofs that one is among them."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root over nothing."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels_of(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The whole tree over hashes of leaves in their order: they themselves first, the root last."""
    levels = [list(leaves) or [EMPTY]]
    while len(levels[-1]) > 1:
        levels.append(_above(levels[-1]))
    return levels


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves, in their order."""
    return levels_of(leaves)[-1][0]


def path_in(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """What must be hashed together with the leaf of this number (from 0), from below, to come to the root."""
    path = []
    for level in levels[:-1]:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        index >>= 1
    return path


def root_through(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to (RFC 9162, 2.1.3.2); None where such a tree has no such path."""
    if not 0 <= index < size:
        return None
    node, last = leaf, size - 1
    for beside in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = node_hash(beside, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def _above(level: list[bytes]) -> list[bytes]:
    """Pairs become nodes; the last one without a partner goes up as it is, as if split at the largest power of two."""
    above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above
