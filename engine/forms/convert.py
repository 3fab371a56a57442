"""From what was sent to a typed value, by the field's kind. Refuses; never guesses, never raises anything else."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms.faults import fault
from engine.forms.model import Fault, Field, FormContext, Kind, Option
from engine.forms.numbers import AmbiguousNumberError, read_date, read_instant, read_number, read_time
from engine.forms.sources import UnknownFieldSourceError
from engine.identifiers import Parsed, parse_golongan, parse_mobile, parse_nib, parse_nik, parse_nip, parse_npwp

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}\Z")
_TRUE = frozenset({"on", "true", "1", "ya", "yes"})
_FALSE = frozenset({"", "off", "false", "0", "tidak", "no"})
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MAX_NOTE = 2_000


class Refusal(Exception):  # noqa: N818 -- it is an answer, not a failure
    """The value cannot be taken, for these reasons."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = list(faults)
        super().__init__(*(f.code for f in faults))


@dataclass
class Asking:
    """One field being answered: what the converters may look at, and where they leave warnings and file ids."""

    field: Field
    context: FormContext
    names: Mapping[str, Any]
    options: tuple[Option, ...]
    warnings: list[Fault]
    attachments: list[str]

    def refuse(self, code: str, **values: Any) -> Refusal:
        return Refusal(fault(code, label=self.field.label, **values))


def convert(raw: Any, asking: Asking) -> Any:
    """The typed value, None where nothing was answered. Raises `Refusal`."""
    return _CONVERTERS[asking.field.kind](raw, asking)


def _text(raw: Any, asking: Asking, *, lines: bool = False) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise asking.refuse("wrong_type")
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        text = " ".join(text.replace("\t", " ").split("\n"))
    for character in text:
        if _invisible(character) and not (lines and character in "\n\t"):
            raise asking.refuse("bad_character", character=f"U+{ord(character):04X}")
    return text.strip() or None


