"""What a case keeps does not grow with the rounds it has gone, whatever stands inside the loop."""

import pytest
from sqlalchemy import func, select

from models import Token
from tests.support.bpmn import Process, after, multi
from tests.support.cases import Case, parsed


def _reminder(p):
    p.user("check")
    p.boundary("remind", "check", after('"P30D"'), interrupting=False)
    p.end("reminded")
    p.flow("remind", "reminded")
    return "check", "check", ["check"]


def _time_limit(p):
    p.user("check")
    p.boundary("late", "check", after('"P30D"'))
    p.user("escalated"), p.end("gone")
    p.chain("late", "escalated", "gone")
    return "check", "check", ["check"]


def _parallel(p):
    p.parallel("split"), p.user("left"), p.user("right"), p.parallel("join")
    p.chain("split", "left", "join"), p.chain("split", "right", "join")
    return "split", "join", ["left", "right"]


def _inclusive(p):
    p.inclusive("split"), p.user("left"), p.user("right"), p.inclusive("join")
    p.flow("split", "left", "n >= 0"), p.flow("split", "right", default=True)
    p.flow("left", "join"), p.flow("right", "join")
    return "split", "join", ["left"]


def _sub_process(p):
    inner = Process("inner")
    inner.start("inner_start"), inner.user("inside"), inner.end("inner_end")
    inner.chain("inner_start", "inside", "inner_end")
    p.add(inner)
    p.boundary("slow", "inner", after('"P30D"'), interrupting=False)
    p.end("slow_end")
    p.flow("slow", "slow_end")
    return "inner", "inner", ["inside"]


def _several(p):
    p.user("each", repeat=multi(collection="items", item="item"))
    return "each", "each", ["each", "each", "each"]


@pytest.mark.parametrize("inside", [_reminder, _time_limit, _parallel, _inclusive, _sub_process, _several])
def test_a_loop_keeps_as_much_after_every_round(sqlite_database, inside):
    p = Process("loop")
    p.start(), p.end(), p.exclusive("again")
    first, last, tasks = inside(p)
    p.flow("start", first)
    p.flow(last, "again")
    p.flow("again", first, "n < 100")
    p.flow("again", "end", default=True)
    case = Case(sqlite_database, parsed(p))
    case.start(n=0, items=[1, 2, 3])
    kept = []
    for _ in range(6):
        for name in tasks:
            case.complete(name, n=1)
        with sqlite_database.read() as unit:
            kept.append(unit.connection.scalar(select(func.count()).where(Token.instance_id == case.id)))
    assert len(set(kept[1:])) == 1, kept
