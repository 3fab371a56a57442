"""The ground everything stands on: transactions commit whole or not at all, on both databases."""

import pytest
from sqlalchemy import select

from models import Definition
from tests.support.databases import counting


def test_a_block_that_raises_leaves_nothing(database):
    class Boom(Exception):
        pass

    effects = []
    with pytest.raises(Boom), database.write() as unit:
        unit.session.add(Definition(key="a", title="A", owner="x"))
        unit.session.flush()
        unit.after_commit(lambda: effects.append(1))
        raise Boom
    with database.read() as unit:
        assert unit.session.execute(select(Definition)).all() == []
    assert effects == []


def test_a_block_that_ends_is_one_commit_and_then_its_effects(database):
    effects = []
    with counting(database) as seen, database.write() as unit:
        unit.session.add(Definition(key="a", title="A", owner="x"))
        unit.after_commit(lambda: effects.append(1))
    assert seen.commits == 1
    assert effects == [1]
    with database.read() as unit:
        assert unit.session.get(Definition, "a").title == "A"
