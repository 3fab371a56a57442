"""What the editor says: the strings of bpmn-js in Indonesian, the names of elements, and its own sentences."""

import json
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from web.i18n import locale_code

_LIBRARY = Path(__file__).with_name("bpmn_js.id.json")


@cache
def _library() -> dict[str, str]:
    return dict(json.loads(_LIBRARY.read_text(encoding="utf-8")))


def library_words() -> dict[str, str]:
    """English of bpmn-js → Indonesian; nothing for readers of English, which it speaks itself."""
    return _library() if locale_code() == "id" else {}


def type_names() -> dict[str, str]:
    """How an owner calls an element: by its type, and its trigger where that says more."""
    names = {
        "Task": _("Tugas tanpa jenis"),
        "UserTask": _("Tugas orang"),
        "ManualTask": _("Tugas manual"),
        "ServiceTask": _("Tugas sistem"),
        "ScriptTask": _("Tugas hitung"),
        "BusinessRuleTask": _("Tugas keputusan"),
        "SendTask": _("Tugas kirim pesan"),
        "ReceiveTask": _("Tugas terima pesan"),
        "CallActivity": _("Panggil proses"),
        "SubProcess": _("Sub-proses"),
        "Transaction": _("Transaksi"),
        "AdHocSubProcess": _("Sub-proses ad-hoc"),
        "ExclusiveGateway": _("Gerbang pilih satu"),
        "ParallelGateway": _("Gerbang bersamaan"),
        "InclusiveGateway": _("Gerbang pilih beberapa"),
        "ComplexGateway": _("Gerbang kompleks"),
        "EventBasedGateway": _("Gerbang tunggu kejadian"),
        "SequenceFlow": _("Alir"),
        "MessageFlow": _("Alir pesan"),
        "Association": _("Asosiasi"),
        "DataInputAssociation": _("Masukan data"),
        "DataOutputAssociation": _("Keluaran data"),
        "DataObjectReference": _("Objek data"),
        "DataStoreReference": _("Simpanan data"),
        "TextAnnotation": _("Catatan"),
        "Group": _("Kelompok"),
        "Participant": _("Pool"),
        "Lane": _("Jalur"),
        "StartEvent": _("Kejadian mulai"),
        "EndEvent": _("Kejadian selesai"),
        "BoundaryEvent": _("Kejadian batas"),
        "IntermediateCatchEvent": _("Tunggu"),
        "IntermediateThrowEvent": _("Kejadian di tengah"),
    }
    found = {f"bpmn:{name}": text for name, text in names.items()}
    for definition, trigger in _triggers().items():
        found |= {
            f"bpmn:StartEvent bpmn:{definition}": _("Mulai karena %(trigger)s", trigger=trigger),
            f"bpmn:EndEvent bpmn:{definition}": _("Selesai dengan %(trigger)s", trigger=trigger),
            f"bpmn:BoundaryEvent bpmn:{definition}": _("Batas: %(trigger)s", trigger=trigger),
            f"bpmn:IntermediateCatchEvent bpmn:{definition}": _("Tunggu %(trigger)s", trigger=trigger),
            f"bpmn:IntermediateThrowEvent bpmn:{definition}": _("Kirim %(trigger)s", trigger=trigger),
        }
    return found


def _triggers() -> dict[str, str]:
    return {
        "MessageEventDefinition": _("pesan"),
        "TimerEventDefinition": _("waktu"),
        "ConditionalEventDefinition": _("syarat"),
        "SignalEventDefinition": _("sinyal"),
        "EscalationEventDefinition": _("eskalasi"),
        "ErrorEventDefinition": _("galat"),
        "CompensateEventDefinition": _("kompensasi"),
        "CancelEventDefinition": _("batal"),
        "LinkEventDefinition": _("sambungan"),
        "TerminateEventDefinition": _("penghentian semua"),
    }


