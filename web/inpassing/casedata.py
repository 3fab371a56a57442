"""The data of a case and what its forms call them: for pages that show more than one task."""

from typing import Any

from sqlalchemy import select

from engine import store
from engine.definitions import LoadedVersion
from engine.unit_of_work import UnitOfWork
from models import Instance, metadata
from web.context import services
from web.i18n import in_locale

INSTANCES = metadata.tables[str(Instance.__tablename__)]


def data_of(unit: UnitOfWork, instance_id: str, task_id: str | None = None) -> dict[str, Any]:
    """At a task, or of the case as a whole."""
    instance = unit.connection.execute(select(INSTANCES).where(INSTANCES.c.id == instance_id)).one()
    version = services().definitions.version(instance.version_id, unit)
    return dict(store.load(unit, instance, version.specs).data(task_id))


def document_labels(version: LoadedVersion) -> dict[str, str]:
    """What the documents of a case are called, by the field they were uploaded for."""
    fields = (field for form in version.forms.values() for field in form.fields())
    return {field.path: in_locale(field.label) for field in fields if field.kind == "document"}
