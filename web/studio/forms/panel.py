"""What can be said about each kind of component: the questions of the panel beside the outline, in groups.

`at` is where the answer stands in the file: an attribute, one of `validate`, or a property. Whatever else a component
carries is left as it is.
"""

from typing import Any

from flask_babel import gettext as _

Question = dict[str, Any]
Group = dict[str, Any]

TEXT_KINDS = ("textfield", "textarea")
NAMED = ("nip", "nik", "npwp", "nib", "mobile", "email")
CHOICES = ("radio", "select", "checklist", "taglist", "review")


def panel(kinds: list[str], forms: list[str]) -> dict[str, list[Group]]:
    """The groups of questions by kind. `kinds`: those of this installation; `forms`: the others of the package."""
    found = {kind: _field(kind, forms) for kind in [*kinds, "taglist"]}
    found |= {
        "group": [_words("label"), _name("path", required=False), _condition()],
        "dynamiclist": [_words("label"), _name("path"), _rows(), _condition()],
        "text": [_text(forms), _condition()],
        "separator": [_condition()],
        "spacer": [],
        "button": [_group(_("Kata-kata"), _ask("label", _("Kata pada tombol")), _english("label"))],
        "form": [_form()],
        "unknown": [],
    }
    return found


def _ask(at: str, title: str, widget: str = "text", hint: str = "", **more: Any) -> Question:
    return {"at": at, "title": title, "widget": widget, "hint": hint, **more}


def _group(title: str, *questions: Question, closed: bool = False) -> Group:
    return {"title": title, "questions": list(questions), "closed": closed}


def _english(attribute: str, widget: str = "text") -> Question:
    return _ask(f"properties.{attribute}_en", _("Dalam bahasa Inggris"), widget)


def _field(kind: str, forms: list[str]) -> list[Group]:
    groups = [_words("label"), _name("key"), _choices(kind, forms), _rules(kind), _condition(), _checks(), _more(kind)]
    return [group for group in groups if group["questions"]]


def _words(attribute: str) -> Group:
    return _group(
        _("Kata-kata"),
        _ask(attribute, _("Label"), hint=_("Yang dibaca orang di atas isian.")),
        _english(attribute),
        _ask("description", _("Petunjuk"), "textarea", _("Kalimat kecil di bawah label; boleh kosong.")),
        _english("description", "textarea"),
    )


def _name(attribute: str, *, required: bool = True) -> Group:
    hint = _("Dipakai oleh syarat, keputusan, dan surat. Huruf, angka, dan garis bawah.")
    if not required:
        hint = _("Bila diisi, jawaban di dalamnya menjadi satu rekaman bernama ini.")
    return _group(_("Nama data"), _ask(attribute, _("Nama data"), "name", hint))


def _condition() -> Group:
    return _group(_("Kapan ditampilkan"), _ask("conditional.hide", _("Tampilkan"), "condition"))


def _rules(kind: str) -> Group:
    title = _("Harus dicentang") if kind == "checkbox" else _("Wajib diisi")
    asked = [_ask("validate.required", title, "flag")]
    asked.append(
        _ask("properties.required_when", _("Wajib bila"), "expression", _("Ekspresi; kosong: menurut centang di atas."))
    )
    return _group(_("Aturan"), *asked, *_bounds(kind))


def _bounds(kind: str) -> list[Question]:
    if kind in TEXT_KINDS:
        return [
            _ask("validate.minLength", _("Paling sedikit huruf"), "whole"),
            _ask("validate.maxLength", _("Paling banyak huruf"), "whole"),
            _ask("validate.pattern", _("Pola (RE2)"), "code", _("Misalnya [0-9]{4} untuk empat angka.")),
            _ask("properties.pattern_id", _("Kalimat bila tidak sesuai pola")),
            _ask("properties.pattern_en", _("Dalam bahasa Inggris")),
        ]
    if kind == "number":
        return [
            _ask("validate.min", _("Paling kecil"), "number"),
            _ask("validate.max", _("Paling besar"), "number"),
            _ask("decimalDigits", _("Angka di belakang koma"), "whole", _("0 untuk bilangan bulat.")),
        ]
    if kind == "datetime":
        subtypes = [["date", _("Tanggal")], ["datetime", _("Tanggal dan jam")], ["time", _("Jam")]]
        return [
            _ask("subtype", _("Yang ditanyakan"), "choice", options=subtypes, default="date"),
            _ask("properties.earliest", _("Paling awal"), "expression", _("Misalnya today() + days(1).")),
            _ask("properties.latest", _("Paling lambat"), "expression"),
        ]
    if kind == "filepicker":
        return _file_bounds()
    if kind == "nip":
        nip = [["", "PNS"], ["pppk", "PPPK"], ["nrp", "NRP"]]
        return [_ask("properties.nip_kind", _("Jenis nomor"), "choice", options=nip)]
    return []


