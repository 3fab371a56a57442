"""Starting a case: its id and number, and which version of which process it runs on."""

import secrets
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine.actors import Actor
from engine.acts.cases import Case
from engine.acts.facts import Facts
from engine.definitions import Definitions, LoadedVersion
from engine.history import Head
from engine.incidents import ALPHABET
from engine.manifest import BY_INSTANSI, Manifest
from engine.unit_of_work import UnitOfWork
from models import Definition, Instance, Programme


def new_case(
    unit: UnitOfWork,
    version: LoadedVersion,
    starter: Actor,
    now: datetime,
    *,
    instansi_id: str | None = None,
    business_key: str | None = None,
    programme: Programme | None = None,
    instance_id: str | None = None,
) -> Case:
    """A case that is not written yet. Whoever starts it is its starter; the system starts cases of nobody."""
    instance_id = instance_id or uuid.uuid4().hex
    zone = DEFAULT_ZONE if version.manifest.zone == BY_INSTANSI else version.manifest.zone
    zone = zone if programme is None else programme.zone
    facts = Facts(
        instance_id=instance_id,
        number=_number(unit, now, zone),
        definition_key=version.key,
        version_id=version.id,
        started_at=now,
        starter_id=starter.user_id,
        zone=zone,
        instansi_id=instansi_id,
        business_key=business_key,
        programme=None if programme is None else _known_of(programme),
        parameters=None if programme is None else _own(programme.parameters, version.manifest),
    )
    return Case(facts, version, Head.of_new_case(instance_id))


def _known_of(programme: Programme) -> dict[str, Any]:
    return {"id": programme.id, "key": programme.key, "period": programme.period, "instansi": programme.instansi_id}


def _own(parameters: dict[str, Any], manifest: Manifest) -> dict[str, Any]:
    """A programme sets parameters of all processes of its flow; a case keeps those of its own."""
    return {name: value for name, value in parameters.items() if name in manifest.parameters}


def started_by_message(unit: UnitOfWork, definitions: Definitions, message: str) -> LoadedVersion | None:
    """The current version of the process that this message starts, if there is one."""
    current = select(col(Definition.current_version_id)).where(col(Definition.current_version_id).is_not(None))
    for version_id in unit.connection.execute(current.order_by(col(Definition.key))).scalars():
        version = definitions.version(str(version_id), unit)
        if version.specs.started_by_message == message:
            return version
    return None


_TAKEN = select(col(Instance.id)).where(col(Instance.number) == bindparam("number"))


def _number(unit: UnitOfWork, now: datetime, zone: str) -> str:
    """Year and month, then letters nobody can count on: `2606-7K3Q-XM4T`. A number tells nothing about other cases."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
        number = f"{now.astimezone(ZoneInfo(zone)):%y%m}-{letters[:4]}-{letters[4:]}"
        if unit.connection.execute(_TAKEN, {"number": number}).first() is None:
            return number
