"""Diagrams of other tools come in other encodings; here they become UTF-8, which is all that is read further on."""

import re

_DECLARED = re.compile(rb"""(<\?xml[^>]{0,200}?encoding\s*=\s*["'])([A-Za-z0-9._-]{1,40})(["'])""")
_KNOWN = {
    "iso-8859-1": "cp1252",  # what says Latin-1 is often Windows-1252, which holds all of it
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def in_utf8(body: bytes) -> bytes:
    """The same document in UTF-8, and saying so; one that cannot be read stays as it is, and the gate says why."""
    encoding = _BOMS.get(body[:2])
    declared = _DECLARED.match(body.lstrip())
    if encoding is None:
        encoding = _KNOWN.get(declared[2].decode("ascii").lower()) if declared else None
    if encoding is None:
        return body
    try:
        text = body.decode(encoding).encode()
    except UnicodeDecodeError:
        return body
    return _DECLARED.sub(rb"\g<1>UTF-8\g<3>", text.removeprefix(b"\xef\xbb\xbf").lstrip(), count=1)
