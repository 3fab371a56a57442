"""The forms of administrators. What changes a person's access asks for the reason."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    Form,
    SearchField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from engine.people import InvalidAddressError, normal_email
from web.auth.forms import ZONE_CHOICES, choices, mobile
from web.i18n import locale_code

STATES = {
    "": _("Semua"),
    "active": _("Aktif"),
    "pending": _("Menunggu aktivasi"),
    "disabled": _("Dinonaktifkan"),
}


class SearchForm(Form):
    """Filters of the list of people; they live in the address."""

    words = SearchField(_("Nama atau surel"), name="cari")
    state = SelectField(_("Keadaan"), name="keadaan", choices=choices(STATES), validators=[Optional()])


class PersonForm(Form):
    """A new account made by an administrator."""

    name = StringField(
        _("Nama lengkap"),
        [InputRequired(_("Tuliskan nama lengkap.")), Length(3, 200, _("Nama terdiri atas 3 sampai 200 huruf."))],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )
    email = EmailField(
        _("Alamat surel"),
        [InputRequired(_("Tuliskan alamat surel."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 320},
    )
    phone = TelField(
        _("Nomor telepon seluler"), [Optional()], render_kw={"autocomplete": "off", "inputmode": "tel", "maxlength": 30}
    )
    zone = SelectField(_("Zona waktu"), choices=choices(ZONE_CHOICES))

    def validate_email(self, field: EmailField) -> None:
        try:
            normal_email(field.data or "")
        except InvalidAddressError as error:
            raise ValidationError(error.message(locale_code())) from None

    def validate_phone(self, field: TelField) -> None:
        mobile(field)


class MembershipForm(Form):
    """A role, where, and from which day to which day (both counted)."""

    role = SelectField(_("Peran"), [InputRequired(_("Pilih peran."))])
    instansi = SelectField(_("Instansi"))
    valid_from = DateField(_("Berlaku mulai"), [InputRequired(_("Tuliskan hari pertama."))])
    valid_until = DateField(_("Berlaku sampai"), [Optional()])
    reason = StringField(
        _("Alasan"),
        [
            InputRequired(_("Tuliskan alasannya, misalnya nomor SK.")),
            Length(5, 500, _("Alasan terdiri atas 5 sampai 500 huruf.")),
        ],
        render_kw={"autocomplete": "off", "maxlength": 500},
    )

    def __init__(
        self,
        formdata: Any = None,
        *,
        roles: dict[str, str],
        places: dict[str, str],
        national: frozenset[str],
        today: date,
    ) -> None:
        super().__init__(formdata, valid_from=today)
        self.national = national
        self.role.choices = choices({"": _("Pilih peran"), **roles})
        self.instansi.choices = choices({"": _("Semua instansi"), **places})

    def validate_instansi(self, field: SelectField) -> None:
        """A verifier of everything by an empty field would be a costly slip."""
        if self.role.data and not field.data and self.role.data not in self.national:
            raise ValidationError(_("Peran ini berlaku untuk satu instansi. Pilih instansinya."))

    def validate_valid_until(self, field: DateField) -> None:
        if self.valid_from.data and field.data and field.data < self.valid_from.data:
            raise ValidationError(_("Hari terakhir mendahului hari pertama."))


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField(
        _("Alasan"),
        [InputRequired(_("Tuliskan alasannya.")), Length(5, 500, _("Alasan terdiri atas 5 sampai 500 huruf."))],
        render_kw={"rows": 3, "maxlength": 500},
    )
