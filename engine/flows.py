"""Flows: the processes that name one in `process.toml`, their current versions, and the parameters they share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.errors import AlurError
from engine.gate.toml import read_manifest
from engine.manifest import FILE, Manifest
from engine.spiff.values import same
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Definition, DefinitionFile, DefinitionVersion

_KINDS: dict[type, tuple[type, ...]] = {
    bool: (bool,),
    int: (int, Decimal),
    Decimal: (int, Decimal),
    str: (str,),
    date: (date,),
    list: (list,),
    dict: (dict,),
}
_WORDS = {
    bool: Text("Ya atau Tidak", "true or false"),
    int: Text("bilangan", "a number"),
    Decimal: Text("bilangan", "a number"),
    str: Text("teks", "text"),
    date: Text("tanggal", "a date"),
    list: Text("daftar", "a list"),
    dict: Text("rekaman", "a record"),
}


class ParameterKindError(AlurError):
    """The parameter "{name}" must be {kind}."""

    indonesian = "Parameter “{name}” harus berupa {kind}."
    code = "parameter_kind"
    http_status = 422


@dataclass(frozen=True)
class FlowParameter:
    """A parameter of a flow, with the value of `process.toml`. Of two processes that share one the first says it."""

    name: str
    value: Any
    title: Text
    process: str
    agreed: bool = True
    """Do all processes that have it give it the same value?"""

    def check(self, value: Any) -> None:
        """Raise ParameterKindError unless `value` is of the same kind."""
        kind = type(self.value)
        if kind in _KINDS and type(value) not in _KINDS[kind]:
            raise ParameterKindError(name=self.title, kind=_WORDS[kind])


def flows(unit: UnitOfWork) -> dict[str, dict[str, str]]:
    """Every flow of this installation, with the current version of each of its processes."""
    statement = (
        select(col(Definition.key), col(DefinitionVersion.id), col(DefinitionVersion.manifest))
        .join(DefinitionVersion, col(DefinitionVersion.id) == col(Definition.current_version_id))
        .order_by(col(Definition.key))
    )
    found: dict[str, dict[str, str]] = {}
    for key, version_id, manifest in unit.connection.execute(statement):
        if manifest.get("flow"):
            found.setdefault(manifest["flow"], {})[key] = version_id
    return found


def versions_of(unit: UnitOfWork, flow: str) -> dict[str, str]:
    """The processes of a flow: key → current version."""
    return flows(unit).get(flow, {})


def parameters_of(unit: UnitOfWork, versions: Mapping[str, str]) -> dict[str, FlowParameter]:
    """The parameters of these versions, by name."""
    found: dict[str, FlowParameter] = {}
    for key, manifest in manifests_of(unit, versions).items():
        for name, parameter in manifest.parameters.items():
            known = found.setdefault(name, FlowParameter(name, parameter.value, parameter.title, key))
            if not same(known.value, parameter.value):
                found[name] = replace(known, agreed=False)
    return found


def manifests_of(unit: UnitOfWork, versions: Mapping[str, str]) -> dict[str, Manifest]:
    """The manifests of these versions, by the process's key."""
    statement = select(col(DefinitionFile.version_id), col(DefinitionFile.body)).where(
        col(DefinitionFile.path) == FILE, col(DefinitionFile.version_id).in_(versions.values())
    )
    bodies = {version_id: bytes(body) for version_id, body in unit.connection.execute(statement)}
    read = {key: read_manifest(bodies.get(version_id), key)[0] for key, version_id in sorted(versions.items())}
    return {key: manifest for key, manifest in read.items() if manifest is not None}
