"""Finds personal numbers and addresses in any text: those of the case by what they are, others by how they look."""

import re
from collections.abc import Callable
from functools import lru_cache

from engine.privacy.concealing import Sort, conceal, conceal_digits
from engine.privacy.people import People

_EMAIL = r"(?P<email>[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)"
_CODE = r"(?P<code>(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![0-9A-Za-z]))"
"""A digest or an id of ours: digits in it are nobody's."""
_TIME = r"(?P<time>(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)?(?!\d))"
_AMOUNT = r"(?P<amount>(?<!\d)\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?![\d.\-]))"
_PHONE = r"(?P<phone>(?<!\d)(?:\+62|62|0)[ .\-()]{0,2}8[1-9](?:[ .\-]?\d){7,10}(?!\d))"
_NUMBER = r"(?P<number>(?<!\d)\d(?:[ .\-/]?\d){12,}(?!\d))"
_ANY = re.compile(f"{_CODE}|{_EMAIL}|{_TIME}|{_PHONE}|{_AMOUNT}|{_NUMBER}", re.ASCII)


def conceal_patterns(words: str, locale: str = "id") -> str:
    """Whatever looks like an address, a mobile number or a number of thirteen digits and more."""

    def replaced(found: re.Match[str]) -> str:
        if found.lastgroup == "email":
            return conceal(Sort.EMAIL, found[0], locale)
        if found.lastgroup == "phone":
            return conceal(Sort.PHONE, found[0], locale)
        return conceal_digits(found[0], locale) if found.lastgroup == "number" else found[0]

    return _ANY.sub(replaced, words)


def concealer(people: People, locale: str = "id") -> Callable[[str], str]:
    """A function that takes everything of these people out of a text, and whatever else looks personal."""
    known = _known(
        frozenset(people.names), frozenset(people.numbers), frozenset(people.addresses), frozenset(people.codes)
    )
    sorts = people.numbers

    def replaced(found: re.Match[str]) -> str:
        if found.lastgroup == "name":
            return conceal(Sort.NAME, found[0], locale)
        if found.lastgroup == "address":
            return conceal(Sort.EMAIL, found[0], locale)
        if found.lastgroup == "word":
            return conceal(Sort.UNSHOWN, found[0], locale)
        digits = re.sub(r"\D", "", found[0])
        sort = next((s for d, s in sorts.items() if digits.endswith(d)), Sort.UNSHOWN)
        return conceal(sort, found[0], locale)

    def concealed(words: str) -> str:
        return conceal_patterns(words if known is None else known.sub(replaced, words), locale)

    return concealed


@lru_cache(maxsize=64)
def _known(
    names: frozenset[str], numbers: frozenset[str], addresses: frozenset[str], codes: frozenset[str]
) -> re.Pattern[str] | None:
    """Longest first, so that a whole name goes before the part of it that is somebody else's."""
    parts = []
    if addresses:
        parts.append(f"(?P<address>{'|'.join(re.escape(a) for a in _longest_first(addresses))})")
    if codes:
        parts.append(rf"(?P<word>(?<!\w)(?:{'|'.join(re.escape(c) for c in _longest_first(codes))})(?!\w))")
    if numbers:
        digits = "|".join(r"[\s.\-/]*".join(number) for number in _longest_first(numbers))
        parts.append(rf"(?P<digits>(?:\+?62[\s.\-()]*|0[\s.\-]*)?(?:{digits}))")
    if names:
        written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in _longest_first(names))
        parts.append(rf"(?P<name>(?<!\w)(?:{written})(?!\w))")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _longest_first(words: frozenset[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
