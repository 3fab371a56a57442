"""Riwayat: the history of a case in sentences, for people. The events themselves stay as they were recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from engine.definitions import LoadedVersion
from engine.history.kinds import Kind
from web.cases import queries
from web.cases.past import Past, number_of, past_of, reason_of
from web.paging import Page
from web.words.names import element_name, stage_text

SHOWN = (
    Kind.CASE_STARTED,
    Kind.CASE_SUSPENDED,
    Kind.CASE_RESUMED,
    Kind.CASE_CANCELLED,
    Kind.CASE_MIGRATED,
    Kind.CASE_COMPLETED,
    Kind.TASK_COMPLETED,
    Kind.TASK_CLAIMED,
    Kind.TASK_RELEASED,
    Kind.TASK_ASSIGNED,
    Kind.TASK_CREATED,
    Kind.TASK_CANCELLED,
    Kind.MESSAGE_RECEIVED,
    Kind.SIGNAL_RECEIVED,
    Kind.DEADLINE_FIRED,
    Kind.SERVICE_ANSWERED,
    Kind.SERVICE_REPORTED,
    Kind.SERVICE_FAILED,
    Kind.TIMER_MOVED,
    Kind.DEADLINE_MOVED,
    Kind.INCIDENT_RETRIED,
    Kind.INCIDENT_SKIPPED,
)
REASONED = frozenset({
    Kind.CASE_MIGRATED, Kind.TIMER_MOVED, Kind.DEADLINE_MOVED, Kind.INCIDENT_RETRIED, Kind.INCIDENT_SKIPPED,
})  # fmt: skip
"""What somebody gave a reason for that officers read in the Riwayat."""
SHOWN_TO_APPLICANT = (
    Kind.CASE_STARTED,
    Kind.CASE_SUSPENDED,
    Kind.CASE_RESUMED,
    Kind.CASE_CANCELLED,
    Kind.CASE_MIGRATED,
    Kind.CASE_COMPLETED,
    Kind.TASK_COMPLETED,
    Kind.TASK_CREATED,
    Kind.DEADLINE_FIRED,
)
"""What an applicant is told. A new task is told by the status line it brings, and only where it brings one."""

ICONS = {
    Kind.CASE_STARTED: "play-circle",
    Kind.CASE_SUSPENDED: "pause-circle",
    Kind.CASE_RESUMED: "play-circle",
    Kind.CASE_CANCELLED: "x-circle",
    Kind.CASE_MIGRATED: "arrow-right",
    Kind.CASE_COMPLETED: "check-circle",
    Kind.TASK_COMPLETED: "check-lg",
    Kind.TASK_CREATED: "hourglass-split",
    Kind.TASK_CANCELLED: "slash-circle",
    Kind.DEADLINE_FIRED: "clock-history",
    Kind.SERVICE_FAILED: "exclamation-triangle",
    Kind.MESSAGE_RECEIVED: "envelope",
}


@dataclass(frozen=True)
class Entry:
    """One line of the Riwayat."""

    at: datetime
    text: str
    who: str
    icon: str
    own: bool = False
    note: str = ""
    """Why, where somebody said so."""


def read(
    connection: Connection,
    instance_id: str,
    version: LoadedVersion,
    *,
    reader_id: str | None,
    names: bool,
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> tuple[list[Entry], Page]:
    """A page of the Riwayat of a case, newest first. `version` is the one it runs on now."""
    ask = partial(queries.events, connection, instance_id, SHOWN if names else SHOWN_TO_APPLICANT, after=after,
                  before=before, size=size)  # fmt: skip
    found = ask(opened=None if names else staged(version))
    past = past_of(connection, instance_id, version, found.rows)
    if past.moves and not names:
        found = ask(opened=frozenset().union(*map(staged, past.versions())))
    reasons = {
        row.seq: reason_of(connection, instance_id, row.seq) for row in found.rows if names and row.kind in REASONED
    }
    return entries(found.rows, past, reader_id=reader_id, names=names, reasons=reasons), found


def entries(
    rows: Any, past: Past, *, reader_id: str | None, names: bool, reasons: Mapping[int, str] | None = None
) -> list[Entry]:
    """`names`: whether the reader may see who; an applicant is told the office, not the officer.

    What happened is told in the names of the version that was in force then.
    """
    return [
        Entry(
            at=row.at,
            text=sentence(row, version) if names else _status_line(row, version) or sentence(row, version),
            who=_who(row, version, reader_id=reader_id, names=names),
            icon=ICONS.get(row.kind, ""),
            own=row.actor_id is not None and row.actor_id == reader_id,
            note=(reasons or {}).get(row.seq, ""),
        )
        for row in rows
        for version in (past.at(row.seq),)
    ]


def sentence(row: Any, version: LoadedVersion) -> str:
    """What happened, in the reader's language."""
    name = element_name(version, row.element_id)
    return _case_sentence(row, version) or _task_sentence(row.kind, name) or _event_sentence(row, name)


