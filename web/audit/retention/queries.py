"""What the pages of retention ask: lists with their deciders, the documents that a process asks for, titles."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.definitions import LoadedVersion
from engine.errors import NotFoundError
from engine.forms import Form
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Definition, Disposal, Instance, User
from web.paging import Key, Page, fetch_page

KEYS = (Key(col(Disposal.made_at), "made_at", descending=True), Key(col(Disposal.id), "id", descending=True))


def lists(unit: UnitOfWork, after: str | None, before: str | None) -> Page:
    """Lists, the newest first."""
    return fetch_page(unit.connection, _with_people(), KEYS, after=after, before=before)


def one_list(unit: UnitOfWork, number: str) -> Any:
    """The list that the case of this number decides."""
    found = unit.connection.execute(_with_people().where(col(Disposal.number) == number)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def case_of_number(unit: UnitOfWork, number: str) -> str | None:
    """The id of a case."""
    wanted = select(col(Instance.id)).where(col(Instance.number) == number.strip().upper())
    return unit.connection.execute(wanted).scalar_one_or_none()


def titles(unit: UnitOfWork) -> dict[str, str]:
    """Titles of processes by key."""
    return {row.key: row.title for row in unit.connection.execute(select(col(Definition.key), col(Definition.title)))}


def document_fields(version: LoadedVersion) -> dict[str, Text]:
    """Fields of a version's forms in which documents are given, with their labels."""
    return {key: label for form in version.forms.values() for key, label in _files_of(form)}


def _files_of(form: Form) -> list[tuple[str, Text]]:
    return [(field.path, field.label) for field in form.fields() if field.kind == "document"]


def _with_people() -> Any:
    maker, decider = aliased(User), aliased(User)
    return (
        select(
            *Disposal.__table__.columns,  # type: ignore[attr-defined]
            col(maker.name).label("maker"),
            col(decider.name).label("decider"),
        )
        .outerjoin(maker, col(maker.id) == col(Disposal.made_by))
        .outerjoin(decider, col(decider.id) == col(Disposal.decided_by))
    )
