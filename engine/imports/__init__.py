"""Imports: many rows from one spreadsheet, checked first, then done in the background, one act each or some hundreds
together."""

from engine.imports.errors import ImportRefusedError, RowRefusedError
from engine.imports.kinds import (
    Candidate,
    Column,
    DuplicateImportError,
    ImportContext,
    ImportKind,
    ImportKinds,
    Row,
    RowFault,
    Scope,
    Together,
    UnknownImportError,
)

__all__ = [
    "Candidate", "Column", "DuplicateImportError", "ImportContext", "ImportKind", "ImportKinds", "ImportRefusedError",
    "Row", "RowFault", "RowRefusedError", "Scope", "Together", "UnknownImportError",
]  # fmt: skip
