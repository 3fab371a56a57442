"""The package of access lives: the source's own words, cases for accesses from elsewhere, and what an expiry costs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.definitions import Definitions, deploy, read_package
from engine.mail import SpoolTransport
from engine.people import add_membership, create_user, expire_memberships
from engine.runner import Runner
from engine.worker import Ticker
from handlers.access_adoption import adopt
from handlers.seeds import instansi_id
from models import Deadline, Instance, Job, Membership
from tests.processes.conftest import PACKAGES, ROOT
from tests.support.databases import counting

PACKAGE = PACKAGES / "inaproc_expiry"
DIAGRAMS = sorted(PACKAGE.rglob("*.bpmn"))
KAPUAS = instansi_id("kabupaten", "Kabupaten Kapuas")
WORDS = ("Aktif", "Akan Berakhir", "Kedaluwarsa", "Nonaktif", "Diajukan Reaktivasi", "Perlu Perbaikan", "Ditolak")


@pytest.mark.parametrize("word", WORDS)
def test_the_states_are_called_as_the_source_calls_them(word):
    assert any(f'name="stage" value="{word}' in path.read_text() for path in DIAGRAMS)


@pytest.mark.parametrize("words", ["Pengaturan Akun INAPROC", "Nonaktifkan", "Ajukan Reaktivasi", "Akses Saya"])
def test_the_page_uses_the_words_of_the_source(words):
    assert words in (ROOT / "web" / "templates" / "portal" / "settings.html").read_text()


# --- who is taken up -------------------------------------------------------------------------------------------------


@pytest.fixture
def runner(prepared, registry, clock):
    with prepared.write() as unit:
        deploy(unit, read_package(PACKAGE), registry, by="test", note="", now=clock.now())
    return Runner(prepared, registry, Definitions(prepared), clock)


def access(runner, name, until: date | None, role="bendahara") -> str:
    now = runner.clock.now()
    with runner.database.write() as unit:
        user = create_user(unit, email=f"{name}@contoh.go.id", name=name, now=now)
        user.state = "active"
        held = add_membership(unit, user_id=user.id, role=role, instansi_id=KAPUAS, valid_from=now.date(),
                              valid_until=until, now=now)  # fmt: skip
        return held.id


def lives(runner) -> dict[str, str]:
    """Membership → its case, where one has begun."""
    with runner.database.read() as unit:
        return dict(unit.session.execute(select(Instance.business_key, Instance.id)).all())


def tick(runner) -> int:
    return Ticker(runner, runner.registry, SpoolTransport(), runner.clock).run_once()


def test_accesses_from_elsewhere_are_taken_up_before_their_first_reminder_and_once(runner, clock):
    today = clock.now().date()
    near = access(runner, "near", today + timedelta(days=45))
    access(runner, "far", today + timedelta(days=46))
    access(runner, "endless", None)
    access(runner, "officer", today + timedelta(days=3), role="spd")

    assert adopt(runner, clock.now()) == 1
    assert adopt(runner, clock.now()) == 0
    tick(runner)
    tick(runner)

    (case,) = lives(runner).values()
    assert lives(runner) == {near: case}
    with runner.database.read() as unit:
        deadline = unit.session.scalars(select(Deadline).where(Deadline.instance_id == case)).one()
        job = unit.session.scalars(select(Job).where(Job.kind == "message")).one()
    assert deadline.due_at > clock.now()
    assert job.state == "done"


def test_many_are_taken_up_in_several_goes_and_a_crash_between_them_doubles_none(runner, clock):
    until = clock.now().date() + timedelta(days=10)
    held = {access(runner, f"p{number}", until) for number in range(103)}

    assert adopt(runner, clock.now()) == 100  # and then the process was killed
    tick(runner)

    assert set(lives(runner)) == held


def test_the_upkeep_leaves_to_the_case_what_a_case_sees_to(runner, clock):
    today = clock.now().date()
    watched, other = access(runner, "watched", today), access(runner, "other", today, role="spd")
    adopt(runner, clock.now())
    tomorrow = clock.now() + timedelta(days=1)

    with runner.database.write() as unit:
        assert expire_memberships(unit, tomorrow) == 1
    with runner.database.read() as unit:
        assert unit.session.get_one(Membership, other).state == "expired"
        assert unit.session.get_one(Membership, watched).state == "active"

    tick(runner)
    clock.move_to(tomorrow)
    tick(runner)
    with runner.database.read() as unit:
        assert unit.session.get_one(Membership, watched).state == "expired"


@pytest.mark.parametrize("many", [3, 30])
def test_an_expiry_costs_the_same_however_many_there_are(runner, clock, many):
    """With its mail and its job: 19 statements in a shared transaction, and a few for the claim and each commit."""
    for number in range(many):
        access(runner, f"p{number}", clock.now().date())
    tick(runner)
    clock.move_to(clock.now() + timedelta(days=1))

    ticker = Ticker(runner, runner.registry, SpoolTransport(), clock)
    with counting(runner.database) as seen:
        assert ticker._deadlines() == many

    assert len(seen) <= 19 * many + 8 * seen.commits, "\n".join(seen)
