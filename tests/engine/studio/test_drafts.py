"""Drafts: nobody's work is overwritten, every saved state can be brought back, nothing is written for nothing."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from engine.errors import NotFoundError
from engine.people import create_user
from engine.registry import Registry
from engine.studio import drafts, presence
from engine.studio.errors import BadFileError, DraftClosedError, StaleDraftError
from engine.studio.sources import read_source
from models import DraftSave

FILES = {"process.bpmn": b"<one/>", "forms/apply.json": b"{}", "process.toml": b'key = "trip"\n'}


@pytest.fixture
def owners(database, clock):
    with database.write() as unit:
        made = [
            create_user(unit, email=f"{name[:4]}@contoh.go.id".lower(), name=name, password=None, now=clock.now())
            for name in ("Indah Permata", "Bayu Pratama")
        ]
        for user in made:
            user.state = "active"
    return [user.id for user in made]


@pytest.fixture
def draft(database, clock, owners):
    with database.write() as unit:
        made = drafts.create_draft(
            unit, key="trip", title="Perjalanan", files=FILES, based_on=None, by=owners[0], now=clock.now()
        )
    return made.id


def save(database, clock, draft, path, body, *, seen, by):
    with database.write() as unit:
        return drafts.save_file(unit, draft, path, body, seen=seen, by=by, now=clock.now())


def read(database, draft):
    with database.read() as unit:
        return drafts.read_draft(unit, draft)


def saves(database, draft):
    with database.read() as unit:
        counted = select(func.count()).select_from(DraftSave).where(col(DraftSave.draft_id) == draft)
        return unit.session.execute(counted).scalar_one()


def test_a_draft_is_read_as_it_was_made(database, draft, owners):
    view = read(database, draft)

    assert view.bodies == FILES
    assert (view.key, view.title, view.state, view.revision) == ("trip", "Perjalanan", "open", 1)
    assert {f.revision for f in view.files.values()} == {1}
    assert view.is_open


def test_a_saved_file_has_the_next_revision_and_its_saver(database, clock, draft, owners):
    clock.move_to(clock.now() + timedelta(minutes=5))

    revision = save(database, clock, draft, "process.bpmn", b"<two/>", seen=1, by=owners[1])

    view = read(database, draft)
    assert revision == view.revision == view.files["process.bpmn"].revision == 2
    assert view.files["process.bpmn"].body == b"<two/>"
    assert view.files["process.bpmn"].changed_by == view.changed_by == owners[1]
    assert view.files["process.bpmn"].changed_at == clock.now()
    assert view.files["forms/apply.json"].revision == 1


def test_whoever_saves_second_is_told_who_was_first_and_when_and_overwrites_nothing(database, clock, draft, owners):
    save(database, clock, draft, "process.bpmn", b"<indah/>", seen=1, by=owners[0])
    first = clock.now()
    clock.move_to(clock.now() + timedelta(minutes=3))

    with pytest.raises(StaleDraftError) as refused:
        save(database, clock, draft, "process.bpmn", b"<bayu/>", seen=1, by=owners[1])

    assert (refused.value.who, refused.value.at, refused.value.revision) == ("Indah Permata", first, 2)
    assert "Indah Permata" in refused.value.message("id")
    assert read(database, draft).files["process.bpmn"].body == b"<indah/>"


def test_two_people_in_two_files_do_not_disturb_each_other(database, clock, draft, owners):
    save(database, clock, draft, "process.bpmn", b"<indah/>", seen=1, by=owners[0])
    save(database, clock, draft, "forms/apply.json", b'{"a": 1}', seen=1, by=owners[1])

    assert read(database, draft).bodies == FILES | {"process.bpmn": b"<indah/>", "forms/apply.json": b'{"a": 1}'}


def test_of_two_saves_at_the_same_moment_one_is_refused(database, clock, draft, owners):
    done, barrier = [], threading.Barrier(2)

    def one(by):
        barrier.wait()
        try:
            done.append(save(database, clock, draft, "process.bpmn", by.encode(), seen=1, by=by))
        except StaleDraftError as error:
            done.append(error.who)

    threads = [threading.Thread(target=one, args=(by,)) for by in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = read(database, draft).files["process.bpmn"].changed_by
    assert sorted(map(str, done)) == sorted(["2", {owners[0]: "Indah Permata", owners[1]: "Bayu Pratama"}[winner]])


def test_saving_what_is_there_already_writes_nothing(database, clock, draft, owners):
    assert save(database, clock, draft, "process.bpmn", b"<one/>", seen=1, by=owners[1]) == 1

    assert saves(database, draft) == len(FILES)
    assert read(database, draft).changed_by == owners[0]


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(database, clock, draft, owners):
    save(database, clock, draft, "process.bpmn", b"<two/>", seen=1, by=owners[0])

    assert save(database, clock, draft, "process.bpmn", b"<two/>", seen=1, by=owners[0]) == 2


def test_a_new_file_must_not_exist_yet(database, clock, draft, owners):
    assert save(database, clock, draft, "forms/new.json", b"{}", seen=None, by=owners[0]) == 2

    with pytest.raises(StaleDraftError):
        save(database, clock, draft, "forms/new.json", b"[]", seen=None, by=owners[1])


def test_a_removed_file_is_not_saved_back_by_somebody_who_did_not_know(database, clock, draft, owners):
    with database.write() as unit:
        drafts.remove_file(unit, draft, "forms/apply.json", seen=1, by=owners[0], now=clock.now())

    with pytest.raises(StaleDraftError) as refused:
        save(database, clock, draft, "forms/apply.json", b"[]", seen=1, by=owners[1])

    assert (refused.value.who, refused.value.revision) == ("Indah Permata", None)
    assert "forms/apply.json" not in read(database, draft).files


def test_a_renamed_file_keeps_its_content_and_never_replaces_another(database, clock, draft, owners):
    with database.write() as unit:
        drafts.rename_file(unit, draft, "forms/apply.json", "forms/ask.json", seen=1, by=owners[0], now=clock.now())
    view = read(database, draft)
    assert view.files["forms/ask.json"].body == b"{}"
    assert "forms/apply.json" not in view.files

    save(database, clock, draft, "forms/apply.json", b"[]", seen=None, by=owners[0])
    with pytest.raises(StaleDraftError), database.write() as unit:
        drafts.rename_file(unit, draft, "forms/ask.json", "forms/apply.json", seen=2, by=owners[0], now=clock.now())


@pytest.mark.parametrize("path", ["../etc/passwd", "/process.bpmn", "run.py", "forms/a.bpmn", "forms\\x.json", ""])
def test_a_file_that_no_package_may_hold_is_refused(database, clock, draft, owners, path):
    with pytest.raises(BadFileError):
        save(database, clock, draft, path, b"x", seen=None, by=owners[0])


def test_a_file_of_more_than_a_megabyte_is_refused(database, clock, draft, owners):
    with pytest.raises(BadFileError):
        save(database, clock, draft, "process.bpmn", b"x" * 1_048_577, seen=1, by=owners[0])


@pytest.mark.parametrize("state", ["review", "published", "discarded"])
def test_a_draft_that_is_not_open_takes_no_change(database, clock, draft, owners, state):
    with database.write() as unit:
        drafts.set_state(unit, draft, state, by=owners[1], now=clock.now())

    with pytest.raises(DraftClosedError):
        save(database, clock, draft, "process.bpmn", b"<two/>", seen=1, by=owners[0])
    assert read(database, draft).bodies == FILES


def test_there_is_no_draft_of_another_name(database):
    with pytest.raises(NotFoundError):
        read(database, uuid.uuid4().hex)


def test_all_files_can_be_replaced_at_once_by_somebody_who_saw_the_newest(database, clock, draft, owners):
    wanted = {"process.bpmn": b"<one/>", "forms/other.json": b"{}"}
    with database.write() as unit:
        drafts.replace_files(unit, draft, wanted, seen=1, by=owners[0], now=clock.now())
    view = read(database, draft)
    assert view.bodies == wanted
    assert {p: f.revision for p, f in view.files.items()} == {"process.bpmn": 1, "forms/other.json": 2}

    with pytest.raises(StaleDraftError), database.write() as unit:
        drafts.replace_files(unit, draft, {}, seen=1, by=owners[1], now=clock.now())


def test_a_copy_keeps_what_came_too_late(database, clock, draft, owners):
    with database.write() as unit:
        copy = drafts.copy_draft(unit, draft, {"process.bpmn": b"<bayu/>"}, by=owners[1], now=clock.now())

    view = read(database, copy.id)
    assert view.bodies == FILES | {"process.bpmn": b"<bayu/>"}
    assert view.title == "Perjalanan (Bayu Pratama)"
    assert read(database, draft).bodies == FILES


def test_the_gate_judges_the_same_content_once(database, clock, draft, owners):
    registry, view = Registry(), read(database, draft)

    found = drafts.findings_of(view, registry)

    assert any(f.file == "process.bpmn" for f in found)
    assert drafts.findings_of(read(database, draft), registry) is found


def test_those_who_are_here_see_each_other_until_they_leave(database, clock, draft, owners):
    with database.write() as unit:
        assert presence.here(unit, draft, "process.bpmn", user_id=owners[0], now=clock.now()) == []
    clock.move_to(clock.now() + timedelta(seconds=20))
    with database.write() as unit:
        [other] = presence.here(unit, draft, "process.bpmn", user_id=owners[1], now=clock.now())
    assert (other.name, other.path) == ("Indah Permata", "process.bpmn")

    clock.move_to(clock.now() + timedelta(seconds=70))
    with database.read() as unit:
        assert presence.others(unit, draft, user_id=owners[1], now=clock.now()) == []


def test_somebody_who_edits_a_file_is_told_of_once(database, clock, draft, owners):
    with database.write() as unit:
        for path in ("", "process.bpmn", "forms/apply.json"):
            presence.here(unit, draft, path, user_id=owners[0], now=clock.now())
    with database.read() as unit:
        found = presence.others(unit, draft, user_id=owners[1], now=clock.now())
    assert [other.path for other in found] == ["forms/apply.json", "process.bpmn"]


def test_a_draft_is_a_source_like_a_version(database, draft):
    with database.read() as unit:
        source = read_source(unit, None, draft)
        assert (source.ref, source.key, source.version_id) == (draft, "trip", None)
        assert source.files == FILES
        for nonsense in ("", "x" * 32, "../" + draft):
            with pytest.raises(NotFoundError):
                read_source(unit, None, nonsense)
