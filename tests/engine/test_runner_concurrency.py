"""Several people, the ticker and messages at one case at once: nothing is lost, doubled or deadlocked."""

import threading

import pytest

from engine.actors import SYSTEM
from engine.errors import ConflictError
from tests.support.bpmn import Process, after, message, multi
from tests.support.office import Office

ITEMS = 12


def crowded() -> Process:
    p = Process("crowded")
    p.start()
    p.parallel("split")
    p.user("item", lane="Verifikator", due="days(3)", repeat=multi(cardinality=ITEMS))
    p.boundary("remind", "item", after('"PT1H"'), interrupting=False)
    p.catch("paid", message("payment"))
    p.parallel("join")
    p.end()
    p.end("reminded")
    p.chain("start", "split", "item", "join", "end")
    p.chain("split", "paid", "join")
    p.chain("remind", "reminded")
    return p


@pytest.fixture
def office(database):
    return Office(database)


def at_once(*works):
    """Run all at once; what any of them raised."""
    barrier, raised = threading.Barrier(len(works)), []

    def begin(work):
        barrier.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- reported to the test
            raised.append(error)

    threads = [threading.Thread(target=begin, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_everybody_at_one_case_at_once(office):
    office.deploy(crowded())
    people = [office.person(f"P{n}", "verifier") for n in range(4)]
    case = office.start("crowded")
    items = office.tasks(case)
    office.wait(hours=2)

    def work(number):
        def complete_some():
            for task in items[number::4]:
                office.runner.claim(task.id, people[number])
                office.runner.save_draft(task.id, people[number], {"n": number})
                office.runner.complete(task.id, people[number], {"done": number})

        return complete_some

    raised = at_once(
        *(work(n) for n in range(4)),
        office.tick,
        lambda: office.runner.correlate("payment", SYSTEM, {}),
    )

    assert raised == []
    assert office.case(case).status == "completed"
    kinds = office.kinds(case)
    assert (kinds.count("task:completed"), kinds.count("task:claimed"), kinds.count("message:received")) == (12, 12, 1)


def test_a_timer_two_tickers_and_a_person_fire_it_once(office):
    p = Process("raced")
    p.start()
    p.user("answer", lane="Verifikator")
    p.boundary("late", "answer", after('"PT1H"'))
    p.end("answered")
    p.end("expired")
    p.chain("start", "answer", "answered")
    p.chain("late", "expired")
    office.deploy(p)
    budi = office.person("Budi", "verifier")
    for _ in range(6):
        case = office.start("raced")
        task, (deadline,) = office.task(case, "answer"), office.deadlines(case)
        office.wait(hours=2)

        raised = at_once(
            lambda d=deadline: office.runner.fire(d.id),
            lambda d=deadline: office.runner.fire(d.id),
            lambda t=task: office.runner.complete(t.id, budi, {}),
        )

        assert all(isinstance(error, ConflictError) for error in raised)
        assert office.kinds(case).count("case:completed") == 1
        assert office.case(case).outcome == ("expired" if raised else "answered")
