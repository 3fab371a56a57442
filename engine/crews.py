"""Who works through many cases: this process a few, others beside it many, so that no page waits for them."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Any, Generic, Protocol, TypeVar

CHUNK = 20
FEW = 100
"""So few are done sooner than another process is started."""
Chunk = Sequence[str]
Result = TypeVar("Result")
Member = Callable[[Chunk], list[Result]]
"""Does a chunk: one result for each case, in their order."""


class Crew(Protocol[Result]):
    """Works through cases, chunk by chunk and in their order. `width`: how many chunks it takes at once."""

    width: int

    def each(self, chunks: Sequence[Chunk]) -> Iterator[list[Result]]: ...

    def close(self) -> None: ...


def processes_for(cases: int, wanted: int | None = None) -> int:
    """As many as there are cores (or as are wanted), if there is enough to do for them; else this one alone."""
    processes = wanted or os.cpu_count() or 1
    return 1 if processes < 2 or cases <= FEW else processes


class Alone(Generic[Result]):
    """In this process."""

    width = 1

    def __init__(self, member: Member[Result]) -> None:
        self._member = member

    def each(self, chunks: Sequence[Chunk]) -> Iterator[list[Result]]:
        for ids in chunks:
            yield self._member(ids)

    def close(self) -> None:
        """Nothing is held."""


class Together(Generic[Result]):
    """In processes of their own. `opening(*arguments)` makes the member of each; all of it must be picklable."""

    def __init__(self, processes: int, opening: Callable[..., Member[Result]], arguments: tuple[Any, ...]) -> None:
        self.width = 2 * processes
        self._pool = ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_open, initargs=(opening, arguments)
        )

    def each(self, chunks: Sequence[Chunk]) -> Iterator[list[Result]]:
        return self._pool.map(_work, chunks)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def chunked(ids: Sequence[str]) -> list[Chunk]:
    return [ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)]


_member: Member[Any] | None = None


def _open(opening: Callable[..., Member[Any]], arguments: tuple[Any, ...]) -> None:
    global _member  # noqa: PLW0603 -- one for a process of the pool
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _member = opening(*arguments)


def _leave_with_parent() -> None:
    """A server that is killed takes its crew with it: nobody else would ever ask it for anything again."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(ids: Chunk) -> list[Any]:
    if _member is None:
        msg = "the process was not opened"
        raise RuntimeError(msg)
    return _member(ids)
