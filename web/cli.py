"""The command line `alur`. A user's mistake ends in a sentence and an exit status, never in a traceback."""

import importlib
import pkgutil
import sys
from dataclasses import dataclass
from functools import cached_property

import click

import web.commands
from engine.clock import Clock, SystemClock
from engine.errors import AlurError
from engine.registry import Registry
from engine.scenarios.world import Prepare
from engine.settings import Settings
from engine.unit_of_work import Database
from handlers import register_all, seeds
from handlers.demo import Demo, load_demo
from models import migrations


@dataclass
class CommandLine:
    """What every subcommand may need, made only when it is asked for (`click.pass_obj`)."""

    @cached_property
    def settings(self) -> Settings:
        return Settings.from_environment()

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    def require_tables(self) -> None:
        """Say what to do, rather than fail on a missing table."""
        with self.database.read() as unit:
            at, target = migrations.current(unit.connection), migrations.newest()
        if at != target:
            raise click.ClickException("The database is not up to date: run `alur migrate` first.")

    @cached_property
    def registry(self) -> Registry:
        registry = Registry()
        register_all(registry, base_url=self.settings.base_url)
        return registry

    @property
    def prepare(self) -> Prepare:
        """Fills a fresh database with what every installation has."""
        return seeds.prepare

    def load_demo(self) -> Demo:
        """Accounts, agencies, processes and a few cases to look at; what is there already is left as it is."""
        return load_demo(self.settings, self.database, self.registry, self.clock.now())

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()


class Commands(click.Group):
    """Finds subcommands in `web.commands`, and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return sorted(m.name for m in pkgutil.iter_modules(web.commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"web.commands.{cmd_name}").command


@click.command(cls=Commands)
@click.version_option(package_name="alur")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Alur runs government procedures drawn as BPMN 2.0 diagrams."""
    ctx.obj = CommandLine()


def main() -> None:
    """Entry point."""
    try:
        cli(standalone_mode=True)
    except AlurError as error:
        click.echo(error.message("id"), err=True)
        click.echo(error.message("en"), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
