"""`alur demo`: loads the demo and prints its accounts. Loading it again changes nothing."""

import json

import click

from web.cli import CommandLine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, *, as_json: bool) -> None:
    """Accounts for each role, agencies, processes, and a few cases in different states. Needs `alur migrate` first."""
    line.require_tables()
    demo = line.load_demo()
    if as_json:
        accounts = [{"email": a.email, "name": a.name, "role": a.role, "about": a.about} for a in demo.accounts]
        click.echo(json.dumps({"password": demo.password, "accounts": accounts}, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"Proses: {', '.join(demo.processes)}. Akun baru: {demo.added_accounts}, kasus baru: {demo.added_cases}."
    )
    width = max(len(a.email) for a in demo.accounts)
    names = max(len(a.name) for a in demo.accounts)
    click.echo(f"\nKata sandi semua akun: {demo.password}\n")
    for account in demo.accounts:
        click.echo(f"  {account.email:<{width}}  {account.name:<{names}}  {account.about}")
