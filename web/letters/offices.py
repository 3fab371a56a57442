"""Kop surat: how the paper of each office looks, and how it numbers. Changed by administrators and owners."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import Row, select
from sqlmodel import col
from werkzeug.wrappers import Response
from wtforms import Field, Form, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from engine.errors import ForbiddenError, NotFoundError
from engine.identifiers import parse_nip
from engine.letters import NumberPatternError
from engine.letters.errors import LetterOfficeError
from engine.letters.numbering import check_pattern, number_values, written
from engine.letters.offices import Office, change_office, office_of
from engine.unit_of_work import UnitOfWork
from models import Instansi, LetterOffice
from web.auth.forms import ZONE_CHOICES, choices, faults_of
from web.context import require_actor, services
from web.i18n import locale_code
from web.letters import blueprint, queries
from web.search import anywhere
from web.security import allow, role

FOUND = 20
LINE_LENGTH, LINES = 120, 6
KEEPERS = role("admin", "owner")
EXAMPLE = 42


class OfficeForm(Form):
    """The paper of an office. Lines are typed one under the other."""

    name = StringField(
        lazy_gettext("Nama penerbit"),
        [InputRequired(lazy_gettext("Tuliskan nama penerbit.")), Length(max=200)],
        render_kw={"maxlength": 200},
    )
    lines = TextAreaField(
        lazy_gettext("Kepala surat"),
        [InputRequired(lazy_gettext("Tuliskan sedikitnya satu baris."))],
        render_kw={"rows": 3},
    )
    address = TextAreaField(lazy_gettext("Alamat"), [Optional()], render_kw={"rows": 3})
    city = StringField(lazy_gettext("Tempat surat dibuat"), [Optional(), Length(max=100)], render_kw={"maxlength": 100})
    zone = SelectField(lazy_gettext("Zona waktu"), choices=choices(ZONE_CHOICES))
    class_code = StringField(
        lazy_gettext("Kode klasifikasi"), [Optional(), Length(max=40)], render_kw={"maxlength": 40}
    )
    unit_code = StringField(lazy_gettext("Kode unit"), [Optional(), Length(max=40)], render_kw={"maxlength": 40})
    number_pattern = StringField(
        lazy_gettext("Bentuk nomor"), [Optional()], render_kw={"maxlength": 60, "spellcheck": "false"}
    )
    patterns = TextAreaField(
        lazy_gettext("Bentuk nomor untuk jenis tertentu"), [Optional()], render_kw={"rows": 3, "spellcheck": "false"}
    )
    signer_title = StringField(
        lazy_gettext("Jabatan penanda tangan"), [Optional(), Length(max=200)], render_kw={"maxlength": 200}
    )
    signer_name = StringField(
        lazy_gettext("Nama penanda tangan"), [Optional(), Length(max=200)], render_kw={"maxlength": 200}
    )
    signer_nip = StringField(
        lazy_gettext("NIP penanda tangan"), [Optional()], render_kw={"maxlength": 24, "inputmode": "numeric"}
    )
    reason = TextAreaField(
        lazy_gettext("Alasan perubahan"),
        [InputRequired(lazy_gettext("Tuliskan alasan perubahan.")), Length(5, 500)],
        render_kw={"rows": 2, "maxlength": 500},
    )

    def validate_lines(self, field: Field) -> None:
        _check_lines(field)

    def validate_address(self, field: Field) -> None:
        _check_lines(field)

    def validate_number_pattern(self, field: Field) -> None:
        _check_number(field.data)

    def validate_patterns(self, field: Field) -> None:
        for line in lines_of(field.data):
            kind, equals, pattern = line.partition("=")
            if not (equals and kind.strip()):
                raise ValidationError(_("Tulis “jenis = bentuk” pada setiap baris, misalnya surat_penolakan = …"))
            _check_number(pattern.strip())

    def validate_signer_nip(self, field: Field) -> None:
        parsed = parse_nip(field.data, today=services().clock.now().date())
        if parsed.errors:
            raise ValidationError(parsed.errors[0].text.in_locale(locale_code()))
        field.data = parsed.value

    def values(self) -> dict[str, Any]:
        """As the table keeps them."""
        plain = ("name", "city", "zone", "class_code", "unit_code", "number_pattern", "signer_title", "signer_name",
                 "signer_nip")  # fmt: skip
        pairs = (line.partition("=") for line in lines_of(self.patterns.data))
        return {
            **{name: (self[name].data or "").strip() for name in plain},
            "lines": lines_of(self.lines.data),
            "address": lines_of(self.address.data),
            "patterns": {kind.strip(): pattern.strip() for kind, _equals, pattern in pairs},
        }


def lines_of(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _check_lines(field: Field) -> None:
    lines = lines_of(field.data)
    if len(lines) > LINES or any(len(line) > LINE_LENGTH for line in lines):
        raise ValidationError(
            _("Paling banyak %(lines)d baris, masing-masing %(length)d huruf.", lines=LINES, length=LINE_LENGTH)
        )


def _check_number(pattern: str) -> None:
    try:
        check_pattern(pattern)
    except NumberPatternError as error:
        raise ValidationError(error.message(locale_code())) from None


@blueprint.get("/pengelolaan/kop-surat")
@allow(KEEPERS)
def offices() -> str:
    """The offices that are described, and a search for any other instansi."""
    words = request.args.get("q", "").strip()[:100]
    with services().database.read() as unit:
        kept = [row for row in unit.session.scalars(select(LetterOffice).order_by(LetterOffice.name)) if _may(row)]
        return render_template(
            "letters/offices.html",
            offices=kept,
            words=words,
            found=_found(unit, words) if words else [],
            sample=_sample,
        )


def _found(unit: UnitOfWork, words: str) -> list[Row[Any]]:
    """Agencies by name that have no paper of their own yet."""
    described = select(LetterOffice.instansi_id).where(col(LetterOffice.instansi_id).is_not(None))
    query = select(Instansi.id, Instansi.name, Instansi.kind).where(
        anywhere(words, col(Instansi.name)), col(Instansi.id).not_in(described)
    )
    rows = unit.connection.execute(query.order_by(Instansi.name).limit(FOUND))
    return [row for row in rows if _may_for(row.id)]


@blueprint.route("/pengelolaan/kop-surat/<key>", methods=["GET", "POST"])
@allow(KEEPERS)
def office(key: str) -> Response | str | tuple[str, int]:
    """The paper of one office: seen as it will be, changed with a reason."""
    with services().database.read() as unit:
        found = _office(unit, key)
        events = queries.events(unit.connection, found.key, limit=20)
    if not _may(found):
        raise ForbiddenError(why=_("kop surat ini milik instansi lain."))
    if request.method == "GET":
        return render_template(
            "letters/office.html", office=found, form=_filled(found), faults=[], events=events, sample=_sample
        )
    form = OfficeForm(request.form)
    if not form.validate():
        shown = {"office": found, "form": form, "faults": faults_of(form), "events": events, "sample": _sample}
        return render_template("letters/office.html", **shown), 422
    now, actor = services().clock.now(), require_actor()
    with services().database.write() as unit:
        change_office(unit, found.key, form.values(), actor=actor, reason=form.reason.data, now=now)
    flash(_("Kop surat disimpan. Surat berikutnya memakainya; surat yang sudah terbit tidak berubah."), "success")
    return redirect(url_for("letters.office", key=found.key), 303)


def _office(unit: UnitOfWork, key: str) -> Office:
    try:
        return office_of(unit, key)
    except LetterOfficeError:
        raise NotFoundError from None


def _filled(found: Office) -> OfficeForm:
    patterns = "\n".join(f"{kind} = {pattern}" for kind, pattern in sorted(found.patterns.items()))
    given = {**found.__dict__, "lines": "\n".join(found.lines), "address": "\n".join(found.address)}
    return OfficeForm(data={**given, "patterns": patterns})


def _may(found: Office | LetterOffice) -> bool:
    return _may_for(found.instansi_id)


def _may_for(instansi_id: str | None) -> bool:
    """Administrators all, owners those of their instansi."""
    actor = require_actor()
    return actor.holds("admin") or actor.holds("owner", instansi_id)


def _sample(found: Office | LetterOffice) -> str:
    """What its numbers look like."""
    if not found.number_pattern:
        return ""
    now = services().clock.now()
    values = number_values(now.year, now.month, class_code=found.class_code, unit_code=found.unit_code)
    return written(found.number_pattern, {**values, "number": EXAMPLE})
