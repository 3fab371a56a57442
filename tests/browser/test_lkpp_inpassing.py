"""A season of inpassing for one agency in the browser, from *Daftar* to *Diangkat*, with every mail that leaves."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine import programmes
from engine.definitions import deploy, read_package
from engine.people import add_membership, create_user
from engine.settings import ROOT
from engine.texts import Text
from handlers.seeds import prepare
from tests.browser import inpassing as act
from tests.browser.inpassing import Person
from tests.support.letters import text_of
from tests.support.live import Site
from tests.support.smtp import Mailbox, running_mailbox
from tests.support.tabs import Tab

PACKAGES = ("lkpp_admin", "lkpp_formasi", "lkpp_participant", "lkpp_schedule", "lkpp_recommendation")
OFFICERS = {
    "admin_lkpp": "Bagus Nugroho", "verifikator_lkpp": "Vera Maharani", "penguji": "Panji Wibowo",
    "pimpinan_lkpp": "Laksmi Hapsari",
}  # fmt: skip
DOCUMENTS = (
    "surat_keterangan_pengadaan", "sk_peran_pengadaan", "ijazah", "sk_pangkat", "sk_jabatan", "sertifikat_dasar",
    "skp", "surat_pernyataan", "formulir", "sk_cpns", "sk_pns", "ktp", "pas_foto", "surat_bersedia",
)  # fmt: skip
AYU = Person("Ayu Lestari", "198905142014022001", "1989-05-14", "III/a", "Pertama", "ayu@kapuaskab.example")
BELA = Person("Bela Safitri", "198703122010012012", "1987-03-12", "III/c", "Muda", "bela@kapuaskab.example")
CITRA = Person("Citra Dewi", "198101202006042003", "1981-01-20", "IV/a", "Madya", "citra@kapuaskab.example")
COMPONENTS = ("Penyusunan spesifikasi teknis dan KAK", "Penyusunan perkiraan harga")
PORTFOLIO, WRITTEN, AGAIN = "Portofolio Juli 2026", "Tes Tertulis Juli 2026", "Tes Tertulis Agustus 2026"


BEGUN = ("Biodata tersimpan.", "Dokumen persyaratan dikirim ke LKPP dan menunggu diverifikasi.")
DONE = ("Sertifikat Kompetensi terbit", "Rekomendasi Pengangkatan terbit", "Diangkat ke dalam JF PPBJ dengan SK nomor")
RIWAYAT = {
    AYU: (
        *BEGUN,
        "Dokumen persyaratan dinyatakan Lengkap.",
        "Kursi dipesan pada jadwal Portofolio Juli 2026 (Verifikasi Portofolio).",
        "Dokumen portofolio diunggah.",
        "Terdaftar sebagai peserta Uji Kompetensi.",
        "Portofolio dinilai Tidak Sesuai dan masih dapat diperbaiki.",
        "Dokumen portofolio diperbaiki dan menunggu dinilai lagi.",
        "Dinyatakan LULUS Uji Kompetensi.",
        *DONE,
    ),
    BELA: (
        *BEGUN,
        "Dokumen persyaratan dinyatakan Tidak Lengkap. Dokumen yang kurang perlu diunggah ulang.",
        "Kursi dipesan pada jadwal Tes Tertulis Juli 2026 (Tes Tertulis).",
        "Dokumen yang kurang diunggah ulang dan menunggu diverifikasi lagi.",
        "Dokumen persyaratan dinyatakan Lengkap.",
        "Terdaftar sebagai peserta Uji Kompetensi.",
        "Dinyatakan TIDAK LULUS Uji Kompetensi. Nilai: 48.",
        "Akan mengikuti Uji Kompetensi ulang.",
        "Kursi dipesan pada jadwal Tes Tertulis Agustus 2026 (Tes Tertulis).",
        "Terdaftar sebagai peserta Uji Kompetensi.",
        "Dinyatakan LULUS Uji Kompetensi. Nilai: 75.",
        *DONE,
    ),
    CITRA: (
        *BEGUN,
        "Dokumen persyaratan dinyatakan Lengkap.",
        "Kursi dipesan pada jadwal Tes Tertulis Juli 2026 (Tes Tertulis).",
        "Terdaftar sebagai peserta Uji Kompetensi.",
        "Dinyatakan LULUS Uji Kompetensi. Nilai: 82,5.",
        *DONE,
    ),
}
AGENCY_MAILS = (
    "Aktivasi akun Admin Instansi Kabupaten Kapuas", "Akun Admin Instansi Kabupaten Kapuas aktif", "Usulan formasi",
    "Perlu Perbaikan: usulan formasi", "Formasi Kabupaten Kapuas disetujui", "Rekomendasi Pengangkatan 0",
)  # fmt: skip
PARTICIPANT_MAILS = (
    "Berkas {name} diterima", "Lengkap: dokumen persyaratan {name}", "Kursi dipesan: {name} pada",
    "Terdaftar: {name} pada", "Hasil ujian {name}: LULUS", "Sertifikat Kompetensi {name} terbit",
    "Rekomendasi Pengangkatan {name} terbit", "Diangkat: {name}",
)  # fmt: skip
MORE_MAILS = {
    AYU: ("Tidak Sesuai: portofolio {name}, perbaiki sampai 11 Juli 2026 pukul 16.00 WIB",),
    BELA: ("Tidak Lengkap: dokumen persyaratan {name}", "Hasil ujian {name}: TIDAK LULUS"),
    CITRA: (),
}


def email_of(role: str) -> str:
    return f"{role.replace('_', '.')}@lkpp.example"


@pytest.fixture
def mailbox():
    with running_mailbox() as box:
        yield box


@pytest.fixture
def season(sqlite_database, clock, tmp_path, mailbox):
    """A programme that is open, LKPP's officers, and nobody else."""
    with Site(tmp_path, sqlite_database, clock, smtp_url=mailbox.url) as site:
        open_season(site)
        yield site


