"""What can be put into a form, in the owner's words: each kind with the piece of form-js that a new one begins as."""

from typing import Any

from flask_babel import gettext as _

from engine.forms.sources import FieldSources
from web.words.names import in_locale

Piece = dict[str, Any]


def kinds(sources: FieldSources) -> list[dict[str, Any]]:
    """Groups of kinds, as the script shows them; `id` is what it recognises a component of that kind by."""
    return [
        {"title": _("Isian"), "kinds": _plain()},
        {"title": _("Isian dengan pemeriksaan khusus"), "kinds": [*_domain(), *_sources(sources)]},
        {"title": _("Susunan dan kata-kata"), "kinds": _layout()},
    ]


def _kind(ident: str, title: str, piece: Piece, *, key: str = "") -> dict[str, Any]:
    """`key`: what the name of a new field begins with."""
    return {"id": ident, "title": title, "piece": {**piece, "label": title} if key else piece, "key": key}


def _plain() -> list[dict[str, Any]]:
    two = [{"label": _("Pilihan 1"), "value": "pilihan_1"}, {"label": _("Pilihan 2"), "value": "pilihan_2"}]
    required = {"validate": {"required": True}}
    return [
        _kind("textfield", _("Teks pendek"), {"type": "textfield", **required}, key="teks"),
        _kind("textarea", _("Teks panjang"), {"type": "textarea", **required}, key="uraian"),
        _kind("number", _("Angka"), {"type": "number", "decimalDigits": 0, **required}, key="jumlah"),
        _kind("datetime", _("Tanggal atau waktu"), {"type": "datetime", "subtype": "date", **required}, key="tanggal"),
        _kind("checkbox", _("Centang"), {"type": "checkbox"}, key="setuju"),
        _kind("radio", _("Pilih satu, semua terlihat"), {"type": "radio", "values": two, **required}, key="pilihan"),
        _kind("select", _("Pilih satu dari daftar"), {"type": "select", "values": two, **required}, key="pilihan"),
        _kind("checklist", _("Pilih beberapa"), {"type": "checklist", "values": two}, key="pilihan"),
        _kind("filepicker", _("Berkas"), {"type": "filepicker", **required}, key="berkas"),
    ]


def _domain() -> list[dict[str, Any]]:
    def typed(kind: str, title: str, widget: str = "textfield", **more: Any) -> dict[str, Any]:
        piece = {"type": widget, **more, "validate": {"required": True}, "properties": {"alur:type": kind}}
        return _kind(kind, title, piece, key=kind if kind != "mobile" else "ponsel")

    row = [{"label": _("Butir 1"), "value": "butir_1"}]
    return [
        typed("nip", _("NIP")),
        typed("nik", _("NIK")),
        typed("npwp", _("NPWP")),
        typed("nib", _("NIB")),
        typed("mobile", _("Nomor ponsel")),
        typed("email", _("Alamat surel")),
        typed("golongan", _("Golongan"), "select"),
        typed("review", _("Tinjauan Ya/Tidak"), "checklist", values=row),
    ]


def _sources(sources: FieldSources) -> list[dict[str, Any]]:
    """What handlers of this installation offer: an instansi, a satuan kerja."""
    found = []
    for name in sorted(sources.names()):
        source = sources.get(name)
        title = in_locale({"id": source.title_id, "en": source.title_en})
        widget = "select" if source.closed else "textfield"
        piece = {"type": widget, "validate": {"required": True}, "properties": {"alur:type": name}}
        found.append(_kind(name, title, piece, key=name))
    return found


def _layout() -> list[dict[str, Any]]:
    return [
        _kind("text", _("Kata-kata"), {"type": "text", "text": _("Tulis penjelasan di sini.")}),
        _kind("group", _("Kelompok isian"), {"type": "group", "label": _("Kelompok isian"), "components": []}),
        _kind("dynamiclist", _("Daftar baris"), {"type": "dynamiclist", "components": []}, key="daftar"),
        _kind("separator", _("Garis"), {"type": "separator"}),
        _kind("button", _("Tombol kirim"), {"type": "button", "action": "submit", "label": _("Kirim")}),
    ]
