"""What a case costs in the database: statements, bytes, rows; long loops, wide multi-instances, large data."""

import pytest
from sqlalchemy import func, select

from engine.errors import BudgetExceededError
from engine.spiff import Budget
from engine.store import Waiting, load, locked, waiting
from engine.unit_of_work import Database
from models import InstanceData, Token, metadata
from tests.support.bpmn import Process, after, message, multi, signal
from tests.support.cases import Case, parsed
from tests.support.databases import counting


@pytest.fixture
def memory():
    """For the long ones: what is counted is the same on every database."""
    database = Database("sqlite://")
    with database.write() as unit:
        metadata.create_all(unit.connection)
    yield database
    database.dispose()


def _loop(*, boundary=False, parallel=False):
    p = Process("loop")
    p.start(), p.exclusive("m"), p.user("u"), p.script("s", "n = n + 1"), p.exclusive("x"), p.end()
    if parallel:
        p.parallel("split"), p.parallel("join"), p.user("v")
        p.chain("start", "m", "split", "u", "join", "s", "x"), p.chain("split", "v", "join")
    else:
        p.chain("start", "m", "u", "s", "x")
    p.flow("x", "m", "again"), p.flow("x", "end", default=True)
    if boundary:
        (
            p.user("late"),
            p.end("le"),
            p.boundary("b", "u", after('"P3D"'), interrupting=False),
            p.chain("b", "late", "le"),
        )
    return p


def _rows(database, case):
    with database.read() as unit:
        statement = select(func.count()).select_from(Token).where(Token.instance_id == case.id)
        return unit.session.execute(statement).scalar_one()


@pytest.mark.parametrize("shape", [{}, {"boundary": True}, {"parallel": True}])
def test_a_round_costs_the_same_statements_rows_and_bytes_however_many_went_before(database, shape):
    case = Case(database, parsed(_loop(**shape)))
    case.start(n=0, again=True, note="x" * 200)
    seen = []
    for number in range(1, 41):
        with counting(database) as cost:
            case.complete("u")
            if shape == {"parallel": True}:
                case.complete("v")
        if number in (10, 20, 40):
            # a number with more digits is the only difference
            seen.append((len(cost), cost.commits, _rows(database, case), cost.bytes // 100))
    assert len(set(seen)) == 1
    assert seen[0][0] <= 5 * seen[0][1]


@pytest.mark.parametrize("shape", [{}, {"boundary": True}, {"parallel": True}])
def test_a_loop_of_2000_rounds(memory, shape):
    case = Case(memory, parsed(_loop(**shape)))
    case.check = False
    case.start(n=0)
    rows = set()
    rounds = 2000 if shape == {} else 1000
    for number in range(1, rounds + 1):
        case.complete("u", again=number < rounds)
        if shape == {"parallel": True}:
            case.complete("v")
        if number in (10, 100, rounds - 1):
            rows.add(_rows(memory, case))
    assert case.delta.completed
    assert case.data()["n"] == rounds
    assert len(rows) == 1


@pytest.mark.parametrize("body", ["user", "sub"])
@pytest.mark.parametrize("sequential", [True, False])
def test_a_multi_instance_of_500_items(memory, body, sequential):
    repeat = multi(collection="items", item="item", results="answers", result="answer", sequential=sequential)
    p = Process("many")
    p.start(), p.end(), p.user("z")
    if body == "user":
        p.user("w", repeat=repeat)
    else:
        inner = Process("w")
        inner.start("ws"), inner.user("wu"), inner.script("calc", "answer = item * 2"), inner.end("we")
        inner.chain("ws", "wu", "calc", "we"), p.add(inner, repeat=repeat)
    p.chain("start", "w", "z", "end")
    case = Case(memory, parsed(p))
    case.check = False
    case.start(items=list(range(500)))
    assert len(case.open) == (1 if sequential else 500)
    done = 500 if sequential or body == "user" else 20
    for number in range(done):
        data = {"answer": number * 2} if body == "user" else {}
        with counting(memory) as cost:
            case.complete("w" if body == "user" else "wu", number, **data)
        assert len(cost) <= 6
        assert cost.bytes < 12_000
    if done == 500:
        assert case.open == ["z"]
        assert case.data()["answers"] == [2 * n for n in range(500)]


def test_a_case_with_256_kilobytes_of_data(database):
    p = Process("large")
    p.start(), p.user("a"), p.parallel("s"), p.user("b"), p.user("c"), p.parallel("j"), p.user("d"), p.end()
    p.chain("start", "a", "s", "b", "j", "d", "end"), p.chain("s", "c", "j")
    case = Case(database, parsed(p))
    case.start()
    large = {f"field_{n}": [{"k": k, "text": "x" * 50} for k in range(30)] for n in range(130)}
    case.complete("a", **large)
    for name in "bc":
        with counting(database) as cost:
            case.complete(name, **{name: 1})
        assert cost.bytes < 5_000  # the change, not the data
    assert case.task("d").data == {**large, "b": 1, "c": 1}
    case.complete("d")
    assert case.delta.completed
    with database.read() as unit:
        assert len(unit.session.get(InstanceData, case.id).body) > 256 * 1024
    assert case.replayed() == case.digests


def test_data_beyond_the_budget_is_refused(database, monkeypatch):
    p = Process("huge")
    p.start(), p.user("a"), p.end(), p.chain("start", "a", "end")
    case = Case(database, parsed(p))
    case.start()
    before = case.session().digest()
    with pytest.raises(BudgetExceededError):
        case.complete("a", text="x" * (Budget().data_bytes + 1))
    assert case.session().digest() == before


def test_a_value_that_changes_its_kind_only_is_saved(database):
    p = Process("kinds")
    p.start(), p.user("a"), p.user("b"), p.end(), p.chain("start", "a", "b", "end")
    case = Case(database, parsed(p))
    case.start(flag=1, filler={"k": ["x" * 3000]})
    case.complete("a", flag=True)
    assert case.session().data()["flag"] is True


def test_the_base_document_follows_the_data(database):
    p = _loop()
    case = Case(database, parsed(p))
    case.start(n=0, again=True)
    for number in range(30):
        case.complete("u", **{f"f{number}": "y" * 500})
    with database.read() as unit:
        document = unit.session.get(InstanceData, case.id)
        assert document.number > 1
        loaded = load(unit, locked(unit, case.id), case.specs)
    assert {f"f{n}" for n in range(30)} <= set(loaded.data())
    assert case.replayed() == case.digests


def test_who_waits_for_an_event_is_found_by_correlation(database):
    p = Process("wait")
    p.start(), p.event_gateway("g"), p.catch("m", message("M"), properties={"correlation": "key"})
    p.catch("s", signal("S")), p.end(), p.end("e2"), p.chain("start", "g", "m", "end"), p.chain("g", "s", "e2")
    q = Process("plain")
    q.start(), q.receive("r", message("M")), q.end(), q.chain("start", "r", "end")
    one, two, three = Case(database, parsed(p)), Case(database, parsed(p)), Case(database, parsed(q))
    one.start(key="A"), two.start(key="B"), three.start()

    def found(event, correlation=None):
        with database.read() as unit:
            return {w.instance_id for w in waiting(unit, event, correlation) if isinstance(w, Waiting)}

    assert found("message:M", "A") == {one.id, three.id}
    assert found("message:M", "B") == {two.id, three.id}
    assert found("message:M") == {three.id}
    assert found("signal:S") == {one.id, two.id}
    assert found("message:N") == set()
    one.act("message", "M", {}, "A")
    assert one.delta.completed
    assert found("message:M", "A") == {three.id}
