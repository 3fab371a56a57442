"""Every reason for which a submitted value is refused, in both languages, by its stable code."""

from typing import Any

from engine.forms.model import Fault
from engine.texts import Text

_TEXTS = {
    "required": Text("“{label}” wajib diisi.", "“{label}” must be filled in."),
    "must_tick": Text("“{label}” harus dicentang.", "“{label}” must be ticked."),
    "wrong_type": Text("Isian “{label}” tidak dapat dibaca.", "The answer to “{label}” cannot be read."),
    "bad_character": Text(
        "“{label}” memuat karakter yang tidak terlihat ({character}).",
        "“{label}” contains an invisible character ({character}).",
    ),
    "too_short": Text("“{label}” paling sedikit {limit} karakter.", "“{label}” needs at least {limit} characters."),
    "too_long": Text(
        "“{label}” paling banyak {limit} karakter; sekarang {actual}.",
        "“{label}” takes at most {limit} characters; now {actual}.",
    ),
    "pattern": Text("“{label}” tidak sesuai bentuk yang diminta.", "“{label}” is not of the form asked for."),
    "not_a_number": Text("“{label}” harus berupa angka.", "“{label}” must be a number."),
    "ambiguous_number": Text(
        "“{label}”: {raw} dapat berarti dua hal. Tulis {whole} atau {fraction}.",
        "“{label}”: {raw} can mean two things. Write {whole} or {fraction}.",
    ),
    "not_whole": Text("“{label}” harus bilangan bulat.", "“{label}” must be a whole number."),
    "too_many_decimals": Text(
        "“{label}” paling banyak {limit} angka di belakang koma.", "“{label}” takes at most {limit} decimals."
    ),
    "too_small": Text("“{label}” paling kecil {limit}.", "“{label}” must be at least {limit}."),
    "too_large": Text("“{label}” paling besar {limit}.", "“{label}” must be at most {limit}."),
    "not_a_date": Text(
        "“{label}” bukan tanggal yang ada. Tulis seperti 07/04/2026.",
        "“{label}” is not a real date. Write it like 07/04/2026 (day/month/year).",
    ),
    "not_a_time": Text("“{label}” bukan waktu yang ada. Tulis seperti 16.00.", "“{label}” is not a time. Write 16:00."),
    "too_early": Text("“{label}” paling awal {limit}.", "“{label}” must not be before {limit}."),
    "too_late": Text("“{label}” paling lambat {limit}.", "“{label}” must not be after {limit}."),
    "not_an_option": Text(
        "Pilihan pada “{label}” tidak tersedia. Pilih salah satu yang ditawarkan.",
        "That choice for “{label}” is not available. Choose one that is offered.",
    ),
    "options_unavailable": Text(
        "Pilihan untuk “{label}” tidak dapat disusun dari data kasus.",
        "The choices for “{label}” cannot be made from the case's data.",
    ),
    "not_an_email": Text(
        "“{label}” bukan alamat surel, mis. nama@contoh.go.id.",
        "“{label}” is not an e-mail address, e.g. nama@contoh.go.id.",
    ),
    "unknown_document": Text(
        "Berkas untuk “{label}” tidak ditemukan. Unggah kembali.",
        "The file for “{label}” was not found. Upload it again.",
    ),
    "wrong_kind": Text("“{label}” hanya menerima {accepted}.", "“{label}” takes only {accepted}."),
    "one_document": Text("“{label}” hanya menerima satu berkas.", "“{label}” takes one file only."),
    "too_many_items": Text("“{label}” paling banyak {limit} baris.", "“{label}” takes at most {limit} rows."),
    "too_few_items": Text("“{label}” paling sedikit {limit} baris.", "“{label}” needs at least {limit} rows."),
    "fixed_rows": Text(
        "Baris “{label}” tidak dapat ditambah atau dikurangi.", "Rows of “{label}” cannot be added or removed."
    ),
    "review_unanswered": Text("“{row}”: pilih Ya atau Tidak.", "“{row}”: choose Yes or No."),
    "review_note": Text(
        "“{row}”: Keterangan wajib diisi bila jawabannya Tidak.", "“{row}”: a note is needed when the answer is No."
    ),
    "check_failed": Text("“{label}” tidak dapat diperiksa: {why}", "“{label}” cannot be checked: {why}"),
    "reserved_name": Text(
        "Nama isian “{name}” tidak diperbolehkan.", "A field called “{name}” is not allowed."
    ),
    "not_a_form": Text("Kiriman ini bukan isian formulir.", "What was sent is not a filled-in form."),
    "too_much": Text(
        "Isian terlalu besar atau terlalu dalam bersusun.", "The answers are too large or nested too deeply."
    ),
}  # fmt: skip


def fault(code: str, **values: Any) -> Fault:
    """The fault `code` with its text filled; a value may itself be a Text."""
    return Fault(code, _TEXTS[code].filled(**values))
