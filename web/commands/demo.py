"""`alur demo`: loads the demo and prints its accounts; `--season` plays a whole season of inpassing instead."""

import json
import sys

import click

from web.cli import CommandLine


@click.command()
@click.option("--season", is_flag=True, help="Play a season of inpassing, and prove every history.")
@click.option("--participants", default=5000, show_default=True, type=click.IntRange(1, 20_000), help="With --season.")
@click.option("--agencies", default=150, show_default=True, type=click.IntRange(1, 150), help="With --season.")
@click.option("--seed", default=1, show_default=True, help="With --season: another number is another season.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(line: CommandLine, *, season: bool, participants: int, agencies: int, seed: int, as_json: bool) -> None:
    """Accounts for each role, agencies, processes, and a few cases in different states. Needs `alur migrate` first."""
    line.require_tables()
    if season:
        _season(line, participants, agencies, seed, as_json=as_json)
        return
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


def _season(line: CommandLine, participants: int, agencies: int, seed: int, *, as_json: bool) -> None:
    begun = line.clock.now()
    report = line.play_season(participants, agencies, seed, lambda text: click.echo(text, err=True))
    seconds = (line.clock.now() - begun).total_seconds()
    well = not (report.broken or report.disagreements or report.incidents)
    if as_json:
        answer = {"ok": well, "seconds": round(seconds, 1), **report.to_json()}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{report.participants} peserta, {report.cases} kasus, {report.events} peristiwa.")
        click.echo(f"{seconds:.0f} detik.")
        for state, count in sorted(report.states.items(), key=lambda item: -item[1]):
            click.echo(f"  {state:<24}{count:>7}")
        click.echo(f"{report.proved} riwayat dibuktikan dan diulang, {len(report.broken)} bermasalah.")
        for fault in [*report.broken, *report.disagreements, *report.incidents]:
            click.echo(f"  {fault}")
    sys.exit(0 if well else 1)
