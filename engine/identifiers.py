"""Identifiers of Indonesian administration: read what people type, store it bare, show it as printed, mask it.

Pure functions. An error makes the value unusable; a warning is worth a second look only.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.texts import Text

GOLONGAN = (
    *(f"{roman}/{letter}" for roman in ("I", "II", "III") for letter in "abcd"),
    *(f"IV/{letter}" for letter in "abcde"),
)
NipKind = Literal["pns", "pppk", "nrp"]
_GROUPING = re.compile(r"[\s.\-/]+")


@dataclass(frozen=True)
class Problem:
    """What is wrong with an identifier, under a stable code."""

    code: str
    text: Text


@dataclass(frozen=True)
class Parsed:
    """`value` is what is stored, or None when there are errors."""

    value: str | None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def parse_nip(raw: str, *, today: date, kind: NipKind = "pns") -> Parsed:
    """A civil servant's number: birth date, month of appointment, sex, serial. PPPK and NRP are digits only."""
    digits = _bare(raw)
    if kind == "nrp":
        return _of_length(digits, range(6, 19), "nip_length", Text("NRP 6–18 angka.", "An NRP has 6–18 digits."))
    if not _digits(digits, 18):
        return _error("nip_length", Text("NIP terdiri atas 18 angka.", "A NIP has 18 digits."))
    problems = tuple(_nip_problems(digits, today))
    if kind == "pppk":
        return Parsed(digits, warnings=problems)
    return Parsed(None if problems else digits, errors=problems)


def _nip_problems(digits: str, today: date) -> list[Problem]:
    found = []
    born = _date(digits[:4], digits[4:6], digits[6:8])
    appointed = _date(digits[8:12], digits[12:14], "01")
    if born is None:
        found.append(
            Problem(
                "nip_birth",
                Text(
                    "8 angka pertama NIP bukan tanggal lahir yang ada.",
                    "The first 8 digits of the NIP are no real birth date.",
                ),
            )
        )
    if appointed is None:
        found.append(
            Problem(
                "nip_appointment",
                Text(
                    "Angka ke-9 sampai ke-14 NIP bukan tahun dan bulan pengangkatan.",
                    "Digits 9–14 of the NIP are no year and month of appointment.",
                ),
            )
        )
    elif appointed > today:
        found.append(
            Problem(
                "nip_future",
                Text("Pengangkatan pada NIP ada di masa depan.", "The appointment in the NIP lies in the future."),
            )
        )
    if born and appointed and (appointed.year, appointed.month) < (born.year + 18, born.month):
        found.append(
            Problem(
                "nip_age",
                Text(
                    "Menurut NIP, pengangkatan terjadi sebelum usia 18 tahun.",
                    "By the NIP, the appointment came before the age of 18.",
                ),
            )
        )
    if digits[14] not in "12":
        found.append(
            Problem(
                "nip_sex",
                Text(
                    "Angka ke-15 NIP harus 1 (laki-laki) atau 2 (perempuan).",
                    "Digit 15 of the NIP must be 1 (man) or 2 (woman).",
                ),
            )
        )
    if digits[15:] == "000":
        found.append(Problem("nip_serial", Text("Nomor urut NIP dimulai dari 001.", "A NIP's serial begins at 001.")))
    return found


def parse_nik(raw: str, *, born: date | None = None) -> Parsed:
    """A citizen's number. It never changes when a person moves, so that only its shape is an error."""
    digits = _bare(raw)
    if not _digits(digits, 16):
        return _error("nik_length", Text("NIK terdiri atas 16 angka.", "A NIK has 16 digits."))
    warnings = []
    day = int(digits[6:8])
    day_of_birth, month, year = (day - 40 if day > 40 else day), int(digits[8:10]), digits[10:12]
    if not any(_date(century + year, f"{month:02}", f"{day_of_birth:02}") for century in ("19", "20")):
        warnings.append(
            Problem("nik_birth", Text("NIK tidak memuat tanggal lahir yang ada.", "The NIK holds no real birth date."))
        )
    elif born and (born.day, born.month, f"{born.year % 100:02}") != (day_of_birth, month, year):
        warnings.append(
            Problem(
                "nik_other_birth",
                Text(
                    "Tanggal lahir pada NIK berbeda dengan yang diisi.",
                    "The NIK's birth date differs from the one given.",
                ),
            )
        )
    return Parsed(digits, warnings=tuple(warnings))


