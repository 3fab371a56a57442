"""Turns at a lock that one holds at a time: first come, first served, and who holds it can see that others wait.

SQLite lets one connection write at a time, and whoever finds it taken sleeps and tries again: a worker that writes
without a pause would starve everybody else of the same process.
"""

from collections import deque
from threading import Lock

PATIENCE_SECONDS = 30.0
"""As long as SQLite's own: somebody who holds a turn for so long is stuck."""


class TurnTimeoutError(TimeoutError):
    """Nobody let go of the write lock in time."""


class Turns:
    """A fair lock. Unlike `threading.Lock`, it goes to who waited longest, never back to who has just let go."""

    def __init__(self) -> None:
        self._door = Lock()
        self._held = False
        self._line: deque[Lock] = deque()

    @property
    def is_awaited(self) -> bool:
        """Does somebody wait behind the one whose turn it is?"""
        return bool(self._line)

    def take(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for one's turn. TurnTimeoutError after `seconds`."""
        with self._door:
            if not self._held:
                self._held = True
                return
            mine = Lock()
            mine.acquire()
            self._line.append(mine)
        if mine.acquire(timeout=seconds):
            return
        with self._door:
            if mine in self._line:
                self._line.remove(mine)
                raise TurnTimeoutError(TurnTimeoutError.__doc__)
        # It was handed over in the very moment of giving up: it is ours after all.

    def pass_on(self) -> None:
        """Let the next one in."""
        with self._door:
            if self._line:
                self._line.popleft().release()
            else:
                self._held = False


class Turn:
    """The turn of one transaction: taken when it first needs it, ended whatever became of it."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._held = False

    def take(self) -> None:
        if not self._held:
            self._turns.take()
            self._held = True

    def end(self) -> None:
        if self._held:
            self._held = False
            self._turns.pass_on()
