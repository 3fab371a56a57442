"""Everything that an installation keeps, proved some cases at a time: what is going on is not stopped by it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import DBAPIError

from engine import ledger
from engine.anchors import verify_anchors
from engine.anchors.making import ANCHORS
from engine.definitions import Definitions
from engine.documents import Documents
from engine.history import Finding
from engine.history.verify import INSTANCES
from engine.proof.case import Bench, Checked, check_cases, unreadable
from engine.proof.reading import one_moment
from engine.proof.readings import check_readings
from engine.proof.results import check_results
from engine.proof.versions import check_calendars, check_versions
from engine.unit_of_work import Database, UnitOfWork

EVENTS_AT_ONCE, CASES_AT_ONCE, PAGE = 4_000, 200, 2_000


@dataclass(frozen=True)
class Found:
    """A finding, and what it is about."""

    about: str
    """case | ledger | version | calendar | reading | anchor | proof"""
    subject: str
    """The case's number, the version's name …; empty where there is only one of its kind."""
    finding: Finding

    def to_json(self) -> dict[str, Any]:
        return {"about": self.about, "subject": self.subject, **self.finding.to_json()}


@dataclass
class Report:
    """What came of a check so far; those of two parts add up to that of both."""

    cases: int = 0
    events: int = 0
    acts: int = 0
    destroyed: int = 0
    """Cases of which retention took payloads, by the ledger: proved, but not to be re-executed."""
    findings: list[Found] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.cases + other.cases, self.events + other.events, self.acts + other.acts,
            self.destroyed + other.destroyed, [*self.findings, *other.findings],
        )  # fmt: skip


Roots = Callable[[], Sequence[bytes] | None]
"""The certificates that may have signed anchors, asked for only where there are any; None: whoever signed them."""
Told = Callable[[Report], None]
"""Hears of each batch: how far it has come, and what was found."""


def check_everything(
    database: Database,
    definitions: Definitions,
    documents: Documents | None = None,
    *,
    replay: bool = False,
    only: Sequence[str] | None = None,
    told: Told = lambda _: None,
    roots: Roots = lambda: None,
) -> Report:
    """The cases of these ids, or every case and all that is outside of cases. Memory does not grow with either."""
    bench = Bench(definitions, documents, replay)
    whole = Report()
    for ids in batches(database, only):
        part = check_some(database, bench, ids)
        whole += part
        told(part)
    if only is None:
        rest = Report(findings=check_rest(database, roots))
        whole += rest
        told(rest)
    return whole


def batches(database: Database, only: Sequence[str] | None = None) -> Iterator[list[str]]:
    """Ids of all cases, or of `only` these, in parts that are read at once: of about so many events each."""
    batch: list[str] = []
    events = 0
    for ident, count in _sizes(database, only):
        batch.append(ident)
        events += count
        if events >= EVENTS_AT_ONCE or len(batch) == CASES_AT_ONCE:
            yield batch
            batch, events = [], 0
    if batch:
        yield batch


def check_some(database: Database, bench: Bench, ids: Sequence[str]) -> Report:
    """Cases that are read together, as one moment has them all."""
    with database.read() as unit:
        one_moment(unit)
        return check_together(unit, bench, ids)


def check_together(unit: UnitOfWork, bench: Bench, ids: Sequence[str]) -> Report:
    """`check_some` in a unit that is open already."""
    try:
        return _report(list(check_cases(unit, bench, list(ids))))
    except DBAPIError:
        raise
    except Exception as error:  # noqa: BLE001 -- a row that cannot even be read must not hide which case it is of
        if len(ids) == 1:
            return Report(1, findings=[Found("case", _number(unit, ids[0]), unreadable(error))])
    whole = Report()
    for ident in ids:
        whole += check_together(unit, bench, [ident])
    return whole


def check_rest(database: Database, roots: Roots = lambda: None) -> list[Found]:
    """What no case holds: ledger, anchors, versions, calendars, who read what. To be asked once all cases were."""
    with database.read() as unit:
        one_moment(unit)
        return list(check_beside(unit, roots))


def check_beside(unit: UnitOfWork, roots: Roots = lambda: None) -> Iterator[Found]:
    """`check_rest` in a unit that is open already."""
    checks: tuple[tuple[str, Callable[[UnitOfWork], Iterable[tuple[str, Finding]]]], ...] = (
        ("ledger", lambda unit: (("", found) for found in ledger.verify(unit))),
        ("anchor", lambda unit: (("", found) for found in _anchors(unit, roots))),
        ("version", check_versions),
        ("calendar", check_calendars),
        ("reading", check_readings),
        ("proof", check_results),
    )
    for about, check in checks:
        try:
            found = list(check(unit))
        except Exception as error:  # noqa: BLE001 -- as in check_some
            found = [("", unreadable(error))]
        yield from (Found(about, subject, finding) for subject, finding in found)


def _anchors(unit: UnitOfWork, roots: Roots) -> list[Finding]:
    some = unit.connection.execute(select(ANCHORS.c.number).limit(1)).first()
    return verify_anchors(unit, None if some is None else roots())


def _report(checked: Sequence[Checked]) -> Report:
    findings = [Found("case", one.case.number, found) for one in checked for found in one.findings]
    events, acts = sum(one.events for one in checked), sum(one.acts for one in checked)
    return Report(len(checked), events, acts, sum(one.destroyed for one in checked), findings)


def _sizes(database: Database, only: Sequence[str] | None) -> Iterator[tuple[str, int]]:
    """Each case's id and how many events it counts, some at a time."""
    if only is not None:
        for first in range(0, len(only), PAGE):
            yield from _page(database, INSTANCES.c.id.in_(only[first : first + PAGE]))
        return
    after = ""
    while page := _page(database, INSTANCES.c.id > after):
        yield from page
        after = page[-1][0]


def _page(database: Database, which: ColumnElement[bool]) -> list[tuple[str, int]]:
    wanted = select(INSTANCES.c.id, INSTANCES.c.event_count).where(which).order_by(INSTANCES.c.id).limit(PAGE)
    with database.read() as unit:
        return [(row.id, row.event_count) for row in unit.connection.execute(wanted)]


def _number(unit: UnitOfWork, instance_id: str) -> str:
    return str(unit.connection.execute(select(INSTANCES.c.number).where(INSTANCES.c.id == instance_id)).scalar())
