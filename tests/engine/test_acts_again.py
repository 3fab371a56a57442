"""An act that the database gives up for another's sake is done again as a whole; and what a refusal says is kept."""

import threading

import pytest
from sqlalchemy import text, update

from engine.acts import cases
from engine.registry import BusinessError
from models import Instansi
from tests.support.bpmn import Process, error
from tests.support.office import Office


def crossing() -> Process:
    p = Process("crossing")
    p.start()
    p.user("ask", lane="Pemohon")
    p.service("cross", "cross", inputs={"order": "order"}, result="crossed")
    p.end()
    p.chain("start", "ask", "cross", "end")
    return p


@pytest.fixture
def office(postgresql_database):
    return Office(postgresql_database)


def renaming(meeting: threading.Barrier, calls: list):
    """A handler that renames two agencies in the order asked for, and the first time waits between the two."""

    def cross(context, order):
        context.unit.connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        calls.append(context.instance_id)
        for number, ident in enumerate(order):
            context.unit.connection.execute(
                update(Instansi).where(Instansi.id == ident).values(name=Instansi.name + "+")
            )
            if number == 0 and len(calls) <= 2:
                meeting.wait(timeout=30)
        return {"done": True}

    return cross


def test_of_two_acts_that_wait_for_each_other_both_are_done_and_nobody_hears_of_it(office):
    meeting, calls = threading.Barrier(2), []
    office.handler("cross", renaming(meeting, calls), inputs=("order",))
    office.deploy(crossing())
    ani = office.person("Ani")
    for ident in ("a", "b"):
        office.instansi(ident)
    crossings = {office.start("crossing", ani): order for order in (["a", "b"], ["b", "a"])}
    raised = []

    def complete(case, order):
        try:
            office.complete(case, "ask", ani, order=order)
        except Exception as fault:  # noqa: BLE001 -- reported to the test
            raised.append(fault)

    threads = [threading.Thread(target=complete, args=item) for item in crossings.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert raised == []
    assert {office.case(case).status for case in crossings} == {"completed"}
    assert len(calls) == 3, "one of the two was done again, from its beginning"
    assert {row.name for row in office.rows(Instansi)} == {"a++", "b++"}
    assert [office.kinds(case).count("task:completed") for case in crossings] == [1, 1]
    assert office.incidents() == []


class NameTakenError(BusinessError):
    """The name {name} is taken."""

    indonesian = "Nama {name} sudah dipakai."

    def __init__(self, name):
        super().__init__("taken", name=name)


def asking(mode) -> Process:
    p = Process("asking")
    p.start()
    p.exclusive("again")
    p.user("ask", lane="Pemohon")
    p.service("take", "take_name", inputs={"name": "name"}, result="taken_name")
    p.boundary("taken", "take", error("taken", variable="refusal"))
    p.end()
    p.chain("start", "again", "ask", "take", "end")
    p.chain("taken", "again")
    return p


@pytest.mark.parametrize("mode", ["inline", "async"])
def test_an_error_event_with_a_variable_is_told_why_in_both_languages(database, mode):
    office = Office(database)

    def refuses(context, name):
        raise NameTakenError(name)

    office.handler("take_name", refuses, mode, inputs=("name",), errors=("taken",))
    office.deploy(asking(mode))
    ani = office.person("Ani")
    case = office.start("asking", ani)

    office.complete(case, "ask", ani, name="Kios")
    office.tick()

    assert data_of(office, case)["refusal"] == {
        "code": "taken", "id": "Nama Kios sudah dipakai.", "en": "The name Kios is taken.",
    }  # fmt: skip


def data_of(office, case):
    """What the open task of the case sees."""
    with office.database.read() as unit:
        found, task = cases.lock_by_task(unit, office.definitions, office.task(case, "ask").id)
        return found.session(unit).data(task.id)
