"""What may be compared, tried and tested: a version that was deployed, or a draft, by the same kind of reference."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from engine.definitions import Definitions
from engine.errors import NotFoundError
from engine.studio.drafts import read_draft
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import DefinitionVersion

_VERSION = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_DRAFT = re.compile(r"[0-9a-f]{32}\Z", re.ASCII)


_NUMBERED = re.compile(r"([a-z][a-z0-9_]{1,63})(?:@([1-9][0-9]{0,8}))?\Z", re.ASCII)


@dataclass(frozen=True)
class Source:
    """The files of a process in one state, and what people call that state."""

    ref: str
    key: str
    label: Text
    files: Mapping[str, bytes]
    version_id: str | None
    """None for a draft, on which no case runs."""


def read_source(unit: UnitOfWork, definitions: Definitions, ref: str) -> Source:
    """The version (64 hexadecimal digits) or draft (32) called `ref`; NotFoundError when there is none."""
    if _VERSION.match(ref):
        version = definitions.version(ref, unit)
        label = Text(f"Versi {version.number}", f"Version {version.number}")
        return Source(ref, version.key, label, version.files, version.id)
    if not _DRAFT.match(ref):
        raise NotFoundError
    draft = read_draft(unit, ref)
    return Source(ref, draft.key, Text(f"Draf “{draft.title}”", f"Draft “{draft.title}”"), draft.bodies, None)


def find_source(unit: UnitOfWork, definitions: Definitions, name: str) -> Source:
    """The same by what people type: KEY (what is current), KEY@3 (its third version), or an id."""
    numbered = None if _VERSION.match(name) or _DRAFT.match(name) else _NUMBERED.match(name)
    if numbered is None:
        return read_source(unit, definitions, name)
    if numbered[2] is None:
        return read_source(unit, definitions, definitions.current_id(numbered[1], unit))
    wanted = select(col(DefinitionVersion.id)).where(
        col(DefinitionVersion.definition_key) == numbered[1], col(DefinitionVersion.number) == int(numbered[2])
    )
    return read_source(unit, definitions, unit.session.execute(wanted).scalar() or "")