def open_season(site: Site) -> None:
    now, parts = site.clock.now(), site.parts
    with site.database.write() as unit:
        prepare(unit, now)
    for key in PACKAGES:
        with site.database.write() as unit:
            deploy(unit, read_package(ROOT / "bpmn" / key), parts.registry, "tests", "", now)
    with site.database.write() as unit:
        programmes.open_programme(
            unit, key="inpassing-2026", flow="lkpp_inpassing", title=Text("Inpassing 2026", "Inpassing 2026"),
            period="2026", opens_at=at(1, 1, 0), closes_at=at(12, 31, 23, 59),
            by=None, now=now,
        )  # fmt: skip
        for role, name in OFFICERS.items():
            user = create_user(unit, email=email_of(role), name=name, password=act.PASSWORD, now=now)
            held = {"instansi_id": None, "valid_from": now.date(), "valid_until": None}
            add_membership(unit, user_id=user.id, role=role, now=now, **held)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of 2026 in WIB."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Jakarta"))


def link_in(mail) -> str:
    """The address behind *Klik di Sini*."""
    html = mail.get_body(("html",)).get_content()
    return re.search(r'href="([^"]+)"[^>]*>\s*Klik di Sini', html).group(1)


@dataclass
class Cast:
    """The Admin Instansi and LKPP's officers, each with a browser of their own."""

    site: Site
    mailbox: Mailbox
    rina: Tab
    bagus: Tab
    vera: Tab
    panji: Tab
    laksmi: Tab

    def when(self, instant: datetime) -> None:
        """Time passes, and sessions end with it: everybody signs in anew."""
        self.site.move_to(instant)
        for role, tab in zip(OFFICERS, (self.bagus, self.vera, self.panji, self.laksmi), strict=True):
            act.back_to_work(tab, email_of(role))
        act.sign_in(self.rina)


def cast_of(site: Site, mailbox: Mailbox, open_tab, *, looks: bool = True) -> Cast:
    officers = (open_tab(site, email_of(role), looks=looks) for role in OFFICERS)
    return Cast(site, mailbox, open_tab(site, looks=looks), *officers)


