"""New files of a draft: as little of each kind as its editor opens."""

import re
from pathlib import Path

from engine.studio.errors import BadFileError
from engine.texts import Text

FOLDER = Path(__file__).parent / "blank_files"
PLACES = {
    "diagram": ("diagrams/", ".bpmn"),
    "form": ("forms/", ".json"),
    "decision": ("decisions/", ".dmn"),
    "mail": ("mails/", ".txt"),
    "letter": ("letters/", ".typ"),
    "scenario": ("scenarios/", ".yaml"),
    "text": ("", ".md"),
}
"""Where a file of a kind stands, and how its name ends."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}\Z", re.ASCII)


def path_of(kind: str, name: str) -> str:
    """Where a file of this kind and name stands."""
    if kind not in PLACES:
        raise BadFileError(why=Text("jenis berkas tidak dikenal.", "this kind of file is unknown."))
    folder, suffix = PLACES[kind]
    stem = name.strip().removesuffix(suffix)
    if not _NAME.match(stem):
        raise BadFileError(
            why=Text(
                "namanya butuh huruf a–z, angka, _ dan - saja, dan mulai dengan huruf.",
                "its name needs letters a–z, digits, _ and - only, and begins with a letter.",
            )
        )
    return f"{folder}{stem}{suffix}"


def kind_of(path: str) -> str | None:
    """Which kind of file this is; None for process.toml and what only belongs to others (pictures of a letter)."""
    if path.endswith(".bpmn"):
        return "diagram"
    return next(
        (k for k, (folder, suffix) in PLACES.items() if path.startswith(folder) and path.endswith(suffix)), None
    )


def blank(kind: str, name: str) -> tuple[str, bytes]:
    """The path and the content of a new file."""
    path = path_of(kind, name)
    stem = Path(path).stem
    return path, (FOLDER / f"{kind}{Path(path).suffix}").read_bytes().replace(b"NAME", stem.encode())
