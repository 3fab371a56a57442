"""Run by Alembic. Works on the connection it is handed and leaves the transaction to its owner."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from models import metadata


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration must outlive our classes."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations run through models.migrations, which hands over a connection")

# SQLite cannot alter a table in place: batch mode writes the new table and copies the rows.
context.configure(
    connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=True, render_item=plain_type
)
with context.begin_transaction():
    context.run_migrations()