def parse_npwp(raw: str) -> Parsed:
    """A taxpayer's number, stored with 16 digits: an old one of 15 gets the 0 it has in the new form.

    A branch's NITKU has 22 digits and is kept as it is.
    """
    digits = _bare(raw)
    if not any(_digits(digits, n) for n in (15, 16, 22)):
        return _error("npwp_length", Text("NPWP terdiri atas 15 atau 16 angka.", "An NPWP has 15 or 16 digits."))
    stored = "0" + digits if len(digits) == 15 else digits
    # A person's new NPWP is the NIK, which has no check digit; others are 0 + the old number, whose 9th digit is one.
    wrong = len(stored) == 16 and stored.startswith("0") and not _luhn(stored[1:10])
    return Parsed(stored, warnings=(_NPWP_CHECK,) if wrong else ())


_NPWP_CHECK = Problem("npwp_check", Text("Angka pemeriksa NPWP tidak cocok; periksa kembali.",
                                         "The NPWP's check digit does not fit; look again."))  # fmt: skip


def parse_nib(raw: str) -> Parsed:
    """A business's number: 13 digits."""
    return _of_length(_bare(raw), (13,), "nib_length", Text("NIB terdiri atas 13 angka.", "A NIB has 13 digits."))


def parse_golongan(raw: str) -> Parsed:
    """A rank such as III/c, however it was spaced or capitalised."""
    roman, slash, letter = raw.replace(" ", "").partition("/")
    rank = f"{roman.upper()}/{letter.lower()}"
    if slash and rank in GOLONGAN:
        return Parsed(rank)
    return _error(
        "golongan",
        Text("Golongan ditulis seperti III/c (I/a sampai IV/e).", "A rank is written like III/c (I/a to IV/e)."),
    )


def parse_mobile(raw: str) -> Parsed:
    """An Indonesian mobile number, stored as +62…"""
    number = re.sub(r"[\s.\-()]+", "", raw)
    found = re.fullmatch(r"(?:\+62|62|0)(8[1-9][0-9]{7,10})", number)
    if found is None:
        return _error(
            "mobile",
            Text("Nomor ponsel ditulis seperti 0812 3456 7890.", "A mobile number is written like 0812 3456 7890."),
        )
    return Parsed("+62" + found[1])


def format_nip(nip: str) -> str:
    """19860926 201505 1 001"""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if len(nip) == 18 else nip


def format_npwp(npwp: str) -> str:
    """The old printed form where it has one (01.234.567.8-901.000), else groups of four."""
    if len(npwp) == 16 and npwp.startswith("0"):
        n = npwp[1:]
        return f"{n[:2]}.{n[2:5]}.{n[5:8]}.{n[8]}-{n[9:12]}.{n[12:]}"
    return " ".join(npwp[i : i + 4] for i in range(0, len(npwp), 4))


def format_mobile(mobile: str) -> str:
    """+62 812 3456 7890"""
    if not mobile.startswith("+62"):
        return mobile
    number = mobile[3:]
    return " ".join(part for part in ("+62", number[:3], number[3:7], number[7:]) if part)


def mask(value: str, *, front: int = 0, back: int = 4) -> str:
    """All but the ends hidden; a short value is hidden whole."""
    if len(value) <= front + back:
        return "•" * len(value)
    return value[:front] + "•" * (len(value) - front - back) + value[len(value) - back :]


def mask_nik(nik: str) -> str:
    """The last four digits stay: enough to recognise one's own."""
    return mask(nik)


def mask_npwp(npwp: str) -> str:
    return mask(npwp)


def mask_mobile(mobile: str) -> str:
    return mask(mobile, front=3, back=3)


def mask_email(email: str) -> str:
    """n•••@contoh.go.id"""
    name, at, domain = email.partition("@")
    return f"{name[:1]}•••{at}{domain}" if at else mask(email)


def _bare(raw: str) -> str:
    return _GROUPING.sub("", raw)


def _digits(text: str, length: int) -> bool:
    """ASCII digits only: other scripts' digits look right and compare wrong."""
    return len(text) == length and text.isascii() and text.isdigit()


def _of_length(digits: str, lengths: range | tuple[int, ...], code: str, text: Text) -> Parsed:
    return Parsed(digits) if len(digits) in lengths and _digits(digits, len(digits)) else _error(code, text)


def _error(code: str, text: Text) -> Parsed:
    return Parsed(None, errors=(Problem(code, text),))


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _luhn(digits: str) -> bool:
    """Every second digit from the left doubled, as the tax office does for the first nine digits."""
    total = 0
    for position, digit in enumerate(digits):
        number = int(digit) * (2 if position % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0
