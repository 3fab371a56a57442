"""Batas Akhir Pendaftaran on the page of a schedule: for each hand-counted vector its date, and why it is that date."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.dates import format_date
from sqlmodel import select

from engine.calendar import Revision, new_version
from engine.clock import VirtualClock
from models import CalendarEntry, Programme
from tests.support.pages import HTML
from tests.web.agency import make_agency
from web.app import create_app

VECTORS = list(
    csv.DictReader(
        (Path(__file__).resolve().parents[1] / "unit/calendars/vectors.csv").read_text(encoding="utf-8").splitlines()
    )
)
BEFORE = timedelta(days=90)


@pytest.fixture
def database(sqlite_database):
    """Dates are counted by the calendar; the database only keeps them."""
    return sqlite_database


def words(day: date) -> str:
    return format_date(day, "EEEE, d MMMM y", locale="id")


def agency_at(settings, database, base: date, week: str, categories: str):
    """An open programme ninety days before the exam, with the vector's working week and kinds of holidays."""
    now = datetime.combine(base - BEFORE, datetime.min.time(), UTC)
    agency = make_agency(create_app(settings, clock=VirtualClock(now), database=database), ("lkpp_schedule",))
    with database.write() as unit:
        entries = unit.session.exec(select(CalendarEntry).where(CalendarEntry.kind == "cuti_bersama")).all()
        revision = Revision(
            note="menurut vektor",
            weeks={agency.instansi.id: frozenset(range(1, int(week) + 1))},
            revoke=tuple((e.day, e.name) for e in entries) if categories == "public" else (),
        )
        new_version(unit, revision, by="uji", now=now)
        programme = unit.session.get_one(Programme, agency.programme.id)
        programme.instansi_id = agency.instansi.id
        unit.session.add(programme)
    return agency


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['base']}-{v['week']}-{v['categories']}")
def test_the_page_shows_the_date_of_the_vector_and_counts_up_to_it(settings, database, vector):
    base, expected = date.fromisoformat(vector["base"]), date.fromisoformat(vector["expected"])
    agency = agency_at(settings, database, base, vector["week"], vector["categories"])
    schedule = agency.opened("Reguler", base)

    page = agency.browser().get(f"/inpassing/jadwal/{agency.number(schedule.id)}")

    fact = next(dd for dd in page.all("dd") if "Mengapa tanggal ini?" in "".join(dd.itertext()))
    stated = fact.find(f".//{HTML}time")
    assert stated.text.startswith(f"{words(expected)} pukul 23.59")
    rows = [tuple(" ".join("".join(c.itertext()).split()) for c in tr) for tr in fact.iter(f"{HTML}tr")]
    counted = [row for row in rows[1:] if row[1] != "–"]
    assert [int(row[1]) for row in counted] == list(range(1, int(vector["offset"]) + 1))
    assert counted[-1][0] == words(expected), "the twelfth working day is the date itself"
    assert all(row[2] for row in rows[1:] if row[1] == "–"), "every skipped day says why"
    listed = agency.browser().get("/inpassing/jadwal/reguler")
    assert f"{words(expected)} pukul 23.59" in listed.text
