"""What running scenarios came to: per diagram, how many passed, which flows were taken, and every failure."""

from dataclasses import dataclass, field
from typing import Any

from engine.scenarios.findings import FileFault
from engine.texts import Text


class StepError(Exception):
    """A step of a scenario could not be done or judged as it was written; `line` leads to it."""

    def __init__(self, line: int, words: Text) -> None:
        self.line = line
        self.words = words
        super().__init__(words.en)


@dataclass(frozen=True)
class Mismatch:
    """Something was expected and something else is so."""

    line: int
    subject: Text
    expected: Text
    actual: Text


@dataclass(frozen=True)
class Failure:
    """A mismatch (or a step that could not be done) of one scenario."""

    scenario: str
    file: str
    line: int
    subject: Text
    expected: Text
    actual: Text

    def sentence(self, locale: str = "id") -> str:
        words = Text("seharusnya {e}, ternyata {a}", "expected {e}, got {a}").in_locale(locale)
        told = words.format(e=self.expected.in_locale(locale), a=self.actual.in_locale(locale))
        return f"{self.file}:{self.line} {self.subject.in_locale(locale)}: {told}"

    def to_json(self, locale: str = "id") -> dict[str, Any]:
        return {
            "scenario": self.scenario,
            "file": self.file,
            "line": self.line,
            "subject": self.subject.in_locale(locale),
            "expected": self.expected.in_locale(locale),
            "actual": self.actual.in_locale(locale),
        }


@dataclass(frozen=True)
class Result:
    """One scenario, run."""

    title: str
    file: str
    failures: tuple[Failure, ...]
    taken: frozenset[str]
    """Ids of the sequence flows that its cases took."""

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class DiagramReport:
    """One diagram of a package, under all scenarios of that package."""

    diagram: str
    flows: frozenset[str]
    taken: frozenset[str]
    results: tuple[Result, ...]

    @property
    def coverage(self) -> float:
        """Percent of the sequence flows taken at least once."""
        return round(100 * len(self.taken) / len(self.flows), 1) if self.flows else 100.0

    def to_json(self, locale: str = "id") -> dict[str, Any]:
        return {
            "diagram": self.diagram,
            "scenarios": len(self.results),
            "passed": sum(r.passed for r in self.results),
            "flows_taken": len(self.taken),
            "flows_total": len(self.flows),
            "coverage": self.coverage,
            "flows_not_taken": sorted(self.flows - self.taken),
            "failures": [f.to_json(locale) for r in self.results for f in r.failures],
        }


@dataclass(frozen=True)
class PackageReport:
    """One package: its diagrams, and what kept its scenarios from being read or run."""

    package: str
    diagrams: tuple[DiagramReport, ...] = ()
    faults: tuple[FileFault, ...] = ()
    refusal: tuple[Text, ...] = field(default=())
    """Why the package itself cannot be used, one sentence each."""

    @property
    def ok(self) -> bool:
        return not self.faults and not self.refusal and all(r.passed for d in self.diagrams for r in d.results)

    def to_json(self, locale: str = "id") -> dict[str, Any]:
        return {
            "package": self.package,
            "ok": self.ok,
            "diagrams": [d.to_json(locale) for d in self.diagrams],
            "file_faults": [f.to_json() for f in self.faults],
            "refused": [sentence.in_locale(locale) for sentence in self.refusal],
        }
