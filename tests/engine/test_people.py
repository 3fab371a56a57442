"""Memberships follow the calendar of their instansi; passwords and links keep their promises on both databases."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from engine.actors import SYSTEM, Grant
from engine.people import (
    EmailTakenError,
    InvalidAddressError,
    LinkInvalidError,
    MembershipDatesError,
    actor_for,
    add_membership,
    authenticate,
    create_user,
    end_membership,
    expire_memberships,
    issue_link,
    memberships_of,
    normal_email,
    password_faults,
    set_password,
    use_link,
)
from engine.people.passwords import hash_password, verify_password
from models import Instansi, LoginFailure, Membership

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
PASSWORD = "kuda-laut-menari-72"


@pytest.fixture
def siti(database, clock):
    with database.write() as unit:
        return create_user(unit, email="siti@contoh.go.id", name="Siti", password=PASSWORD, now=clock.now())


@pytest.fixture
def places(database):
    with database.write() as unit:
        made = [Instansi(id=zone.lower(), kind="kabupaten", name=f"Kabupaten {zone}", zone=zone) for zone in ZONES]
        unit.session.add_all(made)
    return made


def grant(database, user, clock, *, instansi=None, first=date(2026, 6, 1), last=date(2026, 6, 10), key=None):
    with database.write() as unit:
        return add_membership(
            unit,
            user_id=user.id,
            role="vai",
            instansi_id=instansi,
            valid_from=first,
            valid_until=last,
            now=clock.now(),
            source_key=key,
        )


def grants_at(database, user, instant):
    with database.read() as unit:
        return actor_for(unit, user.id, instant).grants


@pytest.mark.parametrize("zone", ZONES)
def test_both_days_count_and_midnight_is_that_of_the_instansi(database, siti, places, clock, zone):
    grant(database, siti, clock, instansi=zone.lower())
    first = datetime(2026, 6, 1, tzinfo=ZoneInfo(zone))
    over = datetime(2026, 6, 11, tzinfo=ZoneInfo(zone))
    second = timedelta(seconds=1)
    held = (Grant("vai", zone.lower()),)
    instants = (first - second, first, over - second, over)
    assert [grants_at(database, siti, t) for t in instants] == [(), held, held, ()]


def test_a_membership_without_a_last_day_stays(database, siti, clock):
    grant(database, siti, clock, last=None)
    assert grants_at(database, siti, clock.now() + timedelta(days=3650)) == (Grant("vai", None),)


def test_granting_twice_from_one_source_is_granting_once(database, siti, clock):
    first = grant(database, siti, clock, key="case-1:grant")
    again = grant(database, siti, clock, key="case-1:grant", last=date(2030, 1, 1))
    assert (first.id, again.valid_until) == (again.id, date(2026, 6, 10))


def test_a_last_day_before_the_first_is_refused(database, siti, clock):
    with pytest.raises(MembershipDatesError):
        grant(database, siti, clock, first=date(2026, 6, 2), last=date(2026, 6, 1))


def test_what_was_ended_stays_ended_whatever_its_dates(database, siti, clock):
    made = grant(database, siti, clock)
    with database.write() as unit:
        end_membership(unit, made.id, by=SYSTEM, reason="pindah", now=clock.now())
    assert grants_at(database, siti, clock.now()) == ()
    with database.read() as unit:
        assert [m.status for m in memberships_of(unit, siti.id, clock.now())] == ["inactive"]


def test_expiry_writes_down_what_the_dates_decided_each_in_its_own_zone(database, siti, places, clock):
    for place in places:
        grant(database, siti, clock, instansi=place.id)
    midnight_in_jayapura = datetime(2026, 6, 11, tzinfo=ZoneInfo("Asia/Jayapura"))
    written = []
    for hours in (-1, 0, 1, 2, 3):
        with database.write() as unit:
            written.append(expire_memberships(unit, midnight_in_jayapura + timedelta(hours=hours)))
    assert written == [0, 1, 1, 1, 0]
    with database.read() as unit:
        assert {m.state for m in unit.session.execute(select(Membership)).scalars()} == {"expired"}


def test_a_disabled_or_unknown_person_is_nobody(database, siti, clock):
    with database.write() as unit:
        siti.state = "disabled"
        unit.session.merge(siti)
    with database.read() as unit:
        assert actor_for(unit, siti.id, clock.now()) is None
        assert actor_for(unit, "nobody", clock.now()) is None


# --- accounts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", ["Siti@Contoh.GO.id ", " siti@contoh.go.id"])
def test_one_address_is_one_account_however_it_is_typed(database, siti, clock, raw):
    with pytest.raises(EmailTakenError), database.write() as unit:
        create_user(unit, email=raw, name="Siti Dua", now=clock.now())


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "siti",
        "siti@",
        "@contoh.go.id",
        "a b@contoh.go.id",
        "siti@contoh",
        "a@b..id",
        "a@contoh.go.id\nBcc: x@y.id",
        "<a@contoh.go.id>",
        "a@contoh.go.id,b@contoh.go.id",
    ],
)
def test_what_is_no_address_is_refused(raw):
    with pytest.raises(InvalidAddressError):
        normal_email(raw)


@given(st.text(min_size=1, max_size=60))
def test_a_password_opens_with_itself_only(text):
    assert verify_password(None, text) is False
    assert isinstance(password_faults(text), list)


def test_passwords_are_kept_as_argon2id_and_never_twice_the_same():
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert verify_password(first, PASSWORD)
    assert not verify_password(first, PASSWORD + " ")


def test_of_two_who_use_one_link_at_once_one_wins(database, siti, clock):
    with database.write() as unit:
        token = issue_link(unit, siti, "reset", clock.now())
    outcomes, start = [], threading.Barrier(2)

    def use(password):
        start.wait()
        try:
            with database.write() as unit:
                set_password(unit, use_link(unit, token, "reset", clock.now()), password, clock.now())
            outcomes.append("used")
        except LinkInvalidError:
            outcomes.append("refused")

    threads = [threading.Thread(target=use, args=(f"kata sandi nomor {n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "used"]


def test_many_guesses_at_once_are_braked_like_one_after_another(database, siti, clock):
    """An attempt is counted before the password is looked at."""
    refused, start = [], threading.Barrier(12)

    def guess():
        start.wait()
        result = authenticate(database, "siti@contoh.go.id", "salah", address="10.0.0.1", secret=b"s", now=clock.now())
        refused.append(result.refused)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count("credentials") == 5
    assert refused.count("throttled") == 7


def test_a_stranger_elsewhere_does_not_lock_a_person_out(database, siti, clock):
    for _ in range(5):
        authenticate(database, siti.email, "salah", address="203.0.113.9", secret=b"s", now=clock.now())
    own = authenticate(database, siti.email, PASSWORD, address="10.0.0.1", secret=b"s", now=clock.now())
    assert own.user_id == siti.id


def test_old_failures_are_forgotten(database, siti, clock):
    authenticate(database, siti.email, "salah", address="10.0.0.1", secret=b"s", now=clock.now())
    later = clock.now() + timedelta(hours=2)
    authenticate(database, siti.email, PASSWORD, address="10.0.0.1", secret=b"s", now=later)
    with database.read() as unit:
        assert unit.session.execute(select(LoginFailure)).all() == []
