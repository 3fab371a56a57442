"""The accesses of a Penyedia as people walk them: a power of attorney confirmed by its giver, and a branch's Admin."""

import re
import uuid
from datetime import UTC, date, datetime

from playwright.sync_api import expect

from engine.people import add_membership
from models import Company, Director, PersonProfile
from tests.browser.inpassing import attach, fill, follow, press
from tests.support.tabs import Tab

ATTORNEY, TEAM, HEAD = "kuasa@contoh.go.id", "spd@contoh.go.id", "direktur.spd@contoh.go.id"
LEADER, ASSIGNEE = "direksi@contoh.go.id", "cabang@contoh.go.id"
COMPANY = "PT Sakura Teknik Indonesia"
BORN = date(1990, 8, 5)


def start(tab: Tab, words: str) -> None:
    tab.go("/penyedia")
    press(tab, words)


def settle(tab: Tab) -> None:
    """What is done outside, and the jobs it leads to."""
    for _ in range(3):
        tab.site.tick()


def complete_profile(tab: Tab) -> None:
    start(tab, "Lengkapi Profil INAPROC")
    assert tab.heading == "Lengkapi Profil"
    fill(tab, {
        "Nama sesuai identitas": "Sinta Maharani", "Nomor identitas": "3171014508900002",
        "Tanggal lahir": BORN.isoformat(), "Alamat tempat tinggal": "Jalan Merdeka Nomor 45, Jakarta",
    })  # fmt: skip
    with tab.asks_anew():
        tab.page.get_by_label("Warga Negara Indonesia (WNI)").check()
    tab.page.get_by_label("NIK", exact=True).check()
    attach(tab, "identity_document")
    press(tab, "Kirim profil")
    settle(tab)


def director(tab: Tab, row: int, name: str, *, foreign: bool) -> None:
    page = tab.page
    page.locator(f'[name="directors-{row}-name"]').fill(name)
    page.locator(f'[name="directors-{row}-position"]').fill("Direktur")
    with tab.asks_anew():
        page.locator(f'[name="directors-{row}-citizenship"][value="{"wna" if foreign else "wni"}"]').check()
    if foreign:
        page.locator(f'[name="directors-{row}-country"]').fill("Jepang")


def fill_application(tab: Tab) -> None:
    assert "Formulir pengajuan Admin Perusahaan" in tab.heading
    director(tab, 0, "Hiroshi Tanaka", foreign=True)
    fill(tab, {
        "NIB": "9120001234567", "Nama perusahaan": COMPANY, "Alamat perusahaan": "Jalan Sudirman Kavling 1, Jakarta",
        "Nama Pemberi Kuasa": "Hiroshi Tanaka", "Jabatan Pemberi Kuasa": "Direktur Utama",
        "Surel Pemberi Kuasa": "hiroshi.tanaka@contoh.go.id", "Surat kuasa berlaku sampai": "2026-12-31",
    })  # fmt: skip
    for seed, key in enumerate(("power_letter", "passports", "nib_document", "deed"), 1):
        attach(tab, key, seed)
    tab.page.get_by_label("Saya menyatakan bahwa").check()
    tab.check(name="company-application")
    press(tab, "Kirim pengajuan")
    settle(tab)


def claim(tab: Tab, words: str) -> None:
    """The task with these words, from the inbox."""
    tab.go(f"/kotak-masuk?saring=kelompok&q={words}")
    tab.page.locator("[data-row-link]").first.click()
    tab.press("Ambil tugas ini")


def answer_all(tab: Tab, *, but: str = "", note: str = "") -> None:
    for row in tab.page.locator("fieldset.review-row").all():
        wrong = row.locator("legend").inner_text() == but
        row.get_by_label("Tidak" if wrong else "Ya", exact=True).check()
        if wrong:
            row.get_by_role("textbox").fill(note)


def confirm_by_link(tab: Tab) -> None:
    """The Pemberi Kuasa has a mail and nothing else: no account, no password."""
    tab.go("/mailbox")
    tab.page.locator("main").get_by_role("link", name=re.compile("power of attorney")).first.click()
    link = tab.page.locator("main .letter a").first.get_attribute("href")
    tab.go(link)
    assert tab.heading == "Confirm the power of attorney"
    for words in (COMPANY, "Sinta Maharani", "Hiroshi Tanaka, Direktur Utama", "31 December 2026"):
        assert words in tab.text
    tab.check(name="power")
    with tab.answers(422):
        tab.page.get_by_label("No, I do not give").check()
        tab.press("Send the answer")
    expect(tab.page.locator("[data-focus]")).to_be_focused()
    tab.page.get_by_label("Yes, I give").check()
    press(tab, "Send the answer")
    assert tab.heading == "Your answer is recorded"
    tab.check(name="power-answered")
    tab.go(link)
    assert tab.page.get_by_role("button", name="Send the answer").count() == 0, "the link answers twice"


