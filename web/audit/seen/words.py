"""A look in words: who, in which office, what, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine.definitions import LoadedVersion
from engine.ledger import Kind
from engine.privacy import Level, Masking
from engine.unit_of_work import UnitOfWork
from web.context import services
from web.i18n import locale_code
from web.roles import role_titles, title_of
from web.words.names import process_title


@dataclass(frozen=True)
class Look:
    """One line of the list. `reader` is "" where only the office may be told."""

    at: datetime
    kind: str
    what: str
    reader: str
    reader_key: str
    office: str
    number: str
    process: str
    reason: str


def kinds() -> list[tuple[str, str]]:
    """What can have been looked at, for the filter."""
    return [
        (str(Kind.CASE_READ), _("Halaman kasus dibuka")),
        (str(Kind.DOCUMENT_READ), _("Dokumen dibaca")),
        (str(Kind.DATA_UNMASKED), _("Samaran dibuka")),
        (str(Kind.DATA_MASKED), _("Samaran ditutup")),
        (str(Kind.LIST_EXPORTED), _("Daftar diunduh")),
        (str(Kind.BUNDLE_EXPORTED), _("Bundel diunduh")),
        (str(Kind.PERSON_SEARCHED), _("Orang dicari")),
        (str(Kind.REPORT_MADE), _("Laporan subjek dibuat")),
    ]


def lines(unit: UnitOfWork, rows: Iterable[Any], masking: Masking) -> list[Look]:
    """The rows in words. From outside nobody is named, and no reason is told."""
    titles = {role: text.in_locale(locale_code()) for role, text in role_titles(unit).items()}
    names = dict(kinds())
    external = masking.level is Level.EXTERNAL
    found = []
    for row in rows:
        version = _version(unit, row.version_id)
        held = row.detail.get("roles") or []
        offices = ", ".join(titles.get(role, role) for role in held)
        found.append(
            Look(
                at=row.at,
                kind=row.kind,
                what=_what(row, names, version),
                reader="" if external else row.actor_name or _("Sistem"),
                reader_key="" if external or row.actor_id is None else f"u-{row.actor_id}",
                office=offices or (_("Petugas") if external else ""),
                number=row.number or "",
                process=process_title(version) if version is not None else "",
                reason=masking.free_text(row.reason or ""),
            )
        )
    return found


def office_of(unit: UnitOfWork, row: Any) -> str:
    """In which office somebody looked, as the person whose data it is may know it."""
    titles = role_titles(unit)
    held = row.detail.get("roles") or []
    return ", ".join(title_of(titles, role).in_locale(locale_code()) for role in held) or _("Petugas")


def _what(row: Any, names: dict[str, str], version: LoadedVersion | None) -> str:
    name = names.get(row.kind, row.kind)
    if row.kind == Kind.DOCUMENT_READ and row.field:
        return f"{name}: {_label(version, row.field)}"
    if row.kind == Kind.PERSON_SEARCHED:
        told = {"by": _by(row.detail.get("by")), "found": row.detail.get("found", 0)}
        return _("Orang dicari menurut %(by)s, %(found)s ditemukan", **told)
    if row.kind == Kind.LIST_EXPORTED and row.ref:
        return f"{name}: {row.ref}"
    return name


def _label(version: LoadedVersion | None, path: str) -> str:
    """What the form calls the field of a document; what Alur wrote has no form, and is called by its own name."""
    for form in version.forms.values() if version is not None else ():
        for field in form.fields():
            if field.path == path:
                return field.label.in_locale(locale_code())
    return path


def _by(name: Any) -> str:
    return {"name": _("nama"), "email": _("surel"), "nip": "NIP", "nik": "NIK"}.get(name, str(name or ""))


def _version(unit: UnitOfWork, version_id: str | None) -> LoadedVersion | None:
    return services().definitions.version(version_id, unit) if version_id else None
