"""The addresses of a case's story."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from orjson import dumps

from engine.privacy import Masking, masking_for, names_people
from engine.story import versions_before
from engine.unit_of_work import UnitOfWork
from models import Instance
from web.audit.access import AUDITORS, audited_case
from web.audit.frame import may_open
from web.audit.story.data import DataWords, data_json
from web.audit.story.pausing import acts_from, paused_at
from web.audit.story.present import story_json
from web.audit.story.reading import Filters, acts_of, page_of
from web.audit.story.words import Narrator, group_texts
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow
from web.words.names import process_title

blueprint = Blueprint("audit_story", __name__)


@blueprint.get("/audit/kasus/<number>/cerita")
@allow(AUDITORS)
def show(number: str) -> str:
    """The story as an ordered text, some hundred events on a page."""
    filters = Filters.from_arguments(request.args)
    parts = services()
    with parts.database.read() as unit:
        case = audited_case(unit, require_actor(), number)
        masking = masking_of(unit, case)
        paused = paused_at(unit, parts.database, parts.definitions, case)
        told = paused.story
        events, text = page_of(told, filters)
        first = events[0].act if events else 1
        data = {act.act: act for act in acts_from(paused, unit, parts.definitions, first)}
        text.acts.extend(acts_of(events, Narrator(told, masking), DataWords(told, masking), data))
    process = process_title(told.phases[-1].version)
    failed = paused.failed
    return render_template(
        "audit/story/show.html",
        number=number,
        process=process,
        title=masking.title(case.title or process, process, personal=names_people(told.phases[-1].version)),
        filters=filters,
        groups=[(str(group), words) for group, words in group_texts().items()],
        counts=Counter(str(event.group) for event in told.events),
        text=text,
        waiting=failed is None and any(not act.data_known for act in text.acts),
        failed=failed.in_locale(locale_code()) if failed is not None else "",
        replay_url=url_for("audit_replay.show", number=number) if may_open("audit_replay.show") else None,
        previous_url=_page(number, filters, text.page - 1, text.pages),
        next_url=_page(number, filters, text.page + 1, text.pages),
    )


def _page(number: str, filters: Filters, page: int, pages: int) -> str | None:
    chosen = sorted(filters.groups) if filters.narrowed else []
    return url_for("audit_story.show", number=number, jenis=chosen, hal=page) if 1 <= page <= pages else None


@blueprint.get("/audit/kasus/<number>/cerita.json")
@allow(AUDITORS)
def story(number: str) -> Response:
    """The whole story but the case's data, for the player."""
    parts = services()
    with parts.database.read() as unit:
        case = audited_case(unit, require_actor(), number)
        told = paused_at(unit, parts.database, parts.definitions, case).story
        return json_response(story_json(told, masking_of(unit, case)))


@blueprint.get("/audit/kasus/<number>/data.json")
@allow(AUDITORS)
def data(number: str) -> Response:
    """What each act changed in the case's data: as many acts from `dari` on as there is time for."""
    first = max(request.args.get("dari", 1, type=int), 1)
    with services().database.read() as unit:
        case = audited_case(unit, require_actor(), number)
        return json_response(data_json(unit, case, masking_of(unit, case), first))


def masking_of(unit: UnitOfWork, case: Instance) -> Masking:
    """What of a case this reader may know, by the forms of every version it ran on."""
    parts = services()
    moved = unit.connection.execute(versions_before(case.id)).scalars()
    versions = [detail["from"] for detail in moved]
    return masking_for(unit, parts.definitions, require_actor(), case.id, now=parts.clock.now(), versions=versions,
                       locale=locale_code())  # fmt: skip


def json_response(found: Any) -> Response:
    return Response(dumps(found), content_type="application/json", headers={"Cache-Control": "private, no-store"})
