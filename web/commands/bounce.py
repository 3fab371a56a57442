"""`alur bounce`: hand over what came back, from a mail server that pipes it (`|alur bounce`) or from files."""

import sys
from collections import Counter
from pathlib import Path

import click

from engine.mail.bounces import MOST_BYTES, Taken, take_in
from web.cli import CommandLine


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE…]")
@click.pass_obj
def command(line: CommandLine, files: tuple[Path, ...]) -> None:
    """Read delivery reports (RFC 3464) from standard input, or from files, and mark the mails they are about.

    Whatever is no report is left alone. Exit status 0, so that a mail server does not try again for ever; 2 when a
    file is not there.
    """
    line.require_tables()
    messages = [path.read_bytes()[:MOST_BYTES] for path in files] or [sys.stdin.buffer.read(MOST_BYTES)]
    found: Counter[Taken] = Counter()
    for raw in messages:
        with line.database.write() as unit:
            found[take_in(unit, raw, line.clock.now())] += 1
    click.echo(f"{found['bounced']} bounced, {found['known']} known, {found['unknown_mail']} about mails not of ours, "
               f"{found['no_bounce']} no bounces.")  # fmt: skip
