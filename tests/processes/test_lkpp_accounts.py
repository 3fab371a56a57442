"""The Admin Instansi: one link, one Admin for each instansi, and the one before is let go."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.people import LinkInvalidError, SoleHolderError, add_membership, use_link
from models import CaseLink, Definition, DefinitionFile, Membership, OutgoingMail, User
from tests.support.desk import Desk

MAIL = b"""Subjek: Aktivasi akun

Yth. {{ recipient }}, klik di sini: {{ link }} (berlaku sampai {{ link_until }}).

--- en
Subject: Activation

Dear {{ recipient }}, click here: {{ link }} (until {{ link_until }}).
"""
KAPUAS = {"id": "kapuas", "name": "Kapuas"}


@pytest.fixture
def desk(prepared, registry, clock):
    desk = Desk(prepared, registry, clock)
    with prepared.write() as unit:
        assert unit.session.get(Definition, "desk")
        unit.session.add(DefinitionFile(version_id="desk", path="mails/activation.txt", body=MAIL))
    return desk


def admins(desk):
    """Names of who holds the role now."""
    rows = [m for m in desk.rows(Membership, role="admin_instansi") if m.state == "active"]
    return [desk.user_row(m.user_id).name for m in rows]


def token_of(mail):
    return mail.text.split("/aktivasi/")[1].split()[0]


def test_the_link_is_in_the_mail_alone_and_good_until_its_day(desk):
    ani = desk.user("Ani", "pending")
    told = desk.call("send_activation", desk.case(starter=ani), valid_days=7)

    (mail,) = desk.rows(OutgoingMail)
    token = token_of(mail)
    assert mail.recipient == "ani@contoh.go.id"
    assert told == {"link_until": desk.clock.now() + timedelta(days=7), "already_active": False}
    with desk.database.write() as unit:
        assert use_link(unit, token, "activate", desk.clock.now() + timedelta(days=6)).id == ani


def test_after_its_day_the_link_is_no_good(desk):
    desk.call("send_activation", desk.case(starter=desk.user("Ani", "pending")), valid_days=7)
    token = token_of(desk.rows(OutgoingMail)[0])

    with desk.database.write() as unit, pytest.raises(LinkInvalidError):
        use_link(unit, token, "activate", desk.clock.now() + timedelta(days=7, seconds=1))


def test_an_active_account_needs_no_link(desk):
    told = desk.call("send_activation", desk.case(starter=desk.user("Ani")), valid_days=7)

    assert told == {"link_until": None, "already_active": True}
    assert desk.rows(OutgoingMail) == []


def test_an_account_that_nobody_activated_frees_its_address(desk):
    ani = desk.user("Ani", "pending")
    case = desk.case(starter=ani)

    assert [desk.call("close_account", case)["closed"] for _ in range(2)] == [True, False]

    assert desk.user_row(ani).state == "disabled"
    assert desk.user_row(desk.user("Ani", "pending")).email == "ani@contoh.go.id"


def test_an_account_that_was_activated_meanwhile_is_not_closed(desk):
    ani = desk.user("Ani")

    assert desk.call("close_account", desk.case(starter=ani)) == {"closed": False}
    assert desk.user_row(ani).state == "active"


def test_the_first_admin_is_made_without_a_check(desk):
    case = desk.case(starter=desk.user("Ani"))

    assert desk.call("check_admin", case, instansi=KAPUAS) == {"needs_check": False, "replaces_name": ""}
    made = desk.call("make_admin", case, instansi=KAPUAS)

    assert (made["replaced"], admins(desk)) == (False, ["Ani"])


def test_who_is_replaced_is_nonaktif_and_the_cases_know_each_other(desk):
    ani, budi = desk.user("Ani"), desk.user("Budi")
    old, new = desk.case(starter=ani), desk.case(starter=budi)
    desk.call("make_admin", old, instansi=KAPUAS)

    check = desk.call("check_admin", new, instansi=KAPUAS)
    made = desk.call("make_admin", new, instansi=KAPUAS)

    assert check == {"needs_check": True, "replaces_name": "Ani"}
    assert (made["replaced"], made["replaced_name"], admins(desk)) == (True, "Ani", ["Budi"])
    assert desk.user_row(ani).state == "disabled"
    link = desk.row(CaseLink)
    assert (link.instance_id, link.other_id, link.kind) == (new, old, "replaces")


def test_an_admin_who_holds_another_role_keeps_the_account(desk):
    ani = desk.user("Ani")
    desk.call("make_admin", desk.case(starter=ani), instansi=KAPUAS)
    with desk.database.write() as unit:
        add_membership(unit, user_id=ani, role="vai", instansi_id="kapuas", valid_from=desk.clock.now().date(),
                       valid_until=None, now=desk.clock.now())  # fmt: skip

    desk.call("make_admin", desk.case(starter=desk.user("Budi")), instansi=KAPUAS)

    assert desk.user_row(ani).state == "active"


def test_two_who_become_admin_at_once_leave_one(desk):
    names = ("Ani", "Budi", "Citra")
    cases = [desk.case(starter=desk.user(name)) for name in names]
    barrier, faults = threading.Barrier(len(cases)), []

    def make(case):
        barrier.wait()
        try:
            desk.call("make_admin", case, instansi=KAPUAS)
        except Exception as fault:  # noqa: BLE001 -- reported to the test
            faults.append(fault)

    threads = [threading.Thread(target=make, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(admins(desk)) == 1
    assert [u.state for u in desk.rows(User) if u.name in names].count("active") == 1


def test_nobody_makes_a_second_admin_by_another_way(desk):
    desk.call("make_admin", desk.case(starter=desk.user("Ani")), instansi=KAPUAS)
    budi, today = desk.user("Budi"), desk.clock.now().date()

    with pytest.raises(SoleHolderError) as error, desk.database.write() as unit:
        add_membership(unit, user_id=budi, role="admin_instansi", instansi_id="kapuas", valid_from=today,
                       valid_until=None, now=desk.clock.now())  # fmt: skip
    with pytest.raises(IntegrityError), desk.database.write() as unit:
        unit.session.add(
            Membership(id="x", user_id=budi, role="admin_instansi", instansi_id="kapuas", valid_from=today,
                       created_at=desk.clock.now())
        )  # fmt: skip

    assert "Ani" in error.value.message("id")
    assert admins(desk) == ["Ani"]
