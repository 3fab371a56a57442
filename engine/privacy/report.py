"""The report to a person about their data (UU 27/2022): what is held, why, who worked with it, who saw it, how long.

One structure of plain values, from which the page, the PDF and the files for a machine are made. To the person, who
acted and who looked is told by office; to the data officer by name as well.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from engine.definitions import Definitions, LoadedVersion
from engine.ledger import ENTRIES
from engine.ledger import Kind as LedgerKind
from engine.people import SYSTEM_ROLES
from engine.privacy.fields import knowledge_of
from engine.privacy.held import Own, held_in
from engine.privacy.looked import looks
from engine.privacy.register import DEEDS, HOLDINGS, Holding
from engine.privacy.subjects import Subject, cases_of, worked_on
from engine.retention.schedules import Schedule, schedules
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import HistoryEvent, Instance, Participant, User, metadata

FORMAT = 1
LAW = "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi"
MOST_ROWS = 500
MOST_LOOKS = 2_000
OFFICER, SYSTEM = Text("Petugas", "Officer"), Text("Sistem", "System")
FATES = {
    "destroyed": Text("dimusnahkan", "destroyed"),
    "permanent": Text("disimpan tetap", "kept for ever"),
    "reviewed": Text("dinilai kembali", "reviewed"),
}
UNSAID = Text("Belum ditetapkan untuk proses ini.", "Not yet decided for this process.")
KEPT = Text(
    "{active} tahun sejak kasus selesai, lalu {inactive} tahun sebagai arsip inaktif, kemudian {final}.",
    "{active} years after the case ends, then {inactive} years as an inactive archive, then {final}.",
)
LOOK_WORDS: Mapping[str, Text] = {
    LedgerKind.CASE_READ: Text("membuka halaman kasus", "opened the page of the case"),
    LedgerKind.DOCUMENT_READ: Text("membaca dokumen", "read a document"),
    LedgerKind.DATA_UNMASKED: Text("membuka samaran", "unmasked the data"),
    LedgerKind.DATA_MASKED: Text("menutup samaran", "masked the data again"),
    LedgerKind.BUNDLE_EXPORTED: Text("mengunduh bundel", "took a bundle away"),
    LedgerKind.REPORT_MADE: Text("membuat laporan subjek", "made a report to the person"),
}


@dataclass(frozen=True)
class Reporter:
    """Makes reports in one language; `names` where the reader may know officers by name."""

    unit: UnitOfWork
    definitions: Definitions
    locale: str = "id"
    names: bool = False

    def report(self, subject: Subject, *, now: datetime) -> dict[str, Any]:
        """Everything held of a person. Reads every payload once, to find them in other people's cases too."""
        return {
            "format": FORMAT,
            "law": LAW,
            "made_at": now,
            "subject": {"name": subject.name, "nip": sorted(subject.nips), "email": sorted(subject.emails)},
            "tables": [found for name, holding in HOLDINGS.items() if (found := self._table(name, holding, subject))],
            "cases": [self._case(instance_id, subject) for instance_id in cases_of(self.unit, subject)],
            "in_office": self._in_office(subject),
        }

    # --- tables ------------------------------------------------------------------------------------------------------

    def _table(self, name: str, holding: Holding, subject: Subject) -> dict[str, Any] | None:
        table = metadata.tables[name]
        of: dict[str, frozenset[str]] = {
            "account": subject.accounts, "participant": subject.participants, "nip": subject.nips,
            "email": subject.emails,
        }  # fmt: skip
        ties = [
            func.lower(table.c[column]).in_(of[by]) if by == "email" else table.c[column].in_(of[by])
            for column, by in holding.by.items()
            if of[by]
        ]
        if not ties:
            return None
        shown = [table.c[column] for column in holding.columns]
        rows = self.unit.connection.execute(select(*shown).where(or_(*ties)).limit(MOST_ROWS)).all()
        if not rows:
            return None
        labels = [label.in_locale(self.locale) for label in holding.columns.values()]
        return {
            "table": name,
            "title": holding.title.in_locale(self.locale),
            "purpose": holding.purpose.in_locale(self.locale),
            "columns": labels,
            "rows": [list(row) for row in rows],
        }

    def _in_office(self, subject: Subject) -> dict[str, Any]:
        """What the record says they did in office: not data about them that somebody collects, but their deeds."""
        acted = select(func.count()).select_from(worked_on(subject).subquery())
        rows = 0
        for name, columns in DEEDS.items():
            table = metadata.tables[name]
            ties = [table.c[c].in_(subject.accounts) for c in columns if c.endswith(("_by", "_id")) or c == "by"]
            if ties:
                rows += self.unit.connection.execute(
                    select(func.count()).select_from(table).where(or_(*ties))
                ).scalar_one()
        return {"cases": self.unit.connection.execute(acted).scalar_one(), "rows": rows}

    # --- cases -------------------------------------------------------------------------------------------------------

    def _case(self, instance_id: str, subject: Subject) -> dict[str, Any]:
        case = self.unit.session.get_one(Instance, instance_id)
        version = self.definitions.version(case.version_id, self.unit)
        manifest = version.manifest
        applicant, participant = case.starter_id in subject.accounts, case.id in subject.participants
        of_another = not participant and self.unit.session.get(Participant, case.id) is not None
        whole = participant or (applicant and not of_another)
        own = Own(subject.people, knowledge_of(version), whole, self.locale)
        held, destroyed = held_in(self.unit, instance_id, version, own)
        return {
            "number": case.number,
            "process": manifest.title.in_locale(self.locale),
            "purpose": (manifest.description or manifest.title).in_locale(self.locale),
            "legal_basis": list(manifest.legal_basis),
            "controller": manifest.owner,
            "as": _as(applicant=applicant, participant=participant).in_locale(self.locale),
            "status": case.status,
            "zone": case.zone,
            "started_at": case.started_at,
            "ended_at": case.ended_at,
            "kept": self._kept(self._schedules.get(case.definition_key)),
            "kept_until": _kept_until(self._schedules.get(case.definition_key), case.ended_at),
            "held": [value.__dict__ for value in held],
            "destroyed": destroyed,
            "processed": self._processed(instance_id, version, subject),
            "seen": self._seen(instance_id, version, subject),
        }

    @cached_property
    def _schedules(self) -> dict[str, Schedule]:
        """What a keeper of records set for a process, else what the process itself says."""
        return {one.key: one for one in schedules(self.unit) if not one.field}

    def _kept(self, schedule: Schedule | None) -> str:
        if schedule is None:
            return UNSAID.in_locale(self.locale)
        filled = KEPT.filled(active=schedule.active_years, inactive=schedule.inactive_years,
                             final=FATES[schedule.final])  # fmt: skip
        return filled.in_locale(self.locale)

    def _processed(self, instance_id: str, version: LoadedVersion, subject: Subject) -> list[dict[str, Any]]:
        """Who acted in the case beside the person: in which office, how often, since and until when."""
        query: Any = (
            select(
                col(HistoryEvent.actor_id), col(HistoryEvent.element_id), col(User.name).label("name"),
                func.count().label("acts"), func.min(col(HistoryEvent.at)).label("first"),
                func.max(col(HistoryEvent.at)).label("last"),
            )
            .outerjoin(User, col(User.id) == HistoryEvent.actor_id)
            .where(col(HistoryEvent.instance_id) == instance_id, col(HistoryEvent.state_digest).is_not(None))
            .group_by(col(HistoryEvent.actor_id), col(HistoryEvent.element_id), col(User.name))
        )  # fmt: skip
        merged: dict[tuple[str, str], dict[str, Any]] = {}
        for row in self.unit.connection.execute(query):
            if row.actor_id in subject.accounts:
                continue
            office = self._lane(version, row.element_id) if row.actor_id else SYSTEM.in_locale(self.locale)
            name = row.name or "" if self.names else ""
            known = merged.setdefault((office, name), {"office": office, "name": name, "acts": 0, "first": row.first,
                                                       "last": row.last})  # fmt: skip
            known["acts"] += row.acts
            known["first"], known["last"] = min(known["first"], row.first), max(known["last"], row.last)
        return sorted(merged.values(), key=lambda line: line["first"])

    def _seen(self, instance_id: str, version: LoadedVersion, subject: Subject) -> list[dict[str, Any]]:
        """Who looked, newest first; the person's own looks are nobody's to be told."""
        query = looks().where(ENTRIES.c.instance_id == instance_id).order_by(ENTRIES.c.seq.desc())
        return [
            {
                "at": row.at,
                "office": self._roles(version, row.detail.get("roles") or []),
                "name": row.actor_name or "" if self.names else "",
                "what": LOOK_WORDS.get(row.kind, Text(row.kind, row.kind)).in_locale(self.locale),
                "reason": row.reason or "",
            }
            for row in self.unit.connection.execute(query.limit(MOST_LOOKS))
            if row.actor_id not in subject.accounts
        ]

    def _lane(self, version: LoadedVersion, element_id: str | None) -> str:
        element = version.specs.elements.get(element_id or "")
        return element.lane if element is not None and element.lane else OFFICER.in_locale(self.locale)

    def _roles(self, version: LoadedVersion, roles: list[str]) -> str:
        known: dict[str, Text] = defaultdict(lambda: OFFICER)
        known |= {role: Text(*names) for role, names in SYSTEM_ROLES.items()} | dict(version.manifest.roles)
        words = dict.fromkeys(known[role].in_locale(self.locale) for role in roles)
        return ", ".join(words) or OFFICER.in_locale(self.locale)


def _as(*, applicant: bool, participant: bool) -> Text:
    if participant:
        return Text("Peserta", "Participant")
    return Text("Pemohon", "Applicant") if applicant else Text("Disebut di dalamnya", "Named in it")


def _kept_until(schedule: Schedule | None, ended_at: datetime | None) -> int | None:
    """The year in which its time is over; None while the case runs, and for what is kept for ever."""
    if schedule is None or ended_at is None or schedule.final == "permanent":
        return None
    return schedule.due_on(ended_at.date()).year
