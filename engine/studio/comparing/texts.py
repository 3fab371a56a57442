"""Letters, mails, notes, and whatever else is only lines: which lines differ, in their own words."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from engine.studio.comparing.records import Area, Change, Kind
from engine.studio.comparing.words import joined, quoted
from engine.texts import Text

MOST = 30
"""Beyond so many places, a file has become another one, and is said to have."""


def compare_lines(area: Area, file: str, name: Text, before: bytes, after: bytes) -> Iterator[Change]:
    """A change for each place where lines differ."""
    old, new = _lines(before), _lines(after)
    if old is None or new is None:
        yield Change("changed", area, file, "", Text(f"{name.id} diganti", f"{name.en} was replaced"))
        return
    places = [code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"]
    if len(places) > MOST:
        count = len(places)
        yield Change(
            "changed", area, file, "", Text(f"{name.id} ditulis ulang di {count} tempat",
                                            f"{name.en} was rewritten in {count} places"),
        )  # fmt: skip
        return
    for _, first, last, start, end in places:
        yield _place(area, file, name, (old[first:last], first), (new[start:end], start))


def _place(area: Area, file: str, name: Text, was: tuple[list[str], int], now: tuple[list[str], int]) -> Change:
    (gone, first), (come, start) = was, now
    line = (start if come else first) + 1
    where = Text(f"{name.id}, baris {line}: ", f"{name.en}, line {line}: ")
    old, new = ([text.strip() for text in side if text.strip()] for side in (gone, come))
    kind: Kind = "changed"
    if not old and not new:
        what = Text("hanya baris kosong", "only empty lines")
    elif not old:
        kind, what = "added", Text(f"ditambahkan {_said(new)}", f"added {_said(new)}")
    elif not new:
        kind, what = "removed", Text(f"dihapus {_said(old)}", f"removed {_said(old)}")
    else:
        what = Text(f"{_said(old)} → {_said(new)}")
    return Change(kind, area, file, str(line), joined(where, what), "\n".join(gone), "\n".join(come))


def _said(lines: list[str]) -> str:
    more = f" (+{len(lines) - 1})" if len(lines) > 1 else ""
    return quoted(lines[0]) + more


def _lines(body: bytes) -> list[str] | None:
    try:
        return body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None
