"""What a re-execution alone can tell of the rows of the inbox: what their case was called, and whose it was, then."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.acts.facts import Facts
from engine.enacting import Enacted
from engine.history import Finding
from engine.history.verify import finding
from engine.human_tasks import NOBODYS_INSTANSI
from engine.proof.reading import Rows


@dataclass
class Copies:
    """Follows the acts as they are done again. A task that is closed keeps what it was called by last."""

    titles: dict[str, str] = field(default_factory=dict)
    offices: dict[str, str | None] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)
    _before: Facts | None = None

    def follow(self, enacted: Enacted) -> None:
        performed = enacted.performed
        if performed is None:
            return
        self._open -= {closed.id for closed in performed.delta.closed}
        after = performed.facts
        for ident in self._open:
            self.titles[ident] = after.title
            self._move(ident, after)
        for one in (*performed.opened, *performed.moved):
            self._open.add(one.task.id)
            self.titles[one.task.id] = after.title
            self.offices[one.task.id] = one.placement.instansi_id
        self._before = after

    def _move(self, ident: str, after: Facts) -> None:
        before = None if self._before is None else self._before.instansi_id
        if after.instansi_id != before and self.offices.get(ident) == (before or NOBODYS_INSTANSI):
            self.offices[ident] = after.instansi_id

    def check(self, rows: Rows) -> Iterator[Finding]:
        for row in rows:
            other = row.case_title != self.titles.get(row.id, row.case_title)
            if other or row.instansi_id != self.offices.get(row.id, row.instansi_id):
                text = f"Salinan judul atau instansi kasus pada tugas “{row.element_id}” bukan yang dulu."
                english = f"The task “{row.element_id}” does not have its case's title or instansi of then."
                yield finding("inbox", text, english)
