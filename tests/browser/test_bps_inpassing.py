"""BPS inpassing in the browser: from a candidate's file to the signed recommendation, with every mail that leaves."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine import programmes
from engine.definitions import deploy, read_package
from engine.people import add_membership, create_user
from engine.settings import ROOT
from engine.texts import Text
from handlers.seeds import instansi_id, prepare
from tests.browser import inpassing as act
from tests.support.live import Site
from tests.support.smtp import running_mailbox

PACKAGES = ("bps_inpassing", "bps_operator", "bps_formasi", "bps_recommendation")
NTT = instansi_id("provinsi", "Provinsi Nusa Tenggara Timur")
OFFICERS = {
    "perangkat_daerah": NTT, "bkd": NTT, "operator_bps": NTT, "verifikator_bps": None, "tim_uji_bps": None,
    "pimpinan_bps": None,
}  # fmt: skip
MARIA = "maria.seran@nttprov.example"
FILES = ("sk_cpns", "sk_pns", "sk_pangkat", "ijazah", "pernyataan_bidang", "pernyataan_kompeten", "pernyataan_disiplin")
WITA = ZoneInfo("Asia/Makassar")


def email_of(role: str) -> str:
    return f"{role.replace('_', '.')}@contoh.example"


@pytest.fixture
def mailbox():
    with running_mailbox() as box:
        yield box


@pytest.fixture
def period(sqlite_database, clock, tmp_path, mailbox):
    """The collection window is open today, and the province has formasi."""
    clock.move_to(at(8, 11, 9))
    with Site(tmp_path, sqlite_database, clock, smtp_url=mailbox.url) as site:
        now = clock.now()
        with site.database.write() as unit:
            prepare(unit, now)
        for key in PACKAGES:
            with site.database.write() as unit:
                deploy(unit, read_package(ROOT / "bpmn" / key), site.parts.registry, "tests", "", now)
        with site.database.write() as unit:
            programmes.open_programme(
                unit, key="bps-2026-2", flow="bps_inpassing", title=Text("Inpassing BPS", "BPS inpassing"),
                period="Periode II Tahun 2026", zone=WITA.key, opens_at=at(8, 1, 8), closes_at=at(10, 30, 16),
                by=None, now=at(8, 1, 8),
            )  # fmt: skip
            for role, office in OFFICERS.items():
                user = create_user(unit, email=email_of(role), name=role.title(), password=act.PASSWORD, now=now)
                add_membership(
                    unit, user_id=user.id, role=role, instansi_id=office, now=now, valid_from=date(2026, 8, 1),
                    valid_until=None,
                )  # fmt: skip
        yield site


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=WITA)


def work(tab, task: str, *, look: bool = False) -> None:
    """Open a task of the inbox, taking it over first where it is the group's."""
    tab.go("/kotak-masuk?saring=kelompok")
    link = tab.page.locator("main").get_by_role("link", name=task)
    if link.count() == 0:
        tab.go("/kotak-masuk")
    act.go_by(tab, tab.page.locator("main").get_by_role("link", name=task).first)
    take = tab.page.locator("main").get_by_role("button", name=re.compile("Ambil"))
    if take.count():
        act.go_by(tab, take.first)
    if look:
        tab.check(name=f"walk-bps-{task}")


def send(tab, button: str) -> None:
    tab.settle()
    act.press(tab, button, exact=True)
    act.pass_time(tab)


def choose(tab, *labels: str) -> None:
    for label in labels:
        tab.page.get_by_label(label, exact=True).check()
    tab.settle()


def all_well(tab) -> None:
    """*Ya* in every row of the check-list."""
    for well in tab.page.locator('main input[type="radio"][value="ya"]').all():
        well.check()
    tab.settle()


