"""One's wishes about mails that are only good to know: signed in, or by the signed link in such a mail."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.identifiers import mask_email
from engine.mail.preferences import WISHES, Wish, choose, wish_of
from engine.mail.unsubscribing import Unsubscribing
from models import User
from web.context import require_actor, services
from web.security import allow, public, signed_in

blueprint = Blueprint("mails", __name__)


@blueprint.get("/akun/surel")
@allow(signed_in)
def wishes() -> str:
    """What this person wants of what is only good to know."""
    with services().database.read() as unit:
        return render_template("mails/wishes.html", chosen=wish_of(unit, require_actor().user_id or ""))


@blueprint.post("/akun/surel")
@allow(signed_in)
def save_wishes() -> Response | tuple[str, int]:
    wish = _wish(request.form.get("wish", ""))
    if wish is None:
        return render_template("mails/wishes.html", chosen=None, missing=True), 422
    with services().database.write() as unit:
        choose(unit, require_actor().user_id or "", wish, "self", services().clock.now())
    flash(_("Perubahan disimpan."), "success")
    return redirect(url_for("mails.wishes"), 303)


@blueprint.get("/surel/berhenti/<token>")
@allow(public)
def way_out(token: str) -> str:
    """Asks before anything changes: programs that look at every link of a mail must not unsubscribe anybody."""
    return _shown(token, _reader(token), done=None)


@blueprint.post("/surel/berhenti/<token>")
@allow(public, foreign=True)
def unsubscribe(token: str) -> str:
    """One click in a mail program (RFC 8058), or the button of the page. The signed link is what proves it."""
    reader = _reader(token)
    wish = _wish(request.form.get("wish", "")) or "never"
    with services().database.write() as unit:
        choose(unit, reader, wish, "link", services().clock.now())
    return _shown(token, reader, done=wish)


def _reader(token: str) -> str:
    settings = services().settings
    reader = Unsubscribing(settings.base_url, settings.secret_key).reader_of(token)
    if reader is None:
        raise NotFoundError
    return reader


def _shown(token: str, reader: str, done: Wish | None) -> str:
    with services().database.read() as unit:
        user = unit.session.get(User, reader)
    address = mask_email(user.email if user is not None else reader)
    return render_template("mails/way_out.html", token=token, address=address, done=done)


def _wish(given: str) -> Wish | None:
    return next((wish for wish in WISHES if wish == given), None)
