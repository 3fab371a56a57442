"""A file's name as somebody gave it: made fit for showing and for downloads. It is never used as a path."""

import re
import unicodedata

from engine.documents.errors import FileNameError, FileTypeError
from engine.texts import Text

EXTENSIONS = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg"}
MAX_STEM = 100
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\Z")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def clean_name(name: str) -> tuple[str, str]:
    """The name to keep, and the kind (`pdf` or `jpg`) it claims."""
    name = unicodedata.normalize("NFC", name).strip()
    if any(unicodedata.category(c) in _INVISIBLE for c in name):
        raise FileNameError(Text("ada karakter yang tidak terlihat", "it has invisible characters"))
    if "/" in name or "\\" in name:
        raise FileNameError(Text("memuat tanda jalur / atau \\", "it has a path in it"))
    stem, _, extension = name.rpartition(".")
    extension = extension.lower()
    if extension not in EXTENSIONS or not stem.strip(". "):
        raise FileTypeError(accepted="PDF, JPG, JPEG")
    stem = re.sub(r"[^\w .()-]", "_", stem).strip(" ._")[:MAX_STEM].rstrip(" ._") or "dokumen"
    if _DEVICES.match(stem):
        stem = "_" + stem
    return f"{stem}.{extension}", EXTENSIONS[extension]
