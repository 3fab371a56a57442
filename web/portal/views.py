"""The portal, and the page that stands for each platform. What is open is decided anew at every request."""

from flask import Blueprint, render_template

from engine.errors import NotFoundError
from engine.people import HeldRole, memberships_of
from engine.texts import Text
from web.context import require_actor, services
from web.portal.platforms import Door, door, platforms
from web.roles import role_titles
from web.security import allow, signed_in

blueprint = Blueprint("portal", __name__)


@blueprint.get("/akses")
@allow(signed_in)
def index() -> str:
    doors, titles, held = _doors()
    return render_template("portal/index.html", doors=doors, titles=titles, held=held)


@blueprint.get("/akses/<key>")
@allow(signed_in)
def platform(key: str) -> str | tuple[str, int]:
    """Open while at least one access with a fitting role is active today; closed the day after its last day."""
    doors, titles, _held = _doors()
    found = next((d for d in doors if d.platform.key == key), None)
    if found is None:
        raise NotFoundError
    status = 200 if found.is_open else 403
    return render_template("portal/platform.html", door=found, titles=titles), status


def _doors() -> tuple[list[Door], dict[str, Text], list[HeldRole]]:
    parts = services()
    with parts.database.read() as unit:
        held = memberships_of(unit, require_actor().user_id or "", parts.clock.now())
        titles = role_titles(unit)
    return [door(one, held) for one in platforms()], titles, held
