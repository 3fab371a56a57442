"""What roles are called: the application's own, and those that process packages name."""

from sqlalchemy import select
from sqlmodel import col

from engine.people import SYSTEM_ROLES
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Definition, DefinitionVersion


def role_titles(unit: UnitOfWork) -> dict[str, Text]:
    """Every role that can be held, by its key: the application's own first."""
    titles = {role: Text(*names) for role, names in SYSTEM_ROLES.items()}
    manifests = unit.session.execute(
        select(col(DefinitionVersion.manifest))
        .join(Definition, col(Definition.current_version_id) == col(DefinitionVersion.id))
        .order_by(col(Definition.key))
    ).scalars()
    for manifest in manifests:
        for role, title in manifest.get("roles", {}).items():
            titles.setdefault(role, Text(title.get("id", role), title.get("en", title.get("id", role))))
    return titles


def title_of(titles: dict[str, Text], role: str) -> Text:
    """A role's name; its key where no current process names it any more."""
    return titles.get(role, Text(role, role))
