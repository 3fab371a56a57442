"""The measure of all things here: one bare transaction that reads, changes and adds one row, and commits."""

import uuid

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, select

from engine.unit_of_work import Database

_metadata = MetaData()
_row = Table("bench_row", _metadata, Column("id", String(32), primary_key=True), Column("n", Integer))
_log = Table("bench_log", _metadata, Column("id", String(32), primary_key=True), Column("body", LargeBinary))
_KEY = "0" * 32
_BODY = b"x" * 300


class BareTransaction:
    """SELECT … FOR UPDATE of one row, UPDATE of it, INSERT of 300 bytes, COMMIT: what any web application does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as unit:
            _metadata.create_all(unit.connection)
            unit.connection.execute(_row.insert(), {"id": _KEY, "n": 0})

    def __call__(self) -> None:
        with self.database.write() as unit:
            connection = unit.connection
            n = connection.execute(select(_row.c.n).where(_row.c.id == _KEY).with_for_update()).scalar_one()
            connection.execute(_row.update().where(_row.c.id == _KEY).values(n=n + 1))
            connection.execute(_log.insert(), {"id": uuid.uuid4().hex, "body": _BODY})
