"""Looks and persons in the database: a look is entered once, a person is found in every case that is theirs alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import ledger
from engine.ledger import ENTRIES, Kind
from engine.privacy.seen import Look, enter, quarter
from engine.privacy.subjects import cases_of, subject_of
from engine.privacy.unmasking import UnmaskingReasonError, in_force, mask_again, unmask
from models import User
from tests.support.bpmn import Process
from tests.support.office import START, Office

NIP, EMAIL = "198609262015051001", "siti@rumah.example"


@pytest.fixture
def office(database):
    office = Office(database)
    process = Process("permit")
    process.start()
    process.user("apply", lane="Pemohon")
    process.user("verify", lane="Verifikator")
    process.end()
    process.chain("start", "apply", "verify", "end")
    office.deploy(process)
    return office


def applied(office, who, **data):
    case = office.start("permit", who)
    office.complete(case, "apply", who, **data)
    return case


def entries(office):
    with office.database.read() as unit:
        return [tuple(row) for row in unit.connection.execute(select(ENTRIES.c.kind, ENTRIES.c.actor_id))]


def look(office, actor, case, minutes=0, page="cases.show"):
    return Look(Kind.CASE_READ, START + timedelta(minutes=minutes), actor.user_id, ("verifier",), page, case)


def test_one_person_one_case_one_quarter_is_one_entry_whichever_process_saw_it(office):
    ani, budi = office.person("Ani"), office.person("Budi", "verifier")
    case = applied(office, ani)
    for looks in (
        [look(office, budi, case), look(office, budi, case, 14, "inbox.task")],
        [look(office, budi, case, 3)],
        [look(office, budi, case, 15), look(office, ani, case)],
    ):
        with office.database.write() as unit:
            enter(unit, looks)

    assert [actor for kind, actor in entries(office) if kind == Kind.CASE_READ] == [budi.user_id] * 2
    assert quarter(START + timedelta(minutes=44)) == START + timedelta(minutes=30)
    with office.database.read() as unit:
        assert ledger.verify(unit) == []


def test_an_unmasking_ends_by_itself_or_by_its_button(office):
    case, eka = applied(office, office.person("Ani")), office.person("Eka", "auditor")
    with office.database.write() as unit:
        with pytest.raises(UnmaskingReasonError):
            unmask(unit, case, None, eka, reason="   ingin tahu   "[:9], now=START)
        first = unmask(unit, case, None, eka, reason="Pengaduan nomor 12", now=START)
        again = unmask(unit, case, None, eka, reason="Pengaduan nomor 13", now=START + timedelta(minutes=5))
        assert again.id == first.id
        assert in_force(unit, case, eka.user_id, START + timedelta(minutes=59))
        assert in_force(unit, case, eka.user_id, START + timedelta(minutes=60)) is None
        assert in_force(unit, case, "somebody", START) is None
        assert mask_again(unit, case, eka, now=START + timedelta(minutes=6))
        assert in_force(unit, case, eka.user_id, START + timedelta(minutes=7)) is None
        assert not mask_again(unit, case, eka, now=START + timedelta(minutes=8))

    assert [kind for kind, _ in entries(office) if kind.startswith("data:")] == [Kind.DATA_UNMASKED, Kind.DATA_MASKED]


def test_a_person_is_found_in_the_cases_of_others_by_what_is_theirs_alone(office):
    ani, budi, siti = office.person("Ani"), office.person("Budi"), office.person("Siti")
    with office.database.write() as unit:
        user = unit.session.get_one(User, siti.user_id)
        user.nip, user.email, user.phone = NIP, EMAIL, "+6281234567890"
        unit.session.add(user)
    own = applied(office, siti, purpose="Bazar")
    by_nip = applied(office, ani, members=[{"nip": NIP, "name": "Siti"}])
    by_email = applied(office, ani, note=f"Tembusan {EMAIL}")
    applied(office, budi, name="Siti", phone="+6281234567890")

    with office.database.read() as unit:
        subject = subject_of(unit, f"u-{siti.user_id}")
        assert set(cases_of(unit, subject)) == {
            own, by_nip, by_email,
        }  # fmt: skip
        assert subject_of(unit, "u-nobody") is None
        assert subject_of(unit, "x") is None