def test_from_the_file_to_the_recommendation(period, mailbox, open_tab):
    unit, bkd, operator, verifier, testers, head = (open_tab(period, email_of(role)) for role in OFFICERS)
    _formasi_is_entered_and_validated(operator, verifier)

    _a_file_is_handed_in(unit)
    work(bkd, "Periksa kelengkapan berkas", look=True)
    all_well(bkd)
    send(bkd, "Simpan hasil pemeriksaan")

    work(operator, "Form Usulan Peserta", look=True)
    choose(operator, "Statistisi")
    operator.page.get_by_label("Jenjang yang diusulkan", exact=True).select_option(label="Ahli Pertama")
    operator.page.get_by_label("Pangkat/golongan ruang", exact=True).select_option(label="III/a")
    send(operator, "Usulkan")

    work(verifier, "Verifikasi usulan calon peserta")
    all_well(verifier)
    choose(verifier, "Disetujui; undang calon")
    send(verifier, "Kirim hasil verifikasi")

    _the_candidate_completes_it(open_tab(period), mailbox)
    work(verifier, "Verifikasi usulan inpassing", look=True)
    all_well(verifier)
    choose(verifier, "Memenuhi syarat")
    send(verifier, "Simpan hasil verifikasi")
    work(testers, "Uji portofolio", look=True)
    choose(testers, "LULUS")
    send(testers, "Simpan hasil")
    assert [str(mail["Subject"]) for mail in mailbox.to(MARIA)][-1] == "LULUS: Maria Seran"

    head.go("/")
    act.menu(head, "Inpassing BPS")
    assert "Senin, 30 November 2026" in head.text
    head.check(name="walk-bps-front")
    act.press(head, re.compile("Siapkan rekomendasi"))
    period.move_to(at(10, 30, 17))
    period.move_to(at(11, 30, 9))
    _the_recommendation_is_issued(head, mailbox, period)


def _a_file_is_handed_in(unit):
    unit.go("/permohonan/baru")
    act.press(unit, re.compile("Sampaikan berkas calon"))
    act.pass_time(unit)
    unit.go("/permohonan")
    act.follow(unit, re.compile("Lanjutkan"))
    unit.check(name="walk-bps-file")
    act.fill(unit, {
        "Nama calon": "Maria Seran", "NIP": "198802142010012003", "Perangkat Daerah": "Bappelitbangda",
        "Jabatan saat ini": "Analis Data", "Surel calon": MARIA, "Nomor HP": "081234567890",
    })  # fmt: skip
    with unit.asks_anew():
        unit.page.get_by_label("Tidak", exact=True).check()
    for number, key in enumerate(FILES):
        act.attach(unit, key, number)
    send(unit, "Sampaikan")


def _the_candidate_completes_it(candidate, mailbox):
    [invitation] = mailbox.to(MARIA)
    body = invitation.get_body(("plain",)).get_content()
    candidate.go(re.search(r"http\S+/aktivasi/\S+", body).group(0))
    candidate.page.locator("#password").fill(act.PASSWORD)
    candidate.page.locator("#password_again").fill(act.PASSWORD)
    act.press(candidate, "Aktifkan dan masuk")
    act.pass_time(candidate)
    work(candidate, "Lengkapi data diri dan persyaratan", look=True)
    assert "sk_cpns.pdf" in candidate.text, "what the BKD found complete is there already"
    act.fill(candidate, {"Tempat lahir": "Kupang", "Tanggal lahir": "1988-02-14"})
    choose(candidate, "Perempuan")
    candidate.page.get_by_label("Pendidikan terakhir", exact=True).select_option(label="S-1")
    act.attach(candidate, "portfolio", 40)
    send(candidate, "Kirim")


def _formasi_is_entered_and_validated(operator, verifier):
    operator.go("/permohonan/baru")
    act.press(operator, re.compile("Entri formasi"))
    work(operator, "Entri dan unggah Formasi", look=True)
    for field in operator.page.locator("main input[inputmode]").all():
        if re.match(r"(statistisi|prakom)_", field.get_attribute("name") or ""):
            field.fill("1" if field.get_attribute("name") == "statistisi_pertama" else "0")
    act.attach(operator, "tabel_formasi")
    act.attach(operator, "surat_pengantar", 2)
    send(operator, "Simpan")
    work(verifier, "Validasi penghitungan kebutuhan")
    all_well(verifier)
    choose(verifier, "Tervalidasi")
    send(verifier, "Kirim hasil validasi")


def _the_recommendation_is_issued(head, mailbox, site):
    act.back_to_work(head, email_of("pimpinan_bps"))
    work(head, "Tetapkan Rekomendasi", look=True)
    assert "Maria Seran" in head.text
    choose(head, "Tetapkan, terbitkan, dan kirim ke instansi pengusul")
    act.fill(head, {
        "Nama penanda tangan": "Rudi Hartawan", "NIP penanda tangan": "197001011995031001",
        "Jabatan penanda tangan": "Sekretaris Utama",
    })  # fmt: skip
    send(head, "Tetapkan")
    site.tick()
    site.tick()
    [sent] = [mail for mail in mailbox.to(email_of("bkd")) if str(mail["Subject"]).startswith("Rekomendasi")]
    assert "Maria Seran" in sent.get_body(("plain",)).get_content()
    assert str(mailbox.to(MARIA)[-1]["Subject"]).startswith("Rekomendasi B-0001/BPS/XI/2026")
