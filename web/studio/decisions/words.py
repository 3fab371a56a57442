"""How hit policies and types are called, and what the scripts of the table editor say; {…} is filled there."""

from flask_babel import gettext as _

from engine.spiff.decisions import AGGREGATIONS


def policies() -> list[tuple[str, str]]:
    """The hit policies that the engine truly honours; others are refused by the gate."""
    return [
        ("UNIQUE", _("UNIQUE: hanya satu baris boleh cocok")),
        ("FIRST", _("FIRST: baris teratas yang cocok")),
        ("ANY", _("ANY: boleh beberapa, hasilnya harus sama")),
        ("COLLECT", _("COLLECT: semua yang cocok dikumpulkan")),
    ]


def aggregations() -> list[tuple[str, str]]:
    names = {"SUM": _("jumlah"), "MIN": _("yang terkecil"), "MAX": _("yang terbesar"), "COUNT": _("banyaknya")}
    return [("", _("sebagai daftar")), *((name, names[name]) for name in names if name in AGGREGATIONS)]


def types() -> list[tuple[str, str]]:
    """What DMN calls types; the engine reads the values as they are."""
    return [
        ("", _("(tidak disebut)")),
        ("string", _("teks")),
        ("number", _("angka")),
        ("integer", _("bilangan bulat")),
        ("boolean", _("Ya/Tidak")),
        ("date", _("tanggal")),
        ("list", _("daftar")),
    ]


def words() -> dict[str, str]:
    return {
        "cell": _("Baris {row}, {column}"),
        "row": _("Baris {row}"),
        "note": _("Keterangan"),
        "note_cell": _("Baris {row}, keterangan"),
        "input": _("masukan"),
        "output": _("hasil"),
        "edit_input": _("Ubah kolom masukan {column}"),
        "edit_output": _("Ubah kolom hasil {column}"),
        "row_up": _("Naikkan baris {row}"),
        "row_down": _("Turunkan baris {row}"),
        "row_copy": _("Gandakan baris {row}"),
        "row_remove": _("Hapus baris {row}"),
        "column": _("Kolom {column}"),
        "label": _("Label"),
        "expression": _("Yang dibaca (ekspresi)"),
        "output_name": _("Nama data hasil"),
        "type": _("Jenis"),
        "left": _("Ke kiri"),
        "right": _("Ke kanan"),
        "remove_column": _("Hapus kolom"),
        "done": _("Selesai"),
        "row_added": _("Baris {row} ditambahkan."),
        "row_moved": _("Baris dipindahkan ke {row}."),
        "row_removed": _("Baris {row} dihapus. Tekan Urungkan untuk mengembalikannya."),
        "column_added": _("Kolom ditambahkan."),
        "column_removed": _("Kolom dihapus. Tekan Urungkan untuk mengembalikannya."),
        "last": _("Tabel butuh sekurangnya satu kolom masukan, satu kolom hasil, dan satu baris."),
        "undone": _("Diurungkan."),
        "redone": _("Diulangi."),
        "new_input": _("Masukan baru"),
        "new_output": _("Hasil baru"),
        "broken": _("Berkas ini tidak terbaca sebagai tabel keputusan: {why}."),
        "no_table": _("tidak ada satu tabel di dalamnya"),
        "check_failed": _("Pemeriksaan tidak dapat dimuat. Dicoba lagi pada perubahan berikutnya."),
        "matches": _("cocok"),
        "decides": _("dipakai"),
        "unreadable": _("Nilai ini tidak terbaca."),
        "from_row": _("Baris {row}"),
    }
