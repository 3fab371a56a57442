"""A worker is killed (SIGKILL) again and again amid an import: every row is done once, none is lost, none doubled."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.imports.work import take_over
from models import BulkRow, HistoryEvent, Instance, Membership, User
from tests.support.accesses import access_csv, access_rows
from tests.support.importer import Importer
from tests.support.inpassing import HEADINGS, Programme, nip, person_row

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

ROOT = Path(__file__).resolve().parents[2]
ROWS, KILLS, PATIENCE = 24, 2, 120


def work(database, *folder) -> subprocess.Popen:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.doomed_importer", url, *map(str, folder)]
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


def test_killed_amid_three_thousand_accesses_none_is_lost_and_none_doubled(sqlite_database, tmp_path):
    """Once while the file is read, once while its rows are done some hundreds together."""
    importer, many = Importer(sqlite_database, tmp_path), 3_000
    run = importer.upload("inaproc_accounts", "akses.csv", access_csv(access_rows(many)))

    def rows_in(state) -> int:
        with sqlite_database.read() as unit:
            return unit.session.scalar(select(func.count()).select_from(BulkRow).where(BulkRow.state == state))

    def killed_after(state, count):
        worker = work(sqlite_database, tmp_path / "incoming")
        while rows_in(state) < count and not ended(worker):
            pass
        worker.kill()
        worker.communicate()

    killed_after("ready", 1_000)
    assert importer.run_of(run).state == "reading"
    assert importer.work("another") == 0  # its lease is not over
    take_over(sqlite_database, "doomed")
    assert importer.work("another") == many
    assert (importer.run_of(run).state, importer.run_of(run).total) == ("checked", many)

    importer.start(run)
    killed_after("done", 1_000)
    half = rows_in("done")
    assert 1_000 <= half < many
    assert len(importer.rows(Membership)) - 1 == half == importer.run_of(run).done
    take_over(sqlite_database, "doomed")

    assert importer.work("another") == many - half
    assert (importer.run_of(run).done, importer.run_of(run).failed, importer.run_of(run).state) == (many, 0, "done")
    assert len(importer.rows(User)) - 1 == len(importer.rows(Membership)) - 1 == many
