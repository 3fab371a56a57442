"""What processes, steps and stages are called, in the reader's language.

Names come from diagrams: they are untrusted text, and templates escape them like any other.
"""

from typing import Any

from flask_babel import gettext as _

from engine.definitions import LoadedVersion
from web.i18n import locale_code


def in_locale(text: Any, fallback: str = "") -> str:
    """A text of a package in the reader's language: a Text, a mapping by language, or plain words."""
    if text is None:
        return fallback
    if isinstance(text, str):
        return text or fallback
    if hasattr(text, "in_locale"):
        return str(text.in_locale(locale_code())) or fallback
    return str(text.get(locale_code()) or text.get("id") or fallback)


def process_title(version: LoadedVersion) -> str:
    return in_locale(version.manifest.title, version.key)


def element_name(version: LoadedVersion | None, element_id: str | None, fallback: str = "") -> str:
    """The name of a step; a step without a name is called by its id, never by nothing."""
    element = version.specs.elements.get(element_id) if version is not None and element_id else None
    if element is None:
        return fallback or element_id or ""
    if locale_code() == "en" and element.properties.get("name_en"):
        return element.properties["name_en"]
    return element.name or fallback or element.id


def stage_text(version: LoadedVersion | None, element_id: str | None, stored: str) -> str:
    """The one status line of a case. Stored in Indonesian; in English when the diagram says it in English."""
    element = version.specs.elements.get(element_id) if version is not None and element_id else None
    if element is not None and locale_code() == "en":
        return element.properties.get("stage_en") or stored
    return stored


def status_text(status: str) -> str:
    return {
        "active": _("Berjalan"),
        "suspended": _("Ditangguhkan"),
        "completed": _("Selesai"),
        "cancelled": _("Dibatalkan"),
    }.get(status, status)


def type_text(element_type: str, event: str | None = None) -> str:
    """What kind of step this is, for a person who does not read BPMN."""
    if element_type.endswith("Event"):
        return _event_text(element_type, event)
    return {
        "userTask": _("tugas orang"),
        "manualTask": _("tugas di luar sistem"),
        "serviceTask": _("tugas sistem"),
        "scriptTask": _("hitungan sistem"),
        "businessRuleTask": _("tabel keputusan"),
        "sendTask": _("kirim pesan"),
        "receiveTask": _("tunggu pesan"),
        "callActivity": _("proses lain"),
        "subProcess": _("bagian proses"),
        "exclusiveGateway": _("pilihan"),
        "inclusiveGateway": _("pilihan ganda"),
        "parallelGateway": _("jalur bersamaan"),
        "eventBasedGateway": _("menunggu yang pertama"),
    }.get(element_type, _("langkah"))


def _event_text(element_type: str, event: str | None) -> str:
    if element_type == "startEvent":
        return _("mulai")
    if element_type == "endEvent":
        return _("akhir")
    return {
        "timer": _("tenggat"),
        "message": _("pesan"),
        "signal": _("sinyal"),
        "error": _("kegagalan"),
        "escalation": _("eskalasi"),
        "conditional": _("syarat"),
    }.get(event or "", _("kejadian"))
