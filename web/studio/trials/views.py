"""The trials of a draft, and one trial as it stands now."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.definitions import RefusedPackageError
from engine.errors import NotFoundError
from engine.scenarios import ScenarioFileError
from engine.studio.presence import names_of
from engine.studio.trials import recording, store
from engine.studio.trials.handlers import handlers_called
from engine.studio.trials.scenarios import companions_of, overview
from engine.studio.trials.story import Story
from engine.studio.trials.theatre import Rehearsal
from web.cases import present
from web.cases.steps import states
from web.context import require_actor, services
from web.i18n import in_locale, locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import is_editor, open_draft, render_draft
from web.studio.trials import blueprint
from web.studio.trials.beginning import manifest_of, offered, roles_of, story_of
from web.studio.trials.board import board
from web.studio.trials.opening import Opened, inside, open_trial
from web.studio.trials.steps import StepRefusedError, refuse
from web.studio.trials.words import expectation_names, lines, people_told
from web.studio.words import finding_json


@blueprint.get("")
@allow(READERS)
def index(draft: str) -> str:
    """The trials there are, and how to begin another."""
    view = open_draft(draft)
    with services().database.read() as unit:
        trials = store.of_draft(unit, draft)
        names = names_of(unit, [trial.changed_by for trial in trials])
        offer = offered(unit, view, overview(unit, draft, view.package()), services().clock.now())
    return render_draft("studio/trials.html", view, trials=trials, names=names, offer=offer, plays=is_editor())


@blueprint.post("")
@allow(OWNERS)
def create(draft: str) -> Response:
    """Begin a trial."""
    view = open_draft(draft)
    try:
        story = story_of(request.form, view)
        _check_beside(story)
    except (StepRefusedError, ScenarioFileError) as error:
        flash(error.message(locale_code()), "error")
        return redirect(url_for("studio_trials.index", draft=draft), 303)
    with services().database.write() as unit:
        by = require_actor().user_id or ""
        trial = store.begin(unit, draft, story, by=by, now=services().clock.now()).id
    return redirect(url_for("studio_trials.show", draft=draft, trial=trial), 303)


@blueprint.get("/<trial>")
@allow(READERS)
def show(draft: str, trial: str) -> str | tuple[str, int]:
    """How it stands: tokens on the diagram, what can be done, what was done."""
    return page(open_trial(draft, trial))


@blueprint.post("/<trial>/hapus")
@allow(OWNERS)
def remove(draft: str, trial: str) -> Response:
    """Put it away; it is nobody's record."""
    with services().database.write() as unit:
        store.remove(unit, draft, trial)
    services().theatre.forget(trial)
    flash(_("Uji coba dihapus."), "success")
    return redirect(url_for("studio_trials.index", draft=draft), 303)


@blueprint.get("/<trial>/gambar/<key>/<path:path>")
@allow(READERS)
def drawing(draft: str, trial: str, key: str, path: str) -> Response:
    """A diagram of the draft, or of a process beside it, as the trial plays it."""
    with open_trial(draft, trial).rehearsal() as rehearsal:
        version = next((v for v in rehearsal.world.versions if v.key == key), None)
        if version is None:
            raise NotFoundError
        found = present.drawing(version, path)
    found.headers["Cache-Control"] = "private, no-cache"  # a draft changes
    return found


def _check_beside(story: Story) -> None:
    """Processes that are to play along must be in use here."""
    with services().database.read() as unit:
        names = [companion.name for companion in story.scenario().companions]
        missing = companions_of(unit, services().definitions, names)[1]
    if missing:
        raise refuse(in_locale(missing[0]))


def page(opened: Opened, *, told: str = "", status: int = 200, sent: Any = None) -> str | tuple[str, int]:
    """The trial's page; `told` is why the last thing was not done, `sent` what was typed for it."""
    if opened.missing:
        return _blocked(opened, reasons=opened.missing)
    try:
        with opened.rehearsal() as rehearsal:
            body = _body(opened, rehearsal, sent or {})
            story = lines(rehearsal)
            stopped = rehearsal.stopped
    except RefusedPackageError as error:
        return _blocked(opened, findings=error.findings)
    answer = render_draft(
        "studio/trial.html",
        opened.view,
        trial=opened.trial,
        body=body,
        story=story,
        plays=is_editor(),
        stopped=stopped,
        told=told,
        acts=opened.story.acts,
        wanted=list(expectation_names().items()),
        usual=recording.USUAL,
        file_name=_free_name(opened),
        with_diagram=True,
    )
    return answer if status == 200 else (answer, status)


def _body(opened: Opened, rehearsal: Rehearsal, sent: Any) -> Markup:
    """The part that speaks of the trial's world: made inside of it."""
    world = rehearsal.world
    manifest = manifest_of(opened.view)
    starters = [v for v in world.versions if v.specs.started_by_message is None and not v.manifest.shared]
    with inside(world):
        return Markup(  # noqa: S704 -- a template of ours, which escapes what it is given
            render_template(
                "studio/trial_board.html",
                draft=opened.view,
                trial=opened.trial,
                board=board(rehearsal, request.args.get("kasus"), request.args.get("gambar")),
                states=states(),
                people=people_told(rehearsal.scenario),
                starters=starters or list(world.versions),
                handlers=handlers_called(opened.package, world.registry),
                said=getattr(world.registry, "said", {}),
                roles=[manifest.role_title(role).id for role in roles_of(manifest)] if manifest else [],
                stopped=rehearsal.stopped is not None or not is_editor(),
                acts=opened.story.acts if is_editor() else 0,
                fresh=request.args.get("langkah") == "baru",
                sent=sent,
            )
        )


def _blocked(opened: Opened, *, findings: Any = (), reasons: Any = ()) -> str:
    """The draft cannot be played now; the trial waits until it can."""
    errors = [finding_json(finding) for finding in findings if finding.is_error]
    return render_draft(
        "studio/trial_blocked.html", opened.view, trial=opened.trial, findings=errors, reasons=list(reasons)
    )


def _free_name(opened: Opened) -> str:
    """A name for the file that the trial would be written to."""
    taken = {path.removeprefix("scenarios/") for path in opened.view.files}
    number = 1 + sum(path.startswith("scenarios/") for path in opened.view.files)
    while f"{number:02}_uji_coba.yaml" in taken:
        number += 1
    return f"{number:02}_uji_coba"