def test_from_daftar_to_diangkat(season, mailbox, open_tab):
    cast = cast_of(season, mailbox, open_tab)
    the_admin_gets_an_account(cast)
    formasi_is_returned_once_and_approved(cast)
    act.open_schedule(cast.bagus, PORTFOLIO, "Verifikasi Portofolio", "2026-07-09", 20)
    act.open_schedule(cast.bagus, WRITTEN, "Tes Tertulis", "2026-07-14", 20)
    participants_are_entered(cast, open_tab(season, act.RINA, java_script_enabled=False))
    seats_are_booked_and_documents_repaired(cast)

    cast.when(at(6, 27, 8))  # registration has closed for both
    assert cast.rina.page.locator("main tr", has_text="Terdaftar").count() == 3
    cast.rina.check(name="walk-registered")
    the_portfolio_is_repaired_in_time(cast)
    one_passes_the_test_and_one_takes_it_again(cast)

    cast.when(at(8, 18, 9))
    letters_can_be_downloaded(cast)
    act.recommend(cast.laksmi, AYU, BELA, CITRA)
    cast.when(at(8, 24, 9))
    all_are_appointed(cast)

    for person, lines in RIWAYAT.items():
        assert_tells(act.riwayat(cast.rina, person), lines)
    cast.rina.check(name="walk-riwayat")
    assert_written_to_agency(mailbox)
    for person in (AYU, BELA, CITRA):
        assert_written_to_both(mailbox, person, (*PARTICIPANT_MAILS, *MORE_MAILS[person]))


def test_the_straight_way_on_postgresql(postgresql_database, clock, tmp_path, mailbox, open_tab):
    """Pages look the same there: one participant, from *Daftar* to the certificate, without looking."""
    with Site(tmp_path, postgresql_database, clock, smtp_url=mailbox.url) as site:
        open_season(site)
        cast = cast_of(site, mailbox, open_tab, looks=False)
        the_admin_gets_an_account(cast)
        act.propose_formasi(cast.rina, pertama=0, muda=0, madya=1)
        act.decide_formasi(cast.bagus, {})
        act.open_schedule(cast.bagus, WRITTEN, "Tes Tertulis", "2026-07-14", 1)
        act.add_participant(cast.rina, CITRA, DOCUMENTS, scripts=True)
        act.verify_all(cast.vera, {})
        act.book(cast.rina, WRITTEN, CITRA)
        cast.when(at(7, 14, 15))
        act.enter_results(cast.panji, WRITTEN, {CITRA.name: ("LULUS", "82,5")})
        assert CITRA.name in text_of(act.letter_of(cast.rina, CITRA, "Sertifikat Kompetensi"))
        assert_written_to_both(mailbox, CITRA, PARTICIPANT_MAILS[:-2])


def the_admin_gets_an_account(cast: Cast) -> None:
    act.register(cast.rina)
    act.activate(cast.rina, link_in(cast.mailbox.to(act.RINA)[0]))
    act.sign_in(cast.rina)
    assert cast.rina.heading == "Data Peserta"
    cast.rina.check(name="walk-landing")


def formasi_is_returned_once_and_approved(cast: Cast) -> None:
    note = "Kolom Usulan Inpassing menyebut 2."
    act.propose_formasi(cast.rina, pertama=1, muda=4, madya=1)
    cast.bagus.go("/")
    cast.bagus.check(name="walk-lkpp-index")
    act.decide_formasi(cast.bagus, {"muda": note}, "Mohon sesuaikan jumlah Muda dengan ABK.")
    act.repair_formasi(cast.rina, note, muda=2)
    act.decide_formasi(cast.bagus, {})


