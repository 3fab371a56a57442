"""The queue by itself: leases, order, back-off, and that a lost lease writes nothing."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from engine.jobs import JobOrder, TableQueue, enqueue
from engine.jobs.backoff import FIRST, LONGEST, SPREAD, delay
from engine.jobs.queue import LEASE, LeaseLostError
from models import Incident, Job
from tests.support.databases import counting

SECOND = timedelta(seconds=1)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def order(database, now):
    def write(*keys, **changed):
        with database.write() as unit:
            enqueue(unit, [JobOrder("mail", "mail", key, {"mail": key}, **changed) for key in keys], now)

    return write


def job_of(database, key):
    with database.read() as unit:
        found = unit.session.scalars(select(Job).where(Job.idempotency_key == key)).one()
        unit.session.expunge_all()
    return found


def incidents(database):
    with database.read() as unit:
        found = unit.session.scalars(select(Incident)).all()
        unit.session.expunge_all()
    return found


def finish(database, queue, job, now):
    with database.write() as unit:
        queue.done(unit, job, now)


def write_and_finish(database, queue, job, now):
    with database.write() as unit:
        unit.connection.execute(text("UPDATE job SET last_error = 'what the slow one did'"))
        queue.done(unit, job, now)


def test_the_same_order_twice_is_one_job(database, order, now):
    order("a")
    order("a", "b")
    with database.read() as unit:
        assert sorted(unit.session.scalars(select(Job.idempotency_key))) == ["a", "b"]


def test_jobs_come_in_the_order_they_are_due_and_not_before(database, order, now):
    order("later", run_at=now + SECOND)
    order("first", run_at=now - SECOND)
    order("now")
    queue = TableQueue(database)
    assert [queue.claim(now).idempotency_key for _ in range(2)] == ["first", "now"]
    assert queue.claim(now) is None
    assert queue.claim(now + SECOND).idempotency_key == "later"


def test_only_the_kinds_asked_for(database, order, now):
    order("a")
    queue = TableQueue(database)
    assert queue.claim(now, {"handler", "message"}) is None
    assert queue.claim(now, {"mail"}) is not None


def test_a_leased_job_is_nobody_else_s_until_the_lease_is_over(database, order, now):
    order("a")
    first, second = TableQueue(database), TableQueue(database)
    held = first.claim(now)
    assert second.claim(now + LEASE) is None
    taken = second.claim(now + LEASE + SECOND)
    assert taken.id == held.id
    assert taken.attempts == 1


def test_a_worker_that_tells_it_lives_keeps_its_lease(database, order, now):
    order("a")
    first, second = TableQueue(database), TableQueue(database)
    held = first.claim(now)
    assert first.renew(now + LEASE) == 1
    assert second.renew(now + LEASE) == 0
    assert second.claim(now + LEASE + SECOND) is None
    finish(database, first, held, now + LEASE + SECOND)
    assert first.renew(now + LEASE) == 0


def test_who_lost_the_lease_writes_nothing_at_all(database, order, now):
    order("a")
    slow, quick = TableQueue(database), TableQueue(database)
    held = slow.claim(now)
    taken = quick.claim(now + LEASE + SECOND)

    with pytest.raises(LeaseLostError):
        write_and_finish(database, slow, held, now)
    assert slow.failed(held, RuntimeError("late"), now) is None
    slow.postpone(held, now)
    slow.drop(held, now, "late")

    after = job_of(database, "a")
    assert (after.state, after.lease_owner, after.last_error) == ("running", quick.owner, None)
    finish(database, quick, taken, now)
    assert job_of(database, "a").state == "done"


def test_a_restarted_process_takes_over_its_own_jobs_at_once(database, order, now):
    order("a", "b")
    dead, other = TableQueue(database, "embedded"), TableQueue(database, "worker-2")
    left = dead.claim(now)
    other.claim(now)
    risen = TableQueue(database, "embedded")
    assert risen.take_over(now) == 1
    assert risen.claim(now).id == left.id
    assert risen.claim(now) is None


def test_a_failure_waits_longer_each_time_and_ends_as_one_incident(database, order, now):
    order("a", max_attempts=3)
    queue = TableQueue(database)
    waits = []
    for _ in range(2):
        job = queue.claim(now)
        assert queue.failed(job, RuntimeError("server away"), now) is None
        after = job_of(database, "a")
        waits.append(after.run_at - now)
        assert queue.claim(after.run_at - timedelta(milliseconds=1)) is None
        now = after.run_at
    last = queue.claim(now)
    incident_id = queue.failed(last, RuntimeError("server away"), now)

    assert waits[0] < waits[1]
    (incident,) = incidents(database)
    assert (incident.id, incident.job_id, incident.cause) == (incident_id, last.id, "RuntimeError")
    assert job_of(database, "a").state == "failed"
    assert queue.claim(now + timedelta(days=1)) is None


def test_a_hopeless_failure_is_an_incident_at_once(database, order, now):
    order("a")
    queue = TableQueue(database)
    assert queue.failed(queue.claim(now), RuntimeError("refused"), now, for_good=True)
    assert len(incidents(database)) == 1


def test_a_job_that_kills_its_workers_ends_as_an_incident(database, order, now):
    order("poison", max_attempts=3)
    order("harmless", run_at=now + timedelta(hours=1))
    for n in range(3):
        assert TableQueue(database).claim(now + n * 2 * LEASE).idempotency_key == "poison"
    survivor = TableQueue(database).claim(now + timedelta(hours=2))
    assert survivor.idempotency_key == "harmless"
    assert [i.cause for i in incidents(database)] == ["worker_died"]


def test_postponing_counts_no_attempt(database, order, now):
    order("a")
    queue = TableQueue(database)
    for n in range(8):
        queue.postpone(queue.claim(now + n * SECOND), now + (n + 1) * SECOND)
    after = job_of(database, "a")
    assert (after.state, after.attempts) == ("ready", 0)


def test_many_workers_at_once_each_get_different_jobs(database, order, now):
    order(*[f"k{n:03}" for n in range(40)])
    barrier, taken = Barrier(4), []

    def work():
        queue = TableQueue(database)
        barrier.wait()
        while (job := queue.claim(now)) is not None:
            taken.append(job.id)
            finish(database, queue, job, now)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 40


def test_the_wait_grows_is_bounded_and_spreads_a_crowd():
    waits = [delay(n, "k") for n in range(1, 8)]
    assert waits[0] >= FIRST
    assert waits[:4] == sorted(waits[:4])
    assert max(waits) <= LONGEST * (1 + SPREAD)
    assert len({delay(2, f"job {n}") for n in range(20)}) > 10
    assert delay(10_000, "k") == delay(10_000, "k")


def test_ready_jobs_are_found_by_the_index(database, now):
    queue = TableQueue(database)
    with counting(database) as statements:
        queue.claim(now)
    (looked,) = statements
    assert "state = 'ready'" in looked  # written out: a bound value would keep the partial index from being used


def test_an_idle_tick_takes_no_write_lock(database, now):
    with counting(database) as statements:
        assert TableQueue(database).claim(now) is None
        assert TableQueue(database).renew(now) == 0
    assert all(s.startswith("SELECT") for s in statements)
    assert statements.commits == 0
