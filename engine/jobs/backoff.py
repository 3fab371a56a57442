"""How long to wait before trying again: longer each time, and not everybody at the same instant."""

from datetime import timedelta
from hashlib import sha256

FIRST = timedelta(seconds=10)
FACTOR = 6.0
LONGEST = timedelta(hours=1)
SPREAD = 0.2


def delay(attempts: int, key: str) -> timedelta:
    """The wait after the `attempts`-th failure. `key` spreads a crowd that failed together, always the same way."""
    seconds = FIRST.total_seconds() * FACTOR ** min(attempts - 1, 10)
    plain = min(timedelta(seconds=seconds), LONGEST)
    part = sha256(f"{key}:{attempts}".encode()).digest()[0] / 255
    return plain * (1 + SPREAD * part)
