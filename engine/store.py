"""Loads and saves the live frontier of a case, in work proportional to what an act touched.

Statements of one act: SELECT tokens and base document, UPDATE instance, DELETE tokens, UPSERT tokens; the base document
only when it is written anew. The caller has locked the instance row (see `locked`) and commits.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Update, bindparam, delete, insert, literal, null, or_, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import ConflictError
from engine.spiff.base_document import EMPTY, BaseDocument
from engine.spiff.session import Session
from engine.spiff.snapshot import Snapshot, TokenRow
from engine.spiff.specs import SpecSet
from engine.unit_of_work import UnitOfWork
from models import Instance, InstanceData, Token

_TOKEN: Any = Token.__table__  # type: ignore[attr-defined]
_DATA: Any = InstanceData.__table__  # type: ignore[attr-defined]
_INSTANCE: Any = Instance.__table__  # type: ignore[attr-defined]
_COLUMNS = TokenRow._fields

_RANDOM_BITS = 20


class StoredCase(Protocol):
    """What `load` needs of an instance row; an `Instance` or a result row with these columns."""

    id: str
    revision: int
    meta: bytes
    base_number: int


@dataclass(frozen=True)
class Waiting:
    """A token that waits for a message or signal; `exact`: it named the correlation that was asked for."""

    instance_id: str
    token_id: str
    exact: bool = False


def locked(unit: UnitOfWork, instance_id: str) -> Instance | None:
    """The case's row, locked until the transaction ends."""
    statement = select(Instance).where(_INSTANCE.c.id == instance_id).with_for_update()
    return unit.session.execute(statement).scalar_one_or_none()


def load(unit: UnitOfWork, case: StoredCase, specs: SpecSet) -> Session:
    """The case as it was saved last. One statement, on a row that is locked already (or only to be looked at)."""
    # A statement of its own: on PostgreSQL one that waits for a lock sees other tables as they were before.
    rows: dict[str, TokenRow] = {}
    base = EMPTY
    for row in unit.connection.execute(_SELECT, {"instance": case.id}):
        if row.id == "":
            base = BaseDocument(row.base, row.data)
        else:
            rows[row.id] = TokenRow._make(row)
    session = Session.restored(specs, case.id, Snapshot(case.meta, rows, base))
    session.revision = case.revision
    return session


def insert_case(
    unit: UnitOfWork, session: Session, columns: Mapping[str, Any], snapshot: Snapshot | None = None
) -> None:
    """A case that was started in this act. `columns`: everything of the instance row but the engine's own."""
    snapshot = snapshot or session.take_snapshot()
    session.revision = _following(0)
    own = {
        "id": session.instance_id,
        "revision": session.revision,
        "meta": snapshot.meta,
        "base_number": snapshot.base.number,
    }
    unit.connection.execute(insert(_INSTANCE), {**_defaults(), **columns, **own})
    _write(unit, session, snapshot)


def save(unit: UnitOfWork, session: Session, columns: Mapping[str, Any], snapshot: Snapshot | None = None) -> None:
    """What an act changed. `columns`: what else changes in the instance row. ConflictError: somebody was first."""
    snapshot = snapshot or session.take_snapshot()
    revision = _following(session.revision)
    values = {**columns, "revision": revision, "meta": snapshot.meta, "base_number": snapshot.base.number}
    statement = _update_of(tuple(values))
    parameters = {f"v_{name}": value for name, value in values.items()}
    done = unit.connection.execute(
        statement, {**parameters, "b_id": session.instance_id, "b_revision": session.revision}
    )
    if done.rowcount == 0:  # sent ahead it is unknown; there the lock that `locked` took has kept everybody else out
        raise ConflictError
    session.revision = revision
    _write(unit, session, snapshot)


@cache
def _update_of(names: tuple[str, ...]) -> Update:
    """Made once for each set of columns, of which there are few: building it costs as much as sending it."""
    return (
        update(_INSTANCE)
        .where(_INSTANCE.c.id == bindparam("b_id"), _INSTANCE.c.revision == bindparam("b_revision"))
        .values({name: bindparam(f"v_{name}", type_=_INSTANCE.c[name].type) for name in names})
    )


