"""The command line `alur`. A user's mistake ends in a sentence and an exit status, never in a traceback."""

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import click
from sqlalchemy.exc import ArgumentError, DBAPIError

import web.commands
from engine.clock import Clock, SystemClock
from engine.documents import Documents
from engine.errors import AlurError
from engine.letters.signing import Signer, signer_for
from engine.registry import Registry
from engine.scenarios.stages import Prepare
from engine.settings import Settings
from engine.unit_of_work import Database
from handlers import register_all, seeds
from handlers.demo import Demo, load_demo
from handlers.demo.season import SeasonReport, run_season
from models import migrations


class Refusal(click.ClickException):
    """A command that could not be done, told in both languages."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")


@dataclass
class CommandLine:
    """What every subcommand may need, made only when it is asked for (`click.pass_obj`)."""

    @cached_property
    def settings(self) -> Settings:
        return Settings.from_environment()

    @cached_property
    def database(self) -> Database:
        database_url = self.settings.database_url
        if not database_url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise Refusal(
                "ALUR_DATABASE_URL harus diawali sqlite: atau postgresql:.",
                "ALUR_DATABASE_URL must begin with sqlite: or postgresql:.",
            )
        return Database(database_url)

    def require_tables(self) -> None:
        """Say what to do, rather than fail on a missing table."""
        with self.database.read() as unit:
            at, target = migrations.current(unit.connection), migrations.newest()
        if at != target:
            raise Refusal(
                "Basis data belum mutakhir: jalankan `alur migrate` lebih dulu.",
                "The database is not up to date: run `alur migrate` first.",
            )

    @cached_property
    def registry(self) -> Registry:
        registry = Registry()
        documents = Documents(self.settings.documents_folder)
        register_all(registry, base_url=self.settings.base_url, documents=documents, signer=self.signer)
        return registry

    @cached_property
    def signer(self) -> Signer:
        return signer_for(self.settings.signing, self.settings.signing_folder)

    def set_up_letters(self) -> None:
        """The keys that letters are signed with, and the offices that write them; what is there stays."""
        self.signer.roots()
        with self.database.write() as unit:
            seeds.seed_offices(unit, self.clock.now())

    @cached_property
    def stage_registry(self) -> Registry:
        """For scenarios: what they write is no document of this installation."""
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

    def play_season(self, participants: int, agencies: int, seed: int, say: Callable[[str], None]) -> SeasonReport:
        """Thousands of participants of inpassing on the virtual clock, in a programme of their own."""
        database = Database(self.settings.database_url, durable=False)
        try:
            return run_season(
                self.settings, database, self.registry, participants=participants, agencies=agencies, seed=seed, say=say
            )
        finally:
            database.dispose()

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()


class Commands(click.Group):
    """Finds subcommands in `web.commands`, and imports only the one that is called."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """As click's, but a program that asked for JSON is told in JSON what went wrong, too."""
        words = list(sys.argv[1:] if args is None else args)
        try:
            status = super().main(words, *rest, standalone_mode=False, **extra)
        except click.Abort:
            click.echo("Dihentikan. / Stopped.", err=True)
            sys.exit(1)
        except click.ClickException as error:
            if not standalone_mode:
                raise
            _fail(error, as_json="--json" in words)
        if not standalone_mode:
            return status
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AlurError as error:
            raise Refusal(error.message("id"), error.message("en")) from error
        except (ArgumentError, DBAPIError) as error:
            why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
            raise Refusal(
                f"Basis data tidak dapat dipakai ({why}); periksa ALUR_DATABASE_URL dan `alur migrate`.",
                f"The database cannot be used ({why}); check ALUR_DATABASE_URL and `alur migrate`.",
            ) from error
        except OSError as error:
            what = f"{error.strerror or error}: {error.filename or '-'}"
            raise Refusal(f"Tidak dapat dilakukan ({what}).", f"It cannot be done ({what}).") from error

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


def _fail(error: click.ClickException, *, as_json: bool) -> NoReturn:
    error.show()
    if as_json:
        click.echo(json.dumps({"ok": False, "error": error.format_message()}, ensure_ascii=False, indent=2))
    sys.exit(error.exit_code)


def main() -> None:
    """Entry point."""
    cli()


if __name__ == "__main__":
    main()
