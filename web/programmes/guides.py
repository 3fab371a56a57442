"""Pedoman dan Peraturan: what a programme's owner keeps for everybody to read, and downloads for visitors as well."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response
from wtforms import FileField, Form, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from engine.documents import DocumentRefusedError, check_document
from engine.errors import ForbiddenError
from engine.forms import Rules
from engine.programmes import ProgrammeFaultError, guides
from engine.unit_of_work import UnitOfWork
from models import Programme
from web.auth.forms import choices, faults_of
from web.cases.present import download as as_download
from web.context import current_actor, require_actor, services
from web.i18n import locale_code
from web.programmes import blueprint, queries
from web.programmes.access import may_change
from web.security import allow, public, role
from web.words.names import in_locale

MOST_BYTES = 10 * 1024 * 1024
RULES = Rules(min_bytes=1, max_bytes=MOST_BYTES, accept=("pdf",))
ROOM_FOR_FIELDS = 100_000
FIELD = "pedoman"


KINDS = {
    "pedoman": lazy_gettext("Pedoman"),
    "peraturan": lazy_gettext("Peraturan"),
    "contoh_format": lazy_gettext("Contoh Format Dokumen Usul"),
}


class GuideForm(Form):
    """A document for the menu: a file, or a link to where it is kept."""

    kind = RadioField(
        lazy_gettext("Jenis"),
        [InputRequired(lazy_gettext("Pilih jenisnya."))],
        choices=choices(KINDS),
    )
    title = StringField(
        lazy_gettext("Judul"),
        [InputRequired(lazy_gettext("Tuliskan judulnya.")), Length(3, 200)],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )
    file = FileField(lazy_gettext("Berkas PDF"), [Optional()], render_kw={"accept": ".pdf"})
    link = StringField(
        lazy_gettext("Tautan"),
        [Optional(), Length(max=1000)],
        render_kw={"autocomplete": "off", "inputmode": "url", "maxlength": 1000},
    )


@blueprint.get("/<key>/pedoman")
@allow(public)
def guide_list(key: str) -> Response | str:
    """The menu: for everybody signed in, and for visitors while the programme is open."""
    with services().database.read() as unit:
        programme = queries.programme_of(unit, key)
        if not _shown_to_reader(programme):
            return redirect(url_for("auth.login", next=request.path), 303)
        return _page(unit, programme, GuideForm())


@blueprint.get("/<key>/pedoman/<guide_id>")
@allow(public)
def guide_file(key: str, guide_id: str) -> Response:
    """The file, always as a download; a link leads on to where it is kept."""
    with services().database.read() as unit:
        programme = queries.programme_of(unit, key)
        if not _shown_to_reader(programme):
            return redirect(url_for("auth.login", next=url_for("programmes.guide_list", key=key)), 303)
        guide = guides.guide_of(unit, programme.id, guide_id)
    if guide.digest is None or guide.filename is None:
        return redirect(guide.link, 303)
    return as_download((services().documents.body(guide.digest), guide.filename))


@blueprint.post("/<key>/pedoman")
@allow(role("owner"), max_body=MOST_BYTES + ROOM_FOR_FIELDS)
def guide_add(key: str) -> Response | tuple[str, int]:
    """The owner puts a document into the menu."""
    with services().database.read() as unit:
        programme = _own(unit, key)
    form = GuideForm(request.form)
    faulty = not form.validate()
    if faulty or not _added(programme, form):
        with services().database.read() as unit:
            return _page(unit, programme, form, faults_of(form)), 422
    flash(_("Dokumen ditambahkan."), "success")
    return redirect(url_for("programmes.guide_list", key=key), 303)


@blueprint.post("/<key>/pedoman/<guide_id>/hapus")
@allow(role("owner"))
def guide_remove(key: str, guide_id: str) -> Response:
    """The owner takes one down; it stays on record."""
    with services().database.read() as unit:
        programme = _own(unit, key)
    with services().database.write() as unit:
        by, now = require_actor().user_id, services().clock.now()
        guides.remove_guide(unit, programme.id, guide_id, by=by, now=now)
    flash(_("Dokumen diturunkan dari menu."), "success")
    return redirect(url_for("programmes.guide_list", key=key), 303)


# --- parts -----------------------------------------------------------------------------------------------------------


def open_with_guides(unit: UnitOfWork) -> list[tuple[str, str, str]]:
    """Key, title and period of every programme that is open: where a visitor finds its menu."""
    now = services().clock.now()
    there = unit.session.scalars(
        select(Programme).where(col(Programme.state) == "open").order_by(col(Programme.opens_at))
    )
    return [(p.key, queries.name_of(p), p.period) for p in there if queries.standing(p, now) == "open"]


def _shown_to_reader(programme: Programme) -> bool:
    return current_actor() is not None or queries.standing(programme, services().clock.now()) == "open"


def _own(unit: UnitOfWork, key: str) -> Programme:
    programme = queries.programme_of(unit, key)
    if not may_change(require_actor(), programme):
        raise ForbiddenError(why=_("program ini bukan milik Anda."))
    return programme


def _added(programme: Programme, form: GuideForm) -> bool:
    """Check the file first, then keep it and put it into the menu in one transaction; what is wrong is told at it."""
    now, by = services().clock.now(), require_actor().user_id or ""
    chosen = request.files.get("file")
    given = form.link if form.link.data else form.file
    try:
        checked = check_document(chosen.filename, chosen.stream.read(), RULES) if chosen and chosen.filename else None
        with services().database.write() as unit:
            kept = (
                services().documents.keep(unit, checked, actor_id=by, task_id=None, field=FIELD, now=now)
                if checked
                else None
            )
            guides.add_guide(
                unit,
                programme.id,
                kind=form.kind.data,
                title=form.title.data,
                link=(form.link.data or "").strip(),
                attachment_id=kept.id if kept else None,
                by=by,
                now=now,
            )
    except DocumentRefusedError as error:
        form.file.errors = [in_locale(error.fault.text)]
        return False
    except ProgrammeFaultError as error:
        given.errors = [error.message(locale_code())]
        return False
    return True


def _page(unit: UnitOfWork, programme: Programme, form: GuideForm, faults: Any = ()) -> str:
    found = guides.guides_of(unit, programme.id)
    groups = [(kind, title, [guide for guide in found if guide.kind == kind]) for kind, title in KINDS.items()]
    return render_template(
        "programmes/guides.html",
        programme=programme,
        title=queries.name_of(programme),
        groups=groups,
        form=form,
        faults=faults,
        keeps=may_change(current_actor(), programme),
    )
