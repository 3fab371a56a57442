"""Overview Akun INAPROC: the page, and its two tables as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, true
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instansi
from models.recaps import NON_PENYEDIA
from web.context import require_actor, services
from web.export import table_response
from web.i18n import in_locale
from web.overview import queries
from web.overview.access import own_agencies, sees_country, viewers
from web.overview.figures import Line, Lines, by_agency, by_region, chart, table
from web.overview.queries import Count
from web.roles import role_titles, title_of
from web.security import allow

blueprint = Blueprint("overview", __name__)

ALL, NO_PROVINCE, NOW, OWN = "semua", "pusat", "kini", "sendiri:"


@dataclass(frozen=True)
class Region:
    """What may be chosen: the country by region, the agencies of a province, or those of none."""

    key: str
    name: str
    among: ColumnElement[bool]


@dataclass(frozen=True)
class Overview:
    """All that one showing says."""

    regions: Sequence[Region]
    region: Region
    days: Sequence[date]
    day: date | None
    """None: as it is now."""
    roles: Lines
    places: Lines
    waiting: int
    """Accounts of the region that nobody activated yet."""


@blueprint.get("/inaproc/overview")
@allow(viewers)
def index() -> str:
    found = _overview(require_actor())
    return render_template(
        "overview/index.html",
        found=found,
        now=services().clock.now(),
        role_chart=chart(found.roles.rows),
        place_chart=chart(found.places.rows),
        by_size=_by_size(),
        chosen={"wilayah": found.region.key, "tanggal": found.day.isoformat() if found.day else NOW},
        region_url=_region_url(found),
    )


@blueprint.get("/inaproc/overview/peran.csv", defaults={"form": "csv"})
@blueprint.get("/inaproc/overview/peran.xlsx", defaults={"form": "xlsx"})
@allow(viewers)
def roles(form: str) -> Response:
    """Accounts by role."""
    found = _overview(require_actor())
    header = [_("Peran"), _("Per tanggal"), _("Jumlah Akun"), _("Jumlah Akun saat ini"), _("Selisih")]
    rows = [
        (line.name, found.day, line.recap.accounts if line.recap else None, line.live.accounts, line.difference)
        for line in (*found.roles.rows, found.roles.total)
    ]
    return table_response("akun-inaproc-peran", header, rows, form)


@blueprint.get("/inaproc/overview/wilayah.csv", defaults={"form": "csv"})
@blueprint.get("/inaproc/overview/wilayah.xlsx", defaults={"form": "xlsx"})
@allow(viewers)
def places(form: str) -> Response:
    """Accounts by agency, or by region."""
    found = _overview(require_actor())
    header = [
        _("Wilayah") if found.region.key == ALL else _("Instansi"), _("Per tanggal"), _("Jumlah VAI"),
        _("Jumlah Akun"), _("Jumlah VAI saat ini"), _("Jumlah Akun saat ini"), _("Selisih"),
    ]  # fmt: skip
    rows = [
        (line.name, found.day, line.recap.vai if line.recap else None, line.recap.accounts if line.recap else None,
         line.live.vai, line.live.accounts, line.difference)
        for line in (*found.places.rows, found.places.total)
    ]  # fmt: skip
    return table_response("akun-inaproc-wilayah", header, rows, form)


# --- what the views share --------------------------------------------------------------------------------------------


def _overview(actor: Actor) -> Overview:
    now = services().clock.now()
    with services().database.read() as unit:
        regions = _regions(unit, actor)
        region = _chosen(regions)
        days = queries.recap_days(unit)
        day = _day(days)
        agencies = queries.agencies(unit, region.among)
        recap = queries.recaps(unit, day, region.among) if day else {}
        live = queries.live(unit, now, region.among)
        role_lines = _role_lines(unit, day)
        waiting = 0 if region.key == ALL else queries.waiting(unit, now, region.among)
    if region.key == ALL:
        lines = by_region(agencies, recap, live, (NO_PROVINCE, _("Kementerian dan Lembaga")))
    else:
        lines = by_agency(agencies, recap, live)
    roles_table, places_table = table(role_lines, _("Jumlah")), table(lines, _("Jumlah"), by_size=_by_size())
    return Overview(regions, region, days, day, roles_table, places_table, waiting)


def _regions(unit: UnitOfWork, actor: Actor) -> list[Region]:
    if sees_country(actor):
        provinces = [Region(name, name, col(Instansi.province) == name) for name in queries.provinces(unit)]
        central = Region(NO_PROVINCE, _("Kementerian dan Lembaga"), col(Instansi.province).is_(None))
        return [Region(ALL, _("Semua wilayah"), true()), *provinces, central]
    own = own_agencies(unit, actor)
    names = sorted({agency.province for agency in own if agency.province})
    return [
        *(Region(name, name, col(Instansi.province) == name) for name in names),
        *(Region(OWN + a.id, a.name, col(Instansi.id) == a.id) for a in own if a.province is None),
    ]


def _chosen(regions: Sequence[Region]) -> Region:
    """The one asked for; without a question the first. Another's region is not there."""
    key = request.args.get("wilayah", "")
    found = next((region for region in regions if key in ("", region.key)), None)
    if found is None:
        raise NotFoundError
    return found


def _day(days: Sequence[date]) -> date | None:
    """The newest recap, unless another day or the present is asked for."""
    asked = request.args.get("tanggal", "")
    if asked == NOW:
        return None
    return next((day for day in days if asked in ("", day.isoformat())), days[0] if days else None)


def _role_lines(unit: UnitOfWork, day: date | None) -> list[Line]:
    titles = role_titles(unit)
    recap = queries.role_recaps(unit, day) if day else {}
    live = queries.live_roles(unit, services().clock.now())
    return [
        Line(
            in_locale(title_of(titles, role)),
            Count(accounts=recap[role]) if role in recap else None,
            Count(accounts=live.get(role, 0)),
            role,
        )
        for role in NON_PENYEDIA
    ]


def _by_size() -> bool:
    return request.args.get("urut") == "jumlah"


def _region_url(found: Overview) -> Any:
    """From a line of the country to its region."""
    day = found.day.isoformat() if found.day else NOW
    return lambda line: url_for("overview.index", wilayah=line.key, tanggal=day) if found.region.key == ALL else None
