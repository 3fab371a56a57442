"""Publishing: a second person looks, it holds from its hour for whom it is meant, and can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import programmes
from engine.definitions import Definitions, RefusedPackageError
from engine.errors import NotFoundError
from engine.studio import drafts
from engine.studio.errors import DraftClosedError
from engine.studio.publishing import (
    Terms,
    acts_of,
    approve,
    call_off,
    publications_of,
    read_publication,
    refuse,
    start_due,
    stop,
    submit_draft,
    submit_version,
    waiting,
    withdraw,
)
from engine.studio.publishing.errors import (
    DecidedError,
    OtherKeyError,
    OtherProgrammeError,
    PastStartError,
    SecondPersonError,
    WhyMissingError,
)
from engine.texts import Text
from models import Definition, DefinitionVersion, Programme, ProgrammeEvent
from tests.support.bpmn import Process
from tests.support.office import Office, manifest_of


def registration(name="Isi"):
    p = Process("daftar", name="Pendaftaran")
    p.chain(p.start(), p.user("isi", name=name, lane="Pemohon"), p.end())
    return p


class Desk:
    """Two owners, a process, and drafts of it."""

    def __init__(self, database, flow=None):
        self.office, self.database, self.flow = Office(database), database, flow
        self.indah, self.bayu = (self.office.person(name, "owner").user_id for name in ("Indah", "Bayu"))
        self.first = self.office.deploy(registration(), flow=flow)

    @property
    def now(self):
        return self.office.clock.now()

    def draft(self, name="Isi data", toml=None):
        files = {**registration(name).files(), "process.toml": (toml or self.toml()).encode()}
        with self.database.write() as unit:
            made = drafts.create_draft(
                unit, key="daftar", title=name, files=files, based_on=self.first, by=self.indah, now=self.now
            )
            return made.id

    def toml(self):
        return manifest_of(registration(), zone="Asia/Jakarta", flow=self.flow)

    def submit(self, draft, *, four_eyes=True, note="Lebih jelas", **terms):
        with self.database.write() as unit:
            return submit_draft(unit, self.office.registry, draft, Terms(**terms), note=note, by=self.indah,
                                now=self.now, four_eyes=four_eyes).id  # fmt: skip

    def again(self, version, **terms):
        with self.database.write() as unit:
            made = submit_version(unit, self.office.registry, version, Terms(**terms), note="Kembali", by=self.indah,
                                  now=self.now, four_eyes=True)  # fmt: skip
            return made.id

    def approve(self, publication, by=None):
        with self.database.write() as unit:
            approve(unit, self.office.registry, publication, by=by or self.bayu, now=self.now, four_eyes=True)

    def act(self, what, publication, by=None, reason="Sebab"):
        with self.database.write() as unit:
            what(unit, publication, by=by or self.bayu, reason=reason, now=self.now)

    def published(self, name="Isi data", **terms):
        publication = self.submit(self.draft(name), **terms)
        self.approve(publication)
        return publication

    def state(self, publication):
        with self.database.read() as unit:
            return read_publication(unit, publication).state

    def acts(self, publication):
        with self.database.read() as unit:
            return [(a.kind, a.by) for a in acts_of(unit, [read_publication(unit, publication)])[publication]]

    def current(self):
        with self.database.read() as unit:
            return unit.session.get(Definition, "daftar").current_version_id

    def version_of(self, publication):
        with self.database.read() as unit:
            return read_publication(unit, publication).version_id

    def state_of_draft(self, draft):
        with self.database.read() as unit:
            return drafts.read_head(unit, draft).state

    def programme(self, key="2026-1"):
        with self.database.write() as unit:
            made = programmes.open_programme(unit, key=key, flow="daftar_flow", title=Text(key, key), period=key,
                                             opens_at=self.now, closes_at=self.now + timedelta(days=30), by=self.indah,
                                             now=self.now)  # fmt: skip
            return made.id

    def runs_on(self, programme):
        with self.database.read() as unit:
            return unit.session.get(Programme, programme).versions.get("daftar")


@pytest.fixture
def desk(database):
    return Desk(database)


@pytest.fixture
def flowing(database):
    return Desk(database, flow="daftar_flow")


def test_new_cases_start_on_what_a_second_person_approved(desk):
    case = desk.office.start("daftar", desk.office.person("Ani"))
    draft = desk.draft()

    publication = desk.submit(draft)
    assert (desk.state(publication), desk.state_of_draft(draft), desk.current()) == ("review", "review", desk.first)
    desk.approve(publication)

    version = desk.version_of(publication)
    assert (desk.state(publication), desk.state_of_draft(draft), desk.current()) == ("live", "published", version)
    assert version != desk.first
    assert desk.office.case(case).version_id == desk.first
    assert desk.office.case(desk.office.start("daftar", desk.office.person("Ali"))).version_id == version
    assert desk.acts(publication) == [("submitted", desk.indah), ("approved", desk.bayu), ("started", desk.bayu)]
    with desk.database.read() as unit:
        row = unit.session.get(DefinitionVersion, version)
        assert (row.deployed_by, row.note, row.number) == ("Indah", "Lebih jelas", 2)
    assert Definitions(desk.database).current("daftar").specs.elements["isi"].name == "Isi data"


def test_nobody_approves_or_refuses_their_own(desk):
    publication = desk.submit(desk.draft())

    with pytest.raises(SecondPersonError):
        desk.approve(publication, by=desk.indah)
    with pytest.raises(SecondPersonError):
        desk.act(refuse, publication, by=desk.indah)
    assert desk.state(publication) == "review"


def test_without_four_eyes_it_holds_at_once(desk):
    publication = desk.submit(desk.draft(), four_eyes=False)

    assert (desk.state(publication), desk.current()) == ("live", desk.version_of(publication))
    assert [kind for kind, _ in desk.acts(publication)] == ["submitted", "approved", "started"]


def test_a_refusal_says_why_and_opens_the_draft_again(desk):
    draft = desk.draft()
    publication = desk.submit(draft)

    with pytest.raises(WhyMissingError):
        desk.act(refuse, publication, reason=" ")
    desk.act(refuse, publication, reason="Tenggatnya keliru")

    assert (desk.state(publication), desk.state_of_draft(draft), desk.current()) == ("refused", "open", desk.first)
    with desk.database.read() as unit:
        assert acts_of(unit, publications_of(unit, "daftar"))[publication][-1].reason == "Tenggatnya keliru"
    with pytest.raises(DecidedError):
        desk.approve(publication)
    assert desk.submit(draft) != publication


def test_what_the_gate_refuses_is_not_submitted(desk):
    broken = desk.draft(toml=desk.toml().replace('main = "daftar"', 'main = "lain"'))
    with pytest.raises(RefusedPackageError):
        desk.submit(broken)
    with pytest.raises(OtherKeyError):
        desk.submit(desk.draft(toml=desk.toml().replace('key = "daftar"', 'key = "lain"')))
    with pytest.raises(WhyMissingError):
        desk.submit(desk.draft(), note="")
    assert desk.state_of_draft(broken) == "open"


def test_a_draft_in_review_is_frozen_and_submitted_once(desk):
    draft = desk.draft()
    desk.submit(draft)

    with pytest.raises(DraftClosedError):
        desk.submit(draft)
    with pytest.raises(DraftClosedError), desk.database.write() as unit:
        drafts.save_file(unit, draft, "README.md", b"x", seen=None, by=desk.indah, now=desk.now)
    with desk.database.read() as unit:
        assert len(waiting(unit)) == 1


def test_a_scheduled_one_begins_at_its_hour(desk):
    publication = desk.published(starts_at=desk.now + timedelta(hours=3))
    assert (desk.state(publication), desk.current()) == ("scheduled", desk.first)

    assert start_due(desk.office.runner, desk.now + timedelta(hours=2)) == 0
    assert start_due(desk.office.runner, desk.now + timedelta(hours=3)) == 1
    assert start_due(desk.office.runner, desk.now + timedelta(hours=4)) == 0

    assert (desk.state(publication), desk.current()) == ("live", desk.version_of(publication))
    assert desk.acts(publication)[-1] == ("started", None)
    with pytest.raises(PastStartError):
        desk.submit(desk.draft("Lain"), starts_at=desk.now)


def test_a_scheduled_one_can_be_called_off(desk):
    draft = desk.draft()
    publication = desk.submit(draft, starts_at=desk.now + timedelta(hours=3))
    desk.approve(publication)

    desk.act(call_off, publication)

    assert start_due(desk.office.runner, desk.now + timedelta(days=1)) == 0
    assert (desk.state(publication), desk.state_of_draft(draft), desk.current()) == ("cancelled", "open", desk.first)


def test_withdrawing_brings_back_what_held_before(desk):
    one = desk.published("Satu")
    two = desk.published("Dua")
    assert (desk.state(one), desk.state(two)) == ("ended", "live")

    desk.act(withdraw, two, by=desk.indah)
    assert (desk.state(one), desk.state(two), desk.current()) == ("live", "withdrawn", desk.version_of(one))

    desk.act(withdraw, one)
    assert (desk.state(one), desk.current()) == ("withdrawn", desk.first)
    with pytest.raises(DecidedError):
        desk.act(withdraw, one)
    assert [kind for kind, _ in desk.acts(one)] == [
        "submitted", "approved", "started", "ended", "resumed", "withdrawn",
    ]  # fmt: skip


def test_an_earlier_version_can_hold_again(desk):
    desk.published()

    publication = desk.again(desk.first)
    desk.approve(publication)

    assert desk.current() == desk.first
    with desk.database.read() as unit:
        assert [p.state for p in publications_of(unit, "daftar")].count("live") == 1
    with pytest.raises(NotFoundError):
        desk.again("0" * 64)


def test_a_canary_is_only_for_one_programme(flowing):
    one, other = flowing.programme("2026-1"), flowing.programme("2026-2")

    publication = flowing.published(scope="programme", programme_id=one)

    version = flowing.version_of(publication)
    assert (flowing.runs_on(one), flowing.runs_on(other), flowing.current()) == (version, flowing.first, flowing.first)
    with flowing.database.read() as unit:
        event = unit.session.scalars(select(ProgrammeEvent).where(ProgrammeEvent.kind == "versions")).one()
        assert (event.by, event.reason) == (flowing.bayu, "Lebih jelas")

    wider = flowing.again(version)
    flowing.approve(wider)
    assert (flowing.runs_on(one), flowing.runs_on(other), flowing.current()) == (version, version, version)
    assert (flowing.state(publication), flowing.state(wider)) == ("ended", "live")

    flowing.act(withdraw, wider)
    assert (flowing.runs_on(one), flowing.runs_on(other), flowing.current()) == (version, flowing.first, flowing.first)
    assert flowing.state(publication) == "live"
    flowing.act(withdraw, publication)
    assert flowing.runs_on(one) == flowing.first


def test_running_programmes_keep_theirs_when_only_new_ones_are_meant(flowing):
    programme = flowing.programme()

    publication = flowing.published(scope="new")

    assert (flowing.runs_on(programme), flowing.current()) == (flowing.first, flowing.version_of(publication))
    assert flowing.runs_on(flowing.programme("2027-1")) == flowing.version_of(publication)


def test_a_canary_needs_a_running_programme_of_the_flow(flowing):
    programme = flowing.programme()
    with pytest.raises(OtherProgrammeError):
        flowing.submit(flowing.draft(), scope="programme", programme_id="0" * 32)
    draft = flowing.draft()
    publication = flowing.submit(
        draft, scope="programme", programme_id=programme, starts_at=flowing.now + timedelta(days=2)
    )
    flowing.approve(publication)
    with flowing.database.write() as unit:
        programmes.close(unit, programme, by=flowing.indah, reason="Selesai", now=flowing.now)

    assert start_due(flowing.office.runner, flowing.now + timedelta(days=2)) == 1

    assert (flowing.state(publication), flowing.runs_on(programme)) == ("cancelled", flowing.first)
    assert flowing.state_of_draft(draft) == "open"


def stopped(desk):
    with desk.database.write() as unit:
        return stop(unit, "daftar", by=desk.indah, reason="Dasar hukumnya dicabut", now=desk.now).id


def test_a_process_can_be_stopped_and_begun_again(flowing):
    programme = flowing.programme()
    live = flowing.published()
    version = flowing.version_of(live)

    publication = stopped(flowing)

    assert (flowing.current(), flowing.runs_on(programme)) == (None, None)
    assert (flowing.state(publication), flowing.state(live)) == ("withdrawn", "ended")
    assert flowing.acts(publication) == [("stopped", flowing.indah)]
    with pytest.raises(DecidedError):
        stopped(flowing)
    flowing.approve(flowing.again(version))
    assert (flowing.current(), flowing.runs_on(programme)) == (version, version)


def test_what_nothing_held_before_can_be_tried_in_one_programme(flowing):
    programme, other = flowing.programme("2026-1"), flowing.programme("2026-2")
    stopped(flowing)

    publication = flowing.published(scope="programme", programme_id=programme)

    version = flowing.version_of(publication)
    ani = flowing.office.person("Ani")
    assert flowing.office.case(flowing.office.start("daftar", ani, programme_id=programme)).version_id == version
    assert flowing.runs_on(other) is None
    flowing.act(withdraw, publication)
    assert (flowing.current(), flowing.runs_on(programme)) == (None, None)
