"""Numbers of letters: one after the other in a series and year, without a gap and without a double."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from sqlmodel import col

from engine.letters.errors import NumberPatternError
from engine.unit_of_work import UnitOfWork, inserting
from models import LetterCounter

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
KNOWN = ("number", "class", "unit", "year", "month", "month_roman")
LONGEST_PATTERN = 60
LONGEST_SERIES = 80
_PLACE = re.compile(r"\{([^{}:]*)(?::0?([1-9]))?\}")


def next_number(
    unit: UnitOfWork, series: str, year: int, pattern: str, *, month: int | None = None, **codes: str
) -> str:
    """The next number of `series` in `year`, written as `pattern` says: `{number:04}/SK-PPBJ/{month_roman}/{year}`.

    `codes`: what {class} and {unit} are. Take it as the last thing of an act: until the commit, whoever wants the next
    one waits. An act that fails gives its number back.
    """
    values = {"year": year, **_of_month(month), **codes}
    check_pattern(pattern, known=("number", *values))
    return written(pattern, {**values, "number": next_running(unit, series, year)})


def next_running(unit: UnitOfWork, series: str, year: int) -> int:
    """How many letters there are in the series and year, with this one."""
    counter = inserting(unit, LetterCounter).values(series=series, year=year, last=1)
    taken = counter.on_conflict_do_update(
        index_elements=["series", "year"],
        set_={"last": LetterCounter.__table__.c.last + 1},  # type: ignore[attr-defined]
    ).returning(col(LetterCounter.last))
    return int(unit.connection.execute(taken).scalar_one())


def series_of(office: str, pattern: str) -> str:
    """What is counted together: an office's letters whose numbers are written alike. So no two can be equal."""
    alike = _PLACE.sub(lambda match: f"{{{match[1]}}}", pattern)
    series = f"{office}:{alike}"
    return series if len(series) <= LONGEST_SERIES else f"{office}:{hashlib.sha256(alike.encode()).hexdigest()[:32]}"


def check_pattern(pattern: str, *, known: tuple[str, ...] = KNOWN) -> None:
    """NumberPatternError for a pattern that would not make different numbers, or that asks for what is not known."""
    names = [match[1] for match in _PLACE.finditer(pattern)]
    rest = _PLACE.sub("", pattern)
    fits = "number" in names and set(names) <= set(known) and len(pattern) <= LONGEST_PATTERN
    if not fits or "{" in rest or "}" in rest:
        raise NumberPatternError(pattern=pattern[:80], known=", ".join(f"{{{k}}}" for k in known))


def written(pattern: str, values: Mapping[str, Any]) -> str:
    """`{number:05}` has five figures; so has any other number."""

    def fill(match: re.Match[str]) -> str:
        value = values[match[1]]
        width = int(match[2]) if match[2] else 0
        return f"{value:0{width}d}" if isinstance(value, int) and width else str(value)

    return _PLACE.sub(fill, pattern)


def number_values(year: int, month: int, *, class_code: str, unit_code: str) -> dict[str, Any]:
    """What the tokens of a pattern are, but for the number itself."""
    return {"year": year, **_of_month(month), "class": class_code, "unit": unit_code}


def _of_month(month: int | None) -> dict[str, Any]:
    return {} if month is None else {"month": month, "month_roman": ROMAN[month - 1]}
