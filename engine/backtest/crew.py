"""Who runs the cases of a back-test: this process a few, others beside it many, so that no page waits for them."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context, parent_process
from typing import Any, Protocol

from engine.backtest.candidate import Candidate, candidate_of
from engine.backtest.errors import DestroyedError
from engine.backtest.follow import back_test
from engine.backtest.past import read_pasts
from engine.backtest.verdict import CaseResult
from engine.backtest.words import cannot_run
from engine.definitions import Definitions
from engine.registry import Handler, Registry
from engine.unit_of_work import Database

CHUNK = 20
FEW = 100
"""So few are done sooner than another process is started."""
Chunk = Sequence[str]


class Crew(Protocol):
    """Runs cases, chunk by chunk and in their order. `width`: how many chunks it takes at once."""

    width: int

    def test(self, chunks: Sequence[Chunk]) -> Iterator[list[CaseResult]]: ...

    def close(self) -> None: ...


def crew_for(
    database: Database,
    registry: Registry,
    key: str,
    files: Mapping[str, bytes],
    now: datetime,
    *,
    cases: int,
    processes: int | None = None,
) -> Crew:
    """As many processes as there are cores (or as are wanted), if there is enough to do for them."""
    processes = processes or os.cpu_count() or 1
    if processes < 2 or cases <= FEW:
        return Alone(database, Definitions(database), candidate_of(key, files, registry), now)
    return Together(database, registry, key, files, now, processes)


@dataclass
class Alone:
    """In this process."""

    database: Database
    definitions: Definitions
    candidate: Candidate
    now: datetime
    width: int = 1

    def test(self, chunks: Sequence[Chunk]) -> Iterator[list[CaseResult]]:
        for ids in chunks:
            yield self.test_chunk(ids)

    def test_chunk(self, ids: Chunk) -> list[CaseResult]:
        """One result for each of these cases, in their order."""
        results = []
        with self.database.read() as unit:
            for past in read_pasts(unit, ids):
                if isinstance(past, DestroyedError):
                    result = CaseResult(past.context["case"], past.context["number"])
                    result.first = cannot_run(None, past)
                else:
                    result = back_test(unit, self.definitions, self.candidate, past, self.now)
                results.append(result)
        return results

    def close(self) -> None:
        """Nothing is held."""


class Together:
    """In processes of their own, each with the files parsed once."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        key: str,
        files: Mapping[str, bytes],
        now: datetime,
        processes: int,
    ) -> None:
        url = database.url.render_as_string(hide_password=False)
        handlers = [replace(handler, function=never_called, prepare=None) for handler in registry.all()]
        self.width = 2 * processes
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=get_context("spawn"),
            initializer=_open,
            initargs=(url, handlers, key, dict(files), now),
        )

    def test(self, chunks: Sequence[Chunk]) -> Iterator[list[CaseResult]]:
        return self._pool.map(_test, chunks)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def never_called(*_arguments: Any, **_inputs: Any) -> dict[str, Any]:
    """In place of every handler: a back-test that called one would be wrong."""
    raise NotImplementedError


_member: Alone | None = None


def _open(url: str, handlers: list[Handler], key: str, files: dict[str, bytes], now: datetime) -> None:
    global _member  # noqa: PLW0603 -- one for a process of the pool
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    registry = Registry()
    for handler in handlers:
        registry.add(handler)
    database = Database(url)
    _member = Alone(database, Definitions(database), candidate_of(key, files, registry), now)


def _leave_with_parent() -> None:
    """A server that is killed takes its crew with it: nobody else would ever ask it for anything again."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _test(ids: Chunk) -> list[CaseResult]:
    if _member is None:
        msg = "the process was not opened"
        raise RuntimeError(msg)
    return _member.test_chunk(ids)


def chunked(ids: Sequence[str]) -> list[Chunk]:
    return [ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)]
