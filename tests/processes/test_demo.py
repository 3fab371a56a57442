"""The demo on both databases: accounts that can sign in, cases in every state, histories that prove themselves."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.backtest import Candidate, back_test, read_pasts
from engine.definitions import Definitions
from engine.people import actor_for, authenticate, find_by_email, password_faults
from engine.proof import check_case
from engine.settings import Settings
from handlers.demo import PASSWORD, load_demo
from handlers.demo.documents import sample_letter
from models import Instance, Participant, UserTask


@pytest.fixture
def demo(database, registry, clock, tmp_path):
    settings = replace(Settings.from_environment({"ALUR_DATA": str(tmp_path)}), demo=True)
    first = load_demo(settings, database, registry, clock.now())
    second = load_demo(settings, database, registry, clock.now())
    return first, second


def test_the_demo(demo, database, registry, clock):
    """One loading serves all these looks: it takes seconds."""
    first, second = demo
    assert first.added_accounts == len(first.accounts)
    assert first.added_cases >= 32
    assert (second.added_accounts, second.added_cases) == (0, 0)
    assert "inaproc_access" in first.processes
    _every_account_can_sign_in(first, database, clock)
    _every_state_is_there(database)
    _every_history_proves_itself(database)
    if database.is_sqlite:
        _every_case_takes_the_same_way_on_its_own_files(database, registry, clock)


def _every_account_can_sign_in(demo, database, clock):
    assert password_faults(PASSWORD) == []
    for account in demo.accounts:
        signed = authenticate(database, account.email, PASSWORD, address="::1", secret=b"x", now=clock.now())
        assert signed.user_id is not None, account.email
        with database.read() as unit:
            actor = actor_for(unit, find_by_email(unit, account.email).id, clock.now())
        if account.role:
            assert [g.role for g in actor.grants] == [account.role]


def _every_state_is_there(database):
    with database.read() as unit:
        open_now = set(unit.session.execute(select(UserTask.element_id).where(UserTask.state == "open")).scalars())
        outcomes = set(unit.session.execute(select(Instance.outcome)).scalars())
        states = set(unit.session.execute(select(Participant.state)).scalars())
    assert open_now >= {
        "fill_details", "repair_details", "verify_by_vai", "decide_escalated", "verify_by_spd",
        "documents", "verify_documents", "reupload", "choose_schedule", "upload_portfolio", "retest_decision",
        "report_appointment",
        "check_file", "repair_file", "propose", "verify_operator", "score_portfolio", "choose_office",
    }  # fmt: skip
    assert outcomes >= {None, "access_active", "appointed"}
    assert states >= {
        "draf", "diajukan", "tidak_lengkap", "lengkap", "tidak_lulus", "tidak_hadir", "sertifikat", "rekomendasi",
        "diangkat", "lulus", "uji_kompetensi", "tidak_memenuhi_syarat",
    }  # fmt: skip


def _every_history_proves_itself(database):
    definitions = Definitions(database)
    with database.read() as unit:
        cases = unit.session.execute(select(Instance.id)).scalars().all()
    for instance_id in cases:
        with database.read() as unit:
            assert check_case(unit, definitions, instance_id, replay=True) == []


def test_the_sample_letter_is_the_same_every_time():
    assert sample_letter() == sample_letter.__wrapped__()
    assert 100_000 <= len(sample_letter()) <= 2_097_152


def _every_case_takes_the_same_way_on_its_own_files(database, registry, clock):
    """Every process there is, by a back-test against what it runs on: no difference, no deadline moved, no remark."""
    definitions, said = Definitions(database), {}
    with database.read() as unit:
        cases = unit.session.execute(select(Instance.id, Instance.version_id).order_by(Instance.version_id)).all()
        for version_id in {case.version_id for case in cases}:
            version = definitions.version(version_id, unit)
            candidate = Candidate(version, registry)
            for past in read_pasts(unit, [case.id for case in cases if case.version_id == version_id]):
                found = back_test(unit, definitions, candidate, past, clock.now())
                moved = [shift for shift in found.shifts if shift.moved]
                if found.first or moved or found.remarks:
                    said[version.key, found.number] = (found.first, moved, found.remarks)
    assert said == {}
