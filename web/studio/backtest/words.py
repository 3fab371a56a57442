"""Back-tests in the reader's words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.backtest.summary import UNKNOWN
from web.i18n import day, number

TONES = {"same": "good", "differs": "warn", "missing": "neutral", "failed": "bad"}
RUN_TONES = {"running": "busy", "done": "good", "cancelled": "neutral"}
REMARKS = ("asked", "people", "added", "skipped", "assumed")


def verdict_text(verdict: str) -> str:
    return {
        "same": _("Sama"),
        "differs": _("Berbeda"),
        "missing": _("Masukan kurang"),
        "failed": _("Gagal diulang"),
    }[verdict]


def verdict_help(verdict: str) -> str:
    return {
        "same": _("Menempuh jalan yang sama seperti dulu"),
        "differs": _("Akan menempuh jalan lain"),
        "missing": _("Draf meminta jawaban yang tidak ada pada catatan; ini bukan perbedaan hasil"),
        "failed": _("Tidak dapat dijalankan pada draf ini"),
    }[verdict]


def run_state(state: str) -> str:
    return {"running": _("Sedang berjalan"), "done": _("Selesai"), "cancelled": _("Dihentikan")}[state]


def remark_text(name: str) -> str:
    return {
        "asked": _("Penangan ditanya dengan masukan lain; jawaban yang tercatat tetap dipakai"),
        "people": _("Tugas jatuh kepada peran lain"),
        "added": _("Langkah baru yang dilalui"),
        "skipped": _("Langkah yang tidak ada lagi"),
        "assumed": _("Penangan baru tanpa hasil; dianggap berhasil"),
    }[name]


def choice_text(choice: dict[str, Any], programmes: dict[str, str]) -> str:
    """Which cases a run is about."""
    since, until = _date(choice.get("since")), _date(choice.get("until"))
    parts = []
    if since and until:
        parts.append(_("mulai %(since)s sampai %(until)s", since=since, until=until))
    elif since:
        parts.append(_("mulai sejak %(since)s", since=since))
    elif until:
        parts.append(_("mulai paling akhir %(until)s", until=until))
    if choice.get("programme"):
        parts.append(programmes.get(choice["programme"], choice["programme"]))
    if choice.get("ended"):
        parts.append(_("yang sudah berakhir"))
    if choice.get("sample"):
        parts.append(_("contoh %(num)s kasus", num=number(choice["sample"])))
    return ", ".join(parts) or _("semua kasus")


def _date(value: str | None) -> str:
    from datetime import date  # noqa: PLC0415

    return day(date.fromisoformat(value)) if value else ""


def working_days(days: float | None) -> str:
    if days is None:
        return "–"
    whole = int(days)
    if whole != days:
        return _("%(num)s hari kerja", num=number(days))
    return ngettext("%(num)d hari kerja", "%(num)d hari kerja", whole)


def shift_text(days: str) -> str:
    """`+2 hari kerja`"""
    if days == UNKNOWN:
        return _("tidak terhitung")
    count = int(days)
    sign = "+" if count > 0 else "−" if count < 0 else ""
    return sign + working_days(abs(count)) if count else _("hari yang sama, jam lain")


def span(minutes: int | None) -> str:
    """Days and hours of a length."""
    if minutes is None:
        return "–"
    days, rest = divmod(minutes, 24 * 60)
    hours = rest // 60
    if days:
        return (
            _("%(days)s hari %(hours)s jam", days=number(days), hours=hours)
            if hours
            else _("%(days)s hari", days=number(days))
        )
    return _("%(hours)s jam %(minutes)s menit", hours=hours, minutes=rest % 60)
