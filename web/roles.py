"""What roles are called, which work in an inbox, and which hold for all instansi: read from the process packages."""

from typing import Any

from flask import g
from sqlalchemy import select
from sqlmodel import col

from engine.people import SYSTEM_ROLES
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Definition, DefinitionVersion
from web.context import services

Manifest = dict[str, Any]

_known: dict[str, Manifest] = {}
"""By version id, which is the hash of its content: what is here can never be wrong, on whatever database."""
MOST_KNOWN = 256


def role_titles(unit: UnitOfWork) -> dict[str, Text]:
    """Every role that can be held, by its key: the application's own first."""
    titles = {role: Text(*names) for role, names in SYSTEM_ROLES.items()}
    for manifest in _manifests(unit):
        for role, title in manifest.get("roles", {}).items():
            titles.setdefault(role, Text(title.get("id", role), title.get("en", title.get("id", role))))
    return titles


def national_roles(unit: UnitOfWork) -> frozenset[str]:
    """Roles that may be held for all instansi at once; every other one belongs to one instansi."""
    return frozenset(SYSTEM_ROLES) | {lane["role"] for lane in _lanes(unit) if lane.get("scope") == "any"}


def officer_roles() -> frozenset[str]:
    """Roles that lanes give work to: their holders have an inbox. Asked once per request."""
    if "officer_roles" not in g:
        with services().database.read() as unit:
            g.officer_roles = frozenset({"owner"} | {lane["role"] for lane in _lanes(unit)})
    found: frozenset[str] = g.officer_roles
    return found


def title_of(titles: dict[str, Text], role: str) -> Text:
    """A role's name; its key where no current process names it any more."""
    return titles.get(role, Text(role, role))


def _lanes(unit: UnitOfWork) -> list[dict[str, Any]]:
    return [lane for m in _manifests(unit) for lane in m.get("lanes", {}).values() if lane.get("role")]


def _manifests(unit: UnitOfWork) -> list[Manifest]:
    """The manifests of what is published now, in the order of their keys: one small statement once they are known."""
    published = select(col(Definition.current_version_id)).where(col(Definition.current_version_id).is_not(None))
    ids = [str(found) for found in unit.session.execute(published.order_by(col(Definition.key))).scalars()]
    missing = [version_id for version_id in ids if version_id not in _known]
    if missing:
        if len(_known) > MOST_KNOWN:
            _known.clear()
        query = select(col(DefinitionVersion.id), col(DefinitionVersion.manifest))
        found = unit.session.execute(query.where(col(DefinitionVersion.id).in_(missing)))
        _known.update({row.id: row.manifest for row in found})
    return [_known[version_id] for version_id in ids if version_id in _known]
