"""`alur backtest`: recorded cases against a folder, told to people and to programs."""

import json

import pytest
from click.testing import CliRunner

from engine.registry import Registry
from tests.support.backtests import files_of
from tests.support.bpmn import Process
from tests.support.office import Office
from web.cli import CommandLine
from web.commands.backtest import command


def process(limit):
    p = Process("size")
    p.start()
    p.user("ask", lane="Pemohon")
    p.exclusive("large_q", name="Besar?")
    p.end("large", name="Besar")
    p.end("small", name="Kecil")
    p.chain("start", "ask", "large_q")
    p.flow("large_q", "large", f"size > {limit}", name="Ya")
    p.flow("large_q", "small", default=True, name="Tidak")
    return p


@pytest.fixture
def office(sqlite_database):
    office = Office(sqlite_database)
    office.deploy(process(5))
    ani = office.person("Ani")
    for size in (1, 6, 9):
        office.complete(office.start("size", ani), "ask", ani, size=size)
        office.wait(days=1)
    return office


@pytest.fixture
def folder(tmp_path):
    def write(limit):
        target = tmp_path / f"size{limit}"
        for path, body in files_of(process(limit)).items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(body)
        return str(target)

    return write


def backtest(office, *arguments):
    line = CommandLine()
    line.database, line.registry, line.clock = office.database, Registry(), office.clock
    return CliRunner().invoke(command, ["size", "--against", *arguments], obj=line)


def test_no_difference(office, folder):
    result = backtest(office, folder(5))

    assert result.exit_code == 0
    assert "3 kasus diulang" in result.output


def test_a_planted_condition(office, folder):
    result = backtest(office, folder(7), "--json")

    report = json.loads(result.output)
    [affected] = report["affected"]
    assert (result.exit_code, report["same"], report["differs"]) == (1, 2, 1)
    assert (affected["element"], affected["code"]) == ("large_q", "way")
    assert affected["text"]["id"] == "Pada “Besar?”: dulu “Ya” ke “Besar”; dengan perubahan ini “Tidak” ke “Kecil”."


def test_a_period_and_a_sample(office, folder):
    assert json.loads(backtest(office, folder(7), "--since", "2026-06-03", "--json").output)["cases"] == 1
    assert json.loads(backtest(office, folder(7), "--sample", "2", "--json").output)["cases"] == 2


def test_what_cannot_be_done_is_said(office, folder, tmp_path):
    assert "no folder, zip, draft or version" in backtest(office, str(tmp_path / "none")).output
    assert "no programme" in backtest(office, folder(7), "--programme", "none").output
