"""`alur export`: a version or a draft as a folder or a zip, for Git and for another installation."""

from collections.abc import Mapping
from pathlib import Path

import click

from engine.definitions import Definitions, read_package
from engine.errors import NotFoundError
from engine.studio.packing import pack
from engine.studio.sources import find_source
from web.cli import CommandLine


@click.command()
@click.argument("name", metavar="KEY|KEY@N|ID")
@click.argument("target", type=click.Path(path_type=Path), metavar="FOLDER|FILE.zip")
@click.pass_obj
def command(line: CommandLine, name: str, target: Path) -> None:
    """Write a process as it is now (KEY), one of its versions (KEY@3, or the id) or a draft (the id).

    The same content is always the same bytes. A folder that holds a package becomes exactly this one: files of it
    that are gone are removed, whatever else stands there (.git) is left alone.
    """
    line.require_tables()
    with line.database.read() as unit:
        try:
            files = find_source(unit, Definitions(line.database), name).files
        except NotFoundError as error:
            raise click.UsageError("There is no such process, version or draft.") from error
    if target.suffix == ".zip":
        target.write_bytes(pack(files))
    else:
        _write_folder(target, files)
    click.echo(f"{target}: {len(files)} berkas / files")


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    before = read_package(folder)
    for path in before.files.keys() - files.keys() - before.lent.keys():
        (folder / path).unlink()
    for path, body in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_file() or place.read_bytes() != body:
            place.write_bytes(body)
