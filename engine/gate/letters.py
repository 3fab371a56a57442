"""Checks the folder letters/: each template is set once with its own sample, in the process that sets real letters."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePosixPath

from engine.gate.catalogue import report
from engine.gate.findings import Findings
from engine.gate.package import Package
from engine.letters.errors import LetterError, LetterSampleError, LetterTemplateError
from engine.letters.press import RESERVED, Limits
from engine.letters.samples import set_sample

LIMITS = Limits(seconds=5)
SAMPLE_INSTANT = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
_FETCHED = re.compile(r"\b(?:import|include)\s*\"@([^\"]*)")
_POWERS = re.compile(r"#?\b(eval|plugin)\s*\(")
_LINE_COMMENT = re.compile(r"(?<!:)//[^\n]*")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def check_letters(package: Package) -> list[Findings]:
    """What keeps letters of this package from being written."""
    files = {PurePosixPath(path).name: body for path, body in package.files.items() if path.startswith("letters/")}
    about = [_check_file(name, body) for name, body in sorted(files.items())]
    if not any(finding.is_error for findings in about for finding in findings):
        about += [_try(name, files) for name in sorted(files) if is_letter(name)]
    return about


def is_letter(name: str) -> bool:
    """A file that begins with _ holds pieces that letters share."""
    return name.endswith(".typ") and not name.startswith("_")


def _check_file(name: str, body: bytes) -> Findings:
    findings = Findings(f"letters/{name}")
    if name in RESERVED:
        report(findings, "letter_reserved", name=name)
    if not name.endswith(".typ"):
        return findings
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        report(findings, "encoding", found="?")
        return findings
    shown = _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text))
    for match in _FETCHED.finditer(shown):
        report(findings, "letter_package", line=_line(shown, match.start()), name="@" + match[1])
    for match in _POWERS.finditer(shown):
        report(findings, "letter_power", line=_line(shown, match.start()), name=match[1])
    return findings


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _try(name: str, files: Mapping[str, bytes]) -> Findings:
    findings = Findings(f"letters/{name}")
    for code, line, why in _tried(name, tuple(sorted(files.items()))):
        report(findings, code, line=line, why=why)
    return findings


@lru_cache(maxsize=64)
def _tried(name: str, files: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, int | None, str], ...]:
    """Findings as code, line and reason. The same files are set only once by a process, however often it checks."""
    assets = dict(files)
    try:
        set_sample(assets, name, at=SAMPLE_INSTANT, limits=LIMITS)
    except LetterSampleError:
        return (("letter_sample", None, ""),)
    except LetterTemplateError as error:
        where = "" if error.context["file"] == name else f"{error.context['file']}: "
        return (("letter_fault", error.context["line"], where + error.context["why"]),)
    except LetterError as error:
        return (("letter_heavy", None, type(error).__name__),)
    return ()
