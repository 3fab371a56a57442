"""What a season consists of: who the people are and how each of them fares. Drawn from a seed: the same every time."""

import random
from dataclasses import dataclass
from datetime import date

JENJANG = ("pertama", "muda", "madya")
GOLONGAN = {"pertama": ("III/a", "III/b"), "muda": ("III/c", "III/d"), "madya": ("IV/a", "IV/b")}
GIVEN = (
    "Adi",
    "Ayu",
    "Bambang",
    "Citra",
    "Dedi",
    "Eka",
    "Fitri",
    "Gita",
    "Hadi",
    "Intan",
    "Joko",
    "Kartika",
    "Lukman",
    "Maria",
    "Nanda",
    "Oki",
    "Putri",
    "Rahmat",
    "Siti",
    "Taufik",
    "Umi",
    "Vina",
    "Wahyu",
    "Yusuf",
    "Zahra",
)
FAMILY = (
    "Pratama",
    "Lestari",
    "Nugroho",
    "Siregar",
    "Wijaya",
    "Hasibuan",
    "Saputra",
    "Rahayu",
    "Tampubolon",
    "Gunawan",
    "Maulana",
    "Ginting",
    "Kusuma",
    "Halim",
    "Nasution",
    "Santoso",
)


@dataclass(frozen=True)
class Fate:
    """One participant's way: what is wrong at first, and what comes of each exam."""

    number: int
    nip: str
    name: str
    birth_date: date
    jenjang: str
    golongan: str
    email: str
    method: str
    faulty_rounds: int
    """Verifications that find a document wanting; 99: it is never repaired."""
    outcomes: tuple[str, ...]
    """Of the exams, one after the other: lulus | tidak_lulus | tidak_hadir."""
    unsuitable_rounds: int
    """Times a portfolio is Tidak Sesuai before it is right; 99: it is not repaired in time."""
    withdraws: bool
    waits: bool
    """Joins the waiting list of a full schedule rather than look for another."""


def draw(number: int, seed: int) -> Fate:
    """The fate of participant `number`."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 -- a story, not a secret
    jenjang = chance.choices(JENJANG, (60, 32, 8))[0]
    born = date(chance.randint(1972, 1996), chance.randint(1, 12), chance.randint(1, 28))
    appointed = min(born.year + chance.randint(22, 30), 2022)
    sex = chance.choice("12")
    # The number itself is in the serial and the month, so that no two NIPs of a season are equal.
    nip = f"{born:%Y%m%d}{appointed}{number // 999 % 12 + 1:02}{sex}{number % 999 + 1:03}"
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    failures = chance.choices((0, 1, 2), (82, 14, 4))[0]
    misses = tuple(chance.choices(("tidak_lulus", "tidak_hadir"), (85, 15))[0] for _ in range(failures))
    return Fate(
        number=number,
        nip=nip,
        name=name,
        birth_date=born,
        jenjang=jenjang,
        golongan=chance.choice(GOLONGAN[jenjang]),
        email=f"peserta{number:05}@contoh.go.id",
        method=chance.choices(("tes_tertulis", "portofolio"), (65, 35))[0],
        faulty_rounds=chance.choices((0, 1, 2, 99), (85, 11, 2, 2))[0],
        outcomes=(*misses, "lulus"),
        unsuitable_rounds=chance.choices((0, 1, 99), (80, 17, 3))[0],
        withdraws=chance.random() < 0.01,
        waits=chance.random() < 0.3,
    )
