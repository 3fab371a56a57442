"""Opens one untrusted file in a process of its own, with little memory, time and nothing to write to.

Started by `inspection`, isolated, with the kind as argument and the file on standard input. Answers one line of JSON:
null, or [code, detail]. Imports nothing of ours, so that it starts fast and knows no secret.
"""

import io
import json
import resource
import sys
import warnings
from typing import Any

MEMORY, SECONDS = 640 << 20, 8
MAX_PAGES, MAX_OBJECTS, MAX_STEPS, MAX_DEPTH = 300, 20_000, 100_000, 50
ACTIVE = frozenset({
    "/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/EmbeddedFile", "/EmbeddedFiles",
    "/EF", "/XFA", "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition", "/AA", "/3D", "/Win",
})  # fmt: skip


class Refused(Exception):  # noqa: N818 -- it is the answer
    """`args` are the code and a detail."""


def inspect_pdf(body: bytes) -> None:
    """No password, no active content anywhere, a countable number of pages and objects."""
    import pikepdf  # noqa: PLC0415 -- each kind loads only its own library

    try:
        document = pikepdf.open(io.BytesIO(body), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused("locked_file", "") from None
    except pikepdf.PdfError:
        raise Refused("damaged_file", "") from None
    with document:
        if document.is_encrypted:
            raise Refused("locked_file", "")
        if not 1 <= len(document.pages) <= MAX_PAGES or len(document.objects) > MAX_OBJECTS:
            raise Refused("too_complicated", "")
        steps = 0
        for item in document.objects:
            steps = _search(item, steps, pikepdf)
        for page in document.pages:  # a document whose pages cannot be opened is of no use to its reader
            page.mediabox  # noqa: B018


def _search(item: Any, steps: int, pikepdf: Any) -> int:
    """Walk one object without following references (each referred object comes by itself)."""
    containers = (pikepdf.Dictionary, pikepdf.Array)
    stack = [(item, 0)]
    while stack:
        value, depth = stack.pop()
        steps += 1
        if steps > MAX_STEPS or depth > MAX_DEPTH:
            raise Refused("too_complicated", "")
        if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            for key, inner in value.items():
                _refuse_active(key, inner, pikepdf)
                if isinstance(inner, containers) and not inner.is_indirect:
                    stack.append((inner, depth + 1))
        elif isinstance(value, pikepdf.Array):
            stack.extend((v, depth + 1) for v in value if isinstance(v, containers) and not v.is_indirect)
    return steps


def _refuse_active(key: str, value: Any, pikepdf: Any) -> None:
    if key in ACTIVE:
        raise Refused("active_content", key)
    if isinstance(value, pikepdf.Name) and str(value) in ACTIVE:
        raise Refused("active_content", str(value))


def inspect_jpg(body: bytes) -> None:
    """The picture can be decoded to its last line. A scale of 1/8 keeps memory small and reads every byte."""
    from PIL import Image  # noqa: PLC0415 -- as above

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with Image.open(io.BytesIO(body), formats=["JPEG"]) as picture:
                picture.draft(None, (picture.width // 8, picture.height // 8))
                picture.load()
        except (OSError, SyntaxError, ValueError, Warning):
            raise Refused("damaged_file", "") from None


def main() -> None:
    """Limits first, then the file."""
    body = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        {"pdf": inspect_pdf, "jpg": inspect_jpg}[sys.argv[1]](body)
        answer = None
    except Refused as refused:
        answer = list(refused.args)
    except Exception as error:  # noqa: BLE001 -- whatever a hostile file provokes is a refusal
        answer = ["uninspectable", type(error).__name__]
    print(json.dumps(answer))  # noqa: T201 -- the answer


if __name__ == "__main__":
    main()