def staged(version: LoadedVersion) -> frozenset[str]:
    """The elements that bring a status line."""
    return frozenset(e.id for e in version.specs.elements.values() if e.properties.get("stage"))


def _status_line(row: Any, version: LoadedVersion) -> str:
    if row.kind != Kind.TASK_CREATED:
        return ""
    element = version.specs.elements.get(row.element_id)
    if element is None or not element.properties.get("stage"):
        return ""
    return stage_text(version, element.id, element.properties["stage"])


def _case_sentence(row: Any, version: LoadedVersion) -> str:
    if row.kind == Kind.CASE_COMPLETED:
        end = element_name(version, row.detail.get("outcome") or row.element_id)
        return _("Kasus selesai: %(end)s", end=end) if end else _("Kasus selesai")
    if row.kind == Kind.CASE_MIGRATED:
        return _moved(row)
    return {
        Kind.CASE_STARTED: _("Kasus dimulai"),
        Kind.CASE_SUSPENDED: _("Kasus ditangguhkan"),
        Kind.CASE_RESUMED: _("Kasus dilanjutkan"),
        Kind.CASE_CANCELLED: _("Kasus dibatalkan"),
    }.get(row.kind, "")


def _moved(row: Any) -> str:
    before, after = number_of(row.detail.get("from", "")), number_of(row.detail.get("version", ""))
    told = {"before": before or "–", "after": after or "–"}
    return _("Kasus dipindahkan dari versi %(before)s ke versi %(after)s; isian dan tenggatnya tetap", **told)


def _task_sentence(kind: str, name: str) -> str:
    return {
        Kind.TASK_COMPLETED: _("%(name)s: selesai", name=name),
        Kind.TASK_CLAIMED: _("%(name)s: diambil", name=name),
        Kind.TASK_RELEASED: _("%(name)s: dikembalikan ke kelompok", name=name),
        Kind.TASK_ASSIGNED: _("%(name)s: diserahkan kepada orang lain", name=name),
        Kind.TASK_CREATED: _("%(name)s: menunggu dikerjakan", name=name),
        Kind.TASK_CANCELLED: _("%(name)s: tidak diperlukan lagi", name=name),
    }.get(kind, "")


def _event_sentence(row: Any, name: str) -> str:
    code = row.detail.get("error_code") or row.detail.get("code") or ""
    trouble = {"reference": row.detail.get("incident", "")}
    return {
        Kind.MESSAGE_RECEIVED: _("Pesan diterima: %(name)s", name=row.detail.get("name") or name),
        Kind.SIGNAL_RECEIVED: _("Sinyal diterima: %(name)s", name=row.detail.get("name") or name),
        Kind.DEADLINE_FIRED: _("Waktunya tiba: %(name)s", name=name),
        Kind.SERVICE_ANSWERED: _("%(name)s: dijalankan sistem", name=name),
        Kind.SERVICE_REPORTED: _("%(name)s: dijalankan sistem", name=name),
        Kind.SERVICE_FAILED: _("%(name)s: ditolak sistem (%(code)s)", name=name, code=code),
        Kind.TIMER_MOVED: _("%(name)s: tenggat digeser", name=name),
        Kind.DEADLINE_MOVED: _("%(name)s: tenggat digeser", name=name),
        Kind.INCIDENT_RETRIED: _("%(name)s: gangguan %(reference)s dicoba lagi", name=name or _("Kasus"), **trouble),
        Kind.INCIDENT_SKIPPED: _("%(name)s: gangguan %(reference)s dilewati", name=name or _("Kasus"), **trouble),
    }.get(row.kind, row.kind)


OF_THE_SYSTEM = frozenset({Kind.SERVICE_ANSWERED, Kind.SERVICE_REPORTED, Kind.SERVICE_FAILED, Kind.DEADLINE_FIRED})
CONSEQUENCES = frozenset({Kind.TASK_CREATED, Kind.TASK_CANCELLED, Kind.CASE_COMPLETED})
"""Recorded under whoever's act brought them about, but nobody's deed."""


def _who(row: Any, version: LoadedVersion, *, reader_id: str | None, names: bool) -> str:
    if row.kind in CONSEQUENCES:
        return "" if row.kind == Kind.CASE_COMPLETED else _lane(row, version)
    if row.actor_id is None or row.kind in OF_THE_SYSTEM:
        return _("Sistem")
    if row.actor_id == reader_id:
        return _("Anda")
    if names:
        return row.actor_name or _("Orang yang tidak dikenal")
    return _lane(row, version) or _("Petugas")


def _lane(row: Any, version: LoadedVersion) -> str:
    element = version.specs.elements.get(row.element_id or "")
    return element.lane or "" if element is not None else ""


__all__ = ["SHOWN", "SHOWN_TO_APPLICANT", "Entry", "entries", "sentence"]
