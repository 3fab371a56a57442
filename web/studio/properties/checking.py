"""One expression as it is typed: what is wrong with it, and what it would give, in the reader's words."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from calendars import WorkingCalendar
from engine.expressions import LITERALS, READ_ONLY, check, names_assigned, names_used
from engine.gate.parts import Parts
from engine.gate.timers import looks_unquoted
from engine.studio.due_parts import due_parts, reminder_parts
from engine.studio.previews import Kind, Preview, Setting, preview
from engine.studio.vocabulary import Known
from web.i18n import day, in_locale, moment

TIMERS = frozenset({"timeDate", "timeDuration", "timeCycle"})
MOST_SHOWN = 300


@dataclass(frozen=True)
class Asked:
    """Where it is typed, and the moment it is tried at."""

    parts: Parts
    names: list[Known]
    calendar: WorkingCalendar
    opened: datetime


def checked(asked: Asked, item: Mapping[str, Any]) -> dict[str, Any]:
    """`item`: {kind, source, samples?, why?, why_en?}. Kinds are those of previews, "script" and "reminder"."""
    kind, source = str(item.get("kind") or ""), str(item.get("source") or "")
    scripted = kind in ("script", "reminder")
    mode: Literal["script", "expression"] = "script" if scripted else "expression"
    if not source.strip():
        return {"faults": [], "warnings": [], "parts": _parts(kind, source)}
    found: dict[str, Any] = {
        "faults": [{"text": in_locale(f.text), "cure": in_locale(f.cure)} for f in check(source, mode)],
        "warnings": [],
        "parts": _parts(kind, source),
    }  # fmt: skip
    if kind in TIMERS and looks_unquoted(source):
        found["faults"] = [{"text": _("Waktu ditulis tanpa tanda kutip."), "cure": f'"{source.strip()}"'}]
    if found["faults"]:
        return found
    found["warnings"] = _warnings(asked, source, scripted=scripted)
    if kind in get_args(Kind):
        found["preview"] = _preview(asked, source, kind, item)  # type: ignore[arg-type]  # one of them
    return found


def _parts(kind: str, source: str) -> dict[str, Any] | None:
    if kind == "due":
        return asdict(due_parts(source))
    reminder = reminder_parts(source) if kind == "reminder" else None
    if reminder is None:
        return None
    return asdict(reminder)


def _warnings(asked: Asked, source: str, *, scripted: bool) -> list[dict[str, str]]:
    """Names that nobody fills by then; a draft in which anything may be filled is not judged."""
    known = {k.name.split(".")[0]: k for k in reversed(asked.names)}
    own = names_assigned(source) if scripted else frozenset()
    found = []
    for name in sorted(names_used(source, "script" if scripted else "expression") - own):
        if name in known and known[name].when == "later":
            text = _("“%(name)s” baru diisi sesudah ini (%(by)s).", name=name, by=known[name].element_name)
            found.append({"text": text, "cure": f"default({name}, …)"})
        elif name not in known and name not in READ_ONLY and name not in LITERALS and asked.parts.filled.complete:
            near = difflib.get_close_matches(name, [k.name for k in asked.names], n=1)
            cure = _("Maksud Anda “%(name)s”?", name=near[0]) if near else f"default({name}, …)"
            found.append({"text": _("Tidak ada yang mengisi “%(name)s”.", name=name), "cure": cure})
    return found


# --- previews -------------------------------------------------------------------------------------------------------


def _preview(asked: Asked, source: str, kind: Kind, item: Mapping[str, Any]) -> dict[str, Any]:
    given = item.get("samples")
    setting = Setting(
        opened=asked.opened,
        calendar=asked.calendar,
        manifest=asked.parts.manifest,
        known={k.name: k for k in asked.names},
        given={str(k): _read(v, asked.calendar.zone) for k, v in given.items()} if isinstance(given, dict) else {},
        words={"id": str(item.get("why") or ""), "en": str(item.get("why_en") or "")},
    )
    return _shown(preview(source, kind, setting), setting)


def _shown(found: Preview, setting: Setting) -> dict[str, Any]:
    samples = {} if found.samples is None else found.samples
    return {
        "at": None if found.at is None else found.at.isoformat(),
        "text": _value(found.at, setting) if found.at is not None else _value(found.value, setting),
        "sentence": "" if found.sentence is None else in_locale(found.sentence),
        "early": found.early,
        "why": "" if found.why is None else in_locale(found.why),
        "samples": [{"name": name, "text": _value(value, setting), "value": _plain(value, setting)}
                    for name, value in samples.items()],
    }  # fmt: skip


def _value(value: Any, setting: Setting) -> str:
    if isinstance(value, datetime):
        return moment(value, setting.zone)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if value is None:
        return ""
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))[:MOST_SHOWN]


def _plain(value: Any, setting: Setting) -> str:
    """For the field in which the sample can be changed."""
    if isinstance(value, datetime):
        return value.astimezone(setting.calendar.zone).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(value: Any, zone: ZoneInfo) -> Any:
    """A sample as a person typed it: a date, an instant, a number, or text."""
    text = str(value)[:200].strip()
    try:
        if len(text) == len("2026-06-03"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo is not None else instant.replace(tzinfo=zone)
    except ValueError:
        pass
    try:
        found = Decimal(text)
    except ArithmeticError:
        return text
    return (int(found) if found == found.to_integral_value() else found) if found.is_finite() else text
