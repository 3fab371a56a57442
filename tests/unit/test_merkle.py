"""Merkle trees: the published trees of RFC 6962's reference, and every proof of every small tree."""

import hashlib

from engine.anchors.merkle import EMPTY, leaf_hash, levels_of, node_hash, path_in, root_of, root_through

LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_roots_are_those_of_the_reference():
    hashes = [leaf_hash(leaf) for leaf in LEAVES]

    assert {size: root_of(hashes[:size]).hex() for size in ROOTS} == ROOTS
    assert hashlib.sha256(b"").digest() == EMPTY


def test_every_leaf_of_every_small_tree_has_a_proof_and_no_other_has():
    hashes = [leaf_hash(str(n).encode()) for n in range(34)]
    for size in range(1, 34):
        leaves = hashes[:size]
        root = root_of(leaves)
        for index in range(size):
            path = path_in(levels_of(leaves), index)
            assert len(path) <= 6
            assert root_through(leaves[index], index, size, path) == root
            assert root_through(hashes[33], index, size, path) != root
            assert root_through(leaves[index], index, size, [*path, root]) is None
            assert root_through(leaves[index], index ^ 1, size, path) != root or size == 1
            if path:
                assert root_through(leaves[index], index, size, path[:-1]) != root


def test_a_place_outside_of_the_tree_has_no_root():
    leaf = leaf_hash(b"x")

    assert root_through(leaf, 1, 1, []) is None
    assert root_through(leaf, -1, 1, []) is None
    assert root_through(leaf, 0, 1, [node_hash(leaf, leaf)]) is None
