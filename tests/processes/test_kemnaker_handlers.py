"""Teams by their SK, assessors who score once, and documents that are not asked for again: on both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.registry import BusinessError
from handlers.inpassing import DiagramFaultError
from models import Assessment, Attachment, Document, Instance, Membership, Participant, Programme, Team
from tests.support.desk import PARAMETERS, Desk

WEIGHTS = {"pengalaman": 40, "jabatan": 20, "prestasi": 20, "pelatihan": 20}
PEOPLE = ("Sari", "Seno", "Satya", "Sinta")


@pytest.fixture
def desk(database, registry, clock):
    desk = Desk(database, registry, clock, parameters={**PARAMETERS, "team_minimum": 3})
    desk.ids = {name: desk.user(name) for name in PEOPLE}
    return desk


def rows(*names: str, positions=("ketua", "sekretaris", "anggota")) -> list[dict]:
    return [
        {"email": f"{name.lower()}@contoh.go.id", "position": position, "title": "Analis", "origin": "Biro"}
        for name, position in zip(names, positions, strict=False)
    ]


def appointed(desk: Desk, *names: str, kind: str = "tim_uji") -> str:
    case = desk.case(None)
    people = desk.call("check_team", case, members=rows(*names))["people"]
    sk = {"sk_number": "KEP.7/2026", "sk_date": date(2026, 6, 1)}
    return desk.call("appoint_team", case, kind=kind, people=people, **sk)["team_id"]


@pytest.mark.parametrize(
    "members",
    [
        rows("Sari", "Seno"),
        rows("Sari", "Seno", "Satya", positions=("ketua", "ketua", "anggota")),
        rows("Sari", "Seno", "Sari"),
        rows("Sari", "Seno", "Tidak Ada"),
    ],
    ids=["two people", "two heads", "one twice", "no account"],
)
def test_a_team_that_is_not_fit_is_refused_in_words(desk, members):
    with pytest.raises(BusinessError) as refusal:
        desk.call("check_team", desk.case(None), members=members)
    assert refusal.value.error_code == "team_unfit"
    assert refusal.value.words["id"] != refusal.value.words["en"]


def test_a_new_team_ends_the_role_of_the_one_before(desk):
    first = appointed(desk, "Sari", "Seno", "Satya")
    second = appointed(desk, "Sari", "Satya", "Sinta")
    with desk.database.read() as unit:
        states = {team.id: team.state for team in unit.session.scalars(select(Team))}
        held = select(col(Membership.user_id)).where(
            col(Membership.role) == "tim_uji", col(Membership.state) == "active"
        )
        assert set(unit.session.scalars(held)) == {desk.ids[name] for name in ("Sari", "Satya", "Sinta")}
    assert states == {first: "replaced", second: "active"}


def test_work_is_shared_among_members_and_never_with_who_started_the_case(desk):
    appointed(desk, "Sari", "Seno", "Satya")
    case = desk.case("kapuas", starter=desk.ids["Sari"])
    picked = desk.call("pick_members", case, kind="tim_uji", count=2)["people"]
    assert [person["name"] for person in picked] == ["Seno", "Satya"]
    assert desk.call("pick_members", case, kind="tim_uji", count=1, least=0, without=list(desk.ids.values())) == {
        "people": []
    }
    with pytest.raises(DiagramFaultError, match="enlarge"):
        desk.call("pick_members", case, kind="tim_uji", count=3)


def scored(desk: Desk, case: str, name: str, points: int, **more) -> None:
    scores = dict.fromkeys(WEIGHTS, points)
    given = {"round": 1, "team": "tim_uji", "scores": scores, "weights": WEIGHTS} | more
    desk.call("record_assessment", case, actor=Actor(user_id=desk.ids[name], name=name, grants=()), **given)


def test_an_assessor_scores_once_in_a_round_and_only_as_a_member(desk):
    desk.formasi(muda=1)
    case = desk.participant()
    appointed(desk, "Sari", "Seno", "Satya")
    scored(desk, case, "Sari", 80, scores={"pengalaman": 70, "jabatan": 80, "prestasi": 90, "pelatihan": 81})
    with pytest.raises(BusinessError) as again:
        scored(desk, case, "Sari", 85)
    with pytest.raises(BusinessError) as stranger:
        scored(desk, case, "Sinta", 85)
    assert (again.value.error_code, stranger.value.error_code) == ("already_assessed", "not_assessor")
    scored(desk, case, "Seno", 60)
    scored(desk, case, "Sari", 50, round=2)
    told = desk.call("sum_up_assessments", case, round=1)
    assert (told["opinions"], told["mean"], told["spread"]) == (2, Decimal("69.10"), Decimal("18.20"))
    with desk.database.read() as unit:
        assert len(unit.session.scalars(select(Assessment)).all()) == 3


def test_documents_verified_in_an_earlier_period_are_taken_over_for_the_same_person(desk):
    now = desk.clock.now()
    case, before = desk.case("kapuas"), desk.case("kapuas")
    with desk.database.write() as unit:
        unit.session.add(
            Programme(id="earlier", key="earlier", flow="desk", title_id="Lalu", period="Periode I", opens_at=now,
                      closes_at=now + timedelta(days=1), created_at=now)
        )  # fmt: skip
        unit.session.flush()
        old = unit.session.get_one(Instance, before)
        old.programme_id = "earlier"
        unit.session.add(
            Participant(id=old.id, programme_id="earlier", instansi_id="kapuas", nip="198703142011012004", name="Ani",
                        golongan="III/c", jenjang="muda", email="ani@contoh.go.id", documents="complete",
                        verified_at=now, created_at=now, updated_at=now)
        )  # fmt: skip
        unit.session.add(Document(digest="d" * 64, kind="pdf", size=150_000, stored_at=now))
        unit.session.flush()
        for number, name in enumerate(("ijazah-lama.pdf", "ijazah.pdf")):
            unit.session.add(
                Attachment(id=f"a{number}", digest="d" * 64, filename=name, field="ijazah", instance_id=old.id,
                           uploaded_at=now + timedelta(minutes=number), submitted=True)
            )  # fmt: skip
    taken = desk.call("reuse_documents", case, nip="198703142011012004", fields=["ijazah", "sk_pns"])
    assert (taken["count"], taken["period"], taken["documents"]["ijazah"]["filename"]) == (1, "Periode I", "ijazah.pdf")
    with desk.database.read() as unit:
        copied = unit.session.get_one(Attachment, taken["documents"]["ijazah"]["id"])
        assert (copied.instance_id, copied.submitted) == (case, True)
    assert desk.call("reuse_documents", case, nip="198703142011012005", fields=["ijazah"])["count"] == 0
