"""Many cases at once, on as many processes as the machine has cores: for the command line, where nobody else waits."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from typing import Any

from engine.backtest.candidate import Candidate, candidate_of
from engine.backtest.verdict import CaseResult
from engine.backtest.work import CHUNK, tested
from engine.definitions import Definitions
from engine.registry import Handler, Registry
from engine.unit_of_work import Database

FEW = 100
"""So few are done sooner than another process is started."""


def back_test_many(
    database: Database,
    registry: Registry,
    key: str,
    files: Mapping[str, bytes],
    ids: Sequence[str],
    now: datetime,
    *,
    processes: int,
) -> Iterator[CaseResult]:
    """One result for each case, in their order, as they come in."""
    chunks = [ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)]
    if processes < 2 or len(ids) <= FEW:
        here = _Tester(database, Definitions(database), candidate_of(key, files, registry), now)
        for chunk in chunks:
            yield from here.test(chunk)
        return
    url = database.url.render_as_string(hide_password=False)
    handlers = [replace(handler, function=never_called, prepare=None) for handler in registry.all()]
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_open, initargs=(url, handlers, key, dict(files), now)
    ) as pool:
        for results in pool.map(_test, chunks):
            yield from results


def never_called(*_arguments: Any, **_inputs: Any) -> dict[str, Any]:
    """In place of every handler: a back-test that called one would be wrong."""
    raise NotImplementedError


@dataclass
class _Tester:
    database: Database
    definitions: Definitions
    candidate: Candidate
    now: datetime

    def test(self, ids: Sequence[str]) -> list[CaseResult]:
        with self.database.read() as unit:
            return tested(unit, self.definitions, self.candidate, ids, self.now)


_tester: _Tester | None = None


def _open(url: str, handlers: list[Handler], key: str, files: dict[str, bytes], now: datetime) -> None:
    global _tester  # noqa: PLW0603 -- one for a process of the pool
    registry = Registry()
    for handler in handlers:
        registry.add(handler)
    database = Database(url)
    _tester = _Tester(database, Definitions(database), candidate_of(key, files, registry), now)


def _test(ids: Sequence[str]) -> list[CaseResult]:
    if _tester is None:
        msg = "the process was not opened"
        raise RuntimeError(msg)
    return _tester.test(ids)
