"""Registers that other bodies keep: OSS for companies, Dukcapil for citizens. Behind interfaces, for both lie outside.

What stands here are simulations, and every answer of theirs says so: `source` ends with “(simulasi)” and is shown as it
is. A real client takes their place in `handlers.register_all`; nothing else knows which of the two it is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.identifiers import parse_nik

SIMULATED_OSS = "OSS (simulasi)"
SIMULATED_DUKCAPIL = "Dukcapil (simulasi)"


@dataclass(frozen=True)
class Registered:
    """A company as OSS has it: its name, and each leader with their citizenship (wni | wna)."""

    nib: str
    name: str
    leaders: tuple[tuple[str, str], ...]


class BusinessRegister(Protocol):
    """OSS: what is registered under a NIB."""

    @property
    def source(self) -> str:
        """What the answer is called in the interface."""

    def company(self, nib: str) -> Registered | None:
        """The company of this NIB, or None."""


class PopulationRegister(Protocol):
    """Dukcapil: does this NIK belong to somebody born on this day?"""

    @property
    def source(self) -> str:
        """What the answer is called in the interface."""

    def agrees(self, nik: str, name: str, born: date) -> bool:
        """Do number, name and birthday belong together?"""


SAMPLES = (
    Registered(
        "9120001234567",
        "PT Sakura Teknik Indonesia",
        (("Hiroshi Tanaka", "wna"), ("Yuki Sato", "wna")),
    ),
    Registered("9120007654321", "PT Borneo Karya Mandiri", (("Andi Kurniawan", "wni"), ("Rina Halim", "wni"))),
    Registered("9120005550001", "PT Nusantara Nordik", (("Lars Nielsen", "wna"), ("Agus Wibowo", "wni"))),
)


@dataclass(frozen=True)
class SimulatedOss:
    """A few made-up companies."""

    source: str = SIMULATED_OSS
    companies: tuple[Registered, ...] = SAMPLES

    def company(self, nib: str) -> Registered | None:
        return next((one for one in self.companies if one.nib == nib), None)


@dataclass(frozen=True)
class SimulatedDukcapil:
    """Knows nobody: it looks whether the NIK can belong to somebody born on that day."""

    source: str = SIMULATED_DUKCAPIL

    def agrees(self, nik: str, name: str, born: date) -> bool:  # noqa: ARG002 -- the real register compares the name
        parsed = parse_nik(nik, born=born)
        return parsed.value is not None and not parsed.warnings
