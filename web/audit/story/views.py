"""The addresses of a case's story."""

from typing import Any

from flask import Blueprint, Response
from orjson import dumps

from engine.privacy import Masking, masking_for
from engine.story import Story, tell
from engine.unit_of_work import UnitOfWork
from web.audit.access import AUDITORS, audited_case
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


def told_to(unit: UnitOfWork, number: str) -> tuple[Story, Masking]:
    """The story of a case, and what of it this reader may know."""
    actor, parts = require_actor(), services()
    case = audited_case(unit, actor, number)
    told = tell(unit, parts.definitions, case.id)
    versions = [phase.version.id for phase in told.phases]
    masking = masking_for(unit, parts.definitions, actor, case.id, now=parts.clock.now(), versions=versions,
                          locale=locale_code())  # fmt: skip
    return told, masking


def json_response(found: Any) -> Response:
    return Response(dumps(found), content_type="application/json", headers={"Cache-Control": "private, no-store"})
