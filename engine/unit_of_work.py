"""The only place that opens a transaction and the only place that commits.

`with database.write() as unit:` commits when the block ends and rolls back when it raises;
`unit.after_commit(f)` keeps effects (waking a worker, moving a file) for after the commit.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from engine.turns import Turn, Turns

log = logging.getLogger(__name__)

WRITES = "alur_writes"
TURN = "alur_turn"


class UnitOfWork:
    """One transaction: `session` for objects, `connection` for statements of the engine's hot path.

    It begins with the first statement of either. Most acts need no objects: a session is made for those that do.
    """

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self.connection = connection
        self.writes = writes
        self._session: Session | None = None
        self._after_commit: list[Callable[[], None]] = []
        self._before_commit: list[tuple[LastWrite, Any]] = []

    @property
    def session(self) -> Session:
        if self._session is None:
            # It takes part in the connection's transaction, which `commit` and `rollback` alone end.
            self._session = Session(
                bind=self.connection,
                expire_on_commit=False,
                autoflush=True,
                join_transaction_mode="rollback_only",
            )
        return self._session

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    @contextmanager
    def writing_ahead(self) -> Iterator[None]:
        """Statements in the block are sent without waiting for each other's answers, where the driver can.

        For writes whose answers nobody reads: a row count is unknown (-1) inside, and a fault shows at the end.
        """
        raw = self.connection.connection.driver_connection
        if raw is None or not hasattr(raw, "pipeline"):
            yield
            return
        with raw.pipeline():
            yield

    @contextmanager
    def part(self) -> Iterator[None]:
        """A savepoint: what the block wrote and what it left for after the commit is undone alone when it raises."""
        before = len(self._after_commit)
        try:
            with self.savepoint():
                yield
        except BaseException:
            del self._after_commit[before:]
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What the block wrote, or left to be written before the commit, is undone alone when it raises."""
        before = len(self._before_commit)
        try:
            with self._savepoint():
                yield
        except BaseException:
            del self._before_commit[before:]
            raise

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        # Where there are objects already, the session must know what became of them; without any, it costs half.
        if self._session is not None:
            with self._session.begin_nested():
                yield
            return
        with self.connection.begin_nested():
            try:
                yield
                self._flush()
            except BaseException:
                self.close()  # a session that was made in this block, and knows nothing but what is undone
                raise

    def after_commit(self, effect: Callable[[], None]) -> None:
        """Run `effect` once the transaction is committed; never if it is not. The same one twice is run once."""
        if effect not in self._after_commit:
            self._after_commit.append(effect)

    def before_commit(self, write: "LastWrite", item: Any) -> None:
        """Hand `item` to `write`, with all others that are left for it, as the last statements of the transaction.

        For what everybody writes in one place: its lock is held for a moment only, and none is taken after it.
        """
        self._before_commit.append((write, item))

    # --- for who opened it alone --------------------------------------------------------------------------------------

    def commit(self) -> None:
        self._flush()
        self._write_last()
        self.connection.commit()

    def rollback(self) -> None:
        """Objects keep what was read of them: a view still shows it."""
        self.connection.rollback()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _flush(self) -> None:
        if self._session is not None:
            self._session.flush()

    def _write_last(self) -> None:
        left, self._before_commit = self._before_commit, []
        items: dict[LastWrite, list[Any]] = {}
        for write, item in left:
            items.setdefault(write, []).append(item)
        for write, gathered in items.items():
            write(self, gathered)

    def run_effects(self) -> None:
        for effect in self._after_commit:
            try:
                effect()
            except Exception:  # the act stands; a failed effect is the job queue's to repeat
                log.exception("effect after commit failed", extra={"action": "after_commit_failed"})


LastWrite = Callable[[UnitOfWork, Sequence[Any]], None]
"""Writes everything that a transaction left for it, at its end."""


class Database:
    """The one engine of a process, on SQLite (WAL, full sync) or PostgreSQL."""

    def __init__(self, url: str, *, pool_size: int = 12, durable: bool = True) -> None:
        """`durable=False` is for simulations alone: a commit does not wait for the disk."""
        self.url = make_url(url)
        self._durable = durable
        self._turns = Turns()
        if self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine: Engine = (
            self._sqlite()
            if self.is_sqlite
            else create_engine(
                self.url,
                pool_size=pool_size,
                max_overflow=pool_size,
                pool_pre_ping=False,
                connect_args={} if durable else {"options": "-c synchronous_commit=off"},
            )
        )

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_awaited(self) -> bool:
        """Does another thread of this process wait to write? Whoever writes much lets it in between two acts."""
        return self._turns.is_awaited

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A transaction that commits at the end of the block."""
        with self._unit(writes=True) as unit:
            yield unit

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads: it takes no write lock and is rolled back at the end."""
        with self._unit(writes=False) as unit:
            yield unit

    def dispose(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _unit(self, *, writes: bool) -> Iterator[UnitOfWork]:
        turn = Turn(self._turns)
        connection = self.engine.connect().execution_options(**{WRITES: writes, TURN: turn})
        unit = UnitOfWork(connection, writes=writes)
        try:
            yield unit
            if writes:
                unit.commit()
            else:
                unit.rollback()
        except BaseException:
            unit.rollback()
            raise
        finally:
            unit.close()
            turn.end()
            connection.close()
        if writes:
            unit.run_effects()

    def _sqlite(self) -> Engine:
        in_memory = self.url.database in (None, "", ":memory:")
        if in_memory:
            engine = create_engine(self.url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        else:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(
                self.url, pool_size=12, max_overflow=24, connect_args={"timeout": 30, "check_same_thread": False}
            )

        @event.listens_for(engine, "connect")
        def _configure(dbapi_connection: object, _record: object) -> None:
            connection = dbapi_connection
            connection.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA busy_timeout = 30000")
            if not in_memory:
                cursor.execute("PRAGMA journal_mode = WAL")
                cursor.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'OFF'}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # A writer takes the lock at once: upgrading a read lock later can only fail with "database is locked".
            options = connection.get_execution_options()
            writes = options.get(WRITES, True)
            if writes and TURN in options:
                options[TURN].take()
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine


def inserting(unit: UnitOfWork, model: type) -> Any:
    """An INSERT of the dialect at hand, which knows what to do about a row that is there already."""
    return (postgresql.insert if unit.is_postgresql else sqlite.insert)(model)
