"""The page under a person's account: who opened their cases, by office and never by name."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlmodel import col

from engine.ledger import ENTRIES
from engine.privacy import OPEN
from engine.privacy.looked import looks
from models import Instance
from web.audit.seen import words
from web.context import require_actor, services
from web.paging import Key, fetch_page
from web.security import allow, signed_in

blueprint = Blueprint("privacy", __name__)
KEYS = (Key(ENTRIES.c.seq, "seq", descending=True),)


@blueprint.get("/akun/akses")
@allow(signed_in)
def mine() -> str:
    """Looks at the cases that this person began; their own are left out."""
    actor = require_actor()
    own = select(col(Instance.id)).where(col(Instance.starter_id) == actor.user_id)
    query = looks().where(ENTRIES.c.instance_id.in_(own), ENTRIES.c.actor_id != actor.user_id)
    with services().database.read() as unit:
        page = fetch_page(
            unit.connection, query, KEYS, after=request.args.get("sesudah"), before=request.args.get("sebelum"), size=50
        )
        rows = [(look, words.office_of(unit, row)) for look, row in
                zip(words.lines(unit, page.rows, OPEN), page.rows, strict=True)]  # fmt: skip
    return render_template(
        "privacy/mine.html",
        rows=rows,
        previous_url=url_for("privacy.mine", sebelum=page.previous) if page.previous else None,
        next_url=url_for("privacy.mine", sesudah=page.next) if page.next else None,
    )
