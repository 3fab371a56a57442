"""What an owner does to a letter by hand: cancel, withdraw, replace. Each with its consequence and its reason."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import Row
from werkzeug.wrappers import Response
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from engine.errors import ForbiddenError, NotFoundError
from engine.letters import book
from engine.unit_of_work import UnitOfWork
from web.auth.forms import faults_of
from web.context import require_actor, services
from web.letters import blueprint, queries
from web.letters.register import acts_for, may_change
from web.security import allow, role


class ActForm(Form):
    """Why, for the register and for whoever asks later."""

    reason = TextAreaField(
        lazy_gettext("Alasan"),
        [
            InputRequired(lazy_gettext("Tuliskan alasannya.")),
            Length(5, 500, lazy_gettext("Alasan terdiri atas 5 sampai 500 huruf.")),
        ],
        render_kw={"rows": 3, "maxlength": 500},
    )


class ReplaceForm(ActForm):
    """By which letter, too."""

    number = StringField(
        lazy_gettext("Nomor surat pengganti"),
        [InputRequired(lazy_gettext("Tuliskan nomor surat penggantinya."))],
        render_kw={"maxlength": 120, "autocomplete": "off", "spellcheck": "false", "list": "fitting"},
    )


@blueprint.route("/surat/<letter_id>/<act>", methods=["GET", "POST"])
@allow(role("owner"))
def change(letter_id: str, act: str) -> Response | str | tuple[str, int]:
    """Asks first; what is done stays done."""
    row = _row(letter_id, act)
    form = (ReplaceForm if act == "ganti" else ActForm)(request.form if request.method == "POST" else None)
    if act not in acts_for(require_actor(), row):
        flash(_("Keadaan surat ini sudah berubah; hal itu tidak dapat dilakukan lagi."), "warning")
        return redirect(url_for("letters.show", letter_id=letter_id), 303)
    if request.method == "GET":
        return _page(row, act, form, [])
    by = None
    if form.validate() and act == "ganti":
        fitting = _fitting(row, form.number.data.strip())
        by = fitting[0].id if fitting else None
        if by is None:
            form.number.errors = [_("Tidak ada surat berlaku bernomor itu dari penerbit yang sama.")]
    if form.errors:
        return _page(row, act, form, faults_of(form)), 422
    with services().database.write() as unit:
        _do(unit, row, act, form.reason.data, by)
    flash(_("Tercatat. Halaman periksa surat langsung menunjukkannya."), "success")
    return redirect(url_for("letters.show", letter_id=letter_id), 303)


def _row(letter_id: str, act: str) -> Row[Any]:
    actor = require_actor()
    with services().database.read() as unit:
        row = queries.letter_row(unit.connection, actor, letter_id)
    if row is None or act not in ("batalkan", "cabut", "ganti"):
        raise NotFoundError
    if not may_change(actor, row):
        raise ForbiddenError(why=_("hanya pemilik proses dari instansi kasus ini."))
    return row


def _fitting(row: Row[Any], number: str = "") -> list[Row[Any]]:
    with services().database.read() as unit:
        return queries.successors_for(unit.connection, require_actor(), row, number)


def _do(unit: UnitOfWork, row: Row[Any], act: str, reason: str, by: str | None) -> None:
    who = {"reason": reason, "actor": require_actor(), "now": services().clock.now()}
    if act == "batalkan":
        book.cancel(unit, row.id, **who)
    elif by is None:
        book.withdraw(unit, row.id, **who)
    else:
        book.replace(unit, row.id, by, **who)


def _page(row: Row[Any], act: str, form: Any, faults: list[tuple[str, str]]) -> str:
    fitting = _fitting(row) if act == "ganti" else []
    return render_template("letters/act.html", letter=row, act=act, form=form, faults=faults, fitting=fitting)
