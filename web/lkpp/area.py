"""The blueprint of LKPP's pages, and what they share: the tabs, neighbours of a page, the programmes to choose from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from web.context import require_actor
from web.export import table_response
from web.i18n import locale_code
from web.lkpp import words
from web.lkpp.queues import ADMIN, ASSESSOR, HEAD, ROLES, VERIFIER, holds
from web.paging import Page

__all__ = ["Tab", "blueprint", "cell", "download_kind", "neighbour", "programme_title", "table_response", "tabs"]

blueprint = Blueprint("lkpp", __name__, url_prefix="/lkpp")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """Every page here says states in words."""
    return {"words": words}


@dataclass(frozen=True)
class Tab:
    """One of LKPP's areas in the second row of the menu."""

    text: str
    url: str
    current: bool


def tabs(current: str = "") -> list[Tab]:
    """The areas this person works in; `current` is the key of the one that is shown."""
    actor = require_actor()
    entries = (
        ("ringkasan", _("Ringkasan"), url_for("lkpp.index"), ROLES),
        ("verifikasi", _("Verifikasi Berkas"), url_for("lkpp.verification"), (VERIFIER,)),
        ("jadwal", _("Jadwal"), url_for("lkpp.schedules"), ROLES),
        ("hasil", _("Hasil Ujian"), url_for("lkpp.results"), (ASSESSOR,)),
        ("formasi", _("Formasi"), url_for("lkpp.formasi"), (ADMIN,)),
        ("akun", _("Akun Admin Instansi"), url_for("lkpp.queue", key="akun-admin"), (ADMIN,)),
        ("rekomendasi", _("Rekomendasi"), url_for("lkpp.recommendations"), (HEAD,)),
    )
    return [Tab(text, url, key == current) for key, text, url, roles in entries if holds(actor, *roles)]


def neighbour(endpoint: str, page: Page, name: str, **arguments: Any) -> str | None:
    """The address of the page before (`sebelum`) or after (`sesudah`), with the filters kept."""
    cursor = page.previous if name == "sebelum" else page.next
    return url_for(endpoint, **arguments, **{name: cursor}) if cursor else None


def download_kind() -> str:
    """What kind of file a download is to be: ?bentuk=xlsx, else CSV."""
    return "xlsx" if request.args.get("bentuk") == "xlsx" else "csv"


def cell(instant: datetime | None, zone_key: str = "Asia/Jakarta") -> str:
    """An instant in a cell of a spreadsheet, in the zone it is about."""
    return "" if instant is None else instant.astimezone(ZoneInfo(zone_key)).strftime("%Y-%m-%d %H:%M")


def programme_title(row: Row[Any]) -> str:
    return str((row.title_en if locale_code() == "en" else "") or row.title_id)
