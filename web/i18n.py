"""Languages, dates and numbers. Messages are written in Indonesian; `translations/<locale>/*.po` hold the others.

Catalogues are read at start, not compiled beforehand, so a changed translation needs no build step.
"""

import io
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from engine.texts import Text
from web.context import current_user, services

FOLDER = Path(__file__).parent / "translations"
LOCALES = {"id": "Bahasa Indonesia", "en": "English"}
LOCALE_COOKIE = "bahasa"
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


class Catalogues(Domain):
    """Flask-Babel's domain, reading every `.po` of a locale."""

    def get_translations(self) -> NullTranslations:
        return catalogue(locale_code())


@cache
def catalogue(locale: str) -> NullTranslations:
    """All messages of a locale; Indonesian is the language of the messages themselves."""
    merged: NullTranslations = NullTranslations()
    for path in sorted((FOLDER / locale).glob("*.po")):
        packed = io.BytesIO()
        with path.open("rb") as source:
            write_mo(packed, read_po(source, locale=locale))
        packed.seek(0)
        read = Translations(packed)
        merged = read if not isinstance(merged, Translations) else merged.merge(read)
    return merged


def install(app: Flask) -> None:
    babel = Babel(app, default_locale="id", locale_selector=_chosen_locale, timezone_selector=zone)
    babel.domain_instance = Catalogues()
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        clock_time=clock_time,
        number=number,
        time_tag=time_tag,
        relative=relative,
        in_locale=in_locale,
        phone=phone,
    )
    app.jinja_env.globals.update(locale_code=locale_code, locales=LOCALES)


def _chosen_locale() -> str:
    user = current_user()
    chosen = user.locale if user is not None else request.cookies.get(LOCALE_COOKIE, "id")
    return chosen if chosen in LOCALES else "id"


def locale_code() -> str:
    """ "id" or "en"."""
    locale = get_locale()
    return locale.language if locale is not None else "id"


def zone() -> str:
    """The reader's own zone."""
    user = current_user()
    return user.zone if user is not None else "Asia/Jakarta"


def zone_name(name: str) -> str:
    return ZONE_NAMES.get(name, name)


def day(value: date | None) -> str:
    """Selasa, 7 April 2026"""
    return "" if value is None else format_date(value, "EEEE, d MMMM y", locale=locale_code())


def short_day(value: datetime | None, zone_key: str) -> str:
    """7 Apr 2026: in long lists, where the hour stands on the page that a row leads to"""
    local = value and value.astimezone(ZoneInfo(zone_key))
    return format_date(local, "d MMM y", locale=locale_code()) if local else ""


def moment(value: datetime | None, zone_key: str | None = None) -> str:
    """Selasa, 7 April 2026 pukul 16.00 WIB, in the reader's zone or the one given"""
    if value is None:
        return ""
    name = zone_key or zone()
    local = value.astimezone(ZoneInfo(name))
    pattern = "EEEE, d MMMM y 'pukul' HH.mm" if locale_code() == "id" else "EEEE, d MMMM y 'at' HH:mm"
    return f"{format_datetime(local, pattern, locale=locale_code())} {zone_name(name)}"


def clock_time(value: datetime, zone_key: str | None = None) -> str:
    """16.00"""
    local = value.astimezone(ZoneInfo(zone_key or zone()))
    return format_time(local, "HH.mm" if locale_code() == "id" else "HH:mm", tzinfo=local.tzinfo, locale=locale_code())


def number(value: float) -> str:
    """5.254"""
    return format_decimal(value, locale=locale_code())


def time_tag(value: datetime | date | None, zone_key: str | None = None) -> Markup | str:
    """A `<time>` with the machine's form inside; a day without hours stays a day."""
    if value is None:
        return "–"
    text = moment(value, zone_key) if isinstance(value, datetime) else day(value)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def relative(value: datetime) -> str:
    """“3 hari lagi”, “2 jam yang lalu”: beside a date, never instead of it."""
    return format_timedelta(value - services().clock.now(), add_direction=True, locale=locale_code())


def in_locale(value: Text | dict[str, str]) -> str:
    """The reader's language of a bilingual text."""
    if isinstance(value, Text):
        return value.in_locale(locale_code())
    return value.get(locale_code()) or value.get("id", "")


def phone(value: str | None) -> str:
    """+62 812-3456-7890"""
    if not value or not value.startswith("+62"):
        return value or ""
    rest = value[3:]
    return f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}".rstrip("-")
