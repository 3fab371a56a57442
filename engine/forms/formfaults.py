"""What can be wrong with a form file: reason and cure in both languages, for the process owner."""

from dataclasses import dataclass
from typing import Any, Literal

from engine.texts import Text


@dataclass(frozen=True)
class FormFault:
    """`where` is the id or key of the component (or the form's name). A warning does not stop a deployment."""

    where: str
    code: str
    reason: Text
    cure: Text
    severity: Literal["error", "warning"] = "error"


_TEXTS: dict[str, tuple[Text, Text]] = {
    "not_json": (
        Text("Berkas bukan JSON yang benar ({detail}).", "The file is not valid JSON ({detail})."),
        Text("Simpan kembali dari penyunting formulir.", "Save it again from the form editor."),
    ),
    "not_a_form": (
        Text("Berkas bukan formulir form-js.", "The file is no form-js form."),
        Text("Sediakan objek dengan “type”: “default” dan “components”.",
             "Give an object with “type”: “default” and “components”."),
    ),
    "bad_component": (
        Text("Komponen ini tidak dapat dibaca.", "This component cannot be read."),
        Text("Setiap komponen adalah objek dengan “type”.", "Each component is an object with a “type”."),
    ),
    "unknown_type": (
        Text("Komponen berjenis “{type}” tidak didukung.", "Components of type “{type}” are not supported."),
        Text("Hapus, atau ganti dengan jenis yang didukung.", "Remove it, or use a supported type."),
    ),
    "unknown_attribute": (
        Text("“{attribute}” tidak berpengaruh di sini.", "“{attribute}” has no effect here."),
        Text("Hapus “{attribute}”.", "Remove “{attribute}”."),
    ),
    "bad_name": (
        Text("Nama “{name}” tidak boleh dipakai.", "The name “{name}” may not be used."),
        Text("Pakai huruf, angka dan garis bawah, diawali huruf, dan bukan nama yang dicadangkan.",
             "Use letters, digits and underscores, beginning with a letter, and no reserved name."),
    ),
    "bad_hidden": (
        Text("Properti hidden “{found}” tidak dikenal.", "The property hidden “{found}” is not known."),
        Text("Tulis keep, atau hapus.", "Write keep, or remove it."),
    ),
    "duplicate_name": (
        Text("Nama “{name}” dipakai dua kali.", "The name “{name}” is used twice."),
        Text("Beri nama lain pada salah satunya.", "Give one of them another name."),
    ),
    "no_label": (
        Text("Isian ini tidak berlabel.", "This field has no label."),
        Text("Isi “label” dengan kata yang dibaca pengguna.", "Give it a “label” in the user's words."),
    ),
    "bad_value": (
        Text("Nilai “{attribute}” tidak dapat dipakai.", "The value of “{attribute}” cannot be used."),
        Text("Isi dengan {wanted}.", "Give {wanted}."),
    ),
    "bad_expression": (
        Text("Ekspresi pada “{attribute}” salah: {why}", "The expression in “{attribute}” is wrong: {why}"),
        Text("{cure}", "{cure}"),
    ),
    "later_field": (
        Text("“{attribute}” memakai “{name}” yang baru ditanyakan sesudahnya.",
             "“{attribute}” uses “{name}”, which is asked only later."),
        Text("Pindahkan “{name}” ke atas isian ini.", "Move “{name}” above this field."),
    ),
    "no_options": (
        Text("Tidak ada yang dapat dipilih.", "There is nothing to choose from."),
        Text("Isi “values”, “valuesExpression”, atau sumber isian pada properties.",
             "Give “values”, “valuesExpression”, or a field source in properties."),
    ),
    "unknown_domain_type": (
        Text("Jenis isian “{type}” tidak dikenal.", "The field type “{type}” is not known."),
        Text("Pakai jenis bawaan atau sumber isian yang terdaftar.",
             "Use a built-in type or a registered field source."),
    ),
    "bad_pattern": (
        Text("“pattern” tidak dapat dipakai: {why}", "“pattern” cannot be used: {why}"),
        Text("Pakai sintaks RE2 (tanpa lookahead dan backreference).",
             "Use RE2 syntax (no lookahead, no backreference)."),
    ),
    "too_deep": (
        Text("Komponen bersusun lebih dari {limit} tingkat.", "Components are nested more than {limit} deep."),
        Text("Kurangi grup di dalam grup.", "Use fewer groups inside groups."),
    ),
    "too_many": (
        Text("Lebih dari {limit} komponen.", "More than {limit} components."),
        Text("Bagi menjadi beberapa formulir.", "Split it into several forms."),
    ),
    "too_long": (
        Text("“{attribute}” terlalu panjang.", "“{attribute}” is too long."),
        Text("Persingkat sampai {limit} karakter.", "Shorten it to {limit} characters."),
    ),
    "unknown_property": (
        Text("Properti “{name}” tidak dikenal.", "The property “{name}” is not known."),
        Text("Periksa ejaannya, atau hapus.", "Check its spelling, or remove it."),
    ),
    "empty_form": (
        Text("Formulir tidak memuat komponen apa pun.", "The form holds no component at all."),
        Text("Tambahkan isian atau teks.", "Add a field or a text."),
    ),
}  # fmt: skip

WARNINGS = frozenset({"unknown_attribute", "unknown_property"})


def problem(code: str, where: str, **values: Any) -> FormFault:
    """The fault `code` at a component, its texts filled."""
    reason, cure = _TEXTS[code]
    severity: Literal["error", "warning"] = "warning" if code in WARNINGS else "error"
    return FormFault(where[:80], code, reason.filled(**values), cure.filled(**values), severity)
