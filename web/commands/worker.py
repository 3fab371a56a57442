"""`alur worker`: fires deadlines, runs handlers and sends mail beside the web processes, on any number of machines."""

import signal
import socket
from threading import Event

import click

from engine.worker import Ticker
from web.app import make_services
from web.cli import CommandLine


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and ready now, and end.")
@click.pass_obj
def command(line: CommandLine, *, once: bool) -> None:
    """Work until stopped (Ctrl+C or SIGTERM); what is running is finished first."""
    line.require_tables()
    parts = make_services(line.settings, clock=line.clock, database=line.database)
    name = f"worker-{socket.gethostname()}"[:40]
    ticker = Ticker(parts.runner, parts.registry, parts.mailer, parts.clock, name=name)
    if once:
        click.echo(f"Done: {ticker.run_once()}.")
        return
    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: stop.set())
    ticker.start()
    click.echo("Working. Stop with Ctrl+C.")
    stop.wait()
    ticker.stop()
