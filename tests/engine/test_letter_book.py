"""The book of letters: numbers by each office's pattern, none left out, none given twice, a year begins in its zone."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.actors import SYSTEM
from engine.letters import NumberPatternError
from engine.letters.book import CODE_LETTERS, Order, cancel, code_of, issue, masked_name, shown_code
from engine.letters.errors import LetterOfficeError
from engine.letters.offices import add_offices, change_office, letterhead, office_of
from models import Definition, DefinitionVersion, Instance, Instansi, Letter, LetterEvent

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
BKD = {"key": "bkd", "name": "BKD Kabupaten Kapuas", "lines": ["PEMERINTAH KABUPATEN KAPUAS"]}
PATTERN = "{number}/UJI/{year}"


@pytest.fixture
def book(database):
    """A database with one case and one office."""
    with database.write() as unit:
        unit.session.add(Definition(key="d", title="D", owner="x"))
        unit.session.flush()
        unit.session.add(DefinitionVersion(id="v", definition_key="d", number=1, main_process="d", manifest={},
                                           deployed_at=NOW, deployed_by=""))  # fmt: skip
        unit.session.flush()
        unit.session.add(Instance(id="case", number="1", definition_key="d", version_id="v", started_at=NOW,
                                  revision=1, meta=b"", chain_head=b"", state_digest=b""))  # fmt: skip
        add_offices(unit, [BKD], NOW)
    return database


def order(**more):
    given = {"key": uuid.uuid4().hex, "instance_id": "case", "office": "bkd", "kind": "surat", "subject": "Hal"}
    return Order(**{**given, "pattern": PATTERN, **more})


def number(book, now=NOW, **more):
    with book.write() as unit:
        return issue(unit, order(**more), now).number


def set_office(book, **values):
    with book.write() as unit:
        change_office(unit, "bkd", values, actor=SYSTEM, reason="Diatur ulang", now=NOW)


@pytest.mark.parametrize(
    ("pattern", "codes", "expected"),
    [
        ("{class}/{number}/{unit}", {"class_code": "800", "unit_code": "BKD2.1"}, "800/1/BKD2.1"),
        ("B-{number:04}/BPS/2340/{month}/{year}", {}, "B-0001/BPS/2340/6/2026"),
        ("B-{number:04}/BPS/2340/{month:02}/{year}", {}, "B-0001/BPS/2340/06/2026"),
        ("000.8.3.3/{number}/{unit}", {"unit_code": "OR"}, "000.8.3.3/1/OR"),
        ("B/{number}/{class}/{year}", {"class_code": "M.SM.01.00"}, "B/1/M.SM.01.00/2026"),
        ("{number:05}/LKPP/SERT/{month_roman}/{year}", {}, "00001/LKPP/SERT/VI/2026"),
    ],
)
def test_every_agency_numbers_in_its_own_way(book, pattern, codes, expected):
    set_office(book, number_pattern=pattern, **codes)
    assert number(book) == expected


def test_the_offices_pattern_for_a_kind_goes_before_its_general_one_and_that_before_the_process(book):
    assert number(book) == "1/UJI/2026"
    set_office(book, number_pattern="{number}/UMUM/{year}", patterns={"sk": "{number}/SK/{year}"})
    assert number(book, kind="sk") == "1/SK/2026"
    assert number(book) == "1/UMUM/2026"


def test_letters_that_are_numbered_alike_share_one_count(book):
    assert [number(book, kind=kind) for kind in ("surat", "undangan", "surat")] == [
        "1/UJI/2026", "2/UJI/2026", "3/UJI/2026",
    ]  # fmt: skip
    assert number(book, pattern="{number:03}/UJI/{year}") == "004/UJI/2026"
    assert number(book, pattern="{number}/LAIN/{year}") == "1/LAIN/2026"


def test_a_code_that_the_office_does_not_have_is_asked_for(book):
    with pytest.raises(NumberPatternError):
        number(book, pattern="{class}/{number}")
    with pytest.raises(LetterOfficeError):
        number(book, office="nobody")


def test_a_year_begins_where_the_office_is(book):
    new_year_in_jayapura = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    assert number(book, now=new_year_in_jayapura) == "1/UJI/2026"
    set_office(book, zone="Asia/Jayapura")
    assert number(book, now=new_year_in_jayapura) == "1/UJI/2027"
    assert number(book, now=new_year_in_jayapura) == "2/UJI/2027"
    assert number(book, now=NOW) == "2/UJI/2026"


def test_the_same_number_may_come_again_in_another_year(book):
    first = number(book, pattern="{number}/TETAP", now=NOW)
    assert number(book, pattern="{number}/TETAP", now=NOW.replace(year=2027)) == first


def test_a_cancelled_number_is_given_to_no_other(book):
    with book.write() as unit:
        letter = issue(unit, order(), NOW)
        cancel(unit, letter.id, reason="Salah alamat", actor=SYSTEM, now=NOW)
    assert number(book) == "2/UJI/2026"
    with book.read() as unit:
        kept = unit.session.get_one(Letter, letter.id)
        assert (kept.number, kept.state, kept.reason) == ("1/UJI/2026", "cancelled", "Salah alamat")


class ActFailedError(Exception):
    """Something after the number went wrong."""


def test_eight_writers_leave_neither_gap_nor_double(book):
    """Every fifth act fails after it took its number, and gives it back."""

    barrier, unexpected = threading.Barrier(8), []

    def act(turn, *, fails):
        with book.write() as unit:
            issue(unit, order(kind=("surat", "undangan")[turn % 2]), NOW)
            if fails:
                raise ActFailedError

    def write(writer):
        barrier.wait()
        for turn in range(5):
            try:
                act(turn, fails=(writer + turn) % 5 == 0)
            except ActFailedError:
                pass
            except Exception as error:  # noqa: BLE001 -- told below
                unexpected.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert unexpected == []
    with book.read() as unit:
        letters = list(unit.session.scalars(select(Letter)))
    assert sorted(letter.running for letter in letters) == list(range(1, 33))
    assert len({letter.number for letter in letters}) == len({letter.code for letter in letters}) == 32


def test_the_database_itself_refuses_a_number_twice(book):
    with pytest.raises(IntegrityError), book.write() as unit:
        first = issue(unit, order(), NOW)
        issue(unit, order(number=first.number), NOW)


def test_a_letter_from_before_the_book_keeps_its_number_and_takes_none(book):
    assert number(book, number="0007/LAMA") == "0007/LAMA"
    assert number(book) == "1/UJI/2026"


# --- codes and names -------------------------------------------------------------------------------------------------


def test_a_code_is_read_as_it_is_typed(book):
    with book.write() as unit:
        code = issue(unit, order(), NOW).code
    assert len(code) == 16
    assert set(code) <= set(CODE_LETTERS)
    assert code_of(f"  {shown_code(code).lower()} ") == code
    assert code_of("o0iI-lL11") == "00111111"


def test_of_a_person_the_public_sees_enough_to_recognise_and_not_to_find():
    assert masked_name("Siti Rahmawati Puspitasari") == "Siti R••• P•••"
    assert masked_name("") == ""


# --- offices ---------------------------------------------------------------------------------------------------------


def test_an_agency_without_a_paper_of_its_own_has_its_name(book):
    with book.write() as unit:
        unit.session.add(Instansi(id="kapuas", kind="kabupaten", name="Kabupaten Kapuas", zone="Asia/Jakarta"))
        unit.session.flush()
        assert office_of(unit, "kapuas").lines == ("PEMERINTAH KABUPATEN KAPUAS",)
        change_office(unit, "kapuas", {"city": "Kuala Kapuas"}, actor=SYSTEM, reason="Dilengkapi", now=NOW)
        assert office_of(unit, "kapuas").city == "Kuala Kapuas"
        assert [e.detail["city"] for e in unit.session.scalars(select(LetterEvent))] == [["", "Kuala Kapuas"]]
    assert letterhead("lembaga", "Badan Pusat Statistik") == "BADAN PUSAT STATISTIK"


def test_a_change_of_paper_tells_what_it_was_and_refuses_a_pattern_that_cannot_work(book):
    set_office(book, city="Kuala Kapuas")
    with book.read() as unit:
        [event] = unit.session.scalars(select(LetterEvent))
    assert event.detail == {"city": ["", "Kuala Kapuas"]}
    with pytest.raises(NumberPatternError):
        set_office(book, number_pattern="tanpa nomor")
