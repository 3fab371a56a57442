"""What the pages of letters read: the register that a person may see, one letter, its files, who was asked for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import listed, visible
from engine.letters.book import ISSUED, SIGNED, STATES
from models import Instance, Letter, LetterEvent, LetterFile, User
from web.paging import Key, Page, fetch_page
from web.search import anywhere

KEYS = (Key(col(Letter.issued_at), "issued_at", descending=True), Key(col(Letter.id), "id", descending=True))
EXPORT_LIMIT = 10_000


@dataclass(frozen=True)
class Filters:
    """What the address of the register asks for."""

    text: str = ""
    kind: str = ""
    state: str = ""
    year: str = ""
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        state, year = arguments.get("keadaan", ""), arguments.get("tahun", "")
        return cls(
            text=arguments.get("q", "").strip()[:100],
            kind=arguments.get("jenis", "")[:60],
            state=state if state in STATES else "",
            year=year if year.isascii() and year.isdigit() and len(year) == 4 else "",
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, empty ones left out."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {"q": chosen.text, "jenis": chosen.kind, "keadaan": chosen.state, "tahun": chosen.year}
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.kind or self.state or self.year)


def page(connection: Connection, actor: Actor, filters: Filters) -> Page:
    """A page of the letters of cases that this person may see, newest first."""
    return fetch_page(connection, _filtered(actor, filters), KEYS, after=filters.after, before=filters.before)


def export_rows(connection: Connection, actor: Actor, filters: Filters) -> Iterable[Row[Any]]:
    """All of the list, at most EXPORT_LIMIT."""
    order = [key.column.desc() for key in KEYS]
    return connection.execute(_filtered(actor, filters).order_by(*order).limit(EXPORT_LIMIT))


def kinds(connection: Connection, actor: Actor) -> list[str]:
    """The kinds of letters there are, for the filter."""
    found = select(Letter.kind).join(Instance, col(Instance.id) == Letter.instance_id).where(listed(actor)).distinct()
    return list(connection.execute(found.order_by(Letter.kind)).scalars())


def letter_row(connection: Connection, actor: Actor, letter_id: str) -> Row[Any] | None:
    """One letter, if this person may see its case."""
    return connection.execute(_rows().where(col(Letter.id) == letter_id, visible(actor))).first()


def by_code(connection: Connection, code: str) -> Row[Any] | None:
    """For the public page: by the code alone."""
    return connection.execute(_rows().where(col(Letter.code) == code)).first()


def letter_row_by_id(connection: Connection, letter_id: str) -> Row[Any] | None:
    """For a letter that another one is shown beside."""
    return connection.execute(_rows().where(col(Letter.id) == letter_id)).first()


def successor(connection: Connection, letter_id: str) -> Row[Any] | None:
    """The letter that replaces it."""
    return connection.execute(_rows().where(col(Letter.replaces_id) == letter_id)).first()


def files(connection: Connection, letter_id: str) -> list[Row[Any]]:
    """The stages of a letter, the newest first."""
    of_it = select(*LetterFile.__table__.c).where(col(LetterFile.letter_id) == letter_id)  # type: ignore[attr-defined]
    return list(connection.execute(of_it.order_by(col(LetterFile.stage).desc())))


def file_by_digest(connection: Connection, digest: str) -> Row[Any] | None:
    """Which letter a file is, and whether it is its newest stage."""
    found = (
        select(LetterFile.letter_id, LetterFile.stage, LetterFile.attachment_id, Letter.code, Letter.number)
        .join(Letter, col(Letter.id) == LetterFile.letter_id)
        .where(col(LetterFile.digest) == digest)
        .order_by(col(LetterFile.stage).desc())
    )
    return connection.execute(found).first()


def events(connection: Connection, subject_id: str, limit: int = 100) -> list[Row[Any]]:
    """What was done to a letter or an office, newest first."""
    found = (
        select(LetterEvent.kind, LetterEvent.at, LetterEvent.reason, LetterEvent.detail, col(User.name).label("actor"))
        .outerjoin(User, col(User.id) == LetterEvent.actor_id)
        .where(col(LetterEvent.subject_id) == subject_id)
        .order_by(col(LetterEvent.at).desc(), col(LetterEvent.id).desc())
        .limit(limit)
    )
    return list(connection.execute(found))


def successors_for(connection: Connection, actor: Actor, row: Row[Any], number: str = "") -> list[Row[Any]]:
    """Letters of the same office that could replace it: with this number, or else those of the same case."""
    fit = (
        (col(Letter.office) == row.office)
        & (col(Letter.id) != row.id)
        & col(Letter.replaces_id).is_(None)
        & col(Letter.state).in_((ISSUED, SIGNED))
        & (col(Letter.number) == number if number else col(Letter.instance_id) == row.instance_id)
    )
    return list(connection.execute(_rows().where(fit, visible(actor)).order_by(col(Letter.issued_at).desc()).limit(20)))


def _filtered(actor: Actor, filters: Filters) -> Select[Any]:
    query = _rows().where(listed(actor))
    if filters.kind:
        query = query.where(col(Letter.kind) == filters.kind)
    if filters.state:
        query = query.where(col(Letter.state) == filters.state)
    if filters.year:
        query = query.where(col(Letter.year) == int(filters.year))
    if filters.text:
        searched = (col(Letter.number), col(Letter.subject), col(Letter.issuer), col(Letter.addressee))
        query = query.where(anywhere(filters.text, *searched))
    return query


def _rows() -> Select[Any]:
    return select(
        *Letter.__table__.c,  # type: ignore[attr-defined]
        col(Instance.number).label("case_number"),
        col(Instance.title).label("case_title"),
        col(Instance.instansi_id).label("instansi_id"),
        col(Instance.zone).label("zone"),
    ).join(Instance, col(Instance.id) == Letter.instance_id)
