"""What the address of an auditor's list of cases asks for: all of it, so that it can be kept and handed on."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

STATES = ("active", "suspended", "completed", "cancelled")
ORDERS = ("terbaru", "terlama", "selesai", "nomor")
LATENESS = ("0", "1", "3", "7", "30")
"""Late by more than so many days."""
DEVIATIONS = ("intervensi", "aturan", "pembuktian", "belum")
_NAMES = {
    "reference": "q",
    "person": "orang",
    "process": "proses",
    "programme": "program",
    "instansi": "instansi",
    "since": "sejak",
    "until": "sampai",
    "state": "keadaan",
    "late": "terlambat",
    "deviation": "simpangan",
    "order": "urut",
}
_ONE_OF = {"state": STATES, "late": LATENESS, "deviation": DEVIATIONS, "order": ORDERS}
_LONGEST = 80


@dataclass(frozen=True)
class Filters:
    """Empty values ask for nothing."""

    reference: str = ""
    """A case's number or its beginning, or a letter's number."""
    person: str = ""
    """`u-<account>` or `p-<participant>`: chosen on the page of persons, never typed."""
    process: str = ""
    programme: str = ""
    instansi: str = ""
    since: date | None = None
    until: date | None = None
    """Days on which cases began."""
    state: str = ""
    late: str = ""
    deviation: str = ""
    order: str = ORDERS[0]
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str], *, persons: bool) -> "Filters":
        """What cannot be understood asks for nothing. `persons`: may this reader ask for one?"""
        found: dict[str, object] = {}
        for field, name in _NAMES.items():
            value = arguments.get(name, "").strip()[:_LONGEST]
            if not value or (field in _ONE_OF and value not in _ONE_OF[field]):
                continue
            found[field] = _day(value) if field in ("since", "until") else value
        if not persons:
            found.pop("person", None)
        return cls(**found, after=arguments.get("sesudah"), before=arguments.get("sebelum"))  # type: ignore[arg-type]

    def arguments(self, **changes: object) -> dict[str, str]:
        """As query arguments, empty ones left out; a changed filter starts at the first page again."""
        chosen = replace(self, **changes)  # type: ignore[arg-type]
        values = {name: getattr(chosen, field) for field, name in _NAMES.items()}
        if chosen.order == ORDERS[0]:
            values.pop("urut")
        return {name: str(value) for name, value in values.items() if value}

    @property
    def further(self) -> bool:
        """Is any of those in use that are folded away?"""
        return bool(self.deviation or self.programme or self.instansi or self.since or self.until)

    @property
    def narrowed(self) -> bool:
        plain = replace(self, order=ORDERS[0], after=None, before=None)
        return any(getattr(plain, field.name) != field.default for field in fields(plain))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
