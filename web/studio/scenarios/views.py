"""All scenarios of a draft: played a few at a time, with what failed and what no scenario ever comes by."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.definitions import RefusedPackageError
from engine.studio.drafts import DraftView
from engine.studio.trials import scenarios
from engine.studio.trials.scenarios import AT_A_TIME, Overview, companions_of
from web.context import services
from web.i18n import in_locale
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import open_draft, render_draft
from web.studio.scenarios import blueprint
from web.studio.scenarios.coverage import covered, states
from web.studio.words import finding_json


@blueprint.get("")
@allow(READERS)
def index(draft: str) -> str:
    """What there is, how it went, and what is covered."""
    return page(open_draft(draft))


@blueprint.post("/jalan")
@allow(OWNERS)
def run(draft: str) -> Response | str:
    """Play the next few that were not played yet; with `ulang`, all of them once more; or the one that is named."""
    view = open_draft(draft)
    package = view.package()
    with services().database.read() as unit:
        found = scenarios.overview(unit, draft, package)
        names = {c.name for told in found.all for c in told.scenario.companions}
        companions, missing = companions_of(unit, services().definitions, names)
    again, alone = request.form.get("ulang"), request.form.get("berkas", "")
    if again:
        with services().database.write() as unit:
            scenarios.forget(unit, draft)
    waiting = [t for t in found.all if (_is_named(t) if alone else t.result is None or again)]
    chosen = waiting[:AT_A_TIME]
    try:
        played = scenarios.play_some(services().theatre, package, companions, chosen)
    except RefusedPackageError as error:
        return page(view, findings=[finding_json(f) for f in error.findings if f.is_error])
    with services().database.write() as unit:
        scenarios.keep(unit, draft, package, played, services().clock.now())
    if missing and not played:
        return page(view, told="; ".join(in_locale(text) for text in missing))
    more = {"jalan": "terus"} if len(waiting) > len(chosen) else {}
    return redirect(url_for("studio_scenarios.index", draft=draft, **more), 303)


def page(view: DraftView, *, findings: Any = (), told: str = "") -> str:
    with services().database.read() as unit:
        found = scenarios.overview(unit, view.id, view.package())
    return render_draft(
        "studio/scenarios.html",
        view,
        found=found,
        tally=_tally(found),
        lines={f"{told.scenario.file}#{told.number}": _source_lines(view, told) for told in found.all},
        diagrams=covered(view, found),
        states=states(),
        findings=findings,
        told=told,
        goes_on=request.args.get("jalan") == "terus" and bool(found.left),
    )


def _is_named(told: scenarios.Told) -> bool:
    """The one that was asked for."""
    return (told.scenario.file, str(told.number)) == (request.form.get("berkas"), request.form.get("nomor"))


def _tally(found: Overview) -> str:
    total, good, bad = len(found.all), found.count("passed"), found.count("failed")
    if found.left == total:
        return _("%(total)s skenario, belum dimainkan pada draf ini", total=total)
    told = _("%(good)s dari %(total)s skenario berhasil", good=good, total=total)
    if bad:
        told += ", " + _("%(bad)s gagal", bad=bad)
    return told + (", " + _("%(left)s belum dimainkan", left=found.left) if found.left else "")


def _source_lines(view: DraftView, told: scenarios.Told) -> dict[int, str]:
    """The lines of the file that failures point at."""
    text = view.files[told.scenario.file].body.decode("utf-8-sig", errors="replace").splitlines()
    wanted = {failure.line for failure in told.result.failures} if told.result else set()
    return {line: text[line - 1].strip() for line in wanted if 0 < line <= len(text)}
