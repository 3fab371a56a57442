"""The rules of the house that a linter does not know: one place commits, one reads the clock, modules stay small."""

import ast
import importlib.metadata
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engine", "handlers", "web", "models", "calendars")
SOURCES = [
    p
    for package in PACKAGES
    for p in sorted((ROOT / package).rglob("*.py"))
    if "versions" not in p.parts and "vendor" not in p.parts
]


def _calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_one_place_commits():
    places = {str(path.relative_to(ROOT)) for path in SOURCES for call in _calls(path) if call.attr == "commit"}
    assert places == {"engine/unit_of_work.py"}


def test_one_place_reads_the_clock():
    clock_readers = {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
    }
    places = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for call in _calls(path)
        if (_name(call.value), call.attr) in clock_readers
    }
    assert places == {"engine/clock.py"}


def test_sessions_and_engines_are_made_in_one_place():
    makers = {"Session", "sessionmaker", "scoped_session", "create_engine"}
    places = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sqlalchemy", "sqlmodel")
        for alias in node.names
        if alias.name in makers
    }
    assert places <= {"engine/unit_of_work.py"}


def test_nine_modules_in_ten_have_at_most_300_lines():
    lengths = [len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES if p.name != "__init__.py"]
    assert statistics.quantiles(lengths, n=10)[-1] <= 300


# Where a fault of somebody else's code or data must not stop the rest; each says why beside it.
CATCH_ALLS = {
    "engine/acts/by_events.py",
    "engine/acts/services.py",
    "engine/backtest/follow.py",
    "engine/deadlines.py",
    "engine/documents/child.py",
    "engine/documents/preview_child.py",
    "engine/enacting.py",
    "engine/imports/child.py",
    "engine/imports/chunks.py",
    "engine/imports/work.py",
    "engine/jobs/run.py",
    "engine/letters/signing/check_child.py",
    "engine/moving/work.py",
    "engine/proof/case.py",
    "engine/proof/installation.py",
    "engine/replay.py",
    "engine/unit_of_work.py",
}


def test_catch_alls_stand_in_known_places_only():
    places = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or _name(node.type) in ("Exception", "BaseException"))
    }
    assert places == CATCH_ALLS


def test_every_module_says_what_it_is_for():
    silent = [str(p.relative_to(ROOT)) for p in SOURCES if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert silent == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_installed_distribution_owns_one_of_our_import_names(package):
    owners = set(importlib.metadata.packages_distributions().get(package, ()))
    assert owners <= {"alur"}
