"""What every page of a draft has around it: its title and state, the tabs of its tools, who else is here.

view = open_draft(draft)
return render_draft("studio/trial.html", view, trial=trial)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from engine.errors import AlurError, NotFoundError
from engine.studio.drafts import DraftView, read_draft, read_head
from engine.studio.presence import names_of
from models import Definition
from web.context import current_actor, require_actor, services
from web.i18n import clock_time, day, locale_code, zone
from web.studio.access import EDITORS
from web.studio.words import draft_state, page_words

TONES = {"open": "busy", "review": "warn", "published": "good", "discarded": "neutral"}


@dataclass(frozen=True)
class Tab:
    """One tool for this draft; `current` while one is inside it."""

    text: str
    url: str
    current: bool


def open_draft(draft_id: str) -> DraftView:
    """The draft of this address; 404 when there is none."""
    with services().database.read() as unit:
        return read_draft(unit, draft_id)


@contextmanager
def telling(draft_id: str) -> Iterator[None]:
    """A refusal of what the block does is said on the next page; a draft that is not there stays a 404."""
    with services().database.read() as unit:
        read_head(unit, draft_id)
    try:
        yield
    except NotFoundError:
        raise
    except AlurError as error:
        flash(error.message(locale_code()), "error")


def may_edit(view: DraftView) -> bool:
    """An owner, and a draft that nobody reviews, published or discarded."""
    return view.is_open and is_editor()


def is_editor() -> bool:
    """May this person change drafts at all?"""
    actor = current_actor()
    return actor is not None and any(grant.role in EDITORS for grant in actor.grants)


def render_draft(template: str, view: DraftView, **context: Any) -> str:
    """A page of the draft: `template` extends studio/layout.html and fills its block `tool`."""
    with services().database.read() as unit:
        changer = names_of(unit, [view.changed_by]).get(view.changed_by, "")
        definition = unit.session.get(Definition, view.key)
    return render_template(
        template,
        draft=view,
        process_title=definition.title if definition is not None else view.key,
        may_edit=may_edit(view),
        state_text=draft_state(view.state),
        state_tone=TONES.get(view.state, "neutral"),
        tabs=list(tabs(view)),
        changed_text=saved_text(view, changer),
        studio_page={
            "draft": view.id,
            "user": require_actor().user_id,
            "revision": view.revision,
            "files": url_for("studio_drafts.read_file", draft=view.id, path="-")[:-1],
            "presence": url_for("studio_drafts.tell_presence", draft=view.id),
            "findings": url_for("studio_drafts.findings", draft=view.id),
            "copy": url_for("studio_drafts.copy", draft=view.id),
            "editable": may_edit(view),
            "words": page_words(),
        },
        **context,
    )


def saved_text(view: DraftView, who: str) -> str:
    """Who saved last, and when."""
    own = ZoneInfo(zone())
    saved, today = view.changed_at.astimezone(own).date(), services().clock.now().astimezone(own).date()
    when = clock_time(view.changed_at) if saved == today else f"{day(saved)} {clock_time(view.changed_at)}"
    return _("Draf tersimpan %(when)s oleh %(who)s", when=when, who=who or _("seseorang"))


def tabs(view: DraftView) -> Iterator[Tab]:
    """The tools that are there, in the order of the work."""
    first = {kind: _first(view, *where) for kind, where in FOLDERS.items()}
    here = request.blueprint or ""
    for endpoint, text, values in (
        ("studio_drafts.show", _("Ringkasan"), {}),
        ("studio_editor.show", _("Diagram"), {"path": _main(view)}),
        ("studio_forms.show", _("Formulir"), {"name": first["form"]}),
        ("studio_decisions.show", _("Keputusan"), {"name": first["decision"]}),
        ("studio_letters.show", _("Surat"), {"name": first["letter"]}),
        ("studio_mails.show", _("E-mail"), {"name": first["mail"]}),
        ("studio_settings.show", _("Pengaturan"), {}),
        ("studio_trials.index", _("Uji coba"), {}),
        ("studio_scenarios.index", _("Skenario"), {}),
        ("studio_compare.show", _("Bandingkan"), {"dari": view.based_on, "ke": view.id}),
        ("studio_backtest.index", _("Kasus lama"), {}),
        ("studio_publish.show", _("Terbitkan"), {}),
    ):
        if endpoint not in current_app.view_functions or None in values.values():
            continue
        own = {} if endpoint == "studio_compare.show" else {"draft": view.id}
        yield Tab(text, url_for(endpoint, **own, **values), here == endpoint.partition(".")[0])


FOLDERS = {
    "form": ("forms/", ".json"),
    "decision": ("decisions/", ".dmn"),
    "letter": ("letters/", ".typ"),
    "mail": ("mails/", ".txt"),
}


def _first(view: DraftView, folder: str, suffix: str) -> str | None:
    """The name of the first file of a kind; None when there is none: then the front page is where one is added."""
    found = [path for path in view.files if path.startswith(folder) and path.endswith(suffix)]
    # What begins with _ is there for others (the head of the letters).
    first = min(found, key=lambda path: (path.startswith(f"{folder}_"), path), default=None)
    return first.removeprefix(folder).removesuffix(suffix) if first else None


def _main(view: DraftView) -> str | None:
    diagrams = [path for path in view.files if path.endswith(".bpmn")]
    return min(diagrams, key=lambda path: ("/" in path, path != "process.bpmn", path), default=None)
