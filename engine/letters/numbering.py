"""Numbers of letters: one after the other in a series and year, without a gap and without a double."""

import re

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from engine.letters.errors import NumberPatternError
from engine.unit_of_work import UnitOfWork
from models import LetterCounter

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
KNOWN = ("number", "year", "month", "month_roman")
_PLACE = re.compile(r"\{([^{}:]*)(?::0?([1-9]))?\}")


def next_number(unit: UnitOfWork, series: str, year: int, pattern: str, *, month: int | None = None) -> str:
    """The next number of `series` in `year`, written as `pattern` says: `{number:04}/SK-PPBJ/{month_roman}/{year}`.

    Take it as the last thing of an act: until the commit, whoever wants the next one waits. An act that fails gives
    its number back.
    """
    check_pattern(pattern, with_month=month is not None)
    dialect = postgresql if unit.is_postgresql else sqlite
    counter = dialect.insert(LetterCounter).values(series=series, year=year, last=1)
    taken = counter.on_conflict_do_update(
        index_elements=["series", "year"],
        set_={"last": LetterCounter.__table__.c.last + 1},  # type: ignore[attr-defined]
    ).returning(col(LetterCounter.last))
    return _written(pattern, unit.connection.execute(taken).scalar_one(), year, month)


def check_pattern(pattern: str, *, with_month: bool = True) -> None:
    """NumberPatternError for a pattern that would not make different numbers, or that asks for what is not known."""
    names = [match[1] for match in _PLACE.finditer(pattern)]
    known = KNOWN if with_month else KNOWN[:2]
    rest = _PLACE.sub("", pattern)
    if "number" not in names or not set(names) <= set(known) or "{" in rest or "}" in rest or len(pattern) > 60:
        raise NumberPatternError(pattern=pattern[:80], known=", ".join(f"{{{k}}}" for k in known))


def _written(pattern: str, number: int, year: int, month: int | None) -> str:
    values = {"number": number, "year": year, "month": month, "month_roman": ROMAN[month - 1] if month else ""}

    def fill(match: re.Match[str]) -> str:
        value = values[match[1]]
        width = int(match[2]) if match[2] else 0
        return f"{value:0{width}d}" if isinstance(value, int) and width else str(value)

    return _PLACE.sub(fill, pattern)
