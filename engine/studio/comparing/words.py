"""How values and their changes are said: “Batas waktu verifikasi: 3 → 5 hari kerja”."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.texts import Text

LONGEST = 160
_UNIT = re.compile(r"(.*?)\s*(?:\(([^()]{1,40})\)|, (?:dalam|in) (\w+(?: \w+)?))(?: \([^()]*\))?\s*\Z", re.DOTALL)
_DURATION = re.compile(r"""["']?P(?:(\d+)([WDM])|T(\d+)([HMS]))["']?\Z""")
_SPANS = {
    "W": Text("minggu", "weeks"),
    "D": Text("hari", "days"),
    "M": Text("bulan", "months"),
    "TH": Text("jam", "hours"),
    "TM": Text("menit", "minutes"),
    "TS": Text("detik", "seconds"),
}
NOTHING = Text("(kosong)", "(empty)")
UNREADABLE = Text("Isi “{name}” berubah dan tidak dapat dirinci, karena berkasnya belum dapat dibaca.",
                  "“{name}” changed in ways that cannot be told apart, as the file cannot be read yet.")  # fmt: skip


def joined(*texts: Text | str) -> Text:
    """Texts one after the other, each in its own language."""
    return Text(*("".join(t if isinstance(t, str) else t.in_locale(loc) for t in texts) for loc in ("id", "en")))


def short(value: str) -> str:
    """On one line, and not longer than a sentence can hold."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def quoted(value: str) -> str:
    return f"“{short(value)}”"


def plain(value: Any) -> Text:
    """A value of a parameter or an option, as people say it."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return Text("Ya", "Yes") if value else Text("Tidak", "No")
    if isinstance(value, Mapping):
        return Text(short("; ".join(f"{k}: {plain(v).id}" for k, v in value.items())))
    if isinstance(value, list | tuple):
        return Text(short(", ".join(plain(v).id for v in value)))
    if isinstance(value, datetime | date | int | Decimal):
        return Text(str(value))
    return Text(short(str(value)))


def turned(name: Text, before: Text | str, after: Text | str) -> Text:
    """`name: before → after`."""
    return joined(name, ": ", before, " → ", after)


def measured(name: Text, before: Text, after: Text) -> Text:
    """As `turned`, with the unit that the name tells (in brackets or after “dalam”) said after the value instead."""
    found = {locale: _UNIT.match(name.in_locale(locale)) for locale in ("id", "en")}
    called = Text(*((m[1] if (m := found[loc]) else name.in_locale(loc)) for loc in ("id", "en")))
    unit = Text(*((f" {m[2] or m[3]}" if (m := found[loc]) else "") for loc in ("id", "en")))
    return Text(*(f"{turned(called, before, after).in_locale(loc)}{unit.id if loc == 'id' else unit.en}"
                  for loc in ("id", "en")))  # fmt: skip


def span(source: str) -> Text | None:
    """`"PT72H"` as 72 jam; None for what is no such length."""
    found = _DURATION.match(source.strip())
    if found is None:
        return None
    amount, unit = (found[1], found[2]) if found[1] else (found[3], f"T{found[4]}")
    return joined(f"{int(amount)} ", _SPANS[unit])


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The names whose value differs, those of `after` first in its order."""
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old != new or type(old) is not type(new):
            yield name, old, new
