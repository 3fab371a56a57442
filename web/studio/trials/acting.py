"""What changes a trial: a step, its undoing, somebody more, and writing it down as a scenario of the draft."""

import re
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.definitions import RefusedPackageError
from engine.errors import AlurError
from engine.scenarios import run_scenario
from engine.scenarios.outcome import StepError
from engine.studio.drafts import save_file
from engine.studio.trials import recording, store
from engine.studio.trials.story import Story
from web.context import require_actor, services
from web.i18n import in_locale, locale_code
from web.security import allow
from web.studio.access import OWNERS
from web.studio.trials import blueprint
from web.studio.trials.board import troubles
from web.studio.trials.opening import Opened, open_trial
from web.studio.trials.steps import refuse, step_of
from web.studio.trials.views import page

Shown = Response | str | tuple[str, int]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\Z", re.ASCII)


@blueprint.post("/<trial>/langkah")
@allow(OWNERS)
def step(draft: str, trial: str) -> Shown:
    """One step more, if it can be done; else the page says why and the trial stands where it stood."""
    opened = open_trial(draft, trial)
    try:
        _check_seen(opened)
        with opened.rehearsal() as rehearsal:
            made = step_of(request.form, rehearsal.world)
        take(opened, made)
    except RefusedPackageError:
        return page(opened)
    except StepError as error:
        return page(opened, told=in_locale(error.words), status=422, sent=request.form)
    except AlurError as error:
        return page(open_trial(draft, trial), told=error.message(locale_code()), status=error.http_status,
                    sent=request.form)  # fmt: skip
    return redirect(_there(draft, trial, request.form.get("lihat", "")), 303)


@blueprint.post("/<trial>/batalkan")
@allow(OWNERS)
def undo(draft: str, trial: str) -> Shown:
    """Before the last step, as if it had not been taken."""
    opened = open_trial(draft, trial)
    try:
        _check_seen(opened)
        _keep(opened, opened.story.without_last())
    except AlurError as error:
        return page(open_trial(draft, trial), told=error.message(locale_code()), status=error.http_status)
    flash(_("Langkah terakhir dibatalkan."), "success")
    return redirect(url_for("studio_trials.show", draft=draft, trial=trial), 303)


@blueprint.post("/<trial>/orang")
@allow(OWNERS)
def add_person(draft: str, trial: str) -> Shown:
    """Somebody more, from the beginning of the story."""
    opened = open_trial(draft, trial)
    try:
        _check_seen(opened)
        story = _with_person(opened)
        with opened.rehearsal(story) as rehearsal:
            if rehearsal.stopped is not None and not rehearsal.played:
                raise refuse(in_locale(rehearsal.stopped.actual))
        _keep(opened, story)
    except RefusedPackageError:
        return page(opened)
    except AlurError as error:
        services().theatre.forget(trial)
        return page(open_trial(draft, trial), told=error.message(locale_code()), status=error.http_status,
                    sent=request.form)  # fmt: skip
    return redirect(url_for("studio_trials.show", draft=draft, trial=trial, _anchor="orang"), 303)


@blueprint.post("/<trial>/rekam")
@allow(OWNERS)
def record(draft: str, trial: str) -> Shown:
    """Write the trial down as a scenario file of the draft, with what was seen after each step as expectations."""
    opened = open_trial(draft, trial)
    try:
        path, story = _recorded(opened)
        with services().database.write() as unit:
            by, now = require_actor().user_id or "", services().clock.now()
            save_file(unit, draft, path, _file_text(story).encode(), seen=None, by=by, now=now)
    except RefusedPackageError:
        return page(opened)
    except AlurError as error:
        return page(opened, told=error.message(locale_code()), status=error.http_status, sent=request.form)
    flash(_("Skenario “%(title)s” ditulis ke %(file)s.", title=story.title, file=path), "success")
    name = path.removeprefix("scenarios/").removesuffix(".yaml")
    return redirect(url_for("studio_scenarios.show", draft=draft, name=name), 303)


def take(opened: Opened, *steps: dict[str, Any]) -> None:
    """Play these steps; keep them if the engine takes them. StepRefusedError says what it said else."""
    story = opened.story.with_steps(*steps)
    theatre, trial = services().theatre, opened.trial.id
    with opened.rehearsal(story) as rehearsal:
        stopped, last = rehearsal.stopped, rehearsal.last
        mismatch = stopped or (last.mismatches[0] if last and last.mismatches and len(steps) > 1 else None)
        told = _why(rehearsal, in_locale(mismatch.actual)) if mismatch else ""
    if told:
        theatre.forget(trial)
        raise refuse(told)
    try:
        _keep(opened, story)
    except AlurError:
        theatre.forget(trial)
        raise


def _why(rehearsal: Any, said: str) -> str:
    """With what the engine wrote to the administrator: here, that is the owner."""
    found = troubles(rehearsal.world)
    return f"{said} ({found[-1]})" if found else said


def _keep(opened: Opened, story: Story) -> None:
    with services().database.write() as unit:
        store.keep(unit, opened.trial, story, by=require_actor().user_id or "", now=services().clock.now())


def _check_seen(opened: Opened) -> None:
    """The page that was acted on showed the trial as it is."""
    if request.form.get("revisi") != str(opened.trial.revision):
        raise store.StaleTrialError


def _with_person(opened: Opened) -> Story:
    name, role = request.form.get("nama", "").strip()[:60], request.form.get("peran", "").strip()
    if not name or name in {person.name for person in opened.story.scenario().people}:
        raise refuse(_("beri nama yang belum dipakai."))
    agency, pending = request.form.get("instansi", "").strip(), request.form.get("akun") == "belum aktif"
    about: dict[str, Any] = {"akun": "belum aktif"} if pending else {}
    if role:
        about |= {"peran": role, **({"instansi": agency} if agency else {})}
    return opened.story.with_person(name, about)


def _recorded(opened: Opened) -> tuple[str, Story]:
    name = request.form.get("berkas", "").strip().lower().removesuffix(".yaml")
    path = f"scenarios/{name}.yaml"
    if not NAME.match(name):
        raise refuse(_("nama berkas hanya huruf kecil, angka, “_” dan “-”."))
    if path in opened.view.files:
        raise refuse(_("berkas %(file)s sudah ada; pilih nama lain.", file=path))
    if not opened.story.acts:
        raise refuse(_("belum ada langkah yang dapat direkam."))
    title = request.form.get("judul", "").strip()[:200] or opened.story.title
    wanted = frozenset(request.form.getlist("harapan")) & frozenset(recording.WANTED)
    scenario = opened.story.scenario()
    with services().theatre.stage(opened.package, opened.companions, scenario.start) as stage:
        story = recording.recorded(stage, opened.story, wanted).called(title)
        again = run_scenario(stage, story.scenario())
    if not again.passed:
        failure = again.failures[0]
        raise refuse(_("rekaman tidak berhasil dimainkan ulang: %(why)s", why=failure.sentence(locale_code())))
    return path, story


def _file_text(story: Story) -> str:
    return f"# {_('Direkam dari uji coba. Sesuaikan seperlunya: setiap “then” adalah harapan.')}\n\n{story.text}"


def _there(draft: str, trial: str, case: str) -> str:
    more = {"kasus": case} if case else {}
    return url_for("studio_trials.show", draft=draft, trial=trial, langkah="baru", **more)