def sentences() -> dict[str, str]:
    """Said by js/studio/editor*.js; {…} is filled there."""
    return {
        "label": _("Kanvas diagram"),
        "palette": _("Tambah unsur dengan tetikus"),
        "kept_as_is": _("Berkas ini memuat bagian yang tidak dikenal editor. Bagian itu disimpan seperti semula."),
        "laid_out": _("Berkas ini belum punya gambar; letak unsurnya baru saja disusun."),
        "undrawn": _("{count} unsur dalam berkas ini belum digambar."),
        "lay_out": _("Susun letak seluruh diagram"),
        "name": _("Nama unsur"),
        "cannot_open": _("Diagram ini tidak dapat digambar."),
        "drawing": _("Gambar {number}"),
        "not_drawn": _("Unsur {id} tidak ada di gambar ini."),
        "in_lane": _("Jalur {name}"),
        "flows": _("{in} alir masuk, {out} alir keluar"),
        "found_here": _("Unsur yang ditemukan"),
        "found": _("{count} pilihan"),
        "selected": _("{count} unsur dipilih"),
        "choose_first": _("Pilih satu unsur dulu: tekan J atau K."),
        "choose_flow": _("Unsur ini tidak punya tepat satu alir keluar. Tekan F untuk memilih alirnya, lalu I."),
        "not_here": _("Itu tidak dapat dilakukan pada unsur ini."),
        "no_flows": _("Tidak ada alir keluar dari unsur ini."),
        "no_targets": _("Tidak ada unsur yang dapat disambungkan dari sini."),
        "no_lanes": _("Tidak ada jalur di sekitar unsur ini."),
        "connect_to": _("Sambungkan {name} ke:"),
        "move_to_lane": _("Pindahkan {name} ke:"),
        "moved_to_lane": _("Dipindahkan ke {name}"),
        "insert_into": _("Sisipkan ke alir ini"),
        "append_after": _("Tambah sesudah {name}"),
        "create": _("Tambah unsur"),
        "replace": _("Ubah jenis {name}"),
        "acts": _("Tindakan untuk {name}"),
        "acts_many": _("Tindakan untuk unsur yang dipilih"),
        "act_insert": _("Sisipkan unsur sesudah ini"),
        "act_append": _("Tambah cabang sesudah ini"),
        "act_connect": _("Sambungkan ke unsur lain"),
        "act_lane": _("Pindahkan ke jalur lain"),
        "act_replace": _("Ubah jenis"),
        "act_after": _("Pilih semua di kanan unsur ini"),
        "align_left": _("Rata kiri"),
        "align_center": _("Rata tengah mendatar"),
        "align_right": _("Rata kanan"),
        "align_top": _("Rata atas"),
        "align_middle": _("Rata tengah menurun"),
        "align_bottom": _("Rata bawah"),
        "distribute_horizontal": _("Sebar rata mendatar"),
        "distribute_vertical": _("Sebar rata menurun"),
        "remove": _("Hapus"),
    }


def editor_words() -> dict[str, dict[str, str]]:
    return {"translate": library_words(), "types": type_names(), "say": sentences()}


def keys() -> list[tuple[str, str]]:
    """The editor's keys, for the list that `?` opens."""
    return [
        ("J, K", _("unsur berikutnya, sebelumnya")),
        ("F", _("alir keluar dari unsur, satu per satu")),
        ("O", _("masuk ke sub-proses tertutup, keluar lagi")),
        ("Enter, Esc", _("ke sifat unsur, kembali ke kanvas")),
        ("I", _("sisipkan unsur sesudah ini atau ke alir yang dipilih")),
        ("A", _("tambah cabang sesudah ini")),
        ("N", _("tambah unsur lepas")),
        ("C", _("sambungkan ke unsur lain")),
        ("M", _("pindahkan ke jalur lain")),
        ("T, Shift+F10", _("semua tindakan untuk unsur ini, juga jalur")),
        ("E", _("ubah nama")),
        ("R", _("ubah jenis")),
        ("Delete", _("hapus")),
        (_("Panah"), _("geser unsur (Shift: lebih jauh; Ctrl: geser kanvas)")),
        (_("Alt+Shift+Panah"), _("ubah ukuran pool, jalur, atau sub-proses")),
        ("Ctrl+Z, Ctrl+Y", _("urungkan, ulangi")),
        ("Ctrl+C, Ctrl+V, Ctrl+A", _("salin, tempel, pilih semua")),
        ("Ctrl+F", _("cari di diagram")),
        ("+, −, 0", _("perbesar, perkecil, tampilkan semua")),
    ]
