"""`alur draft`: a folder or zip as a draft of the studio, for what was written elsewhere and is published there."""

import json
import sys
from pathlib import Path

import click

from engine.definitions import read_package
from engine.errors import AlurError
from engine.gate.toml import KEY
from engine.people import find_by_email
from engine.studio.drafts import create_draft
from engine.studio.settings import read_document
from models import Definition
from web.cli import CommandLine
from web.commands.lint import Checked, show


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--by", required=True, metavar="E-MAIL", help="Whose draft it is: an account of this installation.")
@click.option("--title", default="", metavar="TEXT", help="What changes, for the list of drafts.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, path: Path, by: str, title: str, *, as_json: bool) -> None:
    """Make a draft of a package. Nothing runs on it before somebody publishes it in the studio.

    Findings do not keep it from being a draft; files that are no part of a package do.
    Exit status: 0 made, 1 refused.
    """
    line.require_tables()
    package = read_package(path)
    if package.findings or not package.files:
        show([Checked(path, list(package.findings))])
        sys.exit(1)
    document = read_document(package.files.get("process.toml"))
    key = str((document or {}).get("key", package.name))
    if not KEY.match(key):
        raise click.UsageError(f"The key of a process cannot be {key!r}: name one in process.toml.")
    try:
        with line.database.write() as unit:
            user = find_by_email(unit, by)
            if user is None:
                raise click.UsageError(f"There is no account {by}.")
            current = unit.session.get(Definition, key)
            draft = create_draft(
                unit,
                key=key,
                title=title or path.name,
                files=package.files,
                based_on=current.current_version_id if current else None,
                by=user.id,
                now=line.clock.now(),
            )
    except AlurError as error:
        raise click.ClickException(error.message("en")) from error
    told = {"id": draft.id, "key": draft.key, "title": draft.title}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{key}: draf/draft {draft.id}")
