"""Imports: many rows from one spreadsheet, checked first, then done one act each in the background."""

from engine.imports.errors import ImportRefusedError, RowRefusedError
from engine.imports.kinds import (
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
    "Column", "DuplicateImportError", "ImportContext", "ImportKind", "ImportKinds", "ImportRefusedError", "Row",
    "RowFault", "RowRefusedError", "Scope", "UnknownImportError",
]  # fmt: skip
