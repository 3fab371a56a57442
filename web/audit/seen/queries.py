"""Reads the looks out of the ledger, newest first: one statement for a page, however long the ledger is."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, or_, true
from sqlmodel import col

from calendars.zones import DEFAULT_ZONE
from engine.actors import Actor
from engine.authorisation import audited
from engine.ledger import ENTRIES
from engine.privacy.looked import looks
from engine.privacy.subjects import Subject, about
from models import Instance, User
from web.audit.seen.filters import Filters
from web.paging import Key, Page, fetch_page
from web.search import anywhere

EXPORT_LIMIT = 10_000
KEYS = (Key(ENTRIES.c.seq, "seq", descending=True),)
OFFICERS = frozenset({"data_officer"})


def page(connection: Connection, actor: Actor, filters: Filters, subject: Subject | None, *, size: int = 50) -> Page:
    query = _filtered(actor, filters, subject)
    return fetch_page(connection, query, KEYS, after=filters.after, before=filters.before, size=size)


def export_rows(connection: Connection, actor: Actor, filters: Filters, subject: Subject | None) -> Any:
    query = _filtered(actor, filters, subject)
    return connection.execute(query.order_by(ENTRIES.c.seq.desc()).limit(EXPORT_LIMIT))


def _filtered(actor: Actor, filters: Filters, subject: Subject | None) -> Select[Any]:
    query = looks().where(_mine(actor))
    if filters.number:
        query = query.where(col(Instance.number) == filters.number)
    if filters.kind:
        query = query.where(ENTRIES.c.kind == filters.kind)
    if filters.reader.startswith("u-"):
        query = query.where(ENTRIES.c.actor_id == filters.reader[2:])
    elif filters.reader:
        query = query.where(anywhere(filters.reader, col(User.name), col(User.email)))
    if filters.subject:
        query = query.where(ENTRIES.c.instance_id.in_(about(subject) if subject is not None else []))
    if filters.since:
        query = query.where(ENTRIES.c.at >= _midnight(filters.since))
    if filters.until:
        query = query.where(ENTRIES.c.at < _midnight(filters.until + timedelta(days=1)))
    return query


def _mine(actor: Actor) -> ColumnElement[bool]:
    """The data officer's are all; an auditor's those of the cases that are theirs, and with no limit all."""
    if any(grant.role in OFFICERS for grant in actor.grants):
        return true()
    unlimited = any(grant.role in ("auditor", "auditor_luar") and grant.instansi_id is None for grant in actor.grants)
    return or_(audited(actor), ENTRIES.c.instance_id.is_(None)) if unlimited else audited(actor)


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(DEFAULT_ZONE))