def _file_bounds() -> list[Question]:
    return [
        _ask("multiple", _("Boleh beberapa berkas"), "flag"),
        _ask("properties.accept", _("Jenis berkas"), hint=_("Misalnya .pdf,.jpg; kosong: keduanya.")),
        _ask("properties.min_bytes", _("Ukuran paling kecil (byte)"), "whole"),
        _ask("properties.max_bytes", _("Ukuran paling besar (byte)"), "whole"),
        _ask("properties.max_items", _("Paling banyak berkas"), "whole"),
    ]


def _choices(kind: str, forms: list[str]) -> Group:
    if kind not in CHOICES:
        return _group("")
    asked = [_ask("values", _("Butir yang ditinjau") if kind == "review" else _("Pilihan"), "options")]
    if kind == "review":
        options = [["", _("(tidak ada)")], *([form, form] for form in forms)]
        asked.append(_ask("properties.of", _("Nilai di sampingnya dari formulir"), "choice", options=options))
    else:
        hint = _("Ekspresi yang memberi daftarnya; dipakai bila pilihan di atas kosong.")
        asked.append(_ask("valuesExpression", _("Pilihan dari data kasus"), "expression", hint))
    return _group(_("Pilihan"), *asked)


def _checks() -> Group:
    asked: list[Question] = []
    for number in ("", "2", "3"):
        hint = _("Ekspresi yang harus benar, misalnya selesai > mulai.") if not number else ""
        asked += [
            _ask(f"properties.check{number}", _("Pemeriksaan %(number)s", number=number or "1"), "expression", hint),
            _ask(f"properties.check{number}_id", _("Kalimat penolakan %(number)s", number=number or "1")),
            _ask(f"properties.check{number}_en", _("Kalimat penolakan %(number)s (Inggris)", number=number or "1")),
        ]
    return _group(_("Pemeriksaan lain"), *asked, closed=True)


def _more(kind: str) -> Group:
    asked = [
        _ask("readonly", _("Hanya dibaca"), "flag"),
        _ask("layout.columns", _("Setengah lebar"), "half"),
    ]
    if kind in (*TEXT_KINDS, *NAMED, "radio", "select"):
        asked.append(_ask("defaultValue", _("Nilai awal")))
    if kind == "number":
        asked.append(_ask("defaultValue", _("Nilai awal"), "number"))
    if kind == "checkbox":
        asked.append(_ask("defaultValue", _("Sudah tercentang"), "flag"))
    return _group(_("Lainnya"), *asked, closed=True)


def _rows() -> Group:
    return _group(
        _("Baris"),
        _ask("properties.row_label", _("Sebutan satu baris"), hint=_("Misalnya Anggota.")),
        _ask("properties.row_label_en", _("Dalam bahasa Inggris")),
        _ask("properties.min_items", _("Paling sedikit baris"), "whole"),
        _ask("properties.max_items", _("Paling banyak baris"), "whole"),
        _ask("defaultRepetitions", _("Baris pada awalnya"), "whole"),
        _ask("allowAddRemove", _("Baris dapat ditambah dan dihapus"), "flag", default=True),
    )


def _text(forms: list[str]) -> Group:
    tones = [["", _("Biasa")], ["info", _("Keterangan")], ["warn", _("Peringatan")]]
    lists = [["", _("(tidak ada)")], *([form, form] for form in forms)]
    hint = _("# di depan menjadikannya judul; {{ nama }} diganti nilainya.")
    return _group(
        _("Kata-kata"),
        _ask("text", _("Kata-kata"), "textarea", hint),
        _english("text", "textarea"),
        _ask("properties.tone", _("Nada"), "choice", options=tones),
        _ask("properties.values_of", _("Daftar jawaban dari formulir"), "choice", options=lists),
    )


def _form() -> Group:
    keep = [["", _("Menjadi kosong")], ["keep", _("Tetap seperti dalam kasus")]]
    return _group(
        _("Formulir ini"),
        _ask("properties.title", _("Judul")),
        _ask("properties.title_en", _("Dalam bahasa Inggris")),
        _ask(
            "properties.notes_from",
            _("Catatan dari tinjauan"),
            hint=_("Nama data tinjauan yang catatannya ditampilkan pada isian."),
        ),
        _ask("properties.hidden", _("Isian yang disembunyikan"), "choice", options=keep),
    )
