"""The *surat keterangan pemenuhan standar*, from the board of its LPSE."""

from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from web.cases import present
from web.context import require_actor, services
from web.lpse.area import blueprint, lpse_of, people
from web.security import allow


@blueprint.get("/<lpse_id>/surat")
@allow(people)
def letter(lpse_id: str) -> Response:
    """The letter as a PDF; the reading is recorded."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        lpse = lpse_of(unit, actor, lpse_id)
        if lpse.letter_attachment_id is None:
            raise NotFoundError
        found = services().documents.read(unit, lpse.letter_attachment_id, actor.user_id or "", now)
    return present.download(found)
