"""Daftar → Lanjut → data diri, foto, SK/ST → Lanjut → tinjau → Ajukan: how somebody becomes an Admin Instansi."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.definitions import LoadedVersion
from engine.errors import AlurError, InvalidDataError, NotFoundError
from engine.forms import Fault, Form
from engine.forms.model import Validated
from engine.people import may_upload
from web.context import current_actor, current_user, services
from web.forms import Values, form_values
from web.i18n import clock_time
from web.inbox.taskform import MAX_BODY
from web.inpassing import enrolment, registrant
from web.inpassing.area import ADMIN, blueprint
from web.inpassing.registrant import FORM, REVIEW, Draft
from web.security import allow, public

AGAIN = frozenset({"email_again", "phone_again"})
"""Asked twice against slips; shown once."""


class TooManyUploadsError(AlurError):
    """Too many files were sent from this address in the last hour. Try again later; what you typed is kept."""

    indonesian = (
        "Terlalu banyak berkas dikirim dari alamat ini dalam satu jam terakhir. Coba lagi nanti; isian Anda tetap ada."
    )
    code = "too_many_uploads"
    http_status = 429


@blueprint.get("/")
@allow(public)
def front() -> Response | str:
    """What the service is, for a visitor; an Admin Instansi goes to the participants."""
    actor = current_actor()
    if actor is not None and any(grant.role == ADMIN for grant in actor.grants):
        return redirect(url_for("inpassing.participants"))
    return render_template("inpassing/front.html")


@blueprint.get("/daftar")
@allow(public)
def register() -> str:
    """What an Admin Instansi is and what must be at hand: "Lanjut"."""
    with services().database.read() as unit:
        return render_template("inpassing/register.html", is_open=registrant.version(unit) is not None)


@blueprint.get("/daftar/data-diri")
@allow(public)
def personal_data() -> Response | str:
    """The form, with what this browser has kept."""
    found = _package()
    return _closed() if found is None else _form_page(*found, registrant.draft())


@blueprint.post("/daftar/data-diri")
@allow(public, max_body=MAX_BODY)
def send_personal_data() -> Response | str | tuple[str, int]:
    """Lanjut: on to the review, or everything that is wrong at once."""
    found, kept, now = _package(), registrant.draft(), services().clock.now()
    if found is None:
        return _closed()
    _brake(now)
    sent = registrant.read(found[1], kept, now, with_files=True)
    kept = registrant.draft()
    if sent.only_edited:
        return _form_page(*found, kept, sent.faults)
    if request.form.get("keep"):
        flash(_saved(now))
        return redirect(url_for("inpassing.personal_data"), 303)
    faults = {**_checked(*found, kept).faults, **sent.faults}
    if faults:
        return _form_page(*found, kept, faults), 422
    return redirect(url_for("inpassing.review"), 303)


@blueprint.post("/daftar/data-diri/formulir")
@allow(public, max_body=MAX_BODY)
def ask_personal_data() -> Response | str:
    """The questions anew for what is typed so far. Files are kept at once."""
    found, kept, now = _package(), registrant.draft(), services().clock.now()
    if found is None:
        return _closed()
    _brake(now)
    sent = registrant.read(found[1], kept, now, with_files=True)
    return render_template("inbox/fields.html", form=_shown(*found, registrant.draft(), sent.faults))


@blueprint.post("/daftar/data-diri/draf")
@allow(public)
def keep_personal_data() -> Response:
    """Keep what is typed so far; called by the page two seconds after the last key."""
    found, kept, now = _package(), registrant.draft(), services().clock.now()
    if found is None:
        return _closed()
    registrant.read(found[1], kept, now, with_files=False)
    return jsonify(message=_saved(now))


@blueprint.get("/daftar/tinjau")
@allow(public)
def review() -> Response | str:
    """Everything once more, before it is sent."""
    found = _package()
    if found is None:
        return _closed()
    checked = _checked(*found, registrant.draft())
    return _to_form() if checked.faults else _review_page(*found, checked)


@blueprint.post("/daftar/tinjau")
@allow(public)
def submit() -> Response | tuple[str, int]:
    """Ajukan: the account waits for its activation, the case begins, the mail leaves."""
    found, kept, now = _package(), registrant.draft(), services().clock.now()
    if found is None:
        return _closed()
    checked = _checked(*found, kept)
    if checked.faults:
        return _to_form()
    if not request.form.get("confirmed"):
        fault = _("Centang setelah Anda memeriksa alamat surel dan nomor HP.")
        return _review_page(*found, checked, [("confirmed", fault)]), 422
    try:
        enrolment.enrol(_applicant(checked.data), kept, current_user(), address=request.remote_addr or "", now=now)
    except InvalidDataError:
        flash(_("Ada isian yang sementara itu berubah. Periksa kembali lalu kirim lagi."), "warning")
        return _to_form()
    registrant.forget()
    return redirect(url_for("inpassing.submitted"), 303)


@blueprint.get("/daftar/terkirim")
@allow(public)
def submitted() -> str:
    """What happens now: the same for everybody, whether the address was known or not."""
    return render_template("inpassing/submitted.html")


Faults = Mapping[str, list[Fault]]
Package = tuple[LoadedVersion, Form]


def _package() -> Package | None:
    """The published procedure and its first form; without them there is nothing to fill in."""
    with services().database.read() as unit:
        version = registrant.version(unit)
    return None if version is None or FORM not in version.forms else (version, version.forms[FORM])


def _closed() -> Response:
    return redirect(url_for("inpassing.register"), 303)


def _to_form() -> Response:
    return redirect(url_for("inpassing.personal_data"), 303)


def _checked(version: LoadedVersion, form: Form, kept: Draft) -> Validated:
    with services().database.read() as unit:
        return form.validate(kept.raw, registrant.context(unit, version, form, kept, services().clock.now()))


def _shown(version: LoadedVersion, form: Form, kept: Draft, faults: Faults | None = None) -> registrant.Shown:
    with services().database.read() as unit:
        context = registrant.context(unit, version, form, kept, services().clock.now())
        raw = kept.raw or form.initial({})
        return registrant.page(version, form, raw, context, url_for("inpassing.ask_personal_data"), faults)


def _form_page(version: LoadedVersion, form: Form, kept: Draft, faults: Faults | None = None) -> str:
    return render_template("inpassing/personal_data.html", form=_shown(version, form, kept, faults))


def _review_page(
    version: LoadedVersion, form: Form, checked: Validated, faults: list[tuple[str, str]] | None = None
) -> str:
    fields = version.forms[REVIEW].fields() if REVIEW in version.forms else ()
    confirmation = next((field.label for field in fields if field.key == "confirmed"), None)
    return render_template(
        "inpassing/review.html", values=_once(form, checked.data), faults=faults or [], confirmation=confirmation
    )


def _once(form: Form, data: dict[str, Any]) -> Values:
    return form_values(form, {k: v for k, v in data.items() if k not in AGAIN}, registrant.reader())


def _applicant(data: dict[str, Any]) -> enrolment.Applicant:
    for needed in ("name", "email"):
        if not isinstance(data.get(needed), str):
            raise NotFoundError
    return enrolment.Applicant(data["name"], data["email"], data.get("phone"), data.get("nip"))


def _brake(now: datetime) -> None:
    """Visitors may send files: so many an hour from one address, and no more."""
    count = registrant.files_sent()
    if count:
        parts = services()
        address, secret = request.remote_addr or "", parts.settings.secret_key
        with parts.database.write() as unit:
            if not may_upload(unit, count, address=address, secret=secret, now=now):
                raise TooManyUploadsError


def _saved(at: datetime) -> str:
    return _("Draf tersimpan %(time)s", time=clock_time(at))
