"""What states, methods and levels of the inpassing flow are called: for the agency's pages and for LKPP's."""

from flask_babel import gettext as _

STATES = (
    "draf", "diajukan", "tidak_lengkap", "lengkap", "terdaftar", "portofolio_tidak_sesuai", "lulus", "tidak_lulus",
    "ujian_ulang", "sertifikat", "rekomendasi", "diangkat", "mengundurkan_diri", "tidak_hadir", "gugur",
)  # fmt: skip
"""Of a participant of LKPP's, in the order of the way."""
FURTHER = ("diundang", "uji_kompetensi", "dikembalikan", "tidak_memenuhi_syarat")
"""States that other flows have besides."""

TONES = {
    "tidak_lengkap": "warn",
    "portofolio_tidak_sesuai": "warn",
    "tidak_lulus": "bad",
    "tidak_hadir": "bad",
    "gugur": "bad",
    "tidak_memenuhi_syarat": "bad",
    "dikembalikan": "warn",
    "diundang": "busy",
    "uji_kompetensi": "busy",
    "diajukan": "busy",
    "terdaftar": "busy",
    "ujian_ulang": "busy",
    "lengkap": "good",
    "lulus": "good",
    "sertifikat": "good",
    "rekomendasi": "good",
    "diangkat": "good",
}
JENJANG = ("pertama", "muda", "madya")
METHODS = ("portofolio", "tes_tertulis")
KINDS = ("reguler", "instansi")


def state_text(state: str) -> str:
    """The state of a participant, in the guide's word."""
    return {
        "draf": _("Draf"),
        "diajukan": _("Diajukan"),
        "tidak_lengkap": _("Tidak Lengkap"),
        "lengkap": _("Lengkap"),
        "terdaftar": _("Terdaftar Jadwal"),
        "portofolio_tidak_sesuai": _("Portofolio Tidak Sesuai"),
        "lulus": _("Lulus"),
        "tidak_lulus": _("Tidak Lulus"),
        "ujian_ulang": _("Ujian Ulang"),
        "sertifikat": _("Sertifikat Terbit"),
        "rekomendasi": _("Rekomendasi Terbit"),
        "diangkat": _("Diangkat"),
        "mengundurkan_diri": _("Mengundurkan Diri"),
        "tidak_hadir": _("Tidak Hadir"),
        "gugur": _("Gugur"),
        "diundang": _("Diundang"),
        "uji_kompetensi": _("Mengikuti Uji Kompetensi"),
        "dikembalikan": _("Dikembalikan"),
        "tidak_memenuhi_syarat": _("Tidak memenuhi syarat"),
    }.get(state, state)


def state_tone(state: str) -> str:
    return TONES.get(state, "neutral")


def jenjang_text(jenjang: str) -> str:
    return {"pertama": _("Pertama"), "muda": _("Muda"), "madya": _("Madya")}.get(jenjang, jenjang)


def method_text(method: str | None) -> str:
    return {"portofolio": _("Verifikasi Portofolio"), "tes_tertulis": _("Tes Tertulis")}.get(method or "", method or "")


def kind_text(kind: str) -> str:
    return {"reguler": _("Reguler LKPP"), "instansi": _("Instansi")}.get(kind, kind)


def documents_text(documents: str) -> str:
    """How far the verification of the documents is."""
    return {
        "none": _("Belum dikirim"),
        "waiting": _("Sedang diverifikasi"),
        "incomplete": _("Tidak Lengkap"),
        "complete": _("Lengkap"),
    }.get(documents, documents)


def schedule_state_text(state: str) -> str:
    return {
        "open": _("Pendaftaran dibuka"),
        "closed": _("Pendaftaran ditutup"),
        "held": _("Ujian dilaksanakan"),
        "finished": _("Selesai"),
        "cancelled": _("Dibatalkan"),
    }.get(state, state)


def schedule_tone(state: str) -> str:
    return {"open": "good", "closed": "busy", "held": "busy", "finished": "neutral", "cancelled": "bad"}.get(
        state, "neutral"
    )


def booking_text(state: str) -> str:
    return {
        "booked": _("Terdaftar"),
        "waiting": _("Daftar tunggu"),
        "done": _("Sudah ujian"),
        "released": _("Dilepas"),
        "dropped": _("Dipindahkan: dokumen belum Lengkap saat pendaftaran ditutup"),
    }.get(state, state)


def outcome_text(outcome: str) -> str:
    return {"lulus": _("LULUS"), "tidak_lulus": _("TIDAK LULUS"), "tidak_hadir": _("TIDAK HADIR")}.get(outcome, outcome)
