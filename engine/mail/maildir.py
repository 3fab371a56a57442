"""The folder (Maildir) into which the mail server puts what comes back: read what is new, then put it aside as seen."""

from datetime import datetime
from pathlib import Path

from engine.mail.bounces import MOST_BYTES, take_in
from engine.unit_of_work import Database

AT_ONCE = 100


def take_in_new(database: Database, folder: Path, now: datetime) -> int:
    """Take in up to AT_ONCE new messages; how many. One that is no bounce stays in the folder, seen, for people."""
    new, seen = folder / "new", folder / "cur"
    if not new.is_dir():
        return 0
    taken = 0
    for path in sorted(new.iterdir())[:AT_ONCE]:
        if not path.is_file() or path.is_symlink():
            continue
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES)
        with database.write() as unit:
            take_in(unit, raw, now)
        seen.mkdir(exist_ok=True)
        path.rename(seen / f"{path.name}:2,S")  # after the commit: read again after a crash, it changes nothing
        taken += 1
    return taken
