"""`alur migrate`: bring the database to the newest version of its tables."""

import click

from models.migrations import current, newest, upgrade, without_foreign_keys, write_revision
from web.cli import CommandLine


@click.command()
@click.option(
    "--write", "message", metavar="TEXT", help="For developers: write the next migration file from the models."
)
@click.pass_obj
def command(line: CommandLine, message: str | None) -> None:
    """Create or upgrade the tables, and what letters need. Running it again changes nothing."""
    if line.database.is_sqlite:
        without_foreign_keys(line.database.engine)
    with line.database.write() as unit:
        before = current(unit.connection)
        upgrade(unit.connection)
        if message:
            write_revision(unit.connection, message)
    line.set_up_letters()
    target = newest()
    if message:
        click.echo(f"Migration {target} written.")
    elif before == target:
        click.echo(f"The database is up to date ({target}).")
    else:
        click.echo(f"The database was upgraded from {before or 'nothing'} to {target}.")
