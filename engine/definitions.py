"""Process definitions: a package goes through the gate, is frozen under the hash of its content, and loaded once."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from engine import ledger
from engine.errors import DefinitionError, NotFoundError
from engine.forms import Form, parse_form
from engine.gate.check import check_package
from engine.gate.findings import Finding
from engine.gate.package import Package, is_shared, package_of, read_package
from engine.gate.toml import read_manifest
from engine.ledger.digests import version_digest
from engine.manifest import FILE, Manifest
from engine.registry import Registry
from engine.spiff import SpecSet, parse
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models.definitions import Definition, DefinitionFile, DefinitionVersion

__all__ = [
    "Definitions",
    "Finding",
    "LoadedVersion",
    "Package",
    "RefusedPackageError",
    "check_package",
    "deploy",
    "is_shared",
    "make_current",
    "package_of",
    "read_package",
    "withdraw",
]

KEPT_IN_MEMORY = 64

SHARED_ALONE = Finding(
    "error",
    FILE,
    "shared",
    "shared_alone",
    Text("Paket bersama tidak dipasang sendiri.", "A shared package is not deployed alone."),
    Text("Pasang paket yang menyebutnya di uses.", "Deploy the packages that name it in uses."),
)


class RefusedPackageError(DefinitionError):
    """The package cannot be deployed: {count} findings."""

    indonesian = "Paket ini tidak dapat dipasang: {count} temuan."
    code = "refused_package"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=sum(f.is_error for f in findings))


@dataclass(frozen=True)
class LoadedVersion:
    """One version, read and parsed, shared by every case that runs on it."""

    id: str
    key: str
    number: int
    manifest: Manifest
    specs: SpecSet
    forms: Mapping[str, Form]
    files: Mapping[str, bytes]


_CURRENT = select(col(Definition.current_version_id)).where(col(Definition.key) == bindparam("key"))


class Definitions:
    """Loads versions; a version never changes, so that what was loaded stays true."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loaded: OrderedDict[str, LoadedVersion] = OrderedDict()
        self._lock = threading.Lock()

    def version(self, version_id: str, unit: UnitOfWork | None = None) -> LoadedVersion:
        """The version of this id; NotFoundError when there is none."""
        with self._lock:
            if version_id in self._loaded:
                self._loaded.move_to_end(version_id)
                return self._loaded[version_id]
        loaded = self._load(version_id, unit)
        with self._lock:
            self._loaded[version_id] = loaded
            while len(self._loaded) > KEPT_IN_MEMORY:
                self._loaded.popitem(last=False)
        return loaded

    def current(self, key: str, unit: UnitOfWork | None = None) -> LoadedVersion:
        """The version that new cases of this process start on."""
        return self.version(self.current_id(key, unit), unit)

    def current_id(self, key: str, unit: UnitOfWork | None = None) -> str:
        if unit is None:
            with self._database.read() as own:
                return self.current_id(key, own)
        found = unit.connection.execute(_CURRENT, {"key": key}).scalar_one_or_none()
        if found is None:
            raise NotFoundError
        return str(found)

    def _load(self, version_id: str, unit: UnitOfWork | None) -> LoadedVersion:
        if unit is None:
            with self._database.read() as own:
                return self._load(version_id, own)
        row = unit.session.get(DefinitionVersion, version_id)
        if row is None:
            raise NotFoundError
        body = select(col(DefinitionFile.path), col(DefinitionFile.body))
        statement = body.where(col(DefinitionFile.version_id) == version_id)
        files = {path: bytes(body) for path, body in unit.session.execute(statement)}
        return load_version(row.id, row.definition_key, row.number, files)


def load_version(version_id: str, key: str, number: int, files: Mapping[str, bytes]) -> LoadedVersion:
    """Parse files that went through the gate (at deployment, or just now)."""
    manifest, _ = read_manifest(files.get(FILE), key)
    if manifest is None:
        raise DefinitionError(why=f"{key}: {FILE}")
    diagrams = {path: body for path, body in files.items() if path.endswith((".bpmn", ".dmn"))}
    forms = {
        PurePosixPath(p).stem: parse_form(b, PurePosixPath(p).stem) for p, b in files.items() if p.endswith(".json")
    }
    return LoadedVersion(
        id=version_id,
        key=key,
        number=number,
        manifest=manifest,
        specs=parse(diagrams, manifest.main),
        forms=MappingProxyType(forms),
        files=MappingProxyType(dict(files)),
    )


def deploy(
    unit: UnitOfWork,
    package: Package,
    registry: Registry,
    by: str,
    note: str,
    now: datetime,
    *,
    rehearsal: bool = False,
    current: bool = True,
) -> DefinitionVersion:
    """Make the package a version and the current one of its process. The same content twice is the same version.

    A shared package becomes one only in a `rehearsal`: where its own scenarios are played. Without `current` new cases
    go on with what they have.
    """
    findings = check_package(package, registry)
    if any(f.is_error for f in findings):
        raise RefusedPackageError(findings)
    manifest, _ = read_manifest(package.files.get(FILE), package.name)
    if manifest is None:
        raise RefusedPackageError(findings)
    if manifest.shared and not rehearsal:
        raise RefusedPackageError([SHARED_ALONE])
    version_id = package.digest(manifest.key)
    definition = unit.session.get(Definition, manifest.key, with_for_update=True)
    if definition is None:
        definition = Definition(key=manifest.key, title=manifest.title.id[:200], owner=manifest.owner[:200])
        unit.session.add(definition)
        unit.session.flush()
    version = unit.session.get(DefinitionVersion, version_id) or _insert(
        unit, version_id, manifest, package, by, note, now
    )
    if current:
        make_current(definition, version)
    unit.session.flush()
    return version


def make_current(definition: Definition, version: DefinitionVersion) -> None:
    """From now on new cases start on this version, and lists call the process as it does."""
    title, owner = version.manifest["title"]["id"], version.manifest["owner"]
    definition.title, definition.owner = title[:200], owner[:200]
    definition.current_version_id = version.id


def _insert(
    unit: UnitOfWork, version_id: str, manifest: Manifest, package: Package, by: str, note: str, now: datetime
) -> DefinitionVersion:
    last = unit.session.execute(
        select(func.max(col(DefinitionVersion.number))).where(col(DefinitionVersion.definition_key) == manifest.key)
    ).scalar()
    version = DefinitionVersion(
        id=version_id,
        definition_key=manifest.key,
        number=(last or 0) + 1,
        main_process=manifest.main,
        manifest=manifest.to_json(),
        deployed_at=now,
        deployed_by=by[:200],
        note=note[:1000],
    )
    unit.session.add(version)
    unit.session.flush()
    unit.session.add_all(
        DefinitionFile(version_id=version_id, path=path, body=body) for path, body in package.files.items()
    )
    unit.session.flush()
    entered = {"process": manifest.key, "number": version.number}
    digest = version_digest(version)
    ledger.note(unit, ledger.Kind.VERSION_DEPLOYED, at=now, ref=version_id, digest=digest, detail=entered)
    return version


def withdraw(unit: UnitOfWork, key: str) -> None:
    """No new cases from now on; running ones go on."""
    definition = unit.session.get(Definition, key, with_for_update=True)
    if definition is None:
        raise NotFoundError
    definition.current_version_id = None
    unit.session.flush()
