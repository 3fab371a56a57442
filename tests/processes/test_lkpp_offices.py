"""One Admin for each instansi and one open proposal at a time, also when two begin in the same moment."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import programmes
from engine.actors import SYSTEM, Actor
from engine.definitions import Definitions, deploy, read_package
from engine.people import actor_for, add_membership, create_user
from engine.registry import BusinessError, HandlerContext
from engine.runner import Runner
from engine.texts import Text
from handlers.accounts import ADMIN, check_admin, make_admin
from handlers.proposals import ProposalOpenError
from handlers.seeds import instansi_id
from models import Instance, Membership, UserTask
from tests.processes.conftest import PACKAGES

KAPUAS = {"id": instansi_id("kabupaten", "Kabupaten Kapuas"), "name": "Kabupaten Kapuas", "kind": "kabupaten"}
KATINGAN = {"id": instansi_id("kabupaten", "Kabupaten Katingan"), "name": "Kabupaten Katingan", "kind": "kabupaten"}
AT_ONCE = 4


def together(*works):
    """Begin all in the same moment; what each gave, in order."""
    barrier, given = threading.Barrier(len(works)), [None] * len(works)

    def run(number):
        barrier.wait()
        given[number] = works[number]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def person(database, clock, name, *, instansi=None):
    with database.write() as unit:
        user = create_user(unit, email=f"{name.lower()}@contoh.go.id", name=name, now=clock.now())
        user.state = "active"
        if instansi:
            add_membership(
                unit,
                user_id=user.id,
                role=ADMIN,
                instansi_id=instansi["id"],
                valid_from=clock.now().date(),
                valid_until=None,
                now=clock.now(),
            )
        unit.session.flush()
        return actor_for(unit, user.id, clock.now())


def registering(database, clock, actor, instansi):
    """What the last act of a registration does: look for an Admin, and without one become it."""

    def run():
        with database.write() as unit:
            token = uuid.uuid4().hex
            context = HandlerContext(
                unit, clock.now(), uuid.uuid4().hex, "make_admin", token, token, actor.user_id, None, SYSTEM, {}
            )
            found = check_admin(context, instansi=instansi)
            if not found["needs_check"]:
                make_admin(context, instansi=instansi)
            return found["needs_check"]

    return run


def admins(database, instansi):
    with database.read() as unit:
        held = select(Membership.user_id).where(
            Membership.role == ADMIN, Membership.instansi_id == instansi["id"], Membership.state == "active"
        )
        return list(unit.session.execute(held).scalars())


def test_of_several_who_register_in_the_same_moment_one_is_admin_and_the_others_are_checked(prepared, clock):
    people = [person(prepared, clock, f"Calon{n}") for n in range(AT_ONCE)]

    checked = together(*(registering(prepared, clock, p, KAPUAS) for p in people))

    assert sorted(checked) == [False, True, True, True]
    assert admins(prepared, KAPUAS) == [people[checked.index(False)].user_id]


def test_registrations_for_different_instansi_do_not_stand_in_each_others_way(prepared, clock):
    one, other = person(prepared, clock, "Sari"), person(prepared, clock, "Tono")

    checked = together(
        registering(prepared, clock, one, KAPUAS),
        registering(prepared, clock, other, KATINGAN),
    )

    assert checked == [False, False]


@pytest.fixture
def runner(prepared, clock, registry):
    with prepared.write() as unit:
        package = read_package(PACKAGES / "lkpp_formasi")
        deploy(unit, package, registry, by="test", note="", now=clock.now())
        programmes.open_programme(
            unit,
            key="inpassing-1",
            flow="lkpp_inpassing",
            title=Text("Inpassing 2026", "Inpassing 2026"),
            period="2026",
            opens_at=clock.now(),
            closes_at=clock.now() + timedelta(days=90),
            by=None,
            now=clock.now(),
        )
    return Runner(prepared, registry, Definitions(prepared), clock)


def begin(runner, actor: Actor, instansi):
    return lambda: runner.start("lkpp_formasi", actor, instansi_id=instansi["id"])


def outcomes(database):
    with database.read() as unit:
        return sorted(str(o) for o in unit.session.execute(select(Instance.outcome)).scalars())


def test_of_several_proposals_begun_in_the_same_moment_one_goes_on(prepared, clock, runner):
    sari = person(prepared, clock, "Sari", instansi=KAPUAS)

    together(*(begin(runner, sari, KAPUAS) for _ in range(AT_ONCE)))

    assert outcomes(prepared) == ["None", "already_open", "already_open", "already_open"]
    with prepared.read() as unit:
        [task] = unit.session.execute(select(UserTask).where(UserTask.state == "open")).scalars()
        assert (task.element_id, task.instansi_id) == ("propose", KAPUAS["id"])


def test_each_instansi_has_a_proposal_of_its_own(prepared, clock, runner):
    sari, tono = person(prepared, clock, "Sari", instansi=KAPUAS), person(prepared, clock, "Tono", instansi=KATINGAN)

    together(begin(runner, sari, KAPUAS), begin(runner, tono, KATINGAN))

    assert outcomes(prepared) == ["None", "None"]


def test_the_refusal_names_the_open_proposal_in_both_languages():
    error = ProposalOpenError("2606-AAAA-BBBB")

    assert isinstance(error, BusinessError)
    assert error.words == {
        "id": "Usulan 2606-AAAA-BBBB masih terbuka: lanjutkan usulan itu.",
        "en": "Proposal 2606-AAAA-BBBB is still open: go on with that one.",
    }
