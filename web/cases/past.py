"""A case that was moved between versions: which version was in force when, and what its steps are called now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from engine.definitions import LoadedVersion
from engine.errors import AlurError
from engine.history.kinds import Kind
from engine.spiff.values import decode
from models import HistoryEvent, HistoryPayload
from web.context import services


@dataclass(frozen=True)
class Past:
    """`version` is the one in force now; without moves it always was."""

    version: LoadedVersion
    moves: Sequence[Row[Any]] = ()

    def at(self, seq: int) -> LoadedVersion:
        """The version in force when this event happened."""
        later = next((move for move in self.moves if move.seq > seq), None)
        return self.version if later is None else services().definitions.version(later.detail["from"])

    def versions(self) -> list[LoadedVersion]:
        """All of them, the one in force now last."""
        return [*(services().definitions.version(move.detail["from"]) for move in self.moves), self.version]

    def called_now(self, element_id: str, seq: int) -> str:
        """The element that stands for this one in the version in force now."""
        for move in self.moves:
            if move.seq > seq:
                element_id = move.detail.get("renamed", {}).get(element_id, element_id)
        return element_id

    def renamed(self, rows: Iterable[Any]) -> Iterator[Any]:
        """What was done, by the names of the version in force now: so that its drawing shows it."""
        for row in rows:
            name = self.called_now(row.element_id, row.last_seq) if row.element_id else row.element_id
            yield row if name == row.element_id else SimpleNamespace(**{**row._mapping, "element_id": name})  # noqa: SLF001 -- SQLAlchemy's public name for it

    @property
    def last_move(self) -> tuple[int, datetime] | None:
        """The number of the version it was on before, and when it left it."""
        if not self.moves:
            return None
        move = self.moves[-1]
        return services().definitions.version(move.detail["from"]).number, move.at


def past_of(connection: Connection, instance_id: str, version: LoadedVersion, rows: Sequence[Any]) -> Past:
    """`rows` of `web.cases.queries` tell whether it was moved at all; if so, one statement more."""
    if not any(row.moved for row in rows[:1]):
        return Past(version)
    return whole_past_of(connection, instance_id, version)


def whole_past_of(connection: Connection, instance_id: str, version: LoadedVersion) -> Past:
    """The same where nobody has asked yet whether it was moved."""
    moves = select(HistoryEvent.seq, HistoryEvent.at, HistoryEvent.detail).where(
        col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.kind) == Kind.CASE_MIGRATED
    )
    return Past(version, connection.execute(moves.order_by(col(HistoryEvent.seq))).all())


def reason_of(connection: Connection, instance_id: str, seq: int) -> str:
    """Why a case was moved, as its owner said; nothing where retention has destroyed it."""
    found = select(HistoryPayload.body).where(
        col(HistoryPayload.instance_id) == instance_id, col(HistoryPayload.seq) == seq
    )
    body = connection.execute(found).scalar()
    return "" if body is None else str(decode(bytes(body))["inputs"].get("reason", ""))


def number_of(version_id: str) -> int | None:
    """The number of a version as people say it; None where it is not there (any more)."""
    try:
        return services().definitions.version(version_id).number
    except AlurError:
        return None
