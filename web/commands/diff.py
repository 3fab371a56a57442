"""`alur diff`: what differs between two states of a process, in the owner's words."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from engine.definitions import Definitions, read_package
from engine.errors import NotFoundError
from engine.studio.comparing import Comparison, compare
from engine.studio.sources import find_source
from web.cli import CommandLine

MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": ">", "renamed": "="}


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, before: str, after: str, *, as_json: bool) -> None:
    """Compare A with B: folders, zips, versions (KEY@3, or the id) or drafts (the id).

    Each difference in Indonesian and in English: + added, - removed, ~ changed, > moved, = renamed.

    Exit status: 0 nothing differs, 1 something does, 2 there is no such thing.
    """
    found = compare(_files(line, before), _files(line, after))
    click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2)) if as_json else show(found)
    sys.exit(0 if found.same else 1)


def show(found: Comparison) -> None:
    """For people, file by file."""
    for file in dict.fromkeys(change.file for change in found.changes):
        click.echo(file)
        for change in found.of(file):
            english = change.sentence.in_locale("en")
            click.echo(f"  {MARKS[change.kind]} id: {change.sentence.id}\n    en: {english}")
    count = len(found.changes)
    click.echo(f"{count} perbedaan. / {count} differences." if count else "Tidak ada perbedaan. / No difference.")


def _files(line: CommandLine, name: str) -> Mapping[str, bytes]:
    """A path that is there comes first; everything else is looked up in the installation."""
    path = Path(name)
    if path.exists():
        package = read_package(path)
        if not package.files:
            raise click.UsageError(f"There is no process package in {name}.")
        return package.files
    line.require_tables()
    with line.database.read() as unit:
        try:
            return find_source(unit, Definitions(line.database), name).files
        except NotFoundError as error:
            raise click.UsageError(f"There is no folder, zip, version (KEY@3, or an id) or draft {name}.") from error
