"""Anchors: once a day one signed hash over every record, kept outside, so that nothing before it can be altered."""

from engine.anchors.deliveries import Outlets, add_errands, public_address
from engine.anchors.inclusion import InclusionProof, NotAnchoredError, Tree, inclusion, tree_of
from engine.anchors.making import chore, is_due, make, newest
from engine.anchors.outside import check_kept, read_proof
from engine.anchors.statement import NoAnchorError, Statement, file_name, file_of, read_file, sealed_of
from engine.anchors.verify import verify_anchors
from engine.anchors.whereabouts import Delivery, deliveries

__all__ = [
    "Delivery",
    "InclusionProof",
    "NoAnchorError",
    "NotAnchoredError",
    "Outlets",
    "Statement",
    "Tree",
    "add_errands",
    "check_kept",
    "chore",
    "deliveries",
    "file_name",
    "file_of",
    "inclusion",
    "is_due",
    "make",
    "newest",
    "public_address",
    "read_file",
    "read_proof",
    "sealed_of",
    "tree_of",
    "verify_anchors",
]
