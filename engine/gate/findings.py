"""A finding names the file, the element, the reason and the cure, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from engine.texts import Text

Severity = Literal["error", "warning"]

MOST = 300
_MORE = (
    Text(f"Temuan di berkas ini lebih dari {MOST}; sisanya tidak ditampilkan.",
         f"There are more than {MOST} findings in this file; the others are not shown."),
    Text("Perbaiki yang di atas, lalu periksa lagi.", "Correct those above, then check again."),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """An error stops deployment; a warning tells of something that is likely not meant."""

    severity: Severity
    file: str
    element: str
    """Id of the element (or key of the manifest, path in a form); empty when the file as a whole is meant."""
    code: str
    reason: Text
    cure: Text
    line: int | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def sentence(self, locale: str = "id") -> str:
        """One line for a terminal or a log."""
        place = ":".join(str(p) for p in (self.file, self.line) if p)
        where = f" [{self.element}]" if self.element else ""
        return f"{place}{where} {self.reason.in_locale(locale)} {self.cure.in_locale(locale)}"

    def to_json(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "file": self.file,
            "element": self.element,
            "line": self.line,
            "code": self.code,
            "reason": self.reason.to_json(),
            "cure": self.cure.to_json(),
        }


class Findings(list[Finding]):
    """Findings of one file, gathered while it is read."""

    def __init__(self, file: str, found: Iterable[Finding] = ()) -> None:
        super().__init__(found)
        self.file = file
        self._known = set(self)

    def error(self, element: str, code: str, reason: Text, cure: Text, line: int | None = None) -> None:
        self._add("error", element, code, reason, cure, line)

    def warning(self, element: str, code: str, reason: Text, cure: Text, line: int | None = None) -> None:
        self._add("warning", element, code, reason, cure, line)

    def _add(self, severity: Severity, element: str, code: str, reason: Text, cure: Text, line: int | None) -> None:
        finding = Finding(severity, self.file, _short(element), code, reason, cure, line)
        if finding in self._known or len(self._known) > MOST:
            return
        if len(self._known) == MOST:
            finding = Finding("error", self.file, "", "more", *_MORE)
        self._known.add(finding)
        self.append(finding)


def quoted(value: object, most: int = 60) -> str:
    """A name out of a foreign file, short and printable, for use in a sentence."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def _short(element: str) -> str:
    return quoted(element, 120)
