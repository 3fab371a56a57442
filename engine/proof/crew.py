"""Who proves the cases of a run: this process a few, others beside it many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from engine.crews import Alone, Chunk, Crew, Together, processes_for
from engine.definitions import Definitions
from engine.documents import Documents
from engine.history import Finding
from engine.history.verify import INSTANCES, finding
from engine.proof.case import Bench
from engine.proof.installation import check_some
from engine.unit_of_work import Database

_COUNTED = ("id", "number", "event_count", "act_count")


@dataclass(frozen=True)
class Proved:
    """What came of one case. `number`: empty where it is not there any more."""

    instance_id: str
    number: str
    events: int
    acts: int
    findings: tuple[Finding, ...]


def crew_for(
    database: Database, documents: Documents | None, *, replay: bool, cases: int, processes: int | None = None
) -> Crew[Proved]:
    processes = processes_for(cases, processes)
    if processes == 1:
        return Alone(_Member(database, Bench(Definitions(database), documents, replay)))
    url = database.url.render_as_string(hide_password=False)
    return Together(processes, _opened, (url, documents.folder if documents else None, replay))


@dataclass
class _Member:
    database: Database
    bench: Bench

    def __call__(self, ids: Chunk) -> list[Proved]:
        """One result for each of these cases, in their order."""
        with self.database.read() as unit:
            query = select(*(INSTANCES.c[name] for name in _COUNTED)).where(INSTANCES.c.id.in_(ids))
            cases: dict[str, Row[Any]] = {row.id: row for row in unit.connection.execute(query)}
        found: dict[str, list[Finding]] = {}
        for one in check_some(self.database, self.bench, [ident for ident in ids if ident in cases]).findings:
            found.setdefault(one.subject, []).append(one.finding)
        return [_proved(ident, cases.get(ident), found) for ident in ids]


def _proved(ident: str, case: Row[Any] | None, found: Mapping[str, list[Finding]]) -> Proved:
    """As many events as there were before it was looked at: what came meanwhile is for the next proof."""
    if case is None:
        return Proved(ident, "", 0, 0, (_GONE,))
    return Proved(ident, case.number, case.event_count, case.act_count, tuple(found.get(case.number, ())))


_GONE = finding("case_gone", "Kasus ini tidak ada lagi.", "This case is gone.")


def _opened(url: str, folder: Path | None, replay: bool) -> _Member:
    database = Database(url)
    documents = Documents(folder) if folder else None
    return _Member(database, Bench(Definitions(database), documents, replay))


def total(results: Sequence[Proved]) -> tuple[int, int, int, int]:
    """Events, acts, cases with findings, findings."""
    return (
        sum(r.events for r in results),
        sum(r.acts for r in results),
        sum(bool(r.findings) for r in results),
        sum(len(r.findings) for r in results),
    )
