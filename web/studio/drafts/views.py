"""The front page of a draft: its files by kind, what the gate says of it, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.gate.findings import Finding
from engine.manifest import FILE
from engine.studio import drafts
from engine.studio.blanks import kind_of
from engine.studio.drafts import DraftView
from engine.studio.presence import names_of
from web.context import require_actor, services
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.drafts import blueprint
from web.studio.frame import is_editor, open_draft, render_draft
from web.studio.words import finding_json, kind_text

EDITORS = {
    "diagram": "studio_editor.show",
    "form": "studio_forms.show",
    "decision": "studio_decisions.show",
    "letter": "studio_letters.show",
    "mail": "studio_mails.show",
    "scenario": "studio_scenarios.show",
}
ORDER = ("diagram", "form", "decision", "letter", "mail", "scenario", "text")


@dataclass(frozen=True)
class Shown:
    """A file on the front page."""

    path: str
    name: str
    url: str
    revision: int
    who: str
    at: object
    errors: int
    warnings: int


@blueprint.get("")
@allow(READERS)
def show(draft: str) -> str:
    """Everything of the draft on one page."""
    view = open_draft(draft)
    found = drafts.findings_of(view, services().registry)
    with services().database.read() as unit:
        names = names_of(unit, [file.changed_by for file in view.files.values()])
    return render_draft(
        "studio/draft.html",
        view,
        groups=list(_groups(view, found, names)),
        findings=[(finding_json(f), editor_url(view, f.file, f.element)) for f in found],
        errors=sum(f.is_error for f in found),
        warnings=sum(not f.is_error for f in found),
        kinds=[(kind, kind_text(kind)) for kind in ORDER],
        steps=list(_steps(view)),
        reopens=view.state == drafts.DISCARDED and is_editor(),
    )


@blueprint.get("/temuan/ringkas")
@allow(READERS)
def findings_short(draft: str) -> str:
    """How many findings there are, as a piece of another page."""
    found = drafts.findings_of(open_draft(draft), services().registry)
    errors = sum(f.is_error for f in found)
    return render_template("studio/findings_short.html", errors=errors, warnings=len(found) - errors)


@blueprint.post("/judul")
@allow(OWNERS)
def rename(draft: str) -> Response:
    """What people call it."""
    with services().database.write() as unit:
        drafts.rename_draft(unit, draft, request.form.get("judul", ""))
    return _back(draft)


@blueprint.post("/buang")
@allow(OWNERS)
def discard(draft: str) -> Response:
    """Nobody goes on with it. It stays readable, and can be opened again."""
    with services().database.write() as unit:
        drafts.end_draft(unit, draft, by=require_actor().user_id or "", now=services().clock.now())
    return _back(draft)


@blueprint.post("/buka")
@allow(OWNERS)
def reopen(draft: str) -> Response:
    """Go on with a draft that was discarded."""
    with services().database.write() as unit:
        drafts.reopen_draft(unit, draft, by=require_actor().user_id or "", now=services().clock.now())
    return _back(draft)


def editor_url(view: DraftView, path: str, element: str = "") -> str:
    """Where a file is edited, at this element of it; a file without an editor of its own is edited as text."""
    kind = kind_of(path)
    endpoint = EDITORS.get(kind or "", "")
    more = {"unsur": element} if element else {}
    if path == FILE:
        return url_for("studio_settings.show", draft=view.id, **more)
    if path not in view.files:
        return url_for("studio_drafts.show", draft=view.id)
    if endpoint not in current_app.view_functions:
        return url_for("studio_drafts.text", draft=view.id, path=path)
    name = {"path": path} if kind == "diagram" else {"name": path.rsplit("/", 1)[-1].rsplit(".", 1)[0]}
    return url_for(endpoint, draft=view.id, **name, **more)


def _groups(view: DraftView, found: list[Finding], names: dict[str, str]) -> Iterator[tuple[str, list[Shown]]]:
    """Its files, those of one kind together."""
    for kind in (*ORDER[:-1], None):
        shown = [
            Shown(
                path=path,
                name=path.rsplit("/", 1)[-1],
                url=editor_url(view, path),
                revision=file.revision,
                who=names.get(file.changed_by, ""),
                at=file.changed_at,
                errors=sum(f.is_error for f in found if f.file == path),
                warnings=sum(not f.is_error for f in found if f.file == path),
            )
            for path, file in sorted(view.files.items(), key=lambda item: ("/" in item[0], item[0]))
            if (kind_of(path) == kind if kind else kind_of(path) in (None, "text"))
        ]
        if shown:
            yield kind_text(kind or "other"), shown


def _steps(view: DraftView) -> Iterator[tuple[str, str, str]]:
    """What is usually done next: text, what for, address. Only what this installation has."""
    for endpoint, text, why, values in (
        ("studio_trials.index", _("Uji coba"), _("mainkan draf ini dengan jam maya"), {"draft": view.id}),
        ("studio_scenarios.index", _("Skenario"), _("apakah semua jalan masih seperti yang dijanjikan"),
         {"draft": view.id}),
        ("studio_compare.show", _("Bandingkan"), _("apa saja yang berubah, dalam kata-kata"),
         {"dari": view.based_on, "ke": view.id}),
        ("studio_backtest.index", _("Uji dengan kasus lama"), _("kasus mana yang akan menempuh jalan lain"),
         {"draft": view.id}),
        ("studio_publish.show", _("Terbitkan"), _("ditinjau orang kedua, dijadwalkan, atau sebagian dulu"),
         {"draft": view.id}),
    ):  # fmt: skip
        if endpoint in current_app.view_functions and None not in values.values():
            yield text, why, url_for(endpoint, **values)


def _back(draft: str) -> Response:
    return redirect(url_for("studio_drafts.show", draft=draft), 303)
