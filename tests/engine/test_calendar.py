"""Calendar versions in the database: revisions keep the past readable, and a known calendar costs no statement."""

from datetime import date, timedelta

import pytest

from calendars import Holiday, Kind, NoDecreeError
from calendars.seed import seed_holidays
from engine.calendar import (
    NothingToReviseError,
    Revision,
    YearKnownError,
    latest_version,
    load_calendar,
    new_version,
    seed_calendar,
)
from engine.calendar_revision import BadRevisionError, read_revision
from models import CalendarVersion, Instansi
from tests.support.databases import counting

AUGUST_18 = Holiday(date(2025, 8, 18), "Cuti Bersama Hari Kemerdekaan Republik Indonesia", Kind.JOINT_LEAVE)
EXAM = date(2025, 8, 28)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def seeded(database, now):
    with database.write() as unit:
        seed_calendar(unit, now)
    return database


def revise(database, now, **changes):
    with database.write() as unit:
        return new_version(unit, Revision(note="trial", **changes), by="Admin", now=now)


def h12(database, **asked):
    with database.read() as unit:
        return load_calendar(unit, **asked).working_days_before(EXAM, 12).result


def test_before_the_seed_the_calendar_is_the_seed(database, now):
    with database.read() as unit:
        assert latest_version(unit) == 0
        assert load_calendar(unit).working_days_before(date(2026, 4, 7), 12).result == date(2026, 3, 12)


def test_seeding_twice_is_seeding_once(seeded, now):
    with seeded.write() as unit:
        assert seed_calendar(unit, now) == 1
    with seeded.read() as unit:
        calendar = load_calendar(unit)
    assert calendar.version == 1
    assert sum(map(len, calendar.holidays.values())) == len(seed_holidays())
    assert calendar.known_reason(date(2026, 12, 24)).name_en == "Christmas Joint Leave"


def test_a_revision_moves_the_latest_and_leaves_the_earlier_version(seeded, now):
    without = revise(seeded, now, revoke=((AUGUST_18.day, AUGUST_18.name),))
    again = revise(seeded, now, add=(AUGUST_18,))

    assert h12(seeded, version=without) == date(2025, 8, 12)
    assert h12(seeded, version=again) == date(2025, 8, 11)
    assert h12(seeded) == date(2025, 8, 11)
    assert (without, again) == (2, 3)


def test_revoking_what_is_not_there_is_refused_and_changes_nothing(seeded, now):
    with pytest.raises(NothingToReviseError, match="17 Agustus"):
        revise(seeded, now, revoke=((date(2025, 8, 18), "17 Agustus"),))
    with seeded.read() as unit:
        assert latest_version(unit) == 1


def test_a_decree_brings_a_year_into_force(seeded, now):
    with seeded.read() as unit, pytest.raises(NoDecreeError):
        load_calendar(unit).working_days_before(date(2028, 3, 1), 5)

    revise(seeded, now, years={2028: "SKB 3 Menteri Tahun 2028"})

    with seeded.read() as unit:
        assert load_calendar(unit).working_days_before(date(2028, 3, 1), 1).result == date(2028, 2, 29)
        with pytest.raises(NoDecreeError):
            load_calendar(unit, version=1).working_days_before(date(2028, 3, 1), 1)


def test_an_instansi_has_its_own_week_closing_days_and_zone(seeded, now):
    with seeded.write() as unit:
        unit.session.add(Instansi(id="ntt", kind="provinsi", name="Nusa Tenggara Timur", zone="Asia/Makassar"))
    hut = Holiday(date(2025, 8, 26), "HUT Provinsi", Kind.CLOSING)
    second = revise(seeded, now, weeks={"ntt": frozenset({1, 2, 3, 4, 5, 6})}, close=(("ntt", hut),))
    third = revise(seeded, now, weeks={"ntt": frozenset({1, 2, 3, 4, 5})}, reopen=(("ntt", hut.day),))

    assert h12(seeded) == date(2025, 8, 11)
    assert h12(seeded, instansi_id="ntt", version=1) == date(2025, 8, 11)
    assert h12(seeded, instansi_id="ntt", version=second) == date(2025, 8, 12)
    assert h12(seeded, instansi_id="ntt", version=third) == date(2025, 8, 11)
    with seeded.read() as unit:
        assert load_calendar(unit, "ntt").zone.key == "Asia/Makassar"
        assert load_calendar(unit, "ntt", "WIT").zone.key == "Asia/Jayapura"


