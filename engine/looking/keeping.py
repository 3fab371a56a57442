"""The owner's rules: written, changed and withdrawn, each time as a new row, so that every wording stays readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, func, select
from sqlmodel import col

from engine.errors import AlurError, NotFoundError
from engine.looking.rules import FOUR_EYES, KINDS, MOST, ORDER, REQUIRED, TIME, OwnRule
from engine.unit_of_work import UnitOfWork
from models import PaperRule, User

MOST_DAYS = 2_000
PAIRS = frozenset({ORDER, FOUR_EYES, TIME})
"""Kinds that are about two steps."""
NUMBERED = frozenset({TIME, MOST})


class RuleFaultError(AlurError):
    """This rule is not complete: {fields}"""

    indonesian = "Aturan ini belum lengkap: {fields}"
    code = "paper_rule_faulty"
    http_status = 422

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        super().__init__(fields=", ".join(fields))


@dataclass(frozen=True)
class Wording:
    """What somebody writes down."""

    kind: str
    title: str
    basis: str
    one: str
    other: str = ""
    number: int | None = None
    working: bool = True

    def checked(self, elements: Mapping[str, Any]) -> dict[str, Any]:
        """Its terms; RuleFaultError names the fields that are wrong."""
        faults = []
        if self.kind not in KINDS:
            faults.append("kind")
        if not self.title.strip() or len(self.title) > 200:
            faults.append("title")
        if len(self.basis) > 300:
            faults.append("basis")
        if self.one not in elements:
            faults.append("one")
        if self.kind in PAIRS and (self.other not in elements or self.other == self.one):
            faults.append("other")
        if self.kind in NUMBERED and (self.number is None or not 1 <= self.number <= MOST_DAYS):
            faults.append("number")
        if faults:
            raise RuleFaultError(tuple(faults))
        terms: dict[str, Any] = {"one": self.one}
        if self.kind in PAIRS:
            terms["other"] = self.other
        if self.kind in NUMBERED:
            terms["number"] = self.number
        if self.kind == TIME:
            terms["working"] = self.working
        return terms


def write_rule(
    unit: UnitOfWork,
    key: str,
    wording: Wording,
    elements: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    rule_id: str | None = None,
    reason: str = "",
) -> str:
    """A new rule, or a new wording of one; returns its id."""
    terms = wording.checked(elements)
    before = None if rule_id is None else read_rule(unit, key, rule_id)
    row = PaperRule(
        id=rule_id or uuid4().hex,
        version=1 if before is None else before.version + 1,
        definition_key=key,
        kind=wording.kind,
        title=wording.title.strip(),
        basis=wording.basis.strip(),
        terms=terms,
        reason=reason.strip()[:500],
        at=now,
        by_id=by,
    )
    unit.session.add(row)
    unit.session.flush()
    return row.id


def withdraw_rule(unit: UnitOfWork, key: str, rule_id: str, *, by: str, now: datetime, reason: str) -> None:
    """From now on no case is held against it; its wordings stay."""
    before = read_rule(unit, key, rule_id)
    if before.withdrawn:
        return
    kept = {name: getattr(before, name) for name in ("id", "definition_key", "kind", "title", "basis", "terms")}
    unit.session.add(
        PaperRule(**kept, version=before.version + 1, withdrawn=True, reason=reason.strip()[:500], at=now, by_id=by)
    )
    unit.session.flush()


def read_rule(unit: UnitOfWork, key: str, rule_id: str) -> PaperRule:
    """Its newest wording."""
    wanted = select(PaperRule).where(col(PaperRule.id) == rule_id, col(PaperRule.definition_key) == key)
    found = unit.session.scalars(wanted.order_by(col(PaperRule.version).desc()).limit(1)).first()
    if found is None:
        raise NotFoundError
    return found


def wordings(unit: UnitOfWork, key: str) -> list[Row[Any]]:
    """Every wording of every rule of a process, with the name of who wrote it, the newest first."""
    wanted: Any = select(PaperRule, col(User.name).label("by")).join(
        User, col(User.id) == col(PaperRule.by_id), isouter=True
    )
    mine = wanted.where(col(PaperRule.definition_key) == key)
    return list(unit.session.execute(mine.order_by(col(PaperRule.at).desc(), col(PaperRule.version).desc())))


def rules_of(unit: UnitOfWork, key: str) -> list[PaperRule]:
    """The rules of a process that hold, in their newest wording, the oldest rule first."""
    newest: dict[str, PaperRule] = {}
    wanted = select(PaperRule).where(col(PaperRule.definition_key) == key)
    for row in unit.session.scalars(wanted.order_by(col(PaperRule.version), col(PaperRule.at))):
        newest[row.id] = row
    return [row for row in newest.values() if not row.withdrawn]


def own_rules(rows: list[PaperRule]) -> list[OwnRule]:
    """The same as they are checked."""
    return [
        OwnRule(r.id, r.kind, r.terms["one"], r.terms.get("other"), r.terms.get("number", 0),
                r.terms.get("working", True))
        for r in rows
    ]  # fmt: skip


def counts(unit: UnitOfWork) -> dict[str, int]:
    """How many wordings the rules of each process have: another number means that its cases are looked at again."""
    wanted = select(col(PaperRule.definition_key), func.count()).group_by(col(PaperRule.definition_key))
    return {key: int(number) for key, number in unit.connection.execute(wanted)}


__all__ = [
    "NUMBERED", "PAIRS", "REQUIRED", "RuleFaultError", "Wording", "counts", "own_rules", "read_rule", "rules_of",
    "withdraw_rule", "wordings", "write_rule",
]  # fmt: skip