def test_a_power_of_attorney_from_the_profile_to_the_access(site, open_tab):
    sinta = open_tab(site, ATTORNEY)
    sinta.go("/penyedia")
    assert sinta.text.count("Terkunci") == 2
    sinta.check(name="stages-locked")
    complete_profile(sinta)
    start(sinta, "Ajukan Admin Perusahaan")
    fill_application(sinta)
    sinta.go("/penyedia")
    assert "Menunggu konfirmasi Pemberi Kuasa" in sinta.text

    confirm_by_link(open_tab(site))
    dewi = open_tab(site, TEAM)
    claim(dewi, "Sakura")
    assert "OSS (simulasi)" in dewi.text
    answer_all(dewi)
    with dewi.asks_anew():
        dewi.page.get_by_label("Lengkap dan sesuai").check()
    dewi.check(name="company-check")
    press(dewi, "Kirim hasil pemeriksaan")
    rudi = open_tab(site, HEAD)
    claim(rudi, "Sakura")
    with rudi.asks_anew():
        rudi.page.get_by_label("Disetujui").check()
    press(rudi, "Kirim keputusan")
    sinta.go("/penyedia")
    assert sinta.text.count("Terkunci") == 1, "the access is open before the letter has left"
    settle(sinta)

    sinta.go("/penyedia")
    follow(sinta, "Ajukan Akses Admin Perusahaan")
    sinta.page.get_by_label("Saya mengajukan akses").check()
    press(sinta, "Ajukan Akses")
    sinta.go("/akses")
    follow(sinta, "Manajemen Penyedia")
    assert COMPANY in sinta.text
    assert "Simulasi" in sinta.text
    sinta.go("/penyedia")
    assert "Aktif: PT Sakura Teknik Indonesia" in sinta.text
    sinta.check(name="stages-done")
    site.move_to(datetime(2026, 12, 31, 17, 1, tzinfo=UTC))
    later = open_tab(site, ATTORNEY)
    with later.answers(403):
        later.go("/akses/manajemen-penyedia")
    assert "Kedaluwarsa" in later.text


def test_a_director_appoints_the_admin_of_a_branch_once_everything_holds(site, open_tab):
    leader = site.person(LEADER)
    with site.database.write() as unit:
        give_company(unit, leader, site.clock.now())
    andi = open_tab(site, LEADER)
    start(andi, "Ajukan Admin Divisi/Cabang")
    andi.page.get_by_label("Cabang", exact=True).check()
    fill(andi, {
        "NIB perusahaan induk": "9120007654321", "Nama Divisi/Cabang": "Cabang Palangka Raya",
        "Alamat Divisi/Cabang": "Jalan Tjilik Riwut, Palangka Raya", "Surel personel yang ditugaskan": ASSIGNEE,
        "Jabatan personel yang ditugaskan": "Kepala Cabang", "Penugasan berlaku sampai": "2026-12-31",
    })  # fmt: skip
    attach(andi, "assignment_letter", 1)
    attach(andi, "branch_document", 2)
    press(andi, "Kirim pengajuan")
    assert andi.heading == "Perbaiki pengajuan"
    assert "belum terverifikasi" in andi.text
    andi.check(name="branch-preconditions")
    with site.database.write() as unit:
        give_profile(unit, site.person(ASSIGNEE), site.clock.now())
    press(andi, "Kirim pengajuan")

    dewi = open_tab(site, TEAM)
    claim(dewi, "Palangka")
    answer_all(dewi)
    with dewi.asks_anew():
        dewi.page.get_by_label("Lengkap dan sesuai").check()
    dewi.check(name="branch-check")
    press(dewi, "Kirim keputusan")
    settle(dewi)
    yuni = open_tab(site, ASSIGNEE)
    yuni.go("/akses")
    follow(yuni, "Manajemen Penyedia")
    assert "Cabang Palangka Raya" in yuni.text
    andi.go("/penyedia")
    assert "Yuni Kartika" in andi.text
    andi.check(name="branches")


def give_company(unit, leader, now) -> None:
    """A director who is Admin Perusahaan already."""
    company = Company(id=uuid.uuid4().hex, nib="9120007654321", name="PT Borneo Karya Mandiri", created_at=now)
    unit.session.add(company)
    unit.session.flush()
    unit.session.add(
        Director(
            id=uuid.uuid4().hex,
            company_id=company.id,
            place=1,
            name=leader.name,
            position="Direktur",
            citizenship="wni",
            user_id=leader.id,
        )
    )
    add_membership(
        unit, user_id=leader.id, role="admin_perusahaan", instansi_id=None, company_id=company.id,
        valid_from=now.date(), valid_until=None, now=now,
    )  # fmt: skip


def give_profile(unit, user, now) -> None:
    unit.session.add(
        PersonProfile(
            user_id=user.id,
            name=user.name,
            citizenship="wni",
            identity_kind="nik",
            identity_number="6271014508900001",
            birth_date=BORN,
            state="verified",
            verified_at=now,
            updated_at=now,
        )
    )
