"""Cases that belong together are found from both sides."""

import pytest

from engine.relations import link, related, relatives
from tests.support.bpmn import Process
from tests.support.office import Office


@pytest.fixture
def cases(database):
    """An office with three cases."""
    office = Office(database)
    p = Process("plain")
    p.start()
    p.user("fill", lane="Pemohon")
    p.end()
    p.chain("start", "fill", "end")
    office.deploy(p)
    ani = office.person("Ani")
    return office, [office.start("plain", ani) for _ in range(3)]


def test_both_sides_of_a_link_know_each_other(cases):
    office, (participant, schedule, other) = cases
    with office.database.write() as unit:
        link(unit, participant, schedule, "schedule", office.clock.now())

    with office.database.read() as unit:
        assert [(r.kind, r.direction, r.instance_id) for r in relatives(unit, participant)] == [
            ("schedule", "to", schedule)
        ]
        assert [(r.kind, r.direction, r.instance_id) for r in relatives(unit, schedule)] == [
            ("schedule", "from", participant)
        ]
        assert relatives(unit, other) == []
        assert related(unit, participant, "schedule") == [schedule]
        assert related(unit, schedule, "schedule") == related(unit, participant, "formasi") == []


def test_saying_it_twice_is_once_and_keeps_the_first_day(cases):
    office, (one, two, _) = cases
    first = office.clock.now()
    for _ in range(2):
        with office.database.write() as unit:
            link(unit, one, two, "replaces", office.clock.now())
        office.wait(days=1)

    with office.database.read() as unit:
        assert [r.linked_at for r in relatives(unit, one)] == [first]


def test_links_stand_in_the_order_they_were_made(cases):
    office, (one, two, three) = cases
    for other, kind in ((three, "formasi"), (two, "schedule")):
        with office.database.write() as unit:
            link(unit, one, other, kind, office.clock.now())
        office.wait(minutes=1)

    with office.database.read() as unit:
        assert [r.instance_id for r in relatives(unit, one)] == [three, two]
