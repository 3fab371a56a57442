"""The form with which an owner submits: why, for whom, from when. Its day and hour are meant in the owner's zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import DateField, Form, RadioField, SelectField, TextAreaField, TimeField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from engine.studio.publishing import Terms
from web.auth.forms import choices


class PublishForm(Form):
    """`scope` and `programme` are only asked where the process belongs to a flow."""

    note = TextAreaField(
        _("Mengapa diterbitkan"),
        [InputRequired(_("Tuliskan alasannya.")), Length(5, 500, _("Alasan terdiri atas 5 sampai 500 huruf."))],
        render_kw={"rows": 3, "maxlength": 500},
    )
    scope = RadioField(
        _("Berlaku untuk"),
        [Optional()],
        choices=choices(
            {
                "all": _("Semua kasus baru, juga di program yang sedang dibuka"),
                "new": _("Program yang dibuka sesudah ini; yang sedang dibuka tetap memakai versinya"),
                "programme": _("Satu program saja, sebagai percobaan"),
            }
        ),
        default="all",
    )
    programme = SelectField(_("Program"), [Optional()], choices=[], validate_choice=False)
    starts_on = DateField(_("Mulai tanggal"), [Optional()])
    starts_time = TimeField(_("Mulai pukul"), [Optional()])

    def validate_programme(self, field: SelectField) -> None:
        if self.scope.data == "programme" and field.data not in {choice.value for choice in self.programme.choices}:
            raise ValidationError(_("Pilih programnya."))

    def validate_starts_time(self, field: TimeField) -> None:
        if field.data and not self.starts_on.data:
            raise ValidationError(_("Tuliskan juga tanggalnya."))

    def terms(self, zone: str) -> Terms:
        day, hour = self.starts_on.data, self.starts_time.data or time()
        starts_at = datetime.combine(day, hour, tzinfo=ZoneInfo(zone)) if day else None
        return Terms(self.scope.data or "all", self.programme.data or None, starts_at)
