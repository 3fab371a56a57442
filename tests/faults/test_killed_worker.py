"""A worker is killed (SIGKILL) again and again amid due deadlines and handlers: each fires once, each writes once."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from engine.history import verify_instance
from models import Deadline, SatuanKerja
from tests.support.bpmn import Process, after
from tests.support.doomed_worker import registry
from tests.support.office import Office

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

ROOT = Path(__file__).resolve().parents[2]
CASES = 20
KILLS = 3
PATIENCE = 120


def due_and_registering() -> Process:
    p = Process("due")
    p.start()
    p.catch("wait", after('"PT1M"'))
    p.service("enrol", "register", lane="Sistem")
    p.end()
    p.chain("start", "wait", "enrol", "end")
    return p


def work(database) -> subprocess.Popen:
    url = database.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.doomed_worker", url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def ended(worker) -> bool:
    """Leaves it a moment of the processor first."""
    try:
        worker.wait(0.02)
    except subprocess.TimeoutExpired:
        return False
    return True


def progress(database) -> int:
    fired = select(func.count()).select_from(Deadline).where(Deadline.state == "fired")
    written = select(func.count()).select_from(SatuanKerja)
    with database.read() as unit:
        return unit.session.scalar(fired) + unit.session.scalar(written)


def test_killed_amid_deadlines_and_handlers_nothing_is_lost_or_doubled(database):
    office = Office(database, registry=registry())
    office.instansi("kota")
    office.deploy(due_and_registering())
    cases = [office.start("due") for _ in range(CASES)]
    # Due in June 2026 by the test's clock: long past by the worker's own.
    chance = random.Random(20260601)

    for n in range(1, KILLS + 1):
        worker = work(database)
        # It is killed in the middle of whatever it does once so much more is done; it may have ended before.
        target = 2 * CASES * n // (KILLS + 2) + chance.randrange(3)
        while progress(database) < target and not ended(worker):
            pass
        worker.kill()
        worker.communicate()
        release_claims(office)
    said, _ = work(database).communicate(timeout=PATIENCE)

    assert said.strip() == "idle"
    assert {office.case(case).status for case in cases} == {"completed"}
    assert Counter(row.name for row in office.rows(SatuanKerja)) == dict.fromkeys(cases, 1)
    assert {d.state for d in office.rows(Deadline)} == {"fired"}
    for case in cases:
        kinds = Counter(office.kinds(case))
        assert (kinds["deadline:fired"], kinds["service:reported"]) == (1, 1)
        with database.read() as unit:
            assert verify_instance(unit, case) == []
    assert office.incidents() == []


def release_claims(office):
    """As 15 seconds of waiting would: what a killed worker had claimed is free again."""
    with office.database.write() as unit:
        unit.session.execute(update(Deadline).where(Deadline.state == "pending").values(retry_at=None))
