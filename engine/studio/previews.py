"""What an expression of a draft would give: a deadline or timer as a date with its reasons, anything else as a value.

Names that a case would bring are given samples, and each sample is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from calendars import WorkingCalendar, elapsed
from engine.due import due_of
from engine.errors import AlurError
from engine.expressions import READ_ONLY, EvaluationContext, evaluate, read
from engine.expressions.paths import paths_read
from engine.manifest import Manifest
from engine.spiff.timers import TimerError, after, cycle, instant
from engine.studio.vocabulary import Known
from engine.texts import Text

Kind = Literal["expression", "due", "timeDate", "timeDuration", "timeCycle"]
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Preview:
    """A moment with its sentence, or a value; `samples` are what was made up, `why` tells why there is neither."""

    at: datetime | None = None
    sentence: Text | None = None
    value: Any = None
    samples: Mapping[str, Any] | None = None
    early: bool = False
    """It is over when it begins."""
    why: Text | None = None


@dataclass(frozen=True)
class Setting:
    """In which moment, calendar and process it is tried."""

    opened: datetime
    calendar: WorkingCalendar
    manifest: Manifest | None
    known: Mapping[str, Known]
    given: Mapping[str, Any]
    """Samples that a person chose, by name."""
    words: Mapping[str, str]
    """The owner's own reason for a deadline, by language."""

    @property
    def zone(self) -> str:
        return str(self.calendar.zone)


def preview(source: str, kind: Kind, setting: Setting) -> Preview:
    """What it gives. Never raises for what a person could type."""
    names, samples = _names(source, kind, setting)
    context = EvaluationContext(now=setting.opened, calendar=setting.calendar)
    try:
        if kind == "expression":
            return Preview(value=evaluate(source, names, context), samples=samples)
        at, explanation = _moment(source, kind, names, context)
    except AlurError as error:
        return Preview(samples=samples, why=Text(error.message("id"), error.message("en")))
    except (ValueError, ArithmeticError, LookupError, TypeError):
        return Preview(samples=samples, why=Text("tidak menjadi tanggal atau waktu", "it gives no date or time"))
    if at is None:
        return Preview(samples=samples)
    told = explanation or elapsed(setting.opened, at, setting.zone, words=dict(setting.words))
    sentence = Text(told["sentence"]["id"], told["sentence"]["en"])
    return Preview(at, sentence, samples=samples, early=at <= setting.opened)


def _moment(
    source: str, kind: Kind, names: Mapping[str, Any], context: EvaluationContext
) -> tuple[datetime | None, dict[str, Any] | None]:
    if kind == "due":
        due = due_of(source, names, context)
        return (None, None) if due is None else (due.at, due.explanation)
    value = evaluate(source, names, context)
    explained = context.explanations[-1].to_json() if context.explanations else None
    if kind == "timeDuration":
        return after(value, context.now), explained
    if kind == "timeCycle":
        return cycle(value, context.now, context.zone).due_at, explained
    if value is None:
        raise TimerError(why="nothing")
    return instant(value, context.zone), explained


# --- samples --------------------------------------------------------------------------------------------------------


def _names(source: str, kind: Kind, setting: Setting) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the expression reads, with a sample for whatever a case would bring."""
    parameters = {} if setting.manifest is None else setting.manifest.parameter_values()
    names: dict[str, Any] = {
        "parameters": parameters,
        "case": {"id": "0" * 32, "number": "2026-0001", "starter": "0" * 32, "started_at": setting.opened,
                 "instansi": {"id": "0" * 32, "name": "Instansi Contoh"}},
        "programme": {"id": "0" * 32, "key": "contoh", "period": "2026"},
    }  # fmt: skip
    samples: dict[str, Any] = {}
    for chain in paths_read(read(source).tree, needed=True):
        parts = chain.split(".")
        if parts[0] in READ_ONLY:
            continue
        value = setting.given.get(chain, _sample(chain, kind, setting))
        if value is not None and _put(names, parts, value):
            samples[chain] = value
    return names, samples


def _put(names: dict[str, Any], parts: list[str], value: Any) -> bool:
    holder = names
    for part in parts[:-1]:
        inner = holder.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        holder = inner
    holder.setdefault(parts[-1], value)
    return True


def _sample(chain: str, kind: Kind, setting: Setting) -> Any:
    known = setting.known.get(chain)
    if known is not None and known.options:
        return known.options[0]
    day: date = (setting.opened + AHEAD).astimezone(setting.calendar.zone).date()
    by_type: dict[str, Any] = {
        "text": "contoh", "textarea": "contoh", "number": 5, "boolean": True, "checkbox": True, "date": day,
        "datetime": setting.opened + AHEAD, "list": [], "choices": [],
    }  # fmt: skip
    found = by_type.get(known.type) if known is not None else None
    if kind != "expression" and (found is None or isinstance(found, str)):
        return setting.opened + AHEAD
    return found
