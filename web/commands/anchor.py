"""`alur anchor`: make and list anchors, prove that a case stands in one, and check a file that was kept outside."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import or_, select
from sqlmodel import col

from engine import anchors
from engine.history import Finding
from engine.letters.signing import fingerprint
from models import Anchor, Instance
from web.cli import CommandLine, Refusal

MARKS = {"delivered": "✓", "waiting": "…", "again": "…", "failed": "✗"}


@click.group()
def command() -> None:
    """One signed hash over every record, once a day, kept outside of the system."""


@command.command()
@click.pass_obj
def make(line: CommandLine) -> None:
    """Make an anchor now, beside the daily one. The worker or the server carries it outside."""
    line.require_tables()
    outlets = anchors.Outlets.of(line.settings)
    with line.database.write() as unit:
        made = anchors.make(unit, line.signer, outlets, line.clock.now())
    if made is None:
        raise Refusal("Jangkar sedang dibuat oleh proses lain.", "Another process is just making one.")
    click.echo(f"Jangkar {made.number}: {made.leaves} kasus, {made.changed} berubah, akar {made.root.hex()}.")
    click.echo(f"Anchor {made.number}: {made.leaves} cases, {made.changed} changed, root {made.root.hex()}.")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def show_all(line: CommandLine, *, as_json: bool) -> None:
    """Every anchor with its root and where it was delivered to, newest first."""
    line.require_tables()
    with line.database.read() as unit:
        made = list(unit.session.scalars(select(Anchor).order_by(col(Anchor.number).desc())))
        places = anchors.deliveries(unit, [one.number for one in made])
    if as_json:
        click.echo(json.dumps([_as_json(one, places.get(one.number, [])) for one in made], indent=2))
        return
    for one in made:
        gone = ", ".join(f"{p.channel} {MARKS[p.state]}" for p in places.get(one.number, []))
        click.echo(f"{one.number:>5}  {one.at:%Y-%m-%d %H:%M} UTC  {one.leaves:>7}  {one.root.hex()}  {gone}")
    click.echo(f"Kunci / key: {fingerprint(line.signer.key())}")


def _as_json(one: Anchor, places: list[anchors.Delivery]) -> dict[str, Any]:
    delivered = [
        {
            "channel": p.channel,
            "target": p.target,
            "state": p.state,
            "at": p.delivered_at.isoformat() if p.delivered_at else None,
        }
        for p in places
    ]
    return {"number": one.number, "at": one.at.isoformat(), "cases": one.leaves, "changed": one.changed,
            "root": one.root.hex(), "hash": one.hash.hex(), "deliveries": delivered}  # fmt: skip


@command.command()
@click.argument("case")
@click.option("--anchor", "number", type=int, help="Another anchor than the newest.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")
@click.pass_obj
def prove(line: CommandLine, case: str, *, number: int | None, output: Path | None) -> None:
    """Proof of inclusion of CASE (number or id): the path of hashes from its record to a signed anchor."""
    line.require_tables()
    with line.database.read() as unit:
        named = or_(col(Instance.number) == case.upper(), col(Instance.id) == case)
        ident = unit.connection.execute(select(col(Instance.id)).where(named)).scalar()
        if ident is None:
            raise click.UsageError(f"There is no case {case}.")
        proof = anchors.inclusion(unit, ident, number)
        signed = anchors.sealed_of(unit.session.get_one(Anchor, proof.anchor)).to_json()
    told = json.dumps({"proof": proof.to_json(), "anchor": signed}, ensure_ascii=False, indent=1) + "\n"
    if output is None:
        click.echo(told, nl=False)
    else:
        output.write_text(told, encoding="utf-8")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def check(line: CommandLine, file: Path, *, as_json: bool) -> None:
    """Compare an anchor that was kept outside (its file, a mail saved as one, or a proof) with what is here now.

    Exit status: 0 the records are as they were anchored, 1 they are not, 2 this is no anchor.
    """
    line.require_tables()
    body = file.read_bytes()
    try:
        kept, proof = anchors.read_proof(body)
        number = anchors.Statement.of_bytes(kept.body).number
    except anchors.NoAnchorError as error:
        raise click.UsageError(f"{error.message('id')} {error.message('en')}") from None
    with line.database.read() as unit:
        found = anchors.check_kept(unit, kept, proof, line.signer.roots())
    if as_json:
        told = {"ok": not found, "anchor": number, "findings": [one.to_json() for one in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _say(found, number)
    sys.exit(1 if found else 0)


def _say(found: list[Finding], number: int) -> None:
    for one in found:
        click.echo(one.code)
        for locale in ("id", "en"):
            click.echo(f"  {locale}: {one.text.in_locale(locale)}")
    if not found:
        click.echo(f"Jangkar {number} cocok: semua catatan masih seperti saat dijangkarkan.")
        click.echo(f"Anchor {number} agrees: every record is as it was anchored.")
