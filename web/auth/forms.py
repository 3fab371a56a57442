"""The forms of accounts. Every fault names its field and says what is expected."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, Form, PasswordField, SelectField, StringField, TelField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from engine.identifiers import parse_mobile
from engine.people import InvalidAddressError, normal_email, password_faults
from models import User
from web.i18n import LOCALES, ZONE_NAMES, ZONES, in_locale, locale_code

ZONE_CHOICES = {zone: f"{ZONE_NAMES[zone]} ({zone})" for zone in ZONES}


def choices(named: Mapping[str, Any]) -> list[SelectChoice]:
    """Value → what is shown, in this order."""
    return [SelectChoice(value=value, label=label) for value, label in named.items()]


def needed(text: Any) -> InputRequired:
    return InputRequired(message=text)


class LoginForm(Form):
    """Address and password."""

    email = EmailField(
        _("Alamat surel"),
        [needed(_("Tuliskan alamat surel Anda."))],
        render_kw={"autocomplete": "username", "spellcheck": "false", "maxlength": 320},
    )
    password = PasswordField(
        _("Kata sandi"),
        [needed(_("Tuliskan kata sandi Anda."))],
        render_kw={"autocomplete": "current-password", "maxlength": 200},
    )


class RegisterForm(Form):
    """A new account: address and mobile number are asked twice, for they are the only way to reach the person."""

    name = StringField(
        _("Nama lengkap"),
        [needed(_("Tuliskan nama lengkap Anda.")), Length(3, 200, _("Nama terdiri atas 3 sampai 200 huruf."))],
        render_kw={"autocomplete": "name", "maxlength": 200},
    )
    email = EmailField(
        _("Alamat surel"),
        [needed(_("Tuliskan alamat surel Anda."))],
        render_kw={"autocomplete": "email", "spellcheck": "false", "maxlength": 320},
    )
    email_again = EmailField(
        _("Ulangi alamat surel"),
        [needed(_("Tuliskan alamat surel sekali lagi."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 320},
    )
    phone = TelField(
        _("Nomor telepon seluler"),
        [needed(_("Tuliskan nomor telepon seluler Anda."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    phone_again = TelField(
        _("Ulangi nomor telepon seluler"),
        [needed(_("Tuliskan nomor telepon sekali lagi."))],
        render_kw={"autocomplete": "off", "inputmode": "tel", "maxlength": 30},
    )

    def validate_email(self, field: EmailField) -> None:
        _email(field)

    def validate_phone(self, field: TelField) -> None:
        mobile(field)

    def validate_email_again(self, field: EmailField) -> None:
        if (field.data or "").strip().lower() != (self.email.data or "").strip().lower():
            raise ValidationError(_("Alamat surel yang kedua berbeda dengan yang pertama."))

    def validate_phone_again(self, field: TelField) -> None:
        first, second = parse_mobile(self.phone.data or ""), parse_mobile(field.data or "")
        same = first.value == second.value if first.value else self.phone.data == field.data
        if not same:
            raise ValidationError(_("Nomor telepon yang kedua berbeda dengan yang pertama."))


class ForgotForm(Form):
    """Where to send the link."""

    email = EmailField(
        _("Alamat surel"),
        [needed(_("Tuliskan alamat surel Anda."))],
        render_kw={"autocomplete": "email", "spellcheck": "false", "maxlength": 320},
    )

    def validate_email(self, field: EmailField) -> None:
        _email(field)


class PasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(
        _("Kata sandi baru"),
        [needed(_("Tuliskan kata sandi baru."))],
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )
    password_again = PasswordField(
        _("Ulangi kata sandi baru"),
        [needed(_("Tuliskan kata sandi sekali lagi."))],
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )

    def __init__(self, formdata: Any = None, *, user: User) -> None:
        super().__init__(formdata)
        self.user = user

    def validate_password(self, field: PasswordField) -> None:
        faults = password_faults(field.data or "", email=self.user.email, name=self.user.name)
        if faults:
            raise ValidationError(" ".join(in_locale(fault) for fault in faults))

    def validate_password_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("Kata sandi yang kedua berbeda dengan yang pertama."))


class ProfileForm(Form):
    """What a person may change about the own account."""

    name = StringField(
        _("Nama lengkap"),
        [needed(_("Tuliskan nama lengkap Anda.")), Length(3, 200, _("Nama terdiri atas 3 sampai 200 huruf."))],
        render_kw={"autocomplete": "name", "maxlength": 200},
    )
    phone = TelField(
        _("Nomor telepon seluler"),
        [needed(_("Tuliskan nomor telepon seluler Anda."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    locale = SelectField(_("Bahasa"), choices=choices(LOCALES))
    zone = SelectField(_("Zona waktu"), choices=choices(ZONE_CHOICES))

    def validate_phone(self, field: TelField) -> None:
        mobile(field)


def faults_of(form: Form) -> list[tuple[str, str]]:
    """All faults, each with the id of its field, for the summary at the top."""
    return [(form[name].id, str(fault)) for name, faults in form.errors.items() if name for fault in faults]


def mobile(field: TelField) -> None:
    """A mobile number, kept as +62…"""
    parsed = parse_mobile(field.data or "")
    if parsed.value is None:
        raise ValidationError(" ".join(problem.text.in_locale(locale_code()) for problem in parsed.errors))


def _email(field: EmailField) -> None:
    try:
        normal_email(field.data or "")
    except InvalidAddressError as error:
        raise ValidationError(error.message(locale_code())) from None