def participants_are_entered(cast: Cast, plain: Tab) -> None:
    """`plain`: the same Admin at a browser without scripts."""
    act.add_participant(cast.rina, AYU, DOCUMENTS, scripts=True)
    for person in (BELA, CITRA):
        act.add_participant(plain, person, DOCUMENTS, scripts=False)
    cast.rina.page.reload()
    cast.rina.check(name="walk-participants")
    act.verify_all(cast.vera, {BELA.name: {"ijazah": "Halaman kedua tidak terbaca."}})


def seats_are_booked_and_documents_repaired(cast: Cast) -> None:
    act.book(cast.rina, PORTFOLIO, AYU, name="walk-booking")
    act.book(cast.rina, WRITTEN, BELA, CITRA)
    act.upload_portfolio(cast.rina, PORTFOLIO, "Perencanaan Pengadaan Barang/Jasa Pemerintah", COMPONENTS)
    act.repair_documents(cast.rina, BELA, "ijazah")
    act.verify_all(cast.vera, {})


def the_portfolio_is_repaired_in_time(cast: Cast) -> None:
    note = "Hasil pekerjaan 2025 tidak ditandatangani."
    cast.when(at(7, 9, 13))
    act.score_portfolio(cast.panji, "Tidak Sesuai", note=note)
    cast.when(at(7, 11, 15, 58))  # H+2 is a Saturday; repairs end at 16.00
    act.repair_portfolio(cast.rina, AYU, note)
    cast.when(at(7, 13, 9))
    act.score_portfolio(cast.panji, "Sesuai", score="86")


def one_passes_the_test_and_one_takes_it_again(cast: Cast) -> None:
    cast.when(at(7, 14, 15))
    act.enter_results(cast.panji, WRITTEN, {BELA.name: ("TIDAK LULUS", "48"), CITRA.name: ("LULUS", "82,5")})
    act.open_schedule(cast.bagus, AGAIN, "Tes Tertulis", "2026-08-11", 20)
    act.take_again(cast.rina, BELA)
    act.book(cast.rina, AGAIN, BELA)
    cast.when(at(8, 11, 15))
    act.enter_results(cast.panji, AGAIN, {BELA.name: ("LULUS", "75")})


def letters_can_be_downloaded(cast: Cast) -> None:
    results = text_of(act.results_letter(cast.rina, WRITTEN))
    for person in (BELA, CITRA):
        assert person.name in results
        assert person.nip in results.replace(" ", "")
    for person in (AYU, BELA, CITRA):
        assert person.name in text_of(act.letter_of(cast.rina, person, "Sertifikat Kompetensi"))


def all_are_appointed(cast: Cast) -> None:
    recommendation = text_of(act.letter_of(cast.rina, AYU, "Rekomendasi"))
    for number, person in enumerate((AYU, BELA, CITRA), 1):
        assert person.name in recommendation
        act.report_appointment(cast.rina, person, f"821.2/{number:03}/BKPSDM/2026")
    cast.rina.check(name="walk-appointed")


def assert_tells(lines: list[str], expected: tuple[str, ...]) -> None:
    """Exactly these steps in this order, each in words; a number of a letter may be any."""
    assert len(lines) == len(expected), lines
    for line, words in zip(lines, expected, strict=True):
        assert line.strip().startswith(words), (line, words)


def assert_written_to_agency(mailbox: Mailbox) -> None:
    subjects = [mail["Subject"] for mail in mailbox.to(act.RINA)]
    for words in AGENCY_MAILS:
        assert any(subject.startswith(words) for subject in subjects), (words, subjects)


def assert_written_to_both(mailbox: Mailbox, person: Person, subjects: tuple[str, ...]) -> None:
    """The same news for the Admin Instansi and for the participant, as text and as HTML."""
    for words in subjects:
        expected = words.format(name=person.name)
        for address in (act.RINA, person.email):
            found = [mail for mail in mailbox.to(address) if mail["Subject"].startswith(expected)]
            assert found, (address, expected)
            for kind in ("plain", "html"):
                body = found[0].get_body((kind,)).get_content()
                assert person.name in body, (expected, kind)
                assert ("http" in body) == (address == act.RINA), "a participant has no account to follow a link with"
