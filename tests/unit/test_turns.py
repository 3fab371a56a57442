"""The fair lock: first come, first served; whoever holds it sees that others wait; giving up loses nobody's turn."""

import threading

import pytest

from engine.turns import Turn, Turns, TurnTimeoutError


def waiting(turns: Turns, number: int) -> None:
    """Until so many stand in line."""
    while len(turns._line) < number:
        threading.Event().wait(0.001)


def test_a_turn_goes_to_who_waited_longest_and_never_back_to_who_let_go():
    turns, served = Turns(), []

    def serve(name):
        turns.take()
        served.append(name)
        turns.pass_on()

    turns.take()
    threads = []
    for name in ("first", "second", "third"):
        threads.append(threading.Thread(target=serve, args=(name,)))
        threads[-1].start()
        waiting(turns, len(threads))
    assert turns.is_awaited

    turns.pass_on()
    serve("holder")
    for thread in threads:
        thread.join()

    assert served[0] == "first"
    assert [s for s in served if s != "holder"] == ["first", "second", "third"]
    assert not turns.is_awaited


def test_nobody_waits_for_ever_and_the_line_goes_on_without_who_gave_up():
    turns = Turns()
    turns.take()

    with pytest.raises(TurnTimeoutError):
        turns.take(seconds=0.01)

    assert not turns.is_awaited
    turns.pass_on()
    turns.take(seconds=0.01)


def test_a_turn_is_taken_once_and_ended_once():
    turns = Turns()
    turn = Turn(turns)
    turn.end()
    turn.take()
    turn.take()
    turn.end()
    turn.end()
    turns.take(seconds=0.01)
