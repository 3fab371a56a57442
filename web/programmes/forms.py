"""The forms of programmes. Days and times are meant in the programme's own zone."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import DateField, Form, SelectField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from web.auth.forms import ZONE_CHOICES, choices

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_PLAIN = {"autocomplete": "off"}


class ProgrammeForm(Form):
    """A new period of a flow. Its parameters follow as fields of their own."""

    title = StringField(
        _("Judul"),
        [InputRequired(_("Tuliskan judul program.")), Length(5, 300, _("Judul terdiri atas 5 sampai 300 huruf."))],
        render_kw={**_PLAIN, "maxlength": 300},
    )
    title_en = StringField(
        _("Judul dalam bahasa Inggris"), [Optional(), Length(max=300)], render_kw={**_PLAIN, "maxlength": 300}
    )
    period = StringField(
        _("Periode"),
        [InputRequired(_("Tuliskan periodenya.")), Length(1, 100, _("Periode paling banyak 100 huruf."))],
        render_kw={**_PLAIN, "maxlength": 100},
    )
    key = StringField(
        _("Kunci"),
        [InputRequired(_("Tuliskan kuncinya.")), Length(3, 80, _("Kunci terdiri atas 3 sampai 80 huruf."))],
        render_kw={**_PLAIN, "maxlength": 80, "spellcheck": "false", "autocapitalize": "none"},
    )
    legal_basis = TextAreaField(
        _("Dasar hukum"),
        [InputRequired(_("Tuliskan dasar hukumnya.")), Length(5, 5000)],
        render_kw={"rows": 5, "maxlength": 5000},
    )
    opens_on = DateField(_("Dibuka tanggal"), [InputRequired(_("Tuliskan tanggal pembukaan."))])
    opens_time = TimeField(_("Dibuka pukul"), [InputRequired(_("Tuliskan jamnya."))])
    closes_on = DateField(_("Ditutup tanggal"), [InputRequired(_("Tuliskan tanggal penutupan."))])
    closes_time = TimeField(_("Ditutup pukul"), [InputRequired(_("Tuliskan jamnya."))])
    zone = SelectField(_("Zona waktu"), [InputRequired()], choices=choices(ZONE_CHOICES))

    def validate_key(self, field: StringField) -> None:
        if field.data and not KEY.match(field.data):
            raise ValidationError(_("Pakai huruf kecil, angka, dan tanda hubung, misalnya inpassing-lkpp-2026-1."))

    def validate_closes_on(self, field: DateField) -> None:
        if self.opens_on.data and field.data and self.opens_at >= self.closes_at:
            raise ValidationError(_("Penutupan harus sesudah pembukaan."))

    @property
    def opens_at(self) -> datetime:
        return _instant(self.opens_on, self.opens_time, self.zone.data)

    @property
    def closes_at(self) -> datetime:
        return _instant(self.closes_on, self.closes_time, self.zone.data)

    @property
    def legal_bases(self) -> list[str]:
        """One per line."""
        return [line.strip()[:500] for line in (self.legal_basis.data or "").splitlines() if line.strip()]


class WhyForm(Form):
    """Why something is changed."""

    reason = TextAreaField(
        _("Alasan"),
        [InputRequired(_("Tuliskan alasannya.")), Length(5, 500, _("Alasan terdiri atas 5 sampai 500 huruf."))],
        render_kw={"rows": 3, "maxlength": 500},
    )


class ExtendForm(WhyForm):
    """A later end."""

    closes_on = DateField(_("Ditutup tanggal"), [InputRequired(_("Tuliskan tanggal penutupan yang baru."))])
    closes_time = TimeField(_("Ditutup pukul"), [InputRequired(_("Tuliskan jamnya."))])

    def at(self, zone: str) -> datetime:
        return _instant(self.closes_on, self.closes_time, zone)


def _instant(day: DateField, hour: TimeField, zone: str) -> datetime:
    return datetime.combine(day.data, hour.data or time(), tzinfo=ZoneInfo(zone))
