"""Whatever is done with seats, in whatever order: never more than the quota, none lost, first come first served."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.registry import BusinessError
from handlers.seats import LIVE
from models import Booking
from tests.support.desk import Desk

PEOPLE, SCHEDULES = 5, 3
people = st.integers(0, PEOPLE - 1)
schedules = st.integers(0, SCHEDULES - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("book"), people, schedules, st.booleans()),
        st.tuples(st.just("book"), people, schedules, st.just(True)),
        st.tuples(st.just("release"), people),
        st.tuples(st.just("next"), people),
        st.tuples(st.just("result"), people),
        st.tuples(st.just("withdraw"), people),
    ),
    max_size=20,
)


class Book:
    """What ought to be: seats and lines as lists."""

    def __init__(self, quotas: list[int]) -> None:
        self.quotas = quotas
        self.seats: list[list[int]] = [[] for _ in quotas]
        self.lines: list[list[int]] = [[] for _ in quotas]
        self.done = [0] * len(quotas)

    def holds(self, person: int) -> tuple[int, str] | None:
        for number in range(len(self.quotas)):
            if person in self.seats[number]:
                return number, "booked"
            if person in self.lines[number]:
                return number, "waiting"
        return None

    def full(self, number: int) -> bool:
        return len(self.seats[number]) + self.done[number] >= self.quotas[number]

    def book(self, person: int, number: int, patient: bool) -> bool:
        held = self.holds(person)
        if held is not None and held[0] == number:
            return True
        if self.full(number) and not patient:
            return False
        place = self.lines[number] if self.full(number) else self.seats[number]
        self.release(person)
        place.append(person)
        return True

    def release(self, person: int) -> None:
        held = self.holds(person)
        if held is None:
            return
        number, state = held
        (self.seats if state == "booked" else self.lines)[number].remove(person)
        while self.lines[number] and not self.full(number):
            self.seats[number].append(self.lines[number].pop(0))

    def next(self, person: int) -> None:
        held = self.holds(person)
        free = [n for n in range(len(self.quotas)) if not self.full(n) and (held is None or n != held[0])]
        self.release(person)
        if free:
            self.seats[free[0]].append(person)

    def result(self, person: int) -> bool:
        held = self.holds(person)
        if held is None or held[1] == "waiting":
            return False
        self.seats[held[0]].remove(person)
        self.done[held[0]] += 1
        return True


@pytest.fixture
def desk(prepared, registry, clock):
    return Desk(prepared, registry, clock)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quotas=st.lists(st.integers(1, 3), min_size=SCHEDULES, max_size=SCHEDULES), steps=steps)
def test_seats_and_lines_are_as_a_list_on_paper_would_have_them(desk, quotas, steps):
    desk = Desk(desk.database, desk.registry, desk.clock)  # a programme of its own for each story
    desk.formasi(muda=PEOPLE)
    cases = [desk.participant() for _ in range(PEOPLE)]
    offers = [desk.schedule(quota=q, starts_on=date(2026, 6, 29 + n) if n < 2 else date(2026, 7, 1))
              for n, q in enumerate(quotas)]  # fmt: skip
    book, gone = Book(quotas), set()

    for step, person, *more in steps:
        if person in gone:
            continue
        act(desk, book, gone, step, person, more, cases, offers)
        desk.seats_add_up()
        live = {b.participant_id: (b.schedule_id, b.state) for b in desk.rows(Booking) if b.state in LIVE}
        for number, case in enumerate(cases):
            held = book.holds(number)
            assert live.get(case) == (None if held is None else (offers[held[0]], held[1]))


def act(desk, book, gone, step, person, more, cases, offers):
    case = cases[person]
    if step == "book":
        number, patient = more
        try:
            desk.call("book_seat", case, schedule_id=offers[number], waiting=patient)
            booked = True
        except BusinessError:
            booked = False
        assert booked is book.book(person, number, patient)
    elif step == "release":
        desk.call("release_seat", case)
        book.release(person)
    elif step == "next":
        desk.call("next_schedule", case, method="tes_tertulis")
        book.next(person)
    elif step == "result" and book.result(person):
        desk.call("record_result", case, outcome="tidak_lulus")
    elif step == "withdraw":
        desk.call("withdraw_participant", case, reason="x", state="mengundurkan_diri")
        book.release(person)
        gone.add(person)
