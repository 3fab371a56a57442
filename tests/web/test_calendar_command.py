"""`alur calendar`: answers with the database's calendar or without any database, and never ends in a traceback."""

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from calendars import Holiday, Kind
from engine.calendar import Revision, new_version, seed_calendar
from engine.unit_of_work import Database
from models import metadata
from web.cli import cli

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def alur(tmp_path, monkeypatch):
    monkeypatch.setenv("ALUR_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("ALUR_DATABASE_URL", raising=False)

    def run(*arguments, status=0):
        result = CliRunner().invoke(cli, ["calendar", *arguments])
        assert result.exit_code == status, (result.output, result.exception)
        return result.output

    return run


def explained(alur, *arguments):
    return json.loads(alur("explain", *arguments, "--json"))


def test_the_example_of_the_manual(alur, tmp_path):
    told = explained(alur, "--before", "2026-04-07", "--days", "12")
    assert (told["result"], told["date"], told["source"]) == ("2026-03-12", "2026-03-12", "seed")
    assert sum(step["counted"] for step in told["steps"]) == 12
    nyepi = next(step for step in told["steps"] if step["date"] == "2026-03-19")
    assert nyepi["reason"]["name"] == "Hari Suci Nyepi"
    assert not (tmp_path / "var" / "alur.sqlite3").exists()


def test_times_zones_and_weeks(alur):
    told = explained(alur, "--before", "2026-04-07", "--days", "12", "--at", "16.00", "--zone", "WITA", "--week", "6")
    assert told["result"] == "2026-03-16T16:00:00+08:00"
    assert told["date"] == "2026-03-16"


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["--after", "2026-04-02", "--days", "1"], "2026-04-06"),
        (["--between", "2026-04-02", "2026-04-07"], 2),
        (["--after", "2026-10-31", "--months", "1"], "2026-11-30"),
        (["--before", "2026-03-31", "--months", "1"], "2026-02-28"),
        (["--before", "2021-05-25", "--days", "12", "--categories", "public"], "2021-05-05"),
    ],
)
def test_the_other_questions(alur, arguments, result):
    assert explained(alur, *arguments)["result"] == result


def test_people_read_sentences_in_both_languages(alur):
    told = alur("explain", "--before", "2026-04-07", "--days", "12", "--at", "16:00")
    assert told.startswith("Kamis, 12 Maret 2026 pukul 16.00 WIB\n")
    assert "12 working days before Tuesday, 7 April 2026" in told
    assert "kalender bawaan" in told


def test_a_year_without_a_decree_is_a_sentence_and_status_1(alur, tmp_path):
    told = json.loads(alur("explain", "--after", "2027-12-20", "--days", "30", "--json", status=1))
    assert told["error"] == "NoDecreeError"
    assert "2028" in told["message"]["id"]
    result = CliRunner().invoke(cli, ["calendar", "explain", "--after", "2027-12-20", "--days", "30"])
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2  # in both languages


@pytest.mark.parametrize(
    "arguments",
    [
        ["--before", "2026-02-30", "--days", "1"],
        ["--before", "2026-04-07"],
        ["--before", "2026-04-07", "--days", "1", "--months", "1"],
        ["--before", "2026-04-07", "--after", "2026-04-07", "--days", "1"],
        ["--between", "2026-04-07", "2026-04-08", "--days", "1"],
        ["--days", "3"],
        ["--before", "2026-04-07", "--days", "x"],
        ["--before", "2026-04-07", "--days", "1", "--week", "7"],
    ],
)
def test_a_question_that_is_none_is_a_usage_error(alur, arguments):
    assert "Error" in alur("explain", *arguments, status=2)


def test_the_database_s_calendar_answers_where_there_is_one(alur, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'var' / 'alur.sqlite3'}")
    metadata.create_all(database.engine)
    closed = Holiday(date(2026, 4, 1), "Libur tambahan", Kind.NATIONAL, "SKB perubahan")
    with database.write() as unit:
        seed_calendar(unit, NOW)
        new_version(unit, Revision(note="perubahan", add=(closed,)), by="Admin", now=NOW)
    database.dispose()

    latest = explained(alur, "--before", "2026-04-07", "--days", "12")
    earlier = explained(alur, "--before", "2026-04-07", "--days", "12", "--version", "1")

    assert (latest["result"], latest["source"], latest["calendar_version"]) == ("2026-03-11", "database", 2)
    assert (earlier["result"], earlier["calendar_version"]) == ("2026-03-12", 1)
    assert "no version 9" in alur("explain", "--before", "2026-04-07", "--days", "1", "--version", "9", status=2)


def test_an_unreadable_database_is_no_traceback(alur, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "alur.sqlite3").write_bytes(b"this is no database" * 100)
    result = CliRunner().invoke(cli, ["calendar", "explain", "--before", "2026-04-07", "--days", "12", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["source"] == "seed"
    assert "cannot be read" in result.stderr


def test_a_month_is_drawn_and_told(alur):
    drawn = alur("month", "2026-03")
    assert "Maret 2026" in drawn
    assert "17 hari kerja" in drawn
    assert "19  Hari Suci Nyepi" in drawn
    told = json.loads(alur("month", "2026-03", "--json"))
    assert (told["working_days"], len(told["days"]), told["in_force"]) == (17, 31, True)
    assert "belum tercatat" in alur("month", "2028-02")
    assert "Error" in alur("month", "2026-13", status=2)


def test_a_decree_is_recorded_from_a_file(alur, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'var' / 'alur.sqlite3'}")
    metadata.create_all(database.engine)
    database.dispose()
    decree = tmp_path / "2028.toml"
    decree.write_text('note = "SKB 2028"\nsource = "SKB 3 Menteri Nomor 1 Tahun 2027"\nyears = [2028]\n')

    assert "Calendar version 2: SKB 2028" in alur("revise", str(decree), "--by", "Rina")
    assert explained(alur, "--after", "2027-12-20", "--days", "30")["calendar_version"] == 2
    alur("revise", str(decree), "--by", "Rina", status=1)


def test_without_a_database_a_decree_is_refused_in_a_sentence(alur, tmp_path):
    decree = tmp_path / "2028.toml"
    decree.write_text('note = "SKB 2028"\nsource = "SKB"\nyears = [2028]\n')
    assert "alur migrate" in alur("revise", str(decree), "--by", "Rina", status=1)
