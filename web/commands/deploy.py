"""`alur deploy`: put packages through the gate and make each a version of its process."""

import getpass
import sys
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from engine.definitions import RefusedPackageError, deploy, read_package
from engine.manifest import FILE
from models import DefinitionVersion
from web.cli import CommandLine
from web.commands.lint import Checked, show


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option("--by", default=None, metavar="NAME", help="Who deploys; your login name if not given.")
@click.option("--note", default="", metavar="TEXT", help="What changed, for the list of versions.")
@click.pass_obj
def command(line: CommandLine, paths: tuple[Path, ...], by: str | None, note: str) -> None:
    """Deploy packages (folders, zips, or folders of packages). The same content again is the same version.

    Exit status: 0 deployed, 1 refused, 2 nothing to deploy there.
    """
    packages = [package for path in paths for package in _packages(path)]
    if not packages:
        raise click.UsageError(f"There is no process package (a folder with {FILE}, or a zip) there.")
    refused = [path for path in packages if not _deploy(line, path, by or getpass.getuser(), note)]
    sys.exit(1 if refused else 0)


def _packages(path: Path) -> list[Path]:
    if path.is_file() or (path / FILE).exists():
        return [path]
    return sorted(p.parent for p in path.glob(f"*/{FILE}"))


def _deploy(line: CommandLine, path: Path, by: str, note: str) -> bool:
    package = read_package(path)
    try:
        with line.database.write() as unit:
            version = deploy(unit, package, line.registry, by, note, line.clock.now())
            done = _sentence(version)
    except RefusedPackageError as error:
        show([Checked(path, error.findings)])
        return False
    except DBAPIError:
        click.echo("Basis data tidak dapat dipakai; jalankan `alur migrate` lebih dulu.", err=True)
        click.echo("The database cannot be used; run `alur migrate` first.", err=True)
        return False
    click.echo(done)
    return True


def _sentence(version: DefinitionVersion) -> str:
    return f"{version.definition_key}: versi/version {version.number} ({version.id[:12]})"
