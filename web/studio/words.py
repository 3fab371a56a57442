"""How drafts and their states are called, and the sentences that the scripts of the studio say."""

from typing import Any

from flask_babel import gettext as _

from engine.gate.findings import Finding
from web.i18n import locale_code


def draft_state(state: str) -> str:
    return {
        "open": _("Draf"),
        "review": _("Sedang ditinjau"),
        "published": _("Sudah diterbitkan"),
        "discarded": _("Dibuang"),
    }.get(state, state)


def kind_text(kind: str) -> str:
    return {
        "diagram": _("Diagram"),
        "form": _("Formulir"),
        "decision": _("Keputusan"),
        "letter": _("Surat"),
        "mail": _("E-mail"),
        "scenario": _("Skenario"),
        "text": _("Keterangan (teks)"),
        "other": _("Pengaturan dan lain-lain"),
    }[kind]


def severity_text(severity: str) -> str:
    return {"error": _("Galat"), "warning": _("Peringatan")}.get(severity, severity)


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding in the reader's language, as scripts take it."""
    locale = locale_code()
    return {
        "severity": finding.severity,
        "severity_text": severity_text(finding.severity),
        "file": finding.file,
        "element": finding.element,
        "line": finding.line,
        "code": finding.code,
        "reason": finding.reason.in_locale(locale),
        "cure": finding.cure.in_locale(locale),
    }


def page_words() -> dict[str, str]:
    """Said by js/studio/draft.js; {…} is filled there."""
    return {
        "saving": _("Menyimpan…"),
        "unsaved": _("Belum tersimpan"),
        "failed": _("Belum tersimpan: server tidak dapat dicapai. Perubahan Anda ada di peramban ini; dicoba lagi."),
        "signed_out": _("Belum tersimpan: Anda sudah keluar. Perubahan Anda disimpan di peramban ini; masuk lagi."),
        "closed": _("Draf ini tidak terbuka lagi, maka perubahan tidak disimpan."),
        "recovered": _("Perubahan terakhir Anda yang belum tersimpan dipulihkan dari peramban ini."),
        "conflict_title": _("Ada yang menyimpan lebih dulu"),
        "conflict": _("{who} menyimpan berkas ini {at}. Versi Anda belum disimpan dan tidak ada yang ditimpa."),
        "conflict_removed": _("{who} menghapus berkas ini {at}. Versi Anda belum disimpan dan tidak ada yang ditimpa."),
        "load_theirs": _("Muat versi mereka"),
        "keep_copy": _("Simpan versi saya sebagai draf lain"),
        "copied": _("Versi Anda tersimpan sebagai draf lain:"),
        "others_one": _("{name} juga membuka berkas ini."),
        "others_draft": _("{name} juga membuka draf ini ({path})."),
        "others_page": _("{name} juga membuka draf ini."),
    }
