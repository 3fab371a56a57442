"""A revision of the calendar as a file that an administrator writes when a decree (SKB) is signed or changed.

note = "SKB 3 Menteri Tahun 2028"
source = "SKB 3 Menteri Nomor …"
years = [2028]
add = [{ day = 2028-01-01, name = "Tahun Baru Masehi", name_en = "New Year's Day", kind = "libur_nasional" }]
revoke = [{ day = 2027-03-10, name = "Hari Raya Idul Fitri" }]
weeks = [{ instansi = "…", weekdays = "123456" }]
close = [{ instansi = "…", day = 2028-07-01, name = "HUT Kabupaten" }]
reopen = [{ instansi = "…", day = 2028-07-01 }]
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from calendars import Holiday, Kind
from engine.calendar import Revision
from engine.errors import CalendarError
from engine.texts import Text

LISTS = ("add", "revoke", "weeks", "close", "reopen")
KNOWN = frozenset({"note", "source", "years", *LISTS})
KINDS = (Kind.NATIONAL, Kind.JOINT_LEAVE)


class BadRevisionError(CalendarError):
    """This is not a revision of the calendar: {why}"""

    indonesian = "Ini bukan perubahan kalender: {why}"
    code = "bad_revision"


@dataclass
class _Reader:
    """Takes the file apart and gathers every fault on the way."""

    found: Mapping[str, Any]
    faults: list[Text] = field(default_factory=list)

    def fault(self, where: str, indonesian: str, english: str) -> None:
        self.faults.append(Text(f"{where}: {indonesian}", f"{where}: {english}"))

    def text(self, entry: Mapping[str, Any], name: str, where: str, *, required: bool = True) -> str:
        value = entry.get(name, "")
        if isinstance(value, str) and (value.strip() or not required):
            return value.strip()
        self.fault(where, f"“{name}” harus diisi teks", f'"{name}" must be a text')
        return ""

    def day(self, entry: Mapping[str, Any], where: str) -> date:
        value = entry.get("day")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.fault(where, "“day” harus tanggal seperti 2028-01-01", '"day" must be a date like 2028-01-01')
        return date.min

    def entries(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        listed = self.found.get(name, [])
        if not isinstance(listed, list):
            self.fault(name, "harus berupa daftar", "must be a list")
            return
        for number, entry in enumerate(listed, 1):
            where = f"{name} {number}"
            if isinstance(entry, dict):
                yield where, entry
            else:
                self.fault(where, "harus berupa { … }", "must be { … }")


def read_revision(body: str) -> Revision:
    """The revision that a file describes, or all its faults at once."""
    try:
        reader = _Reader(tomllib.loads(body))
    except tomllib.TOMLDecodeError as error:
        raise BadRevisionError(why=str(error)) from None
    for name in sorted(set(reader.found) - KNOWN):
        reader.fault(name, "tidak dikenal", "is unknown")
    source = reader.text(reader.found, "source", "source")
    revision = Revision(
        note=reader.text(reader.found, "note", "note"),
        add=tuple(_holiday(reader, where, entry, source) for where, entry in reader.entries("add")),
        revoke=tuple((reader.day(e, w), reader.text(e, "name", w)) for w, e in reader.entries("revoke")),
        years=dict.fromkeys(_years(reader), source),
        weeks={reader.text(e, "instansi", w): _weekdays(reader, w, e) for w, e in reader.entries("weeks")},
        close=tuple(
            (reader.text(e, "instansi", w), _holiday(reader, w, {**e, "kind": Kind.CLOSING}, source))
            for w, e in reader.entries("close")
        ),
        reopen=tuple((reader.text(e, "instansi", w), reader.day(e, w)) for w, e in reader.entries("reopen")),
    )
    if reader.faults:
        ids, english = zip(*((f.id, f.en) for f in reader.faults), strict=True)
        raise BadRevisionError(why=Text("; ".join(ids), "; ".join(english)))
    return revision


def _holiday(reader: _Reader, where: str, entry: Mapping[str, Any], source: str) -> Holiday:
    kind = entry.get("kind")
    if kind not in (*KINDS, Kind.CLOSING) or (kind == Kind.CLOSING and where.startswith("add")):
        names = " / ".join(KINDS)
        reader.fault(where, f"“kind” harus {names}", f'"kind" must be {names}')
        kind = Kind.NATIONAL
    return Holiday(
        day=reader.day(entry, where),
        name=reader.text(entry, "name", where),
        kind=Kind(kind),
        legal_source=reader.text(entry, "source", where, required=False) or source,
        tentative=entry.get("tentative") is True,
        name_en=reader.text(entry, "name_en", where, required=False),
    )


def _years(reader: _Reader) -> list[int]:
    years = reader.found.get("years", [])
    if isinstance(years, list) and all(type(y) is int and 1945 <= y <= 2200 for y in years):
        return years
    reader.fault("years", "harus daftar tahun seperti [2028]", "must be a list of years like [2028]")
    return []


def _weekdays(reader: _Reader, where: str, entry: Mapping[str, Any]) -> frozenset[int]:
    digits = entry.get("weekdays")
    if isinstance(digits, str) and digits and set(digits) <= set("1234567"):
        return frozenset(map(int, digits))
    reader.fault(where, "“weekdays” harus angka hari, mis. 123456", '"weekdays" must be digits of days, e.g. 123456')
    return frozenset()
