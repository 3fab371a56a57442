"""Imports: many rows from one spreadsheet, checked first, then done one act each in the background."""

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
    UnknownImportError,
)

__all__ = [
    "Candidate", "Column", "DuplicateImportError", "ImportContext", "ImportKind", "ImportKinds", "ImportRefusedError",
    "Row", "RowFault", "RowRefusedError", "Scope", "UnknownImportError",
]  # fmt: skip
