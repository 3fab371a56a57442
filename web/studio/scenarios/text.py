"""A scenario file as text: its faults told by line, saved under the revision that was seen."""

import re

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import AlurError, NotFoundError
from engine.scenarios import FileFault, ScenarioFileError, read_scenarios
from engine.studio.drafts import DraftView, remove_file, save_file
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import open_draft, render_draft
from web.studio.scenarios import blueprint

Shown = Response | str | tuple[str, int]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\Z", re.ASCII)
BEGINNING = """given:
  pada: 2026-06-01 09:00 WIB
  orang:
    Sari:

skenario:
  - judul:
    langkah:
      - when: {siapa: Sari, mulai: ya}
"""


@blueprint.get("/berkas/<name>")
@allow(READERS)
def show(draft: str, name: str) -> Shown:
    """The text, and what is wrong with it."""
    view = open_draft(draft)
    found = view.files.get(_path(name))
    if found is None:
        raise NotFoundError
    return _page(view, name, found.body.decode("utf-8-sig", errors="replace"), found.revision)


@blueprint.get("/baru")
@allow(OWNERS)
def new(draft: str) -> Shown:
    """A file that is not there yet, with the words that every one has."""
    return _page(open_draft(draft), "", BEGINNING, None)


@blueprint.post("/berkas")
@allow(OWNERS)
def save(draft: str) -> Shown:
    """Save it as it is, faulty or not: half a story may be left until tomorrow."""
    view = open_draft(draft)
    name, text = request.form.get("nama", "").strip().removesuffix(".yaml"), _text()
    seen = request.form.get("revisi", "")
    revision = int(seen) if seen.isdecimal() and len(seen) < 10 else None
    if not NAME.match(name):
        return _page(view, name, text, revision, told=_("Nama berkas hanya huruf, angka, “_” dan “-”."), status=422)
    if request.form.get("periksa"):
        return _page(view, name, text, revision)
    try:
        with services().database.write() as unit:
            by, now = require_actor().user_id or "", services().clock.now()
            save_file(unit, draft, _path(name), text.encode(), seen=revision, by=by, now=now)
    except AlurError as error:
        return _page(view, name, text, revision, told=error.message(locale_code()), status=error.http_status)
    flash(_("%(file)s tersimpan.", file=_path(name)), "success")
    there = "studio_scenarios.index" if request.form.get("selesai") else "studio_scenarios.show"
    more = {} if request.form.get("selesai") else {"name": name}
    return redirect(url_for(there, draft=draft, **more), 303)


@blueprint.post("/berkas/<name>/hapus")
@allow(OWNERS)
def remove(draft: str, name: str) -> Shown:
    """Take the file out of the draft; an earlier state can be brought back from the draft's front page."""
    view = open_draft(draft)
    found = view.files.get(_path(name))
    if found is None:
        raise NotFoundError
    try:
        with services().database.write() as unit:
            by, now = require_actor().user_id or "", services().clock.now()
            remove_file(unit, draft, _path(name), seen=found.revision, by=by, now=now)
    except AlurError as error:
        flash(error.message(locale_code()), "error")
    return redirect(url_for("studio_scenarios.index", draft=draft), 303)


def _page(
    view: DraftView, name: str, text: str, revision: int | None, *, told: str = "", status: int = 200
) -> tuple[str, int]:
    body = render_draft(
        "studio/scenario.html",
        view,
        name=name,
        text=text,
        revision=revision,
        faults=_faults(_path(name or "baru"), text),
        told=told,
        rows=min(40, max(18, text.count("\n") + 3)),
    )
    return body, status


def _faults(path: str, text: str) -> tuple[FileFault, ...]:
    try:
        read_scenarios(path, text.encode())
    except ScenarioFileError as error:
        return tuple(error.faults)
    return ()


def _text() -> str:
    """Browsers send lines with CR LF; files have LF."""
    return request.form.get("teks", "").replace("\r\n", "\n").replace("\r", "\n")


def _path(name: str) -> str:
    return f"scenarios/{name}.yaml"
