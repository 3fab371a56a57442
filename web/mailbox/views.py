"""Mails as they were written, newest first. Open to everybody, for a demo has nobody's real mail."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import and_, or_, select
from sqlmodel import col

from engine.errors import NotFoundError
from models import OutgoingMail
from web.context import services
from web.security import allow, public

blueprint = Blueprint("mailbox", __name__)

PAGE = 25


@blueprint.get("/mailbox")
@allow(public)
def index() -> str:
    """All mails, or those to one address (`?kepada=`)."""
    recipient = request.args.get("kepada", "").strip().lower()
    query = select(OutgoingMail).order_by(col(OutgoingMail.created_at).desc(), col(OutgoingMail.id).desc())
    if recipient:
        query = query.where(col(OutgoingMail.recipient).contains(recipient, autoescape=True))
    with services().database.read() as unit:
        last = unit.session.get(OutgoingMail, request.args.get("setelah", ""))
        if last is not None:
            older = col(OutgoingMail.created_at) < last.created_at
            same = and_(col(OutgoingMail.created_at) == last.created_at, col(OutgoingMail.id) < last.id)
            query = query.where(or_(older, same))
        mails = unit.session.execute(query.limit(PAGE + 1)).scalars().all()
    more = url_for("mailbox.index", kepada=recipient or None, setelah=mails[PAGE - 1].id) if len(mails) > PAGE else None
    return render_template("mailbox/index.html", mails=mails[:PAGE], recipient=recipient, next_url=more)


@blueprint.get("/mailbox/<mail_id>")
@allow(public)
def show(mail_id: str) -> str:
    """One mail as its reader sees it: its text, with the addresses in it to click."""
    with services().database.read() as unit:
        mail = unit.session.get(OutgoingMail, mail_id)
    if mail is None:
        raise NotFoundError
    return render_template("mailbox/show.html", mail=mail, lines=_lines(mail.text))


def _lines(text: str) -> list[tuple[str, str | None]]:
    """Each line, with the local address if it is nothing but a link into this installation."""
    base = services().settings.base_url
    lines = []
    for line in text.strip().splitlines():
        bare = line.strip()
        local = bare.removeprefix(base) if bare.startswith(base + "/") else None
        lines.append((line, local))
    return lines
