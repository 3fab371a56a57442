"""Days off and the reasons people are given for them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Why nobody works on a day. The values are stored."""

    NATIONAL = "libur_nasional"
    JOINT_LEAVE = "cuti_bersama"
    WEEKEND = "akhir_pekan"
    CLOSING = "tutup_instansi"

    @property
    def is_decided(self) -> bool:
        """Off because somebody decided so, not because of the weekday."""
        return self is not Kind.WEEKEND

    def title(self, locale: str = "id") -> str:
        return KIND_NAMES[self]["id" if locale.startswith("id") else "en"]


KIND_NAMES: dict[Kind, dict[str, str]] = {
    Kind.NATIONAL: {"id": "hari libur nasional", "en": "public holiday"},
    Kind.JOINT_LEAVE: {"id": "cuti bersama", "en": "joint leave"},
    Kind.WEEKEND: {"id": "bukan hari kerja dalam minggu", "en": "not a working weekday"},
    Kind.CLOSING: {"id": "hari tutup instansi", "en": "closing day of the agency"},
}


@dataclass(frozen=True, order=True)
class Holiday:
    """One day off by decision of somebody. Two on one date are two holidays."""

    day: date
    name: str
    kind: Kind = Kind.NATIONAL
    legal_source: str = ""
    tentative: bool = False
    """By estimate (moon sighting), not yet by decree."""
    name_en: str = ""

    def reason(self) -> "Reason":
        return Reason(self.kind, self.name, self.name_en or self.name, self.legal_source, self.tentative)


@dataclass(frozen=True)
class Reason:
    """Why a day is not a working day."""

    kind: Kind
    name: str
    name_en: str
    legal_source: str = ""
    tentative: bool = False

    def text(self, locale: str = "id") -> str:
        indonesian = locale.startswith("id")
        name = self.name if indonesian else self.name_en
        if not self.tentative:
            return name
        return f"{name}, {'perkiraan' if indonesian else 'estimate'}"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "name": self.name,
            "name_en": self.name_en,
            "legal_source": self.legal_source,
            "tentative": self.tentative,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Reason":
        return cls(Kind(stored["kind"]), stored["name"], stored["name_en"], stored["legal_source"], stored["tentative"])


def joined(reasons: tuple[Reason, ...]) -> Reason:
    """One reason for a day with several: all names, tentative only if every one is."""
    first = reasons[0]
    if len(reasons) == 1:
        return first
    return Reason(
        first.kind,
        " dan ".join(r.name for r in reasons),
        " and ".join(r.name_en for r in reasons),
        "; ".join(dict.fromkeys(r.legal_source for r in reasons if r.legal_source)),
        all(r.tentative for r in reasons),
    )
