"""A worker is killed (SIGKILL) again and again amid an import: every row is done once, none is lost, none doubled."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import BulkRow, HistoryEvent, Instance
from tests.support.inpassing import HEADINGS, Programme, nip, person_row

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

ROOT = Path(__file__).resolve().parents[2]
ROWS, KILLS, PATIENCE = 24, 2, 120


def work(database) -> subprocess.Popen:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.doomed_importer", url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def progress(database) -> int:
    """Events of all cases: moves several times within a row."""
    with database.read() as unit:
        return unit.session.scalar(select(func.count()).select_from(HistoryEvent))


def ended(worker) -> bool:
    """Leaves it a moment of the processor first."""
    try:
        worker.wait(0.01)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_killed_amid_an_import_every_row_is_done_once(database, tmp_path):
    programme = Programme(database, tmp_path, muda=ROWS)
    rows = [HEADINGS, *(person_row(n) for n in range(1, ROWS + 1))]
    run = programme.upload("participants", "peserta.csv", "\n".join(";".join(row) for row in rows).encode())
    programme.start(run)
    chance = random.Random(20260601)

    for _ in range(KILLS):
        worker = work(database)
        target = progress(database) + chance.randrange(10, 45)
        while progress(database) < target and not ended(worker):
            pass
        worker.kill()
        worker.communicate()
    said, _ = work(database).communicate(timeout=PATIENCE)

    assert said.strip() == "idle"
    assert [p.nip for p in programme.participants()] == sorted(nip(n) for n in range(1, ROWS + 1))
    assert len(programme.rows(Instance)) == ROWS
    assert {row.state for row in programme.rows(BulkRow, run_id=run)} == {"done"}
    assert (programme.run_of(run).done, programme.run_of(run).failed, programme.run_of(run).state) == (ROWS, 0, "done")
