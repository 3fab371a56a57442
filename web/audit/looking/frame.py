"""What all pages of one analysis share: the cases of the choice, read once, and everything's names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from flask import Blueprint, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Engine, Row, select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import OVERSEERS
from engine.definitions import LoadedVersion
from engine.errors import NotFoundError
from engine.looking import choice as choosing_cases
from engine.looking import left_to_reckon, reckon
from engine.looking.choice import Case, Choice
from engine.looking.visits import millis
from engine.privacy import masking_of_lists
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Instansi, User
from web.audit.frame import may_open
from web.audit.looking.choosing import Options, choice_of, options, seen_by
from web.context import require_actor, services
from web.i18n import locale_code
from web.processes import queries as processes
from web.roles import role_titles, title_of
from web.words.names import element_name, in_locale, process_title

blueprint = Blueprint("audit_looking", __name__, url_prefix="/audit/analisis")

AT_ONCE = 40
"""Cases that a page looks at itself when they went on; a worker does the rest."""
KEPT, MOST_VISITS = 3, 400_000
_kept: WeakKeyDictionary[Engine, dict[tuple[Any, ...], list[Case]]] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True)
class Looking:
    """The cases chosen, and what their parts are called. `left`: cases of the process that are not up to date yet."""

    key: str
    title: str
    choice: Choice
    versions: Sequence[Row[Any]]
    options: Options
    cases: Sequence[Case]
    left: int
    now: datetime
    actor: Actor
    shown: LoadedVersion
    """The version whose drawings are shown: the one chosen, else the current one."""
    titles: dict[str, Text] = field(repr=False, default_factory=dict)

    @property
    def at(self) -> int:
        return millis(self.now)

    def step(self, element_id: str | None) -> str:
        """What a step is called, in the newest version that has it."""
        if element_id is None:
            return _("Awal kasus")
        version = next((v for v in self._loaded if element_id in v.specs.elements), self.shown)
        return element_name(version, element_id)

    def flow(self, flow_id: str | None) -> str:
        """The answer that a flow stands for."""
        if flow_id is None:
            return _("tanpa nama jalur")
        flows = (version.specs.flows.get(flow_id) for version in self._loaded)
        return next((flow.name for flow in flows if flow is not None and flow.name), flow_id)

    def unit_name(self, role: str | None, unit: str | None) -> str:
        """An office: the role, and the instansi where it is meant inside of one."""
        office = in_locale(title_of(self.titles, role)) if role else _("Orang tertentu")
        return f"{office}, {self._agencies.get(unit, unit)}" if unit else office

    def case_url(self, number: str) -> str | None:
        """The page of a case for whoever asks; None where they may see figures alone."""
        if may_open("audit.case"):
            return url_for("audit.case", number=number)
        overseer = any(grant.role in OVERSEERS for grant in self.actor.grants)
        return url_for("cases.show", number=number) if overseer else None

    @cached_property
    def _loaded(self) -> list[LoadedVersion]:
        found = [services().definitions.version(row.id) for row in self.versions]
        return [self.shown, *(version for version in found if version.id != self.shown.id)]

    @cached_property
    def _agencies(self) -> dict[str, str]:
        ids = {v.unit for case in self.cases for v in case.walk.visits if v.unit}
        with services().database.read() as unit:
            wanted = select(col(Instansi.id), col(Instansi.name))
            return {row.id: row.name for row in unit.connection.execute(wanted) if row.id in ids}

    def people(self, ids: Collection[str]) -> dict[str, str]:
        """Who acted, as whoever asks may know them."""
        masking = masking_of_lists(self.actor, locale_code())
        with services().database.read() as unit:
            wanted = select(col(User.id), col(User.name)).where(col(User.id).in_(sorted(ids)))
            return {row.id: masking.person(row.id, row.name) for row in unit.connection.execute(wanted)}


def look(key: str) -> Looking:
    """The cases that this address asks for. A few that went on are looked at now; nobody waits for the others."""
    parts, actor = services(), require_actor()
    reckon(parts.database, parts.definitions, most=AT_ONCE, key=key)
    with parts.database.read() as unit:
        versions = processes.versions(unit.connection, key)
        if not versions:
            raise NotFoundError
        choice, seen = choice_of(key, versions), seen_by(actor)
        current = next((row for row in versions if row.is_current), versions[0])
        shown = parts.definitions.version(choice.version_id or current.id, unit)
        return Looking(
            key=key,
            title=process_title(shown),
            choice=choice,
            versions=versions,
            options=options(unit, key, versions, seen),
            cases=read_cases(unit, choice, seen, actor),
            left=left_to_reckon(unit, key),
            now=parts.clock.now(),
            actor=actor,
            shown=shown,
            titles=role_titles(unit),
        )


def read_cases(unit: UnitOfWork, choice: Choice, seen: ColumnElement[bool], actor: Actor) -> list[Case]:
    """Read, or as they were read before where none of them was reckoned since: one looks at a thing more than once."""
    narrowed = (choice.key, choice.version_id, choice.programme_id, choice.instansi_id, choice.first, choice.last,
                choice.zone)  # fmt: skip
    key = (actor.user_id, actor.grants, narrowed, choosing_cases.stamp(unit, choice, seen))
    with _lock:
        kept = _kept.setdefault(unit.connection.engine, {})
        found = kept.pop(key, None)
    if found is None:
        found = choosing_cases.cases(unit, choice, seen)
    if sum(len(case.walk.visits) for case in found) <= MOST_VISITS:
        with _lock:
            kept[key] = found
            while len(kept) > KEPT:
                kept.pop(next(iter(kept)))
    return found
