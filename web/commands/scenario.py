"""`alur scenario`: plays the scenarios of packages on the real engine, with a clock that is moved by hand."""

import json
import sys
from pathlib import Path

import click

from engine.scenarios import DiagramReport, PackageReport, find_packages, run_package
from engine.texts import Text
from web.cli import CommandLine


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of the report."
)
@click.pass_obj
def command(line: CommandLine, paths: tuple[Path, ...], *, as_json: bool, lang: str) -> None:
    """Play the scenarios of packages, folders of packages, or of the package that a file lies in.

    Exit status: 0 all passed, 1 a scenario failed or could not be read, 2 no package there.
    """
    packages = find_packages(paths)
    if not packages:
        raise click.UsageError("There is no process package (a folder with process.toml) there.")
    reports = [run_package(path, line.stage_registry, line.prepare) for path in packages]
    if as_json:
        click.echo(json.dumps(as_document(reports, lang), ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _show(report, lang)
    sys.exit(0 if all(report.ok for report in reports) else 1)


def as_document(reports: list[PackageReport], lang: str = "id") -> dict[str, object]:
    """Everything of a run: per diagram, and over all."""
    diagrams = [d for report in reports for d in report.diagrams]
    return {
        "ok": all(report.ok for report in reports),
        "diagrams": [d.to_json(lang) for d in diagrams],
        "packages": [{k: v for k, v in r.to_json(lang).items() if k != "diagrams"} for r in reports],
    }


def _show(report: PackageReport, lang: str) -> None:
    for sentence in report.refusal:
        click.echo(f"{report.package}: {sentence.in_locale(lang)}")
    for fault in report.faults:
        click.echo(fault.sentence(lang))
    for diagram in report.diagrams:
        _show_diagram(diagram, lang)


def _show_diagram(diagram: DiagramReport, lang: str) -> None:
    passed = sum(result.passed for result in diagram.results)
    words = Text(
        "{d}: {p} dari {n} skenario berhasil; {t} dari {f} alur terlewati ({c}%)",
        "{d}: {p} of {n} scenarios passed; {t} of {f} flows taken ({c}%)",
    ).filled(
        d=diagram.diagram, p=passed, n=len(diagram.results), t=len(diagram.taken), f=len(diagram.flows),
        c=f"{diagram.coverage:g}",
    )  # fmt: skip
    click.echo(words.in_locale(lang))
    for flow in sorted(diagram.flows - diagram.taken):
        click.echo("    " + Text("belum terlewati: {f}", "not taken: {f}").filled(f=flow).in_locale(lang))
    for result in diagram.results:
        click.echo(f"  {'ok   ' if result.passed else 'GAGAL' if lang == 'id' else 'FAIL '} {result.title}")
        for failure in result.failures:
            click.echo(f"        {failure.sentence(lang)}")
