"""Earlier states of a draft: any of them comes back, and going back loses nothing that came after it."""

from datetime import timedelta

import pytest

from engine.errors import NotFoundError
from engine.people import create_user
from engine.studio import drafts, saves
from engine.studio.errors import StaleDraftError

FILES = {"process.bpmn": b"<one/>", "forms/apply.json": b"{}"}


@pytest.fixture
def people(database, clock):
    with database.write() as unit:
        return [
            create_user(unit, email=f"{n}@contoh.go.id", name=n.title(), now=clock.now()).id for n in ("indah", "bayu")
        ]


@pytest.fixture
def draft(database, clock, people):
    """Four saves: made, changed by one, changed by the other, a file removed."""
    indah, bayu = people
    with database.write() as unit:
        now = clock.now()
        made = drafts.create_draft(unit, key="trip", title="x", files=FILES, based_on=None, by=indah, now=now)
        drafts.save_file(unit, made.id, "process.bpmn", b"<two/>", seen=1, by=indah, now=now + timedelta(minutes=1))
        drafts.save_file(unit, made.id, "process.bpmn", b"<three/>", seen=2, by=bayu, now=now + timedelta(minutes=2))
        drafts.remove_file(unit, made.id, "forms/apply.json", seen=1, by=bayu, now=now + timedelta(minutes=3))
    return made.id


def test_every_state_can_be_read(database, draft):
    with database.read() as unit:
        assert saves.files_at(unit, draft, 1) == FILES
        assert saves.files_at(unit, draft, 2) == FILES | {"process.bpmn": b"<two/>"}
        assert saves.files_at(unit, draft, 3) == FILES | {"process.bpmn": b"<three/>"}
        assert saves.files_at(unit, draft, 4) == {"process.bpmn": b"<three/>"}
        for nowhere in (0, 5, 10**9):
            with pytest.raises(NotFoundError):
                saves.files_at(unit, draft, nowhere)


def test_going_back_is_a_save_of_its_own_and_can_be_undone(database, clock, draft, people):
    with database.write() as unit:
        assert saves.restore(unit, draft, 1, seen=4, by=people[0], now=clock.now()) == 5
    with database.read() as unit:
        assert drafts.read_draft(unit, draft).bodies == FILES
        assert saves.files_at(unit, draft, 4) == {"process.bpmn": b"<three/>"}

    with database.write() as unit:
        saves.restore(unit, draft, 4, seen=5, by=people[0], now=clock.now())
    with database.read() as unit:
        assert drafts.read_draft(unit, draft).bodies == {"process.bpmn": b"<three/>"}


def test_going_back_does_not_run_over_what_somebody_saved_meanwhile(database, clock, draft, people):
    with pytest.raises(StaleDraftError), database.write() as unit:
        saves.restore(unit, draft, 1, seen=3, by=people[0], now=clock.now())


def test_one_file_is_brought_back_and_the_others_stay(database, clock, draft, people):
    def restore(revision, path, seen):
        with database.write() as unit:
            return saves.restore_file(unit, draft, revision, path, seen=seen, by=people[0], now=clock.now())

    assert restore(2, "process.bpmn", 4) == 5
    with database.read() as unit:
        assert drafts.read_draft(unit, draft).bodies == {"process.bpmn": b"<two/>"}
    assert restore(1, "forms/apply.json", 5) == 6
    assert restore(4, "forms/apply.json", 6) == 7
    with database.read() as unit:
        assert drafts.read_draft(unit, draft).bodies == {"process.bpmn": b"<two/>"}

    with pytest.raises(StaleDraftError):
        restore(1, "process.bpmn", 4)


def test_the_list_tells_who_saved_which_files(database, draft, people):
    with database.read() as unit:
        listed = saves.saves_of(unit, draft)

    assert [(s.revision, s.paths, s.by, s.times) for s in listed] == [
        (4, ("forms/apply.json",), people[1], 1),
        (3, ("process.bpmn",), people[1], 1),
        (2, ("process.bpmn",), people[0], 1),
        (1, ("forms/apply.json", "process.bpmn"), people[0], 1),
    ]
    assert listed[0].removed == {"forms/apply.json"}


def test_many_saves_in_a_row_are_one_line(database, clock, draft, people):
    with database.write() as unit:
        for number in range(30):
            at = clock.now() + timedelta(minutes=20, seconds=5 * number)
            seen = drafts.read_draft(unit, draft).files["process.bpmn"].revision
            drafts.save_file(unit, draft, "process.bpmn", b"<n%d/>" % number, seen=seen, by=people[0], now=at)
    with database.read() as unit:
        [newest, *older] = saves.saves_of(unit, draft)
        assert (newest.revision, newest.times, len(older)) == (34, 30, 4)
        assert [s.revision for s in saves.saves_of(unit, draft, before=34 - 30 + 1)] == [4, 3, 2, 1]
