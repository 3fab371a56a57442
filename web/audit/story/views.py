"""The addresses of a case's story."""

from typing import Any

from flask import Blueprint, Response, request
from orjson import dumps

from engine.privacy import Masking, masking_for
from engine.story import Story, tell, versions_before
from engine.unit_of_work import UnitOfWork
from models import Instance
from web.audit.access import AUDITORS, audited_case
from web.audit.story.data import data_json
from web.audit.story.present import story_json
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow

blueprint = Blueprint("audit_story", __name__)


@blueprint.get("/audit/kasus/<number>/cerita.json")
@allow(AUDITORS)
def story(number: str) -> Response:
    """The whole story but the case's data, for the player."""
    with services().database.read() as unit:
        told, masking = told_to(unit, number)
        return json_response(story_json(told, masking))


@blueprint.get("/audit/kasus/<number>/data.json")
@allow(AUDITORS)
def data(number: str) -> Response:
    """What each act changed in the case's data: as many acts from `dari` on as there is time for."""
    first = max(request.args.get("dari", 1, type=int), 1)
    with services().database.read() as unit:
        case = audited_case(unit, require_actor(), number)
        return json_response(data_json(unit, case, masking_of(unit, case), first))


def told_to(unit: UnitOfWork, number: str) -> tuple[Story, Masking]:
    """The story of a case, and what of it this reader may know."""
    case = audited_case(unit, require_actor(), number)
    return tell(unit, services().definitions, case.id), masking_of(unit, case)


def masking_of(unit: UnitOfWork, case: Instance) -> Masking:
    """What of a case this reader may know, by the forms of every version it ran on."""
    parts = services()
    moved = unit.connection.execute(versions_before(case.id)).scalars()
    versions = [detail["from"] for detail in moved]
    return masking_for(unit, parts.definitions, require_actor(), case.id, now=parts.clock.now(), versions=versions,
                       locale=locale_code())  # fmt: skip


def json_response(found: Any) -> Response:
    return Response(dumps(found), content_type="application/json", headers={"Cache-Control": "private, no-store"})
