"""The page of a replay: a frame for the player, which asks for the case's story by itself."""

from flask import Blueprint, render_template, url_for

from web.audit.access import AUDITORS, audited_case
from web.audit.replay.words import SCRIPTS, player_words
from web.context import require_actor, services
from web.security import allow
from web.words.names import process_title

blueprint = Blueprint("audit_replay", __name__)


@blueprint.get("/audit/kasus/<number>/putar")
@allow(AUDITORS)
def show(number: str) -> str:
    """The player; it is noted that the case was looked at."""
    with services().database.read() as unit:
        instance = audited_case(unit, require_actor(), number)
        version = services().definitions.version(instance.version_id, unit)
    return render_template(
        "audit/replay.html",
        number=number,
        process=process_title(version),
        scripts=(*SCRIPTS, "js/audit/page.js"),
        words=player_words(),
        case_url=url_for("audit.case", number=number),
        story_url=url_for("audit_story.story", number=number),
        data_url=url_for("audit_story.data", number=number),
        text_url=url_for("audit_story.show", number=number),
        paper_url=url_for("audit_story.show", number=number, _external=True),
    )
