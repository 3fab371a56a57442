"""The main menu and the front door: every person lands on their work."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from models import User
from web.audit.access import AUDIT_ONLY
from web.audit.access import ROLES as AUDIT
from web.bps.views import ROLES as BPS
from web.context import current_actor, current_user, services
from web.i18n import LOCALE_COOKIE, LOCALES
from web.kemnaker.views import ROLES as KEMNAKER
from web.lkpp.queues import ROLES as LKPP
from web.lpse.area import OWN
from web.lpse.area import ROLES as LPSE
from web.overview.access import ROLES as OVERVIEW
from web.programmes.access import OVERSEERS
from web.programmes.guides import open_with_guides
from web.roles import officer_roles
from web.security import allow, local_target, public

blueprint = Blueprint("home", __name__)

AGENCY = "admin_instansi"
"""Works in pages of its own: nothing to claim, so no inbox."""

LANDINGS = (
    (frozenset({"admin"}), "admin.index"),
    (frozenset(AUDIT_ONLY), "audit.index"),
    (frozenset({"owner"}), "studio.index"),
    (frozenset(LKPP), "lkpp.index"),
    (frozenset({AGENCY}), "inpassing.participants"),
    (frozenset(OWN), "lpse.index"),
)
"""Who has a front page other than the inbox; the first that fits."""


@dataclass(frozen=True)
class Item:
    """One entry of the menu; `current` while inside that area, `exact` on the page itself."""

    text: str
    url: str
    current: bool
    exact: bool


def navigation() -> list[Item]:
    """What this person can go to, in the order of the day's work."""
    actor = current_actor()
    if actor is None:
        return []
    return [*_agency_items(actor), *(_item(text, endpoint) for text, endpoint, shown in _entries(actor) if shown)]


def _agency_items(actor: Actor) -> list[Item]:
    """The guide's menus, for an Admin Instansi."""
    if not any(grant.role == AGENCY for grant in actor.grants):
        return []
    menus = (
        (_("Pengusulan Formasi"), url_for("inpassing.formasi")),
        (_("Data Peserta"), url_for("inpassing.participants")),
        (_("Jadwal Uji Kompetensi (Reguler LKPP)"), url_for("inpassing.regular_schedules")),
        (_("Jadwal Uji Kompetensi (Instansi)"), url_for("inpassing.own_schedules")),
    )
    here = request.path
    return [Item(text, url, here == url or here.startswith(f"{url}/"), here == url) for text, url in menus]


def _entries(actor: Actor) -> list[tuple[str, str, bool]]:
    roles = {grant.role for grant in actor.grants}
    oversight = bool(roles & {"auditor", "owner", "admin"})
    confined = bool(roles) and roles <= {AGENCY, "auditor", "auditor_luar", "data_officer"}
    elsewhere = not oversight and not confined
    return [
        (_("Inpassing LKPP"), "lkpp.index", bool(roles & set(LKPP))),
        (_("Standar LPSE"), "lpse.index", not oversight and bool(roles & set(LPSE))),
        (_("Inpassing BPS"), "bps.index", bool(roles & set(BPS))),
        (_("Inpassing Kemnaker"), "kemnaker.index", bool(roles & set(KEMNAKER))),
        (_("Audit"), "audit.index", bool(roles & set(AUDIT))),
        (_("Retensi"), "audit_retention.index", bool(roles & {"arsiparis", "kepala_arsip"})),
        (_("Kotak Masuk"), "inbox.index", bool((roles - {AGENCY}) & officer_roles())),
        (_("Permohonan Saya"), "applicant.index", elsewhere),
        (_("Kasus"), "cases.index", bool(roles) and not confined),
        (_("Surat"), "letters.register", (oversight and not confined) or bool((roles - {AGENCY}) & officer_roles())),
        (_("Impor"), "imports.index", any(kind.offered_to(actor) for kind in services().registry.imports.all())),
        (_("Overview Akun"), "overview.index", bool(roles & set(OVERVIEW))),
        (_("Akses"), "portal.index", elsewhere),
        (_("Akses Penyedia"), "companies.index", bool(roles & {"admin_perusahaan", "admin_cabang"})),
        (_("Program"), "programmes.index", bool(roles & set(OVERSEERS))),
        (_("Studio"), "studio.index", oversight),
        (_("Proses"), "processes.index", roles != {AGENCY}),
        (_("Kalender"), "calendars.month", True),
        (_("Pengelolaan"), "admin.index", "admin" in roles),
    ]


def _item(text: str, endpoint: str) -> Item:
    area = endpoint.partition(".")[0]
    here = (request.blueprint or "").partition("_")[0]  # the studio and the audit are many areas: studio_drafts …
    return Item(text, url_for(endpoint), here == area, request.endpoint == endpoint)


def landing() -> str:
    """Where this person's work is."""
    actor = current_actor()
    roles = {grant.role for grant in actor.grants} if actor else set()
    for own, endpoint in LANDINGS:
        if roles & own:
            return url_for(endpoint)
    return url_for("inbox.index" if roles & officer_roles() else "applicant.index")


@blueprint.get("/")
@allow(public)
def index() -> Response | str:
    """A visitor sees what this is; a person goes to their work."""
    if current_user() is not None:
        return redirect(landing())
    with services().database.read() as unit:
        return render_template("home.html", programmes=open_with_guides(unit))


@blueprint.post("/bahasa")
@allow(public)
def language() -> Response:
    """Keep the language with the account, or with the browser of a visitor."""
    chosen = request.form.get("locale", "id")
    answer = redirect(local_target(request.form.get("next"), url_for("home.index")), 303)
    if chosen not in LOCALES:
        return answer
    user = current_user()
    if user is not None:
        with services().database.write() as unit:
            stored = unit.session.get_one(User, user.id)
            stored.locale = chosen
            unit.session.add(stored)
    tls = services().settings.tls
    answer.set_cookie(LOCALE_COOKIE, chosen, max_age=31536000, samesite="Lax", secure=tls, httponly=True)
    return answer
