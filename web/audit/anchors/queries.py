"""What the pages about anchors read: the list, page by page."""

from sqlalchemy import select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import Anchor
from web.paging import Key, Page, fetch_page

KEYS = (Key(col(Anchor.number), "number", descending=True),)


def page(unit: UnitOfWork, after: str | None, before: str | None) -> Page:
    """Newest first."""
    columns = Anchor.number, Anchor.at, Anchor.root, Anchor.leaves, Anchor.changed
    return fetch_page(unit.connection, select(*map(col, columns)), KEYS, after=after, before=before)
