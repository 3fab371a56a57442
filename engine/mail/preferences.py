"""How somebody wants mails that are only good to know: at once, in a digest a day, or not at all."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal, cast

from sqlalchemy import select, update
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import MailPreference, OutgoingMail

Wish = Literal["now", "digest", "never"]
WISHES: Final[tuple[Wish, ...]] = ("now", "digest", "never")


def wish_of(unit: UnitOfWork, reader: str) -> Wish:
    """What this reader chose; at once, as long as nothing was chosen."""
    return wishes(unit, [reader]).get(reader, "now")


def wishes(unit: UnitOfWork, readers: Collection[str]) -> dict[str, Wish]:
    """The wishes of those who have said one, in one statement."""
    if not readers:
        return {}
    said = select(col(MailPreference.reader), col(MailPreference.courtesy))
    rows = unit.connection.execute(said.where(col(MailPreference.reader).in_(sorted(readers))))
    return {reader: cast("Wish", wish) for reader, wish in rows}


def choose(unit: UnitOfWork, reader: str, wish: Wish, by: Literal["self", "link"], now: datetime) -> None:
    """Keep a wish. Who wants nothing more gets none of what was waiting for the next digest either."""
    unit.session.merge(MailPreference(reader=reader, courtesy=wish, changed_at=now, changed_by=by))
    unit.session.flush()
    if wish == "never":
        waiting = (
            col(OutgoingMail.reader) == reader,
            col(OutgoingMail.delivery) == "digest",
            col(OutgoingMail.digest_id).is_(None),
        )
        unit.connection.execute(update(OutgoingMail).where(*waiting).values(delivery="never"))
