"""The words a scenario may use, in Indonesian and English, and how it says instants and spans of time."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONES = {
    "WIB": ZoneInfo("Asia/Jakarta"),
    "WITA": ZoneInfo("Asia/Makassar"),
    "WIT": ZoneInfo("Asia/Jayapura"),
}
_NAMES = {zone.key: name for name, zone in ZONES.items()} | {"Asia/Pontianak": "WIB"}

ALIASES: dict[str, tuple[str, ...]] = {
    "given": ("given", "diketahui"),
    "scenarios": ("skenario", "scenarios"),
    "process": ("proses", "process"),
    "title": ("judul", "title"),
    "steps": ("langkah", "steps"),
    "when": ("when", "bila"),
    "then": ("then", "maka"),
    "at": ("pada", "at"),
    "after": ("setelah", "after"),
    "people": ("orang", "people"),
    "account": ("akun", "account"),
    "email": ("surel", "email"),
    "role": ("peran", "role"),
    "instansi": ("instansi",),
    "until": ("sampai", "until"),
    "forms": ("isian", "forms"),
    "who": ("siapa", "who"),
    "start": ("mulai", "start"),
    "task": ("tugas", "task"),
    "fill": ("isian", "fill"),
    "case": ("kasus", "case"),
    "cancel": ("batalkan", "cancel"),
    "activate": ("aktifkan", "activate"),
    "message": ("pesan", "message"),
    "signal": ("sinyal", "signal"),
    "handler": ("penangan", "handler"),
    "answers": ("menjawab", "answers"),
    "fails": ("gagal", "fails"),
    "really": ("sungguhan", "really"),
    "payload": ("isi", "payload"),
    "called": ("sebagai", "as"),
    "correlation": ("korelasi", "correlation"),
    "at_once": ("bersamaan", "at once"),
    "with": ("bersama", "with"),
    "facts": ("fakta", "facts"),
    "state": ("keadaan", "state"),
    "tasks": ("tugas", "tasks"),
    "stage": ("status", "stage"),
    "outcome": ("selesai", "outcome"),
    "refused": ("ditolak", "refused"),
    "mails": ("surat", "mails"),
    "to": ("kepada", "to"),
    "subject": ("perihal", "subject"),
    "contains": ("memuat", "contains"),
    "memberships": ("keanggotaan", "memberships"),
    "deadlines": ("tenggat", "deadlines"),
    "data": ("data",),
    "based_on": ("seperti", "like"),
}
"""Word in the program → what may be written for it; the first one is shown in messages."""

YES = frozenset({"ya", "yes", "true", "benar"})
NO = frozenset({"tidak", "no", "false", "salah", "belum"})
PENDING = frozenset({"belum aktif", "not activated"})
NOTHING = frozenset({"tidak ada", "none", "nothing"})

_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2})[.:](\d{2})(?::(\d{2}))? ?(WIB|WITA|WIT|Z|[+-]\d{2}:?\d{2})")
_PART = re.compile(r"(\d{1,6}) ?(menit|minutes?|jam|hours?|hari|days?|minggu|weeks?)\b")
_UNITS = {
    "menit": timedelta(minutes=1), "minute": timedelta(minutes=1), "jam": timedelta(hours=1),
    "hour": timedelta(hours=1), "hari": timedelta(days=1), "day": timedelta(days=1),
    "minggu": timedelta(weeks=1), "week": timedelta(weeks=1),
}  # fmt: skip
LONGEST = timedelta(days=3_660)


def read_instant(text: str) -> datetime | None:
    """An instant with its zone; None when it is not one."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        return None
    day, hour, minute, second, zone = match.groups()
    bare = f"{day}T{int(hour):02d}:{minute}:{second or '00'}"
    try:
        if zone in ZONES:
            return datetime.fromisoformat(bare).replace(tzinfo=ZONES[zone])
        return datetime.fromisoformat(bare + ("+00:00" if zone == "Z" else zone))
    except ValueError:
        return None


def read_span(text: str) -> timedelta | None:
    """A span of clock time; None when it is not one."""
    rest = text.strip().lower()
    parts = _PART.findall(rest)
    if not parts or _PART.sub("", rest).replace("dan", "").replace("and", "").strip(" ,"):
        return None
    total = sum((int(n) * _UNITS[unit.removesuffix("s")] for n, unit in parts), timedelta())
    return total if timedelta() < total <= LONGEST else None


def show_instant(instant: datetime, zone: ZoneInfo) -> str:
    """As a scenario writes it."""
    local = instant.astimezone(zone)
    pattern = "%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M"
    return f"{local:{pattern}} {_NAMES.get(zone.key) or local.strftime('%z')}"
