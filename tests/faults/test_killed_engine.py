"""kill -9 in the middle of acts: each is there as a whole or not at all, and every record proves itself."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from engine.clock import VirtualClock
from models import HistoryEvent, UserTask
from tests.support.bpmn import Process
from tests.support.office import Office

KILLS = 5
ACKNOWLEDGED = 25
"""Completions that a process reports before it is killed at the next one."""


def forever() -> Process:
    p = Process("forever")
    p.start()
    p.exclusive("again")
    p.user("work", lane="Verifikator", due="days(3)")
    p.exclusive("enough")
    p.end()
    p.chain("start", "again", "work", "enough")
    p.flow("enough", "end", "not again")
    p.flow("enough", "again", default=True)
    return p


@pytest.mark.faults
def test_a_killed_process_loses_nothing_doubles_nothing_and_leaves_nothing_stuck(database):
    # The records are proved by the database fixture when this test is over.
    office = Office(database, clock=VirtualClock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC)))
    office.deploy(forever())
    cases = [office.start("forever") for _ in range(4)]
    office.person("Budi", "verifier")

    acknowledged = set()
    for _ in range(KILLS):
        acknowledged |= killed_after(database.url.render_as_string(hide_password=False), ACKNOWLEDGED)

    completed = [e.token_id for e in office.rows(HistoryEvent, kind="task:completed")]
    rows = {t.id for t in office.rows(UserTask, state="completed")}
    assert len(completed) == len(set(completed))
    assert set(completed) == rows
    assert acknowledged <= rows
    assert len(rows) - len(acknowledged) <= KILLS  # committed, and killed before it could say so
    assert [office.open(case) for case in cases] == [["work"]] * 4


def killed_after(url: str, lines: int) -> set[str]:
    """What a completing process acknowledged until it was killed."""
    command = [sys.executable, "-m", "tests.support.completer", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        seen = {process.stdout.readline().strip() for _ in range(lines)}
        process.kill()
        seen |= {line.strip() for line in process.stdout}
    return {ident for ident in seen if len(ident) == 32}
