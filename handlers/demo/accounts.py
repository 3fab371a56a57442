"""Who uses the demo: one account for each role, all with one password that is printed, and nothing secret about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.people import add_membership, create_user, find_by_email
from engine.unit_of_work import UnitOfWork
from handlers.seeds import instansi_id

PASSWORD = "Satu-Pintu-2026"  # noqa: S105 -- the demo's password is public

KAPUAS = ("kabupaten", "Kabupaten Kapuas")
NTT = ("provinsi", "Provinsi Nusa Tenggara Timur")
BPS = ("lembaga", "Badan Pusat Statistik")
LKPP = ("lembaga", "Lembaga Kebijakan Pengadaan Barang/Jasa Pemerintah")
HELD_SINCE = timedelta(days=90)
"""Long enough that the demo's older cases find their verifiers in office."""


@dataclass(frozen=True)
class DemoAccount:
    """`role` None: somebody who holds no role yet."""

    email: str
    name: str
    role: str | None
    instansi: tuple[str, str] | None
    about: str


ACCOUNTS = (
    DemoAccount("pemohon@contoh.go.id", "Sari Wulandari", None, None, "pemohon tanpa peran"),
    DemoAccount("tono@contoh.go.id", "Tono Prasetyo", None, None, "pemohon, permohonannya perlu diperbaiki"),
    DemoAccount("ratna@contoh.go.id", "Ratna Kusuma", None, None, "pemohon, permohonannya menunggu verifikasi"),
    DemoAccount(
        "joko@contoh.go.id", "Joko Santosa", None, None, "Pejabat Pembuat Komitmen, lewat permohonan yang diterima"
    ),
    DemoAccount("vai@contoh.go.id", "Budi Santoso", "vai", KAPUAS, "Verifikator Akun INAPROC, Kabupaten Kapuas"),
    DemoAccount("vai2@contoh.go.id", "Maya Lestari", "vai", KAPUAS, "Verifikator Akun INAPROC, Kabupaten Kapuas"),
    DemoAccount("spd@contoh.go.id", "Dewi Anggraini", "spd", LKPP, "Direktorat SPD LKPP"),
    DemoAccount("telkom@contoh.go.id", "Anton Wijaya", "telkom", None, "PT Telkom Indonesia"),
    DemoAccount(
        "admin.instansi@contoh.go.id", "Wahyu Hidayat", "admin_instansi", KAPUAS, "Admin Instansi, Kabupaten Kapuas"
    ),
    DemoAccount("admin.lkpp@contoh.go.id", "Siti Rahmawati", "admin_lkpp", LKPP, "Admin LKPP: formasi dan jadwal"),
    DemoAccount("verifikator@contoh.go.id", "Bagus Setiawan", "verifikator_lkpp", LKPP, "Verifikator LKPP"),
    DemoAccount("penguji@contoh.go.id", "Ratih Puspita", "penguji", LKPP, "Penguji/Asesor LKPP"),
    DemoAccount("pimpinan@contoh.go.id", "Gunawan Wibisono", "pimpinan_lkpp", LKPP, "Pimpinan LKPP: rekomendasi"),
    DemoAccount(
        "perangkat.daerah@contoh.go.id", "Fransiska Dhae", "perangkat_daerah", NTT, "Perangkat Daerah, Provinsi NTT"
    ),
    DemoAccount("bkd.ntt@contoh.go.id", "Yohanes Bala", "bkd", NTT, "BKD (pejabat pengusul), Provinsi NTT"),
    DemoAccount("operator.bps@contoh.go.id", "Oktavianus Lulu", "operator_bps", NTT, "Operator inpassing BPS, NTT"),
    DemoAccount("peserta.bps@contoh.go.id", "Maria Seran", "peserta_bps", NTT, "peserta inpassing BPS"),
    DemoAccount("verifikator.bps@contoh.go.id", "Veronika Simbolon", "verifikator_bps", BPS, "Verifikator BPS"),
    DemoAccount("tim.uji.bps@contoh.go.id", "Teguh Prakoso", "tim_uji_bps", BPS, "Tim Uji BPS"),
    DemoAccount("pimpinan.bps@contoh.go.id", "Prita Maharani", "pimpinan_bps", BPS, "Pimpinan BPS: rekomendasi"),
    DemoAccount("owner@contoh.go.id", "Indah Permata", "owner", None, "pemilik proses"),
    DemoAccount("pemilik2@contoh.go.id", "Bayu Pratama", "owner", None, "pemilik proses kedua (empat mata di studio)"),
    DemoAccount("auditor@contoh.go.id", "Hendra Gunawan", "auditor", None, "auditor"),
    DemoAccount("auditor.luar@contoh.go.id", "Sri Rahayu", "auditor_luar", None, "auditor eksternal"),
    DemoAccount("pdp@contoh.go.id", "Ratna Dewi", "data_officer", None, "Pejabat Pelindungan Data Pribadi"),
    DemoAccount("arsiparis@contoh.go.id", "Endang Suryani", "arsiparis", None, "arsiparis: mengusulkan pemusnahan"),
    DemoAccount("kepala.arsip@contoh.go.id", "Darmawan Putra", "kepala_arsip", None, "memutuskan pemusnahan arsip"),
    DemoAccount("admin@contoh.go.id", "Lina Marlina", "admin", None, "administrator"),
)


def add_accounts(unit: UnitOfWork, now: datetime, accounts: Iterable[DemoAccount] = ACCOUNTS) -> int:
    """Make the accounts that are missing; returns how many. One that somebody changed since is left alone."""
    missing = [account for account in accounts if find_by_email(unit, account.email) is None]
    for account in missing:
        user = create_user(unit, email=account.email, name=account.name, now=now, password=PASSWORD)
        if account.role is not None:
            add_membership(
                unit,
                user_id=user.id,
                role=account.role,
                instansi_id=instansi_id(*account.instansi) if account.instansi else None,
                valid_from=(now - HELD_SINCE).date(),
                valid_until=None,
                now=now,
                source_key=f"demo:{account.email}:{account.role}",
            )
    return len(missing)
