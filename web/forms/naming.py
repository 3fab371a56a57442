"""A field's path in HTML: `members[2].nip` is sent as `members-2-nip` and has the id `f-members-2-nip`."""

import re

_ROW = re.compile(r"\[(\d+)\]")
TOP = "form-fields"
"""Id of the element around all fields: what is swapped when they are asked anew."""


def html_name(path: str) -> str:
    """Names of fields hold no hyphen, so that the parts stay apart."""
    return _ROW.sub(r"-\1", path).replace(".", "-")


def html_id(path: str) -> str:
    return f"f-{html_name(path)}" if path else TOP


def joined(prefix: str, key: str) -> str:
    """The HTML name of `key` inside a record."""
    return f"{prefix}-{key}" if prefix else key