def _invisible(character: str) -> bool:
    """Control characters, half surrogates and direction switches: they hide or break what others will read."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDI


def _textarea(raw: Any, asking: Asking) -> str | None:
    return _text(raw, asking, lines=True)


def _number(raw: Any, asking: Asking) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    decimals = asking.field.rules.decimals
    try:
        number = read_number(raw, whole=decimals == 0)
    except AmbiguousNumberError:
        whole, fraction = str(raw).strip().replace(".", ""), str(raw).strip().replace(".", ",")
        raise asking.refuse("ambiguous_number", raw=str(raw).strip(), whole=whole, fraction=fraction) from None
    except ValueError:
        raise asking.refuse("not_a_number") from None
    exponent = number.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if decimals == 0:
        if places:
            raise asking.refuse("not_whole")
        return int(number)
    if places > (10 if decimals is None else decimals):
        raise asking.refuse("too_many_decimals", limit=10 if decimals is None else decimals)
    return number


def _checkbox(raw: Any, asking: Asking) -> bool:
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    if isinstance(raw, str) and raw.strip().lower() in _TRUE | _FALSE:
        return raw.strip().lower() in _TRUE
    raise asking.refuse("wrong_type")


def _choice(raw: Any, asking: Asking) -> str | None:
    text = _text(raw, asking)
    if text is not None and text not in {o.value for o in asking.options}:
        raise asking.refuse("not_an_option")
    return text


def _choices(raw: Any, asking: Asking) -> list[str] | None:
    given = [raw] if isinstance(raw, str) else raw
    if given is None:
        return None
    if not isinstance(given, (list, tuple)) or not all(isinstance(v, str) for v in given):
        raise asking.refuse("wrong_type")
    chosen = {v for v in given if v}
    if chosen - {o.value for o in asking.options}:
        raise asking.refuse("not_an_option")
    return [o.value for o in asking.options if o.value in chosen] or None


def _temporal(read: Callable[[Any, FormContext], Any], code: str) -> Callable[[Any, Asking], Any]:
    def _read(raw: Any, asking: Asking) -> Any:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        try:
            return read(raw, asking.context)
        except (ValueError, OverflowError):
            raise asking.refuse(code) from None

    return _read


def _identifier(parse: Callable[[str, Asking], Parsed]) -> Callable[[Any, Asking], str | None]:
    def _read(raw: Any, asking: Asking) -> str | None:
        text = _text(raw, asking)
        if text is None:
            return None
        if len(text) > 100:
            raise asking.refuse("too_long", limit=100, actual=len(text))
        parsed = parse(text, asking)
        if parsed.errors:
            raise Refusal(*(Fault(p.code, p.text) for p in parsed.errors))
        asking.warnings += [Fault(p.code, p.text) for p in parsed.warnings]
        return parsed.value

    return _read


def _nip(text: str, asking: Asking) -> Parsed:
    kind: Any = asking.field.properties.get("nip_kind", "pns")
    return parse_nip(text, today=asking.context.today, kind=kind)


def _email(raw: Any, asking: Asking) -> str | None:
    text = _text(raw, asking)
    if text is None:
        return None
    if len(text) > 254 or not _EMAIL.match(text) or ".." in text:
        raise asking.refuse("not_an_email")
    return text.lower()


def _document(raw: Any, asking: Asking) -> Any:
    given = raw if isinstance(raw, (list, tuple)) else [raw]
    ids = [v.get("id") if isinstance(v, Mapping) else v for v in given if v not in (None, "")]
    limit = asking.field.rules.max_items if asking.field.multiple else 1
    if len(ids) > limit:
        raise asking.refuse("too_many_items", limit=limit) if asking.field.multiple else asking.refuse("one_document")
    if len({str(i) for i in ids}) != len(ids):
        raise asking.refuse("unknown_document")
    values = [_attached(i, asking) for i in ids]
    asking.attachments += [v["id"] for v in values]
    if asking.field.multiple:
        return values or None
    return values[0] if values else None


def _attached(attachment_id: Any, asking: Asking) -> dict[str, Any]:
    """Only a file that was uploaded for this very field, in this task or earlier in this case."""
    found = asking.context.attachments.get(attachment_id) if isinstance(attachment_id, str) else None
    if found is None or found.field != asking.field.path:
        raise asking.refuse("unknown_document")
    if found.kind not in asking.field.rules.accept:
        raise asking.refuse("wrong_kind", accepted=", ".join(asking.field.rules.accept).upper())
    return found.value()


def _review(raw: Any, asking: Asking) -> dict[str, Any] | None:
    """Every visible row as `{"ok": true/false/None, "note": text}`; rows that are not asked are not taken."""
    if raw is not None and not isinstance(raw, Mapping):
        raise asking.refuse("wrong_type")
    rows = {o.value: _answer((raw or {}).get(o.value), asking) for o in asking.options}
    return rows if any(a["ok"] is not None or a["note"] for a in rows.values()) else None


def _answer(raw: Any, asking: Asking) -> dict[str, Any]:
    if raw is not None and not isinstance(raw, Mapping):
        raise asking.refuse("wrong_type")
    answer, note = (raw or {}).get("ok"), _textarea((raw or {}).get("note"), asking) or ""
    if len(note) > MAX_NOTE:
        raise asking.refuse("too_long", limit=MAX_NOTE, actual=len(note))
    if answer is None or answer == "":
        return {"ok": None, "note": note}
    return {"ok": _checkbox(answer, asking), "note": note}


def _source(raw: Any, asking: Asking) -> Any:
    """What a registered source makes of the typed text; a record given back is read by its id or name."""
    name, lookups = asking.field.source or "", asking.context.lookups
    if lookups is None:
        raise UnknownFieldSourceError(name=name)
    if isinstance(raw, Mapping):
        raw = raw.get("id" if lookups.source(name).closed else "name")
    text = _text(raw, asking)
    if text is None:
        return None
    if len(text) > 500:
        raise asking.refuse("too_long", limit=500, actual=len(text))
    resolved = lookups.resolve(name, text, asking.names)
    if isinstance(resolved, Fault):
        raise Refusal(resolved)
    return resolved


_CONVERTERS: Mapping[Kind, Callable[[Any, Asking], Any]] = {
    "text": _text,
    "textarea": _textarea,
    "number": _number,
    "checkbox": _checkbox,
    "choice": _choice,
    "choices": _choices,
    "date": _temporal(lambda raw, _: read_date(raw), "not_a_date"),
    "datetime": _temporal(lambda raw, context: read_instant(raw, context.zone), "not_a_date"),
    "time": _temporal(lambda raw, _: read_time(raw), "not_a_time"),
    "document": _document,
    "review": _review,
    "source": _source,
    "nip": _identifier(_nip),
    "nik": _identifier(lambda text, _: parse_nik(text)),
    "npwp": _identifier(lambda text, _: parse_npwp(text)),
    "nib": _identifier(lambda text, _: parse_nib(text)),
    "golongan": _identifier(lambda text, _: parse_golongan(text)),
    "mobile": _identifier(lambda text, _: parse_mobile(text)),
    "email": _email,
}
