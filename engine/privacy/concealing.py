"""What a value that is not for this reader looks like: never its length, and no more of it than the rule shows.

The last digits of a number, the first letter of a name or of an address: enough to tell two of them apart and for a
person to know their own, too little to find anybody by.
"""

import re
from enum import StrEnum

from engine.texts import Text

HIDDEN = "•••"
"""Always three: how long the value is, is a part of it."""
MARK = Text("tersamar", "masked")


class Sort(StrEnum):
    """What kind of personal data a value is. What is none of them is PLAIN."""

    PLAIN = "plain"
    NAME = "name"
    NIP = "nip"
    NIK = "nik"
    NPWP = "npwp"
    NIB = "nib"
    PHONE = "phone"
    EMAIL = "email"
    UNSHOWN = "unshown"
    """Nothing of it is shown: birth, home, the name of an account elsewhere."""
    DOCUMENT = "document"
    OFFICIAL = "official"
    """The name of somebody who signs in office: personal only for a reader from outside."""


NUMBERS = frozenset({Sort.NIP, Sort.NIK, Sort.NPWP, Sort.NIB, Sort.PHONE})
_SHOWN_AT_THE_END = {Sort.NIP: 3, Sort.NIK: 4, Sort.NPWP: 4, Sort.NIB: 3, Sort.PHONE: 3}
_WHOLE = {Sort.NIP: (18,), Sort.NIK: (16,), Sort.NPWP: (15, 16, 22), Sort.NIB: (13,), Sort.PHONE: range(9, 16)}
"""How many digits such a number has: of what is no such number, nothing can be shown safely."""
_DIGIT = re.compile(r"\d")


def conceal(sort: Sort, value: str, locale: str = "id") -> str:
    """`value` as a reader sees it who may not know it; it says itself that it is masked."""
    return f"{_rest(sort, value.strip())} ({MARK.in_locale(locale)})"


def is_concealed(value: str) -> bool:
    return HIDDEN in value


def conceal_digits(number: str, locale: str = "id") -> str:
    """A number of which only its length tells what it may be."""
    count = len(_DIGIT.findall(number))
    sort = next((s for s in (Sort.NIP, Sort.NIK, Sort.NPWP) if count in _WHOLE[s]), None)
    return conceal(sort or Sort.UNSHOWN, number, locale)


def _rest(sort: Sort, value: str) -> str:
    if sort in NUMBERS:
        digits = "".join(_DIGIT.findall(value))
        return HIDDEN + digits[-_SHOWN_AT_THE_END[sort] :] if len(digits) in _WHOLE[sort] else HIDDEN
    if sort in (Sort.NAME, Sort.OFFICIAL):
        return " ".join(f"{word[:1].upper()}{HIDDEN}" for word in _words(value)[:3]) or HIDDEN
    if sort is Sort.EMAIL:
        name, at, domain = value.rpartition("@")
        return f"{name[:1]}{HIDDEN}@{domain}" if at and name[:1].isalpha() else HIDDEN
    return HIDDEN


def _words(name: str) -> list[str]:
    """The words of a name without its titles (“Dr.”, “S.Kom.”): those tell more than the initials."""
    return [word for word in name.split(",", maxsplit=1)[0].split() if "." not in word and word[:1].isalpha()]
