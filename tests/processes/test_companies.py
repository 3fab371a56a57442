"""Companies, powers of attorney and branches: what the database itself guards, and what a link opens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.people import add_membership, find_by_email
from engine.people.links import token_digest
from engine.registry import BusinessError
from handlers.notification import Notices
from handlers.powers import Powers
from models import Branch, Company, Director, Membership, OutgoingMail, PersonProfile, PowerOfAttorney
from tests.support.desk import Desk

NIB, BRANCH = "9120007654321", {"kind": "cabang", "name": "Cabang Palangka Raya", "address": "Jalan Tjilik Riwut"}
UNTIL = date(2027, 5, 31)


@pytest.fixture
def desk(database, registry, clock):
    return Desk(database, registry, clock)


@pytest.fixture
def leader(desk):
    """A director who is Admin Perusahaan, and two people who may be assigned."""
    ident = desk.user("Andi")
    assigned = [desk.user("Yuni"), desk.user("Joko")]
    now = desk.clock.now()
    with desk.database.write() as unit:
        unit.session.add(Company(id="c1", nib=NIB, name="PT Borneo Karya Mandiri", created_at=now))
        unit.session.flush()
        unit.session.add(
            Director(id="d1", company_id="c1", place=1, name="Andi", position="Direktur", citizenship="wni",
                     user_id=ident)
        )  # fmt: skip
        for number, user in enumerate(assigned, 1):
            unit.session.add(
                PersonProfile(user_id=user, name=f"P{number}", citizenship="wni", identity_kind="nik",
                              identity_number=f"627101450890000{number}", birth_date=date(1990, 8, 5),
                              state="verified", updated_at=now)
            )  # fmt: skip
        add_membership(
            unit, user_id=ident, role="admin_perusahaan", instansi_id=None, company_id="c1", valid_from=now.date(),
            valid_until=None, now=now,
        )  # fmt: skip
    return ident


def grant(desk, case, email, **more):
    given = {"nib": NIB, "branch": BRANCH, "assignee_email": email, "valid_until": UNTIL, **more}
    return desk.call("grant_branch_access", case, **given)


def active(desk):
    return [m.user_id for m in desk.rows(Membership, role="admin_cabang", state="active")]


def test_of_two_who_are_appointed_at_once_one_becomes_the_admin(desk, leader):
    cases = [desk.case(starter=leader), desk.case(starter=leader)]

    def appoint(case, email):
        try:
            return grant(desk, case, email)
        except BusinessError as refusal:
            return refusal

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(appoint, cases, ("yuni@contoh.go.id", "joko@contoh.go.id")))
    refused = [answer for answer in answers if isinstance(answer, BusinessError)]
    assert len(active(desk)) == 1
    assert [refusal.error_code for refusal in refused] == ["preconditions"]
    assert "Gantikan Admin yang sekarang" in refused[0].words["id"]
    assert len(desk.rows(Branch)) == 1


def test_the_database_itself_lets_a_branch_have_one_active_admin(desk, leader):
    grant(desk, desk.case(starter=leader), "yuni@contoh.go.id")
    branch, other = desk.row(Branch), find(desk, "joko@contoh.go.id")
    with pytest.raises(IntegrityError), desk.database.write() as unit:
        add_membership(
            unit, user_id=other, role="admin_cabang", instansi_id=None, company_id="c1", branch_id=branch.id,
            valid_from=date(2026, 6, 1), valid_until=None, now=desk.clock.now(),
        )  # fmt: skip


def test_an_admin_is_replaced_on_purpose_and_follows_one_whose_time_is_over(desk, leader):
    first = grant(desk, desk.case(starter=leader), "yuni@contoh.go.id", valid_until=date(2026, 6, 30))
    replaced = grant(desk, desk.case(starter=leader), "joko@contoh.go.id", replace=True, valid_until=date(2026, 6, 30))
    assert (first["replaced_name"], replaced["replaced_name"]) == ("", "Yuni")
    assert active(desk) == [find(desk, "joko@contoh.go.id")]
    desk.wait_until(desk.clock.now() + timedelta(days=60))
    later = grant(desk, desk.case(starter=leader), "yuni@contoh.go.id")
    assert later["replaced_name"] == ""
    assert active(desk) == [find(desk, "yuni@contoh.go.id")]


def test_granting_twice_is_granting_once(desk, leader):
    case = desk.case(starter=leader)
    given = {"nib": NIB, "branch": BRANCH, "assignee_email": "yuni@contoh.go.id", "valid_until": UNTIL}
    answers = [desk.call("grant_branch_access", case, token="t", **given) for _ in range(2)]
    assert answers[0]["membership_id"] == answers[1]["membership_id"]
    assert len(active(desk)) == 1


def test_every_precondition_that_fails_is_named_at_once_with_what_to_do(desk, leader):
    stranger = desk.user("Tono")
    said = desk.call(
        "check_branch", desk.case(starter=stranger), nib=NIB, branch_name="Cabang X", assignee_email="tidak@ada.id"
    )
    assert said["failed"] == 2
    for words in ("Parent company", "Assignee", NIB, "tidak@ada.id"):
        assert words in said["words_en"]
    assert said["words"].startswith("1. Perusahaan induk")
    assert leader


def test_a_company_is_one_row_however_many_name_it_and_a_verified_one_stays_as_it_is(desk, leader):
    with pytest.raises(BusinessError) as refused:
        desk.call("record_company", desk.case(starter=desk.user("Sari")), **company(NIB))
    assert "Andi" in refused.value.words["id"]
    case = desk.case(starter=desk.user("Tono"))
    desk.call("record_company", case, **company("9120001234567"))
    said = desk.call("record_company", case, **company("9120001234567", name="PT Lain"))
    assert (said["citizens"], said["directors_total"], said["citizens_names"]) == (1, 2, "Agus")
    assert desk.row(Company, nib="9120001234567").name == "PT Lain"
    assert [d.name for d in desk.rows(Director, company_id=said["company_id"])] == ["Lars", "Agus"]
    assert leader


def company(nib, name="PT Nordik"):
    leaders = [
        {"name": "Lars", "position": "Direktur", "citizenship": "wna", "country": "Denmark"},
        {"name": "Agus", "position": "Direktur", "citizenship": "wni", "country": None},
    ]
    return {"nib": nib, "name": name, "address": "Jakarta", "directors": leaders}


class Noting(Notices):
    """Keeps what it would mail: the test has no package with templates."""

    def __init__(self, base_url):
        super().__init__(base_url)
        self.written = []

    def write_to(self, context, template, user, more):
        self.written.append((user.email, more["link"]))


def test_a_link_is_kept_as_a_digest_and_a_new_one_voids_the_old(desk, leader):
    notices = Noting("https://alur.contoh.go.id")
    mails = notices.written
    powers, case = Powers(notices), desk.case(starter=desk.user("Sari"))
    asked = {"company_id": "c1", "name": "Lars", "email": "lars@contoh.go.id", "valid_until": UNTIL, "link_days": 7}
    for _ in range(2):
        with desk.database.write() as unit:
            powers.ask(desk.context(unit, case), **asked)
    tokens = [link.rpartition("/")[2] for _, link in mails]
    rows = {row.token_digest: row.state for row in desk.rows(PowerOfAttorney)}
    assert rows == {token_digest(tokens[0]): "void", token_digest(tokens[1]): "asked"}
    assert desk.user_row(find(desk, "lars@contoh.go.id")).state == "pending", "nobody signs in with this account"
    with desk.database.write() as unit:
        powers.note(desk.context(unit, case), answer="confirm")
        assert powers.ask(desk.context(unit, case), **asked)["confirmed"] is True
        changed = {**asked, "valid_until": date(2027, 1, 1)}
        assert powers.ask(desk.context(unit, case), **changed)["confirmed"] is False
    assert len(mails) == 3
    assert desk.rows(OutgoingMail) == []
    assert leader


def find(desk, email):
    with desk.database.read() as unit:
        return find_by_email(unit, email).id
