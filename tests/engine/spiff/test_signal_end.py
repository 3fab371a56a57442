"""A process that ends with a signal sends it: stock SpiffWorkflow reads that end as a plain one."""

from tests.support.bpmn import Process, signal
from tests.support.cases import Case, parsed


def test_a_signal_end_event_throws_its_signal(sqlite_database):
    p = Process("ends")
    p.start(), p.user("a"), p.end(event=signal("closed"))
    p.chain("start", "a", "end")
    case = Case(sqlite_database, parsed(p))
    case.start()
    case.complete("a")
    assert case.delta.completed
    assert [(t.kind, t.name) for t in case.delta.thrown] == [("signal", "closed")]
