"""The page of a replay: a frame for the player, which asks for the case's story by itself."""

from flask import Blueprint, current_app, render_template, url_for

from web.audit.access import AUDITORS, audited_case
from web.audit.frame import may_open
from web.audit.replay.words import SCRIPTS, player_words
from web.context import require_actor, services
from web.security import allow
from web.words.names import process_title

blueprint = Blueprint("audit_replay", __name__)


@blueprint.get("/audit/kasus/<number>/putar")
@allow(AUDITORS)
def show(number: str) -> str:
    """The player. That the case was read is noted where its story is handed out."""
    with services().database.read() as unit:
        instance = audited_case(unit, require_actor(), number)
        version = services().definitions.version(instance.version_id, unit)
    return render_template(
        "audit/replay.html",
        number=number,
        process=process_title(version),
        scripts=(*SCRIPTS, "js/audit/page.js"),
        words=player_words(),
        case_url=_url("audit.case", number),
        story_url=_url("audit_story.story", number),
        data_url=_url("audit_story.data", number),
        text_url=_url("audit_story.show", number),
        paper_url=url_for("audit_story.show", number=number, _external=True) if may_open("audit_story.show") else "",
        unmask_url=_url("audit_masking.show", number),
    )


def _url(endpoint: str, number: str) -> str | None:
    """Where this is, for who may go there."""
    return url_for(endpoint, number=number) if endpoint in current_app.view_functions and may_open(endpoint) else None
