"""Writes a letter of a case: the template of its version, filled, kept among the case's documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine.documents import Documents
from engine.letters.errors import LetterMissingError
from engine.letters.press import LIMITS, Limits, render_letter
from engine.unit_of_work import UnitOfWork
from models import Attachment, DefinitionFile, Instance

FOLDER = "letters/"


@dataclass
class Letterbox:
    """Letters of an installation. Templates are kept by version: a version's files never change."""

    documents: Documents
    limits: Limits = LIMITS
    _files: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def write(
        self, unit: UnitOfWork, *, instance_id: str, letter: str, data: Mapping[str, Any], filename: str, now: datetime
    ) -> Attachment:
        """The letter `letters/<letter>.typ` as a document of the case, under the name `letter`.

        Written again with the same data at the same instant, it is the same document: nothing is kept twice.
        """
        body = self.set(unit, instance_id=instance_id, letter=letter, data=data, now=now)
        return self.keep(unit, instance_id=instance_id, letter=letter, body=body, filename=filename, now=now)

    def set(
        self,
        unit: UnitOfWork,
        *,
        instance_id: str,
        letter: str,
        data: Mapping[str, Any],
        now: datetime,
        office: str = "",
        pictures: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """The PDF alone. It only reads, and so may be done before a transaction that writes.

        An `office` may have a template of its own: `letters/<letter>@<office>.typ`.
        """
        case = unit.connection.execute(
            select(col(Instance.version_id), col(Instance.zone)).where(col(Instance.id) == instance_id)
        ).one()
        files = self.files(unit, case.version_id)
        found = next((name for name in (f"{letter}@{office}.typ", f"{letter}.typ") if name in files), None)
        if found is None:
            raise LetterMissingError(name=letter)
        return render_letter(
            files[found],
            data,
            at=now.astimezone(ZoneInfo(case.zone)),
            assets={**files, **(pictures or {})},
            limits=self.limits,
            name=f"{FOLDER}{found}",
        )

    def keep(
        self, unit: UnitOfWork, *, instance_id: str, letter: str, body: bytes, filename: str, now: datetime
    ) -> Attachment:
        """Put a letter that was set among the case's documents."""
        return self.documents.keep_generated(
            unit, instance_id=instance_id, name=letter, filename=filename, body=body, now=now
        )

    def files(self, unit: UnitOfWork, version_id: str) -> dict[str, bytes]:
        """Everything in the folder letters/ of a version, by file name."""
        if version_id not in self._files:
            rows = unit.connection.execute(
                select(col(DefinitionFile.path), col(DefinitionFile.body)).where(
                    col(DefinitionFile.version_id) == version_id, col(DefinitionFile.path).startswith(FOLDER)
                )
            )
            self._files[version_id] = {row.path.removeprefix(FOLDER): bytes(row.body) for row in rows}
        return self._files[version_id]
