"""`alur bench`: measure this machine. The benchmarks live beside the tests and run from a checkout."""

import subprocess
import sys

import click

from engine.settings import ROOT


@click.command()
@click.option("--quick", is_flag=True, help="Fewer samples: at most five minutes.")
@click.option("--json", "as_json", is_flag=True, help="Only JSON on standard output.")
def command(*, quick: bool, as_json: bool) -> None:
    """Measure acts of the engine against bare transactions, on SQLite and PostgreSQL, in turns."""
    if not (ROOT / "tests" / "benchmarks").is_dir():
        msg = "Benchmarks run from a checkout of Alur, which this is not."
        raise click.ClickException(msg)
    flags = [flag for flag, given in (("--quick", quick), ("--json", as_json)) if given]
    finished = subprocess.run([sys.executable, "-m", "tests.benchmarks", *flags], cwd=ROOT, check=False)  # noqa: S603 -- our own module
    sys.exit(finished.returncode)
