"""`alur doctor`: look over the installation. Exit status 0: all well, 1: something needs care."""

import json

import click

from web.cli import CommandLine
from web.health import examine, worst

MARKS = {"ok": "  ok ", "warn": " care", "bad": "  BAD"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_obj
def command(line: CommandLine, as_json: bool) -> None:
    """Check database, folders, assets, calendar, jobs and incidents."""
    checks = examine(line.settings, line.database, line.clock.now())
    if as_json:
        click.echo(json.dumps({"verdict": worst(checks), "checks": [c.to_json() for c in checks]}, indent=2))
    else:
        for check in checks:
            click.echo(f"{MARKS[check.verdict]}  {check.title.en}: {check.answer.en}")
    raise SystemExit(1 if worst(checks) == "bad" else 0)
