"""`alur verify`: which records prove themselves, told to people and to programs."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from engine.history.journal import EVENTS
from models import HistoryEvent
from tests.support.bpmn import Process
from tests.support.office import Office
from web.cli import CommandLine, cli
from web.commands.verify import command


@pytest.fixture
def office(sqlite_database):
    office = Office(sqlite_database)
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon")
    p.end()
    p.chain("start", "apply", "end")
    office.deploy(p)
    return office


def alur_verify(office, *arguments):
    line = CommandLine()
    line.database = office.database
    return CliRunner().invoke(command, arguments, obj=line)


def test_every_record_is_checked_and_replayed(office):
    ani = office.person("Ani")
    for _ in range(2):
        case = office.start("permit", ani)
    office.complete(case, "apply", ani, name="x")

    result = alur_verify(office, "--all", "--replay", "--json")

    assert result.exit_code == 0
    report = json.loads(result.output)
    counts = {"cases": 2, "events": len(office.rows(HistoryEvent)), "acts": 3, "destroyed": 0, "broken": 0}
    assert report == {"ok": True, **counts, "replayed": True, "findings": [], "destructions": []}


@pytest.mark.tampers
def test_a_broken_record_is_named(office):
    case = office.start("permit", office.person("Ani"))
    sound = office.start("permit", office.person("Ani"))
    with office.database.write() as unit:
        second = (EVENTS.c.instance_id == case) & (EVENTS.c.seq == 2)
        unit.connection.execute(update(EVENTS).where(second).values(actor_id="user-eve"))
    number = office.case(case).number

    told = alur_verify(office, "--all")
    asked = alur_verify(office, number.lower(), "--json")

    assert (told.exit_code, asked.exit_code) == (1, 1)
    assert number in told.output
    assert "Peristiwa 2 tidak seperti saat dicatat." in told.output
    assert "2 records checked, 1 with findings." in told.output
    (finding,) = json.loads(asked.output)["findings"]
    assert (finding["case"], finding["code"], finding["seq"]) == (number, "hash", 2)
    assert alur_verify(office, sound).exit_code == 0


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["--all", "nothing"]])
def test_a_users_mistake_is_told(office, arguments):
    result = alur_verify(office, *arguments)

    assert result.exit_code == 2
    assert "Error:" in result.output


def test_it_is_a_command_of_alur():
    assert "verify" in cli.list_commands(None)
