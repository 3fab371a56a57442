"""The server is killed in the middle of its work, again and again; no act is lost, doubled or stuck."""

import random
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine.clock import SystemClock, VirtualClock
from engine.people.passwords import hash_password
from models import Deadline, HistoryEvent, User, UserTask
from tests.support.bpmn import Process, after
from tests.support.office import Office
from tests.support.server import Browser, ServerProcess, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

PASSWORD = "sandi-uji-yang-panjang"
ROUNDS = 5
"""On each database: ten times in all."""
COMPLETIONS = 200
CASES = 8


@pytest.fixture
def server(database, tmp_path):
    url = database.url.render_as_string(hide_password=False)
    process = ServerProcess(tmp_path, url)
    process.migrate()
    yield process
    process.stop()


def _office(database, clock=None):
    return Office(database, clock=clock or SystemClock())


def _rounds_process():
    p = Process("rounds")
    p.start(), p.user("check", lane="Pemohon"), p.script("count", "n = n + 1"), p.exclusive("again"), p.end()
    p.chain("start", "check", "count", "again")
    p.flow("again", "check", "n < 100000")
    p.flow("again", "end", default=True)
    return p


def _person(office, name):
    actor = office.person(name)
    with office.database.write() as unit:
        user = unit.session.get(User, actor.user_id)
        user.password_hash = hash_password(PASSWORD)
        email = user.email
    return actor, email


class Acknowledged:
    """Completions that the server confirmed, by case; says when enough have been for the axe to fall."""

    def __init__(self, fall: int) -> None:
        self.by_case = Counter()
        self.enough = threading.Event()
        self._fall = fall
        self._lock = threading.Lock()

    def add(self, case):
        with self._lock:
            self.by_case[case] += 1
            if self.by_case.total() >= self._fall:
                self.enough.set()


def _work(browser, case, task, times, acknowledged):
    """Complete the case's task `times` times, or until the server is gone."""
    for _ in range(times):
        try:
            status, location = browser.post(f"/tugas/{task}")
        except OSError:
            return
        assert status == 303, (status, location)
        acknowledged.add(case)
        task = re.search(r"/tugas/([0-9a-f]{32})", location).group(1)


def _completed(office, case):
    condition = (HistoryEvent.instance_id == case) & (HistoryEvent.kind == "task:completed")
    with office.database.read() as unit:
        return unit.connection.scalar(select(func.count()).where(condition))


def test_kill_during_completions_loses_doubles_and_blocks_nothing(database, server, request):
    chance = random.Random(7)
    office = _office(database)
    office.deploy(_rounds_process())
    ani, email = _person(office, "Ani")
    cases = [office.start("rounds", ani, data={"n": 0}) for _ in range(CASES)]
    before = dict.fromkeys(cases, 0)
    server.start()
    browser = Browser(server.url)
    browser.sign_in(email, PASSWORD)
    for _ in range(ROUNDS):
        acknowledged = Acknowledged(fall=chance.randrange(10, COMPLETIONS - 20))
        with ThreadPoolExecutor(CASES) as pool:
            running = [
                pool.submit(_work, browser, case, office.task(case, "check").id, COMPLETIONS // CASES, acknowledged)
                for case in cases
            ]
            acknowledged.enough.wait(60)
            server.kill()
            for one in running:
                one.result()
        server.start()
        for case in cases:
            done = _completed(office, case) - before[case]
            in_flight = 1
            assert acknowledged.by_case[case] <= done <= acknowledged.by_case[case] + in_flight
            assert office.open(case) == ["check"]
            before[case] += done
    server.stop()
    assert sum(before.values()) > ROUNDS * 10
    server.alur("verify", "--all", "--replay")


def _timer_process():
    p = Process("alarm")
    p.start(), p.catch("wait", after('"PT1H"')), p.user("ring", lane="Pemohon"), p.end()
    p.chain("start", "wait", "ring", "end")
    return p


def test_deadlines_that_came_due_while_the_server_was_down_fire_once_each(database, server):
    hours_ago = datetime.now(UTC) - timedelta(hours=3)
    office = _office(database, VirtualClock(hours_ago))
    office.deploy(_timer_process())
    ani = office.person("Ani")
    cases = [office.start("alarm", ani) for _ in range(1000)]

    def fired():
        with office.database.read() as unit:
            return unit.connection.scalar(select(func.count()).where(Deadline.state == "fired"))

    server.start()
    wait_until(lambda: fired() >= 100, seconds=60)
    server.kill()
    server.start()
    wait_until(lambda: fired() == len(cases), seconds=180)
    server.stop()
    with office.database.read() as unit:
        opened = select(UserTask.instance_id, func.count()).group_by(UserTask.instance_id)
        assert dict(unit.connection.execute(opened).all()) == dict.fromkeys(cases, 1)
        pending = select(func.count()).where(Deadline.state == "pending")
        assert unit.connection.scalar(pending) == 0
