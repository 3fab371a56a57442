"""The page of the settings: title, who starts, lanes and their roles, four eyes, parameters, retention."""

from typing import Any

import orjson
from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.definitions import Finding
from engine.errors import AlurError
from engine.manifest import COMPLETER, FILE
from engine.studio import drafts, saves
from engine.studio.drafts import DraftView
from engine.studio.errors import StaleDraftError
from engine.studio.settings import (
    Settings,
    diagrams_of,
    lanes_of,
    merged,
    parameter_kind,
    processes_of,
    read_settings,
    tasks_of,
    write_settings,
)
from web.context import require_actor, services
from web.i18n import ZONES, clock_time, locale_code, zone_name
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import open_draft, render_draft
from web.studio.settings.reading import FINALS, ROLE, Faults, read_form
from web.studio.words import finding_json

blueprint = Blueprint("studio_settings", __name__, url_prefix="/studio/draf/<draft>/pengaturan")


@blueprint.get("")
@allow(READERS)
def show(draft: str) -> str:
    """The form, with what the gate says of the file beside it."""
    view = open_draft(draft)
    settings = _settings(view)
    return _unreadable(view) if settings is None else _page(view, settings, [])


@blueprint.post("")
@allow(OWNERS)
def save(draft: str) -> Response | str:
    """Write what was changed. If somebody saved meanwhile nothing is: both changes are shown together, to look at."""
    view = open_draft(draft)
    before = _settings(view)
    if before is None:
        return _unreadable(view)
    wanted, faults = read_form(request.form, before)
    given = request.form.get("revision", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else 0
    if faults:
        return _again(_page(view, wanted, faults, seen=seen), 422)
    me, now = require_actor().user_id or "", services().clock.now()
    try:
        body = write_settings(view.files[FILE].body, wanted)
        with services().database.write() as unit:
            drafts.save_file(unit, draft, FILE, body, seen=seen, by=me, now=now)
    except StaleDraftError as error:
        return _again(_together(draft, wanted, seen, error), error.http_status)
    except AlurError as error:
        return _again(_page(view, wanted, [("revision-note", error.message(locale_code()))]), error.http_status)
    flash(_("Pengaturan tersimpan."))
    return redirect(url_for("studio_settings.show", draft=draft), 303)


def _together(draft: str, wanted: Settings, seen: int, error: StaleDraftError) -> str:
    """What both wanted: the other's changes where this person made none. Saving then counts from what is there now."""
    view = open_draft(draft)
    with services().database.read() as unit:
        base = read_settings(saves.files_at(unit, draft, seen).get(FILE)) if 0 < seen <= view.revision else None
    theirs = _settings(view)
    if theirs is None:
        return _unreadable(view)
    note = _(
        "%(who)s menyimpan pengaturan ini pukul %(when)s, sebelum Anda. Perubahannya sudah dimasukkan di bawah, "
        "dan isian Anda tetap ada. Periksa, lalu simpan lagi.",
        who=error.who,
        when=clock_time(error.at),
    )
    return _page(view, merged(base or theirs, wanted, theirs), [("revision-note", note)])


def _settings(view: DraftView) -> Settings | None:
    file = view.files.get(FILE)
    return None if file is None else read_settings(file.body)


def _page(view: DraftView, settings: Settings, faults: Faults, *, seen: int | None = None) -> str:
    diagrams = diagrams_of(view.bodies)
    tasks = tasks_of(diagrams)
    drawn = lanes_of(diagrams)
    return render_draft(
        "studio/settings.html",
        view,
        settings=settings,
        revision=seen or view.files[FILE].revision,
        faults=faults,
        findings=[finding_json(f) for f in _findings(view)],
        processes=processes_of(diagrams),
        tasks=[("starter", _("yang memulai kasus")), *((COMPLETER + i, name) for i, name in tasks.items())],
        lanes=[_lane(name, settings, drawn) for name in dict.fromkeys([*drawn, *settings["lanes"]])],
        parameters=[_parameter(name, one) for name, one in settings["parameters"].items()],
        role_names=_role_names(settings),
        zones=[("instansi", _("zona instansi kasusnya")), *((zone, f"{zone} ({zone_name(zone)})") for zone in ZONES)],
        finals=list(zip(FINALS, (_("dimusnahkan"), _("permanen"), _("dinilai kembali")), strict=True)),
    )


def _lane(name: str, settings: Settings, drawn: list[str]) -> dict[str, Any]:
    """A lane as the form shows it; `drawn` is false when no diagram has it any more."""
    lane = settings["lanes"].get(name, {})
    who = f"{ROLE}{lane['role']}" if lane.get("role") else lane.get("assign", "")
    return {
        "name": name,
        "who": who,
        "scope": lane.get("scope") or "instansi",
        "exclude": lane.get("exclude", []),
        "drawn": name in drawn,
    }


def _parameter(name: str, one: dict[str, Any]) -> dict[str, Any]:
    kind = parameter_kind(one["value"])
    value = one["value"]
    shown = orjson.dumps(value, default=str).decode() if kind == "other" else value
    return {"name": name, "kind": kind, "value": shown, "title": one["title"]}


def _role_names(settings: Settings) -> list[tuple[str, str]]:
    """Roles that a lane may be given: those of the package, and any that a lane names without them."""
    named = {key: (title.get(locale_code()) or title["id"] or key) for key, title in settings["roles"].items()}
    for lane in settings["lanes"].values():
        if lane.get("role"):
            named.setdefault(lane["role"], lane["role"])
    return list(named.items())


def _findings(view: DraftView) -> list[Finding]:
    return [f for f in drafts.findings_of(view, services().registry) if f.file == FILE]


def _unreadable(view: DraftView) -> str:
    found = [finding_json(f) for f in _findings(view)]
    return render_draft("studio/settings_unreadable.html", view, findings=found, exists=FILE in view.files)


def _again(page: str, status: int) -> Response:
    return Response(page, status, content_type="text/html; charset=utf-8")
