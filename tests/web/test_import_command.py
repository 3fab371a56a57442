"""`alur import`, as a person types it."""

import json

import pytest
from click.testing import CliRunner

from engine.clock import SystemClock
from engine.unit_of_work import Database
from handlers.demo.accounts import add_accounts
from handlers.seeds import prepare
from tests.support.accesses import access_csv, access_rows
from web.cli import cli


@pytest.fixture
def alur(tmp_path):
    """`alur("import", …)` in an installation of the test's own, with its agencies and an administrator."""
    environment = {"ALUR_DATA": str(tmp_path / "var"), "ALUR_SECRET_KEY": "for tests only", "ALUR_DEMO": "1"}

    def run(*arguments):
        return CliRunner(env=environment).invoke(cli, list(map(str, arguments)))

    assert run("migrate").exit_code == 0
    return run


@pytest.fixture
def installed(alur, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'var' / 'alur.sqlite3'}")
    with database.write() as unit:
        prepare(unit, SystemClock().now())
        add_accounts(unit, SystemClock().now())
    database.dispose()
    return alur


@pytest.fixture
def file(tmp_path):
    def make(*rows, name="akses.csv"):
        path = tmp_path / name
        path.write_bytes(access_csv(iter(rows)))
        return path

    return make


BY = ("--by", "admin@contoh.go.id")
GOOD = list(access_rows(5))


def test_the_kinds_are_listed(alur):
    told = json.loads(alur("import", "--json").output)
    assert {"inaproc_accounts", "inaproc_totals", "inaproc_role_totals", "participants"} <= {k["kind"] for k in told}
    assert "inaproc_accounts" in alur("import").output


def test_a_file_is_checked_and_done(installed, file):
    result = installed("import", "inaproc_accounts", file(*_future(GOOD)), *BY, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["state"], told["rows"], told["done"]) == ("done", 5, 5)


def test_a_dry_run_does_nothing_and_can_be_gone_on_with(installed, file):
    told = json.loads(installed("import", "inaproc_accounts", file(*_future(GOOD)), *BY, "--dry-run", "--json").stdout)
    assert (told["state"], told["done"]) == ("checked", 0)
    on = json.loads(installed("import", "--resume", told["run"], "--json").stdout)
    assert (on["state"], on["done"]) == ("done", 5)


def test_faulty_rows_stop_it_unless_they_are_left_out(installed, file):
    rows = [*_future(GOOD[:2]), ("X", "kacau", "PPK", "kota", "Kota Antah", "", "1/1/2020")]
    stopped = installed("import", "inaproc_accounts", file(*rows), *BY)
    assert stopped.exit_code == 1
    assert "1 perlu diperbaiki" in stopped.output
    assert "baris 4:" in stopped.output
    done = installed("import", "inaproc_accounts", file(*rows), *BY, "--skip-faulty", "--json")
    assert (done.exit_code, json.loads(done.stdout)["done"]) == (1, 2)


def test_what_cannot_be_is_said(installed, file, tmp_path):
    assert "--by" in installed("import", "inaproc_accounts", file(*GOOD)).output
    assert installed("import", "inaproc_accounts", file(*GOOD), "--by", "telkom@contoh.go.id").exit_code == 1
    assert "Tidak ada impor bernama" in installed("import", "nothing", file(*GOOD), *BY).output
    assert "tidak ada" in installed("import", "--resume", "0" * 32).output
    broken = tmp_path / "b.csv"
    broken.write_text("a;b\n1;2\n")
    result = installed("import", "inaproc_accounts", broken, *BY)
    assert (result.exit_code, "Kolom ini tidak ada" in result.output) == (1, True)


def _future(rows):
    return [(*row[:-1], "31/12/2199") for row in rows]
