"""What the properties panel asks for: the vocabulary of a draft, and the checking of what is typed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import jsonify, request
from werkzeug.wrappers import Response

from calendars import UnknownZoneError, zone_of
from engine.calendar import load_calendar
from engine.studio.vocabulary import names_at, parts_of
from web.context import services
from web.i18n import zone as own_zone
from web.security import allow
from web.studio.access import READERS
from web.studio.frame import open_draft
from web.studio.properties import blueprint
from web.studio.properties.checking import Asked, checked
from web.studio.properties.vocabulary import name_json, vocabulary_json

MOST_ITEMS = 60


@blueprint.get("/kosakata")
@allow(READERS)
def vocabulary(draft: str) -> Response:
    """What the draft has to choose from; with `unsur`, the names that can be read at that element."""
    view = open_draft(draft)
    registry = services().registry
    parts = parts_of(view, registry)
    file, element = request.args.get("diagram", ""), request.args.get("unsur", "")
    names = [name_json(known) for known in names_at(parts, file, element)]
    if element:
        return jsonify(names=names)
    return jsonify({**vocabulary_json(parts, view.files, registry), "names": names})


@blueprint.post("/periksa")
@allow(READERS)
def check(draft: str) -> Response:
    """Every expression of one element as it is typed now: its faults, its parts, and what it would give."""
    told = request.get_json(silent=True)
    told = told if isinstance(told, dict) else {}
    parts = parts_of(open_draft(draft), services().registry)
    file, element = _text(told, "diagram"), _text(told, "unsur")
    names = names_at(parts, file, element)
    zone = _zone(_text(told, "zone"))
    opened = _opened(_text(told, "opened"), zone)
    with services().database.read() as unit:
        calendar = load_calendar(unit, None, zone.key, now=services().clock.now())
    asked = Asked(parts, names, calendar, opened)
    items = told.get("items")
    found = [i for i in items if isinstance(i, dict)] if isinstance(items, list) else []
    return jsonify(results={_text(item, "key"): checked(asked, item) for item in found[:MOST_ITEMS]})


def _text(told: dict[str, Any], key: str, most: int = 300) -> str:
    value = told.get(key)
    return value[:most] if isinstance(value, str) else ""


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_of(name or own_zone())
    except UnknownZoneError:
        return zone_of(own_zone())


def _opened(text: str, zone: ZoneInfo) -> datetime:
    """When the task is taken to open: as given (`2026-06-03T09:00`, in the zone), else now."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return services().clock.now()
    return given if given.tzinfo is not None else given.replace(tzinfo=zone)