def test_a_known_calendar_costs_no_statement(seeded, now):
    with seeded.read() as unit:
        load_calendar(unit, now=now)
    with counting(seeded) as statements, seeded.read() as unit:
        load_calendar(unit, now=now + timedelta(seconds=4))
        load_calendar(unit, version=1)
    assert statements == []


def test_another_process_s_revision_is_seen_within_seconds(seeded, now, tmp_path):
    with seeded.read() as unit:
        assert load_calendar(unit, now=now).version == 1
    with seeded.write() as unit:  # as another process would: nothing tells this one
        new_version(unit, Revision(note="elsewhere"), by="Admin", now=now)
        unit._after_commit.clear()

    with seeded.read() as unit:
        assert load_calendar(unit, now=now + timedelta(seconds=1)).version == 1
        assert load_calendar(unit, now=now + timedelta(seconds=6)).version == 2


def test_a_rolled_back_revision_is_never_remembered(seeded, now):
    mistake = Revision(note="mistake", years={2028: "?"})
    with seeded._unit(writes=False) as unit:  # rolled back at its end
        new_version(unit, mistake, by="Admin", now=now)
        assert 2028 in load_calendar(unit).years_in_force
    revise(seeded, now)
    with seeded.read() as unit:
        assert load_calendar(unit).version == 2
        assert 2028 not in load_calendar(unit).years_in_force


def test_what_a_reading_unit_gave_out_stays_readable(seeded, now):
    with seeded.read() as unit:
        version = unit.session.get(CalendarVersion, 1)
    assert (version.number, version.created_by) == (1, "Sistem")


def test_a_year_comes_into_force_once(seeded, now):
    with pytest.raises(YearKnownError, match="2026"):
        revise(seeded, now, years={2026: "SKB lain"})


# --- the file an administrator writes ------------------------------------------------------------------------------

DECREE = """
note = "SKB 3 Menteri Tahun 2028"
source = "SKB 3 Menteri Nomor 1 Tahun 2027"
years = [2028]
add = [
  { day = 2028-01-03, name = "Cuti Bersama Tahun Baru", kind = "cuti_bersama" },
  { day = 2028-01-04, name = "Libur", name_en="Off", kind = "libur_nasional", source = "Keppres", tentative=true },
]
revoke = [{ day = 2028-05-25, name = "Kenaikan Yesus Kristus" }]
weeks = [{ instansi = "ntt", weekdays = "123456" }]
close = [{ instansi = "ntt", day = 2028-07-01, name = "HUT" }]
"""


def test_a_decree_in_a_file_becomes_a_version(seeded, now):
    with seeded.write() as unit:
        assert new_version(unit, read_revision(DECREE), by="Admin", now=now) == 2
    with seeded.read() as unit:
        national, ntt = load_calendar(unit), load_calendar(unit, "ntt")
    assert national.working_days_before(date(2028, 1, 6), 2).result == date(2027, 12, 31)
    assert national.is_working_day(date(2028, 5, 25)) is True
    assert national.why_not(date(2028, 1, 4)).legal_source == "Keppres"
    assert national.why_not(date(2028, 1, 4)).tentative
    assert national.why_not(date(2028, 1, 3)).legal_source == "SKB 3 Menteri Nomor 1 Tahun 2027"
    assert ntt.why_not(date(2028, 7, 1)).name == "HUT"
    assert 6 in ntt.weekdays


def test_all_faults_of_the_file_are_told_at_once():
    with pytest.raises(BadRevisionError) as refusal:
        read_revision(
            'note = ""\nyears = ["2028"]\nholidays = 1\nadd = [{ day = "x", name = "", kind = "libur" }]\n'
            'revoke = 3\nweeks = [{ instansi = "a", weekdays = "189" }]\nclose = [1]\n'
        )
    for locale in ("id", "en"):
        told = refusal.value.message(locale)
        for where in ("note:", "source:", "years:", "holidays:", "add 1:", "revoke:", "weeks 1:", "close 1:"):
            assert where in told


@pytest.mark.parametrize("body", ["add = [", "\x00", 'note = "a"\nnote = "b"'])
def test_what_is_no_toml_is_a_sentence(body):
    with pytest.raises(BadRevisionError):
        read_revision(body)
