"""What the address of the list of looks asks for."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.privacy.seen import LOOKS


@dataclass(frozen=True)
class Filters:
    """`reader` and `subject` are people; who may not look for people cannot ask for them."""

    number: str = ""
    kind: str = ""
    reader: str = ""
    """Part of a name or an address, or `u-` with the id of an account."""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any, *, persons: bool) -> "Filters":
        kind = arguments.get("jenis", "")
        return cls(
            number=arguments.get("kasus", "").strip()[:24],
            kind=kind if kind in {str(one) for one in LOOKS} else "",
            reader=arguments.get("pembaca", "").strip()[:100] if persons else "",
            subject=arguments.get("orang", "")[:40] if persons else "",
            since=_day(arguments.get("sejak")),
            until=_day(arguments.get("sampai")),
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, empty ones left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {
            "kasus": chosen.number,
            "jenis": chosen.kind,
            "pembaca": chosen.reader,
            "orang": chosen.subject,
            "sejak": chosen.since.isoformat() if chosen.since else "",
            "sampai": chosen.until.isoformat() if chosen.until else "",
        }
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.arguments())


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