def waiting(
    unit: UnitOfWork,
    event: str,
    correlation: str | None = None,
    limit: int = 1000,
    *,
    business_key: str | None = None,
    programme_id: str | None = None,
) -> list[Waiting]:
    """Tokens of open cases that wait for `message:<name>` or `signal:<name>`: with this correlation, or with none.

    Event gateways wait for several at once, kept as one text; the delivery itself looks exactly.
    """
    keyed = f"|{event}={correlation}|"
    wanted = {f"|{event}|"} | ({keyed} if correlation is not None else set())
    several = or_(*(_TOKEN.c.event.contains(text, autoescape=True) for text in sorted(wanted)))
    statement = (
        select(_TOKEN.c.instance_id, _TOKEN.c.id, _TOKEN.c.event, _TOKEN.c.correlation)
        .join(_INSTANCE, _INSTANCE.c.id == _TOKEN.c.instance_id)
        .where(
            _INSTANCE.c.status.in_(("active", "suspended")),
            or_(
                (_TOKEN.c.event == event) & or_(_TOKEN.c.correlation.is_(None), _TOKEN.c.correlation == correlation),
                (_TOKEN.c.event >= "any:") & (_TOKEN.c.event < "any;") & several,
            ),
        )
        .order_by(_TOKEN.c.instance_id, _TOKEN.c.id)
        .limit(limit)
    )
    if business_key is not None:
        statement = statement.where(_INSTANCE.c.business_key == business_key)
    if programme_id is not None:
        statement = statement.where(_INSTANCE.c.programme_id == programme_id)
    return [
        Waiting(
            row.instance_id, row.id, correlation is not None and (row.correlation == correlation or keyed in row.event)
        )
        for row in unit.connection.execute(statement)
    ]


def _write(unit: UnitOfWork, session: Session, snapshot: Snapshot) -> None:
    """The rows in which `snapshot` differs from what the session was loaded with."""
    before = session.snapshot
    gone = [ident for ident in before.rows if ident not in snapshot.rows]
    if gone:
        unit.connection.execute(_DELETE, {"instance": session.instance_id, "ids": gone})
    changed = [row for ident, row in snapshot.rows.items() if before.rows.get(ident) != row]
    if changed:
        statement = _UPSERT_POSTGRESQL if unit.is_postgresql else _UPSERT_SQLITE
        unit.connection.execute(statement, [{"instance_id": session.instance_id, **row._asdict()} for row in changed])
    if snapshot.base is not before.base:
        statement = _DATA_POSTGRESQL if unit.is_postgresql else _DATA_SQLITE
        body = {"instance_id": session.instance_id, "number": snapshot.base.number, "body": snapshot.base.body}
        unit.connection.execute(statement, body)
    session.snapshot = snapshot


def _following(revision: int) -> int:
    """Counts up, with random low bits: after a rollback a plain count could equal another worker's commit."""
    return (((revision >> _RANDOM_BITS) + 1) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)


def _defaults() -> dict[str, Any]:
    """Defaults of the model, which a Core insert does not know."""
    fields = Instance.model_fields
    return {name: f.get_default(call_default_factory=True) for name, f in fields.items() if not f.is_required()}


def _base_as_token() -> list[Any]:
    """The base document in the shape of a token row, so that one statement reads both."""
    places: dict[str, Any] = {name: null() for name in _COLUMNS}
    places |= {"id": literal(""), "position": literal(0.0), "spec": literal(""), "state": literal(0)}
    places |= {"triggered": literal(value=False), "changed_at": literal(0.0)}
    places |= {"base": _DATA.c.number, "data": _DATA.c.body}
    return [places[name].label(name) for name in _COLUMNS]


_SELECT = union_all(
    select(*(_TOKEN.c[name] for name in _COLUMNS)).where(_TOKEN.c.instance_id == bindparam("instance")),
    select(*_base_as_token()).where(_DATA.c.instance_id == bindparam("instance")),
)
_DELETE = delete(_TOKEN).where(
    _TOKEN.c.instance_id == bindparam("instance"), _TOKEN.c.id.in_(bindparam("ids", expanding=True))
)


def _upsert(dialect: Any, table: Any, keys: Sequence[str]) -> Any:
    statement = dialect.insert(table)
    others = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=others)


_UPSERT_SQLITE = _upsert(sqlite, _TOKEN, ("instance_id", "id"))
_UPSERT_POSTGRESQL = _upsert(postgresql, _TOKEN, ("instance_id", "id"))
_DATA_SQLITE = _upsert(sqlite, _DATA, ("instance_id",))
_DATA_POSTGRESQL = _upsert(postgresql, _DATA, ("instance_id",))

__all__ = ["StoredCase", "Waiting", "insert_case", "load", "locked", "save", "waiting"]
