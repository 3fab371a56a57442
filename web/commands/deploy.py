"""`alur deploy`: put packages through the gate and make each a version of its process."""

import getpass
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from engine.definitions import RefusedPackageError, deploy, is_shared, read_package
from engine.gate.findings import Finding
from engine.manifest import FILE
from models import DefinitionVersion
from web.cli import CommandLine
from web.commands.lint import Checked, show


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option("--by", default=None, metavar="NAME", help="Who deploys; your login name if not given.")
@click.option("--note", default="", metavar="TEXT", help="What changed, for the list of versions.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, paths: tuple[Path, ...], by: str | None, note: str, *, as_json: bool) -> None:
    """Deploy packages (folders, zips, or folders of packages). The same content again is the same version.

    Exit status: 0 deployed, 1 refused, 2 nothing to deploy there.
    """
    packages = [package for path in paths for package in _packages(path)]
    if not packages:
        raise click.UsageError(f"There is no process package (a folder with {FILE}, or a zip) there.")
    line.require_tables()
    done = [_deploy(line, path, by or getpass.getuser(), note) for path in packages]
    if as_json:
        click.echo(json.dumps({"ok": all(d.version for d in done), "packages": [d.to_json() for d in done]},
                              ensure_ascii=False, indent=2))  # fmt: skip
    else:
        for one in done:
            one.show()
    sys.exit(0 if all(one.version for one in done) else 1)


@dataclass(frozen=True)
class _Deployed:
    """What became of one package: a version, or the findings that refused it."""

    path: Path
    version: DefinitionVersion | None
    findings: Sequence[Finding] = ()

    def show(self) -> None:
        if self.version is None:
            show([Checked(self.path, list(self.findings))])
        else:
            click.echo(f"{self.version.definition_key}: versi/version {self.version.number} ({self.version.id[:12]})")

    def to_json(self) -> dict[str, object]:
        version = self.version
        named = {} if version is None else {"key": version.definition_key, "number": version.number, "id": version.id}
        return {"path": str(self.path), "version": named or None, "findings": [f.to_json() for f in self.findings]}


def _packages(path: Path) -> list[Path]:
    if path.is_file() or (path / FILE).exists():
        return [path]
    return sorted(p.parent for p in path.glob(f"*/{FILE}") if not is_shared(p.parent))


def _deploy(line: CommandLine, path: Path, by: str, note: str) -> _Deployed:
    package = read_package(path)
    try:
        with line.database.write() as unit:
            return _Deployed(path, deploy(unit, package, line.registry, by, note, line.clock.now()))
    except RefusedPackageError as error:
        return _Deployed(path, None, error.findings)
