"""Pages of analyses: which process, its pictures with their tables, the cases behind a line, a programme's funnel."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.looking.figures import heat as heat_of
from engine.programmes import title_of
from models import Instance
from web.audit.access import RESULTS
from web.audit.looking import conformance, periods, pictures
from web.audit.looking.choosing import arguments, seen_by
from web.audit.looking.frame import Looking, blueprint, look
from web.audit.looking.heat import drawings
from web.audit.looking.tables import Group, Section
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.processes import queries as processes
from web.programmes import queries as programmes
from web.programmes.funnel import funnel as funnel_of
from web.security import allow
from web.words.names import process_title, status_text

MEASURES = ("kali", "kerja", "jam")
"""What the heat on the drawings is of: how often, working time, time by the clock."""
MOST_ROWS, MOST_DRAWINGS, ALL = 50, 2, "semua"


@blueprint.get("")
@allow(RESULTS)
def index() -> str:
    """Every process with how many cases there are to look at, and the programmes."""
    actor = require_actor()
    with services().database.read() as unit:
        counted = (
            select(col(Instance.definition_key), func.count()).where(seen_by(actor)).group_by(Instance.definition_key)
        )
        cases = {key: int(count) for key, count in unit.connection.execute(counted)}
        found = [
            (
                row.key,
                process_title(services().definitions.version(row.current_version_id, unit)),
                cases.get(row.key, 0),
            )
            for row in processes.all_processes(unit.connection)
        ]
        opened = [(p.key, title_of(p).in_locale(locale_code())) for p in programmes.all_programmes(unit)]
    found.sort(key=lambda one: (-one[2], one[1]))
    return render_template("audit/looking/index.html", processes=found, programmes=opened)


@blueprint.get("/<key>")
@allow(RESULTS)
def show(key: str) -> str:
    """Heat on the drawings: how often, or how long."""
    found = look(key)
    measure = request.args.get("ukuran", MEASURES[0])
    if measure not in MEASURES:
        measure = MEASURES[0]
    heats, flows = heat_of(found.cases)
    drawn = drawings(found, heats, measure)
    shown = drawn if request.args.get("diagram") == ALL else drawn[:MOST_DRAWINGS]
    return _page(
        found, "peta", pictures.heat(found), measure=measure, measures=_measures(), drawings=shown,
        flows=sorted(flow for flow, times in flows.items() if times), number=found.shown.number,
        others=len(drawn) - len(shown),
    )  # fmt: skip


@blueprint.get("/<key>/<picture>")
@allow(RESULTS)
def picture(key: str, picture: str) -> str:
    """Ways, bottlenecks, rework, lateness."""
    if picture not in pictures.PICTURES:
        raise NotFoundError
    found = look(key)
    return _page(found, picture, pictures.PICTURES[picture](found))


@blueprint.get("/<key>/masa")
@allow(RESULTS)
def two_periods(key: str) -> str:
    """Two periods beside each other."""
    found = look(key)
    sides = periods.Sides.asked(found.now.date())
    return _page(found, "masa", periods.compared(found, sides), sides=sides, more=sides.arguments())


@blueprint.get("/<key>/tabel/<section>.csv", defaults={"form": "csv"})
@blueprint.get("/<key>/tabel/<section>.xlsx", defaults={"form": "xlsx"})
@allow(RESULTS)
def table(key: str, section: str, form: str) -> Response:
    """The whole table under a picture."""
    found = _section(look(key), section)
    return table_response(f"analisis-{key}-{section}", found.header, found.values, form)


@blueprint.get("/<key>/kasus/<section>/<group>")
@allow(RESULTS)
def group(key: str, section: str, group: str) -> str:
    """The cases behind a line."""
    found = look(key)
    chosen = _group(found, section, group)
    return render_template(
        "audit/looking/group.html", found=found, group=chosen, section=section, group_id=group, tabs=_tabs(key),
        rows=chosen.cases[:MOST_ROWS], more=max(0, len(chosen.cases) - MOST_ROWS), args=arguments(),
        status_text=status_text,
    )  # fmt: skip


@blueprint.get("/<key>/kasus/<section>/<group>.csv", defaults={"form": "csv"})
@blueprint.get("/<key>/kasus/<section>/<group>.xlsx", defaults={"form": "xlsx"})
@allow(RESULTS)
def group_file(key: str, section: str, group: str, form: str) -> Response:
    """The same for a spreadsheet: all of them."""
    chosen = _group(look(key), section, group)
    header = [_("Kasus"), _("Keadaan"), _("Mulai"), _("Berakhir")]
    rows = [
        (case.number, status_text(case.status), case.started_at, case.ended_at) for case in chosen.cases
    ]  # fmt: skip
    return table_response(f"kasus-{key}-{group}", header, rows, form)


@blueprint.get("/corong/<programme>")
@allow(RESULTS)
def funnel(programme: str) -> str:
    """How far the participants of a programme have come."""
    with services().database.read() as unit:
        row = programmes.programme_of(unit, programme)
        return render_template("audit/looking/funnel.html", title=title_of(row).in_locale(locale_code()),
                               key=programme, funnel=funnel_of(unit, row.id))  # fmt: skip


@blueprint.get("/corong/<programme>.csv", defaults={"form": "csv"})
@blueprint.get("/corong/<programme>.xlsx", defaults={"form": "xlsx"})
@allow(RESULTS)
def funnel_file(programme: str, form: str) -> Response:
    """The funnel for a spreadsheet."""
    with services().database.read() as unit:
        found = funnel_of(unit, programmes.programme_of(unit, programme).id)
    header = [_("Tahap"), _("Pernah sampai"), _("Dari seluruhnya (%%)"), _("Sekarang di sini")]
    rows = [(step.text, step.reached, step.of_all, step.now) for step in found.steps]
    return table_response(f"corong-{programme}", header, rows, form)


# --- what the views share --------------------------------------------------------------------------------------------


def page(found: Looking, current: str, sections: Sequence[Section], template: str, **more: Any) -> str:
    return render_template(
        f"audit/looking/{template}.html", found=found, current=current, sections=sections, tabs=_tabs(found.key),
        args=arguments(), notes=pictures.few_note(len(found.cases)), **more,
    )  # fmt: skip


def _page(found: Looking, current: str, sections: Sequence[Section], **more: Any) -> str:
    return page(found, current, sections, "picture", **more)


def _tabs(key: str) -> list[tuple[str, str, str]]:
    """(name, text, address) of every picture of a process."""
    args = arguments()
    there: list[tuple[str, str, str]] = [("peta", _("Peta panas"), url_for("audit_looking.show", key=key, **args))]
    for name, text in (("jalan", _("Jalan")), ("hambatan", _("Hambatan")), ("ulang", _("Pengulangan")),
                       ("terlambat", _("Keterlambatan"))):  # fmt: skip
        there.append((name, text, url_for("audit_looking.picture", key=key, picture=name, **args)))
    there.append(("masa", _("Dua masa"), url_for("audit_looking.two_periods", key=key, **args)))
    there.append(("aturan", _("Aturan"), url_for("audit_looking.rules", key=key, **args)))
    return there


def _measures() -> list[tuple[str, str]]:
    return [("kali", _("Berapa kali")), ("kerja", _("Waktu kerja")), ("jam", _("Waktu menurut jam"))]


def _builder(name: str) -> Callable[[Looking], list[Section]]:
    if name.startswith("dua"):
        return lambda found: periods.compared(found, periods.Sides.asked(found.now.date()))
    if name.startswith("aturan"):
        return conformance.rule_sections
    made = pictures.PICTURES.get(name.partition("-")[0])
    if made is None:
        raise NotFoundError
    return made


def _section(found: Looking, name: str) -> Section:
    section = next((one for one in _builder(name)(found) if one.key == name), None)
    if section is None:
        raise NotFoundError
    return section


def _group(found: Looking, section: str, name: str) -> Group:
    chosen = _section(found, section).groups.get(name)
    if chosen is None:
        raise NotFoundError
    return chosen
