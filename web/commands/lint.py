"""`alur lint`: what keeps a package or a diagram from being deployed, all of it at once, in both languages."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from engine.definitions import Finding, Package, check_package, package_of, read_package
from engine.manifest import FILE
from engine.registry import Registry
from web.cli import CommandLine

DIAGRAMS = (".bpmn", ".dmn")
_FOLDERS = {".bpmn": "", ".dmn": "decisions/", ".json": "forms/"}
_MOST = 2 * 1_048_576
_SKIPPED = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Checked:
    """One package, or one file on its own, and what was found. `place` is what the user can open."""

    place: Path
    findings: list[Finding]

    @property
    def errors(self) -> int:
        return sum(f.is_error for f in self.findings)

    def file_of(self, finding: Finding) -> str:
        inside = self.place / finding.file
        return str(inside if self.place.is_dir() and inside.exists() else self.place)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check packages, folders of packages, or single diagrams. Nothing of them is run.

    Exit status: 0 nothing wrong (warnings at most), 1 findings, 2 nothing to check there.
    """
    checked = [one for path in paths for one in check(path, line.registry)]
    if not checked:
        raise click.UsageError("There is no process package and no .bpmn, .dmn or .zip file there.")
    if as_json:
        click.echo(json.dumps(_as_json(checked), ensure_ascii=False, indent=2))
    else:
        show(checked)
    sys.exit(1 if any(one.errors for one in checked) else 0)


def check(path: Path, registry: Registry) -> Iterator[Checked]:
    """What `path` holds: a package, packages, or diagrams on their own."""
    if path.is_file():
        yield _check_file(path, registry)
    elif (path / FILE).exists():
        yield Checked(path, check_package(read_package(path), registry))
    else:
        for child in sorted(path.iterdir()):
            if child.is_symlink() or child.name.startswith(".") or child.name in _SKIPPED:
                continue
            if child.is_dir():
                yield from check(child, registry)
            elif child.suffix.lower() in (*DIAGRAMS, ".zip"):
                yield _check_file(child, registry)


def show(checked: list[Checked]) -> None:
    """For people: each finding with its place, in Indonesian and in English."""
    for one in checked:
        for finding in one.findings:
            word = "SALAH" if finding.is_error else "PERIKSA"
            place = ":".join(str(p) for p in (one.file_of(finding), finding.line) if p)
            element = f" [{finding.element}]" if finding.element else ""
            click.echo(f"{word} {place}{element} ({finding.code})")
            for locale in ("id", "en"):
                click.echo(f"  {locale}: {finding.reason.in_locale(locale)} {finding.cure.in_locale(locale)}")
    errors = sum(one.errors for one in checked)
    warnings = sum(len(one.findings) for one in checked) - errors
    click.echo(f"{len(checked)} diperiksa, {errors} salah, {warnings} perlu diperiksa.")
    click.echo(f"{len(checked)} checked, {errors} errors, {warnings} warnings.")


def _check_file(path: Path, registry: Registry) -> Checked:
    if path.suffix.lower() == ".zip":
        return Checked(path, check_package(read_package(path), registry))
    package = _around(path)
    if package is not None:
        inside = path.resolve().relative_to(package.resolve()).as_posix()
        findings = check_package(read_package(package), registry)
        return Checked(path, [f for f in findings if f.file == inside])
    return Checked(path, check_package(_alone(path), registry, loose=True))


def _around(path: Path) -> Path | None:
    """The package that a file belongs to, when it lies in one."""
    return next((p for p in list(path.resolve().parents)[:2] if (p / FILE).exists()), None)


def _alone(path: Path) -> Package:
    """One file as if it were a package, under the name its kind has there."""
    try:
        with path.open("rb") as stream:
            body = stream.read(_MOST)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    suffix = path.suffix.lower() if path.suffix.lower() in _FOLDERS else ".bpmn"
    return package_of(path.name, {f"{_FOLDERS[suffix]}diagram{suffix}": body})


def _as_json(checked: list[Checked]) -> dict[str, object]:
    findings = [{**f.to_json(), "path": one.file_of(f)} for one in checked for f in one.findings]
    errors = sum(one.errors for one in checked)
    return {
        "ok": errors == 0,
        "errors": errors,
        "warnings": len(findings) - errors,
        "checked": [str(one.place) for one in checked],
        "findings": findings,
    }
