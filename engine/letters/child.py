"""Sets each letter in a process of its own: nothing to read, nobody to ask, little memory and little time.

Started by `press`, isolated. It loads the typesetter and its fonts once and then forks for every letter, so that a
letter never meets another's data and costs no start. Work and answers are framed: length in 8 bytes, then that many.
Work is JSON (contents in base 64); an answer is one line of JSON, {"standards"}, {} or {"message", "line", "file"},
and then the PDF. Imports nothing of ours: it starts fast and knows no secret.
"""

import base64
import collections.abc  # noqa: F401 -- the library loads it at first use, when no file can be opened any more
import datetime as dt
import json
import os
import re
import resource
import sys
from typing import Any, BinaryIO

import typst

STANDARDS: tuple[list[str], ...] = (["a-2a", "ua-1"], ["a-2b"], [])
"""Archivable and readable aloud; where a template is not good enough for that, archivable; else an ordinary PDF."""
_PLACE = re.compile(r"([\w./-]+\.typ):(\d+):\d+")
_STANDARD = re.compile(r"PDF/(A|UA)")


def shut(limits: dict[str, int]) -> None:
    """From here on this process can open no file and no connection, start no program, and grow no further."""
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))


def fault(error: Any) -> dict[str, Any]:
    """Message, file and line: what the owner of a template needs. Paths of this machine are left out."""
    place = _PLACE.search(getattr(error, "diagnostic", "") or "")
    message = re.sub(r" \(searched at [^)]*\)", "", str(getattr(error, "message", error)))
    hints = [str(h) for h in getattr(error, "hints", ())]
    found: dict[str, Any] = {"message": message[:600], "hints": hints[:3]}
    if place:
        found |= {"file": place[1].rpartition("/")[2], "line": int(place[2])}
    return found


def compiler_in(empty: str) -> Any:
    """A typesetter with its fonts loaded, that finds no file. Until it has set something it has one thread only, and
    may be forked."""
    return typst.Compiler(root=empty, ignore_system_fonts=True, package_path=empty, package_cache_path=empty)


def set_letter(compiler: Any, work: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The PDF by the best standard it can be, or what is wrong. Shuts this process first."""
    files = {name: base64.b64decode(body) for name, body in work["files"].items()}
    at = dt.datetime.fromisoformat(work["at"])
    at = at.astimezone(dt.timezone(at.utcoffset() or dt.timedelta()))
    compiler.compile(b"", format="pdf", timestamp=at, pdf_standards=["a-2b"])  # starts its threads
    shut(work["limits"])
    for standards in STANDARDS:
        try:
            body = compiler.compile(
                files, sys_inputs={"at": work["at"]}, format="pdf", timestamp=at, pdf_standards=standards
            )
        except typst.TypstError as error:
            if standards and _STANDARD.search(str(error.message) + str(error.diagnostic)):
                continue
            return fault(error), b""
        if len(body) > work["limits"]["bytes"]:
            break
        return {"standards": standards}, body
    return {}, b""


def in_a_fork(compiler: Any, work: bytes) -> bytes:
    """The answer to one piece of work; empty when its process was killed at a limit."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer, body = set_letter(compiler, json.loads(work))
            with os.fdopen(writing, "wb") as out:
                out.write(json.dumps(answer).encode() + b"\n" + body)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as back:
        answered = back.read()
    os.waitpid(child, 0)
    return answered


def framed(source: BinaryIO) -> bytes | None:
    """The next frame; None at the end."""
    head = source.read(8)
    return source.read(int.from_bytes(head, "big")) if len(head) == 8 else None


def main(empty: str) -> None:
    compiler = compiler_in(empty)
    while (work := framed(sys.stdin.buffer)) is not None:
        answer = in_a_fork(compiler, work)
        sys.stdout.buffer.write(len(answer).to_bytes(8, "big") + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
