"""How the installation is doing: the same checks for `alur doctor` and for the administrator's page."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from engine.anchors import newest
from engine.calendar import load_calendar
from engine.proof.runs import alarms, last_whole
from engine.settings import Settings
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import Deadline, Definition, Incident, Job, migrations
from web.static_files import FOLDER

Verdict = Literal["ok", "warn", "bad"]
LATE = timedelta(minutes=5)
ENOUGH_DISK = 512 * 1024 * 1024
OLD_ANCHOR = timedelta(days=2)


@dataclass(frozen=True)
class Check:
    """One question, its answer, and what to do when it is not well."""

    name: str
    verdict: Verdict
    title: Text
    answer: Text

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "verdict": self.verdict,
            "title": self.title.to_json(),
            "answer": self.answer.to_json(),
        }


def examine(settings: Settings, database: Database, now: datetime) -> list[Check]:
    """All checks. Those of the tables are left out when the database does not answer."""
    checks = [_assets(), _folder(settings), _disk(settings.data_folder), _address(settings)]
    try:
        with database.read() as unit:
            schema = _schema(unit)
            checks.append(schema)
            if schema.verdict != "bad":
                checks += [check(unit, now) for check in _TABLE_CHECKS]
    except DBAPIError as error:
        kind = type(error).__name__
        checks.append(
            _check(
                "database",
                "bad",
                ("Basis data", "Database"),
                (f"Basis data tidak menjawab ({kind}).", f"The database does not answer ({kind})."),
            )
        )
    return checks


def worst(checks: list[Check]) -> Verdict:
    """The verdict over all."""
    order: tuple[Verdict, ...] = ("bad", "warn", "ok")
    return next(verdict for verdict in order if verdict == "ok" or any(c.verdict == verdict for c in checks))


def _check(name: str, verdict: Verdict, title: tuple[str, str], answer: tuple[str, str]) -> Check:
    return Check(name, verdict, Text(*title), Text(*answer))


def _assets() -> Check:
    title = ("Berkas tampilan", "Browser assets")
    if (FOLDER / "vendor/.stamp").exists():
        return _check("assets", "ok", title, ("Lengkap.", "Complete."))
    return _check(
        "assets",
        "bad",
        title,
        ("Belum ada: pasang ulang paket (pip install).", "Missing: install the package again (pip install)."),
    )


def _folder(settings: Settings) -> Check:
    title = ("Folder data", "Data folder")
    folder = settings.data_folder
    if folder.is_dir() and os.access(folder, os.W_OK):
        return _check("folder", "ok", title, (f"{folder} dapat ditulisi.", f"{folder} can be written to."))
    return _check(
        "folder",
        "bad",
        title,
        (f"{folder} tidak ada atau tidak dapat ditulisi.", f"{folder} is missing or cannot be written to."),
    )


def _disk(folder: Path) -> Check:
    title = ("Ruang simpan", "Disk space")
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    megabytes = free // (1024 * 1024)
    verdict: Verdict = "ok" if free >= ENOUGH_DISK else "bad"
    return _check("disk", verdict, title, (f"{megabytes} MB tersisa.", f"{megabytes} MB left."))


def _address(settings: Settings) -> Check:
    title = ("Alamat", "Address")
    local = any(f"//{host}" in settings.base_url for host in ("127.0.0.1", "localhost", "[::1]"))
    if not settings.tls and not local:
        return _check(
            "address",
            "bad",
            title,
            (
                f"{settings.base_url} tanpa TLS: kata sandi dapat dibaca di jalan.",
                f"{settings.base_url} has no TLS: passwords can be read on the way.",
            ),
        )
    if settings.demo and not local:
        return _check(
            "address",
            "bad",
            title,
            (
                "Peragaan menyala pada alamat umum: setiap orang dapat membaca surel.",
                "The demo is on at a public address: everybody can read the mail.",
            ),
        )
    return _check("address", "ok", title, (settings.base_url, settings.base_url))


def _schema(unit: UnitOfWork) -> Check:
    title = ("Tabel basis data", "Database tables")
    at, target = migrations.current(unit.connection), migrations.newest()
    if at == target:
        return _check("schema", "ok", title, (f"Versi terbaru ({at}).", f"Newest version ({at})."))
    return _check(
        "schema",
        "bad",
        title,
        (
            f"Versi {at}, seharusnya {target}: jalankan `alur migrate`.",
            f"At version {at}, should be {target}: run `alur migrate`.",
        ),
    )


def _calendar(unit: UnitOfWork, now: datetime) -> Check:
    title = ("Kalender kerja", "Working calendar")
    years = load_calendar(unit).years_in_force
    known = ", ".join(str(year) for year in sorted(years) if year >= now.year)
    if now.year not in years:
        return _check(
            "calendar",
            "bad",
            title,
            (
                f"Tahun {now.year} belum mempunyai SKB: batas waktu ditolak.",
                f"{now.year} has no SKB yet: deadlines are refused.",
            ),
        )
    if now.month >= 10 and now.year + 1 not in years:
        return _check(
            "calendar",
            "warn",
            title,
            (f"SKB tahun {now.year + 1} belum dimasukkan.", f"The SKB for {now.year + 1} has not been entered."),
        )
    return _check("calendar", "ok", title, (f"Berlaku: {known}.", f"In force: {known}."))


def _processes(unit: UnitOfWork, _now: datetime) -> Check:
    title = ("Proses", "Processes")
    count = _count(unit, col(Definition.current_version_id).is_not(None))
    verdict: Verdict = "ok" if count else "warn"
    return _check("processes", verdict, title, (f"{count} proses terbit.", f"{count} processes published."))


def _incidents(unit: UnitOfWork, _now: datetime) -> Check:
    title = ("Insiden", "Incidents")
    count = _count(unit, col(Incident.state) == "open")
    verdict: Verdict = "warn" if count else "ok"
    return _check("incidents", verdict, title, (f"{count} insiden menunggu petugas.", f"{count} incidents are open."))


def _jobs(unit: UnitOfWork, now: datetime) -> Check:
    title = ("Pekerjaan latar", "Background jobs")
    late = _count(unit, col(Job.state) == "ready", col(Job.run_at) < now - LATE)
    waiting = _count(unit, col(Job.state) == "ready")
    if late:
        return _check(
            "jobs",
            "bad",
            title,
            (
                f"{late} pekerjaan terlambat: pekerja (`alur worker`) tidak berjalan?",
                f"{late} jobs are late: is no worker (`alur worker`) running?",
            ),
        )
    return _check(
        "jobs", "ok", title, (f"{waiting} menunggu, tidak ada yang terlambat.", f"{waiting} waiting, none late.")
    )


def _deadlines(unit: UnitOfWork, now: datetime) -> Check:
    title = ("Batas waktu", "Deadlines")
    pending = col(Deadline.state) == "pending"
    late = _count(unit, pending, col(Deadline.kind) == "timer", col(Deadline.due_at) < now - LATE)
    if late:
        return _check(
            "deadlines",
            "bad",
            title,
            (f"{late} batas waktu lewat tanpa dijalankan.", f"{late} deadlines passed without being fired."),
        )
    return _check("deadlines", "ok", title, ("Tidak ada yang tertinggal.", "None left behind."))


def _proofs(unit: UnitOfWork, _now: datetime) -> Check:
    title = ("Pembuktian catatan", "Proof of the record")
    found = sum(run.findings for run in alarms(unit))
    last = last_whole(unit, "verify") or last_whole(unit, "reproduce")
    if found:
        return _check(
            "proofs",
            "bad",
            title,
            (
                f"{found} temuan pada pembuktian terakhir; lihat Audit, Pembuktian.",
                f"The last proof found {found} things; see Audit, Proofs.",
            ),
        )
    if last is None or last.finished_at is None:
        return _check("proofs", "ok", title, ("Belum pernah dijalankan.", "Never run so far."))
    day = last.finished_at.date().isoformat()
    return _check("proofs", "ok", title, (f"Tanpa temuan, {day}.", f"Nothing found, {day}."))


def _anchors(unit: UnitOfWork, now: datetime) -> Check:
    title = ("Jangkar", "Anchors")
    last = newest(unit)
    if last is None:
        return _check("anchors", "ok", title, ("Belum ada.", "None so far."))
    verdict: Verdict = "warn" if now - last.at > OLD_ANCHOR else "ok"
    day = last.at.date().isoformat()
    return _check("anchors", verdict, title, (f"Yang terakhir {day}.", f"The last one is of {day}."))


def _count(unit: UnitOfWork, *conditions: Any) -> int:
    return unit.session.execute(select(func.count()).where(*conditions)).scalar_one()


_TABLE_CHECKS: tuple[Callable[[UnitOfWork, datetime], Check], ...] = (
    _calendar,
    _processes,
    _jobs,
    _deadlines,
    _incidents,
    _proofs,
    _anchors,
)
