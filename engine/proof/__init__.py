"""Proves what is kept: each case against its own record, and everything beside them against the ledger."""

from engine.proof.case import Bench, Checked, check_case, check_cases
from engine.proof.installation import (
    Found,
    Report,
    batches,
    check_beside,
    check_everything,
    check_rest,
    check_some,
    check_together,
)

__all__ = [
    "Bench",
    "Checked",
    "Found",
    "Report",
    "batches",
    "check_beside",
    "check_case",
    "check_cases",
    "check_everything",
    "check_rest",
    "check_some",
    "check_together",
]
