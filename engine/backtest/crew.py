"""Who runs the cases of a back-test."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.backtest.candidate import Candidate, candidate_of
from engine.backtest.errors import DestroyedError
from engine.backtest.follow import back_test
from engine.backtest.past import read_pasts
from engine.backtest.verdict import CaseResult
from engine.backtest.words import cannot_run
from engine.crews import Alone, Chunk, Crew, Together, processes_for
from engine.definitions import Definitions
from engine.registry import Handler, Registry
from engine.unit_of_work import Database


def crew_for(
    database: Database,
    registry: Registry,
    key: str,
    files: Mapping[str, bytes],
    now: datetime,
    *,
    cases: int,
    processes: int | None = None,
) -> Crew[CaseResult]:
    """Each process with the files parsed once."""
    processes = processes_for(cases, processes)
    if processes == 1:
        return Alone(_Member(database, Definitions(database), candidate_of(key, files, registry), now))
    url = database.url.render_as_string(hide_password=False)
    handlers = [replace(handler, function=never_called, prepare=None) for handler in registry.all()]
    return Together(processes, _opened, (url, handlers, key, dict(files), now))


@dataclass
class _Member:
    """Tests cases against one candidate."""

    database: Database
    definitions: Definitions
    candidate: Candidate
    now: datetime

    def __call__(self, ids: Chunk) -> list[CaseResult]:
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


def never_called(*_arguments: Any, **_inputs: Any) -> dict[str, Any]:
    """In place of every handler: a back-test that called one would be wrong."""
    raise NotImplementedError


def _opened(url: str, handlers: list[Handler], key: str, files: dict[str, bytes], now: datetime) -> _Member:
    registry = Registry()
    for handler in handlers:
        registry.add(handler)
    database = Database(url)
    return _Member(database, Definitions(database), candidate_of(key, files, registry), now)
