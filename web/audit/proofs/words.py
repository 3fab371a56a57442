"""A proof in the reader's words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from models import ProofRun, ProofSchedule
from web.i18n import number

TONES = {"running": "busy", "cancelled": "neutral"}


def kind_text(kind: str) -> str:
    return _("Ulangi pelaksanaan") if kind == "reproduce" else _("Periksa catatan")


def result(run: ProofRun) -> tuple[str, str]:
    """(Words, tone): what it came to, or how it stands."""
    if run.findings:
        found = ngettext("%(count)s temuan", "%(count)s temuan", run.findings, count=number(run.findings))
        return found, "bad"
    if run.state == "running":
        return _("Sedang berjalan"), "busy"
    if run.state == "cancelled":
        return _("Dihentikan, tanpa temuan sampai di situ"), "neutral"
    return _("Tanpa temuan"), "good"


def scope_text(run: ProofRun) -> str:
    if run.scope == "everything":
        return _("Seluruh kasus, buku besar, versi dan kalender")
    if "instansi" in run.choice:
        return _("Semua kasus instansi")
    return ngettext("%(count)s kasus yang dipilih", "%(count)s kasus yang dipilih", run.total, count=number(run.total))


def service_text(service: str) -> str:
    """Who signed, where it is no certificate that counts outside; nothing where it is."""
    return {"development": _("pengembangan"), "bsre-simulasi": _("simulasi BSrE")}.get(service, "")


def weekdays() -> list[tuple[int, str]]:
    return list(enumerate((_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))))


def schedule_text(schedule: ProofSchedule | None) -> str:
    if schedule is None or schedule.every == "off":
        return _("tidak terjadwal")
    hour = f"{schedule.hour:02d}.00 WIB"
    if schedule.every == "daily":
        return _("setiap hari pukul %(hour)s", hour=hour)
    return _("setiap hari %(day)s pukul %(hour)s", day=dict(weekdays())[schedule.weekday], hour=hour)


def subject_text(row: Any) -> str:
    """What a finding is about, where it is no case."""
    about, _space, rest = row.subject.partition(" ")
    known = {
        "ledger": _("Buku besar"),
        "version": _("Versi proses"),
        "calendar": _("Kalender"),
        "reading": _("Pembacaan dokumen"),
        "anchor": _("Jangkar"),
        "proof": _("Pembuktian"),
    }
    return f"{known[about]} {rest}".strip() if about in known else row.subject
