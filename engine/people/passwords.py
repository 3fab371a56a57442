"""Passwords: argon2id, and the few rules that help. Length counts; forced signs and yearly changes do not."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.texts import Text

SHORTEST = 12
LONGEST = 200
_hasher = PasswordHasher()
# Verified when there is no such account, so that the answer takes as long as for one that exists.
_NOBODY = _hasher.hash("nobody has this password")

COMMON_PARTS = (
    "password",
    "katasandi",
    "rahasia",
    "indonesia",
    "qwerty",
    "123456",
    "sandi123",
    "admin123",
    "bismillah",
)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Takes equally long whether there is a stored password or not."""
    try:
        matched = _hasher.verify(stored or _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return matched and stored is not None


def outdated(stored: str) -> bool:
    """Was it hashed with weaker settings than today's?"""
    return _hasher.check_needs_rehash(stored)


def password_faults(password: str, *, email: str = "", name: str = "") -> list[Text]:
    """Why this password is not good enough; all reasons at once."""
    faults = []
    low = password.lower()
    if len(password) < SHORTEST:
        faults.append(
            Text(f"Kata sandi paling sedikit {SHORTEST} karakter.", f"A password has at least {SHORTEST} characters.")
        )
    if len(password) > LONGEST:
        faults.append(
            Text(f"Kata sandi paling banyak {LONGEST} karakter.", f"A password has at most {LONGEST} characters.")
        )
    if len(set(low)) < 5:
        faults.append(
            Text(
                "Kata sandi memakai terlalu sedikit karakter yang berbeda.",
                "The password uses too few different characters.",
            )
        )
    personal = [part for part in (email.partition("@")[0].lower(), *name.lower().split()) if len(part) >= 4]
    if any(part in low for part in personal):
        faults.append(Text("Kata sandi memuat nama atau surel Anda.", "The password contains your name or e-mail."))
    if any(low.strip("0123456789!@#$.") == part.strip("0123456789") for part in COMMON_PARTS) or low.isdigit():
        faults.append(Text("Kata sandi ini mudah ditebak.", "This password is easy to guess."))
    return faults
