"""What the people of LKPP's inpassing do in their browsers: each function is one act, as the guide has it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator

from tests.support.files import jpeg, pdf
from tests.support.tabs import Tab

PASSWORD = "kuda laut menari di teluk"
RINA = "rina.wulandari@kapuaskab.example"
PHOTO_FIELDS = ("photo", "pas_foto")


@dataclass(frozen=True)
class Person:
    """A participant as the biodata form asks for them."""

    name: str
    nip: str
    born: str
    golongan: str
    jenjang: str
    email: str


def file(name: str, seed: int) -> dict:
    """A PDF, or a photo where only that will do."""
    if name in PHOTO_FIELDS:
        return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(seed=seed)}
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": pdf(seed=seed)}


def follow(tab: Tab, name: str | re.Pattern, **more) -> None:
    """A link of the page itself, not of the menu around it."""
    go_by(tab, tab.page.locator("main").get_by_role("link", name=name, **more).first)


def press(tab: Tab, name: str | re.Pattern, **more) -> None:
    """A button that leads to another page."""
    go_by(tab, button(tab, name, **more))


def button(tab: Tab, name: str | re.Pattern, **more) -> Locator:
    return tab.page.locator("main").get_by_role("button", name=name, **more).first


def menu(tab: Tab, name: str) -> None:
    go_by(tab, tab.page.locator("header").get_by_role("link", name=name, exact=True))


def go_by(tab: Tab, way: Locator) -> None:
    """Click, and wait for the page that it leads to."""
    with tab.page.expect_navigation():
        way.click()


def pass_time(tab: Tab) -> None:
    """A minute for the ticker; no two acts of people fall into one instant."""
    tab.site.move_to(tab.site.clock.now() + timedelta(minutes=1))


def fill(tab: Tab, answers: dict[str, str]) -> None:
    """Each by the words of its question."""
    for label, answer in answers.items():
        tab.page.get_by_label(label, exact=True).fill(answer)


def attach(tab: Tab, key: str, seed: int = 1) -> None:
    """A file is kept as soon as it is chosen."""
    with tab.asks_anew():
        tab.page.locator(f'input[type="file"][name="{key}--file"]').set_input_files(file(key.rpartition("-")[2], seed))


def row(tab: Tab, words: str) -> Locator:
    return tab.page.locator("main tr", has_text=words).first


# --- Admin Instansi: the account -------------------------------------------------------------------------------------


def register(tab: Tab) -> None:
    """Daftar → Lanjut → data, foto, SK → Lanjut → Ajukan."""
    tab.go("/")
    follow(tab, re.compile("Inpassing JF PPBJ"))
    tab.check(name="walk-front")
    follow(tab, "Daftar", exact=True)
    tab.check(name="walk-register")
    follow(tab, "Lanjut")
    tab.check(name="walk-personal-data")
    fill(
        tab,
        {
            "Nama lengkap": "Rina Wulandari", "NIP": "198703122010012004", "Jabatan": "Analis SDM Aparatur",
            "Nama unit kerja": "BKPSDM Kabupaten Kapuas", "E-mail": RINA, "Ulangi e-mail": RINA,
            "Nomor HP": "0812 3456 7890", "Ulangi nomor HP": "0812 3456 7890",
        },
    )  # fmt: skip
    tab.page.get_by_label("Unit Kerja Kepegawaian").check()
    with tab.asks_anew():
        tab.page.get_by_label("Jenis instansi", exact=True).select_option(label="Kabupaten")
    tab.page.get_by_label("Instansi pengusul", exact=True).select_option(label="Kabupaten Kapuas")
    attach(tab, "photo")
    attach(tab, "assignment_letter")
    press(tab, "Lanjut")
    assert tab.heading == "Tinjau dan Ajukan"
    assert tab.text.count(RINA) == 1, "asked twice, shown once"
    tab.check(name="walk-review")
    tab.page.locator("#confirmed").check()
    press(tab, "Ajukan")
    assert "Klik di Sini" in tab.text
    tab.check(name="walk-submitted")
    pass_time(tab)


def activate(tab: Tab, link: str) -> None:
    """The link of the mail, a password of one's own, in."""
    tab.go(link)
    tab.check(name="walk-activate")
    tab.page.locator("#password").fill(PASSWORD)
    tab.page.locator("#password_again").fill(PASSWORD)
    press(tab, "Aktifkan dan masuk")
    pass_time(tab)
    go_by(tab, tab.page.locator("header").get_by_role("button", name="Keluar"))
    with tab.answers(404, 410):
        tab.go(link)
    assert tab.page.locator("#password").count() == 0, "an activation link works twice"


def sign_in(tab: Tab) -> None:
    tab.go("/masuk")
    tab.page.locator("#email").fill(RINA)
    tab.page.locator("#password").fill(PASSWORD)
    press(tab, "Masuk")


# --- Admin Instansi: formasi, participants, seats --------------------------------------------------------------------


def propose_formasi(tab: Tab, **numbers: int) -> None:
    """Pengusulan Formasi → Tambah → Simpan."""
    menu(tab, "Pengusulan Formasi")
    tab.check(name="walk-formasi-empty")
    press(tab, "Tambah")
    fill(tab, {jenjang.capitalize(): str(number) for jenjang, number in numbers.items()})
    attach(tab, "dokumen_abk")
    attach(tab, "surat_permohonan")
    tab.check(name="walk-formasi-form")
    press(tab, "Simpan", exact=True)
    pass_time(tab)
    assert tab.heading == "Pengusulan Formasi"


def repair_formasi(tab: Tab, note: str, **numbers: int) -> None:
    """The note stands at its field; what was right is still there."""
    menu(tab, "Pengusulan Formasi")
    assert "Perlu Perbaikan" in tab.text
    go_by(tab, row(tab, "Perlu Perbaikan").get_by_role("link").last)
    assert note in tab.text
    tab.check(name="walk-formasi-repair")
    fill(tab, {jenjang.capitalize(): str(number) for jenjang, number in numbers.items()})
    press(tab, "Simpan", exact=True)
    pass_time(tab)


def add_participant(tab: Tab, person: Person, documents: tuple[str, ...], *, scripts: bool) -> None:
    """Data Peserta → Tambah → Paham → biodata → Selanjutnya → documents → Simpan.

    Without scripts all documents travel at once, with them one by one.
    """
    tab.go("/inpassing/peserta")
    follow(tab, "Tambah", exact=True)
    press(tab, "Paham")
    fill(
        tab,
        {
            "NIP": person.nip, "Nama lengkap": person.name, "Tempat lahir": "Kuala Kapuas",
            "Tanggal lahir": person.born, "Jabatan saat ini": "Pengelola Pengadaan", "Unit kerja": "Dinas Kesehatan",
            "E-mail": person.email, "Nomor HP": "0813 2222 3333",
        },
    )  # fmt: skip
    tab.page.get_by_label("Perempuan").check()
    tab.page.get_by_label("Pangkat/golongan ruang", exact=True).select_option(label=person.golongan)
    tab.page.get_by_label(person.jenjang, exact=True).check()
    tab.page.get_by_label("Pendidikan terakhir", exact=True).select_option(label="S-1")
    if scripts:
        tab.check(name="walk-biodata")
    press(tab, "Selanjutnya")
    assert tab.heading == "Dokumen Persyaratan"
    if scripts:
        tab.check(name="walk-documents")
    for number, key in enumerate(documents):
        if scripts:
            attach(tab, key, number)
        else:
            tab.page.locator(f'input[type="file"][name="{key}--file"]').set_input_files(file(key, number))
    press(tab, "Simpan", exact=True)
    assert tab.heading == "Data Peserta"
    assert person.name in tab.text
    pass_time(tab)


def repair_documents(tab: Tab, person: Person, *keys: str) -> None:
    """… → Input Ulang Berkas: only what was found wanting is asked for."""
    menu(tab, "Data Peserta")
    tab.check(name="walk-participants-incomplete")
    row(tab, person.name).locator("summary").click()
    go_by(tab, row(tab, person.name).get_by_role("link", name="Input Ulang Berkas").last)
    assert tab.heading == "Input Ulang Berkas"
    asked = tab.page.locator('input[type="file"]').evaluate_all("all => all.map(e => e.name)")
    assert asked == [f"{key}--file" for key in keys]
    tab.check(name="walk-reupload")
    for key in keys:
        attach(tab, key, 99)
    press(tab, "Simpan", exact=True)
    pass_time(tab)


def book(tab: Tab, schedule: str, *people: Person, name: str = "") -> None:
    """Jadwal → Daftarkan Peserta → Simpan."""
    menu(tab, "Jadwal Uji Kompetensi (Reguler LKPP)")
    if name:
        tab.check(name=f"{name}-list")
    follow(tab, schedule)
    for person in people:
        tab.page.get_by_label(person.name, exact=True).check()
    if name:
        tab.check(name=name)
    press(tab, "Simpan", exact=True)
    assert f"{len(people)} terdaftar, 0 di daftar tunggu, 0 tidak dapat didaftarkan." in tab.text
    pass_time(tab)


def upload_portfolio(tab: Tab, schedule: str, competency: str, components: tuple[str, ...]) -> None:
    """Unggah Dokumen Portofolio → Jenis Kompetensi → Komponen → files, Tahun → Selesai."""
    menu(tab, "Jadwal Uji Kompetensi (Reguler LKPP)")
    follow(tab, schedule)
    follow(tab, re.compile("Unggah Dokumen Portofolio"))
    with tab.asks_anew():
        tab.page.get_by_label("Jenis Kompetensi", exact=True).select_option(label=competency)
    for number, component in enumerate(components):
        if tab.page.locator(f'select[name="components-{number}-component"]').count() == 0:
            with tab.asks_anew():
                button(tab, "Tambah").click()
        tab.page.locator(f'select[name="components-{number}-component"]').select_option(label=component)
        attach(tab, f"components-{number}-letter", number)
        attach(tab, f"components-{number}-work_result", number + 10)
        tab.page.locator(f'input[name="components-{number}-work_year"]').fill("2025")
    tab.check(name="walk-portfolio")
    press(tab, "Selesai", exact=True)
    pass_time(tab)


def repair_portfolio(tab: Tab, person: Person, note: str) -> None:
    open_step(tab, person, "Perbaik")
    assert note in tab.text
    tab.check(name="walk-portfolio-repair")
    attach(tab, "components-0-work_result", 77)
    press(tab, "Selesai", exact=True)
    pass_time(tab)


def open_step(tab: Tab, person: Person, step: str) -> None:
    """From the list of participants into what waits there."""
    menu(tab, "Data Peserta")
    go_by(tab, row(tab, person.name).get_by_role("link", name=re.compile(step)).first)


def take_again(tab: Tab, person: Person) -> None:
    """Uji Kompetensi ulang."""
    open_step(tab, person, "Uji Kompetensi ulang")
    tab.page.get_by_label(re.compile("^Ya")).check()
    tab.check(name="walk-retest")
    press(tab, "Simpan", exact=True)
    pass_time(tab)


def report_appointment(tab: Tab, person: Person, number: str) -> None:
    open_step(tab, person, "Laporkan Pengangkatan")
    fill(tab, {"Nomor SK pengangkatan dalam JF PPBJ": number, "Tanggal SK": "2026-08-20"})
    fill(tab, {"Terhitung mulai tanggal (TMT)": "2026-09-01"})
    attach(tab, "sk_document", 5)
    tab.check(name="walk-appointment")
    press(tab, "Simpan", exact=True)
    pass_time(tab)


def results_letter(tab: Tab, schedule: str) -> bytes:
    """Unduh Hasil Ujian, where schedules that are over are listed."""
    menu(tab, "Jadwal Uji Kompetensi (Reguler LKPP)")
    follow(tab, "Selesai", exact=True)
    follow(tab, schedule)
    tab.check(name="walk-schedule-over")
    return download(tab, tab.page.get_by_role("link", name="Unduh Hasil Ujian"))


def letter_of(tab: Tab, person: Person, name: str) -> bytes:
    """A certificate or a recommendation, from the participant's page."""
    menu(tab, "Data Peserta")
    follow(tab, person.name, exact=True)
    return download(tab, tab.page.locator("main").get_by_role("link", name=re.compile(name)).first)


def riwayat(tab: Tab, person: Person) -> list[str]:
    """The lines of a participant's Riwayat, oldest first."""
    menu(tab, "Data Peserta")
    follow(tab, person.name, exact=True)
    return list(reversed(tab.page.locator("ol.history .history-text").all_inner_texts()))


def download(tab: Tab, link) -> bytes:
    """What a link gives to keep."""
    with tab.page.expect_download() as found:
        link.click()
    return found.value.path().read_bytes()


# --- LKPP ------------------------------------------------------------------------------------------------------------


def back_to_work(tab: Tab, email: str) -> None:
    """Signed in anew: sessions end while weeks pass."""
    tab.context.add_cookies([tab.site.session_of(email)])


def answer(tab: Tab, *, wrong: dict[str, str]) -> None:
    """*Semua* Ya, then *Tidak* with its note where something is wrong (by key of the row)."""
    button(tab, re.compile("^Semua")).click()
    for key, note in wrong.items():
        tab.page.locator(f'input[name="checklist--{key}--ok"][value="tidak"]').check()
        tab.page.locator(f'textarea[name="checklist--{key}--note"]').fill(note)


def decide_formasi(tab: Tab, wrong: dict[str, str], reason: str = "") -> None:
    tab.go("/lkpp/formasi")
    press(tab, "Kerjakan satu per satu")
    answer(tab, wrong=wrong)
    tab.page.get_by_label("Perlu Perbaikan" if wrong else "Sesuai", exact=True).check()
    if wrong:
        tab.page.get_by_label("Catatan", exact=False).fill(reason)
    tab.check(name="walk-lkpp-formasi")
    press(tab, "Simpan dan berikutnya")
    pass_time(tab)


def open_schedule(tab: Tab, name: str, method: str, day: str, quota: int) -> None:
    tab.go("/lkpp/jadwal")
    press(tab, "Jadwal Reguler baru")
    tab.page.get_by_label(method, exact=True).check()
    fill(
        tab,
        {
            "Nama jadwal": name, "Tanggal ujian": day, "Pukul (waktu program)": "09.00",
            "Tempat Uji Kompetensi (TUK)": "Gedung LKPP, Jakarta Selatan", "Kuota": str(quota),
        },
    )  # fmt: skip
    tab.check(name="walk-lkpp-schedule-form")
    press(tab, "Simpan", exact=True)
    assert name in tab.heading
    tab.check(name="walk-lkpp-schedule")
    pass_time(tab)


def verify_all(tab: Tab, wrong: dict[str, dict[str, str]]) -> None:
    """The whole list, one after the other; `wrong` by the participant's name."""
    tab.go("/lkpp/verifikasi")
    tab.check(name="walk-lkpp-verification")
    press(tab, "Mulai verifikasi")
    first = True
    while "/meja/" in urlsplit(tab.page.url).path:
        faults = next((found for name, found in wrong.items() if name in tab.heading), {})
        answer(tab, wrong=faults)
        if first:
            tab.check(name="walk-lkpp-desk")
            first = False
        tab.settle()
        press(tab, "Simpan dan berikutnya")
    pass_time(tab)


def enter_results(tab: Tab, schedule: str, results: dict[str, tuple[str, str]]) -> None:
    """CAT results of a written test, all in one table."""
    tab.go("/lkpp/hasil")
    follow(tab, schedule)
    for name, (outcome, score) in results.items():
        line = row(tab, name)
        line.get_by_label(outcome, exact=True).check()
        line.get_by_label(f"Nilai {name}").fill(score)
    tab.check(name="walk-lkpp-results")
    press(tab, "Simpan hasil yang terisi")
    pass_time(tab)


def score_portfolio(tab: Tab, verdict: str, *, score: str = "", note: str = "") -> None:
    tab.go("/lkpp/hasil")
    press(tab, re.compile("Nilai portofolio"))
    tab.page.get_by_label(verdict, exact=True).check()
    if score:
        tab.page.get_by_label(re.compile("^Nilai")).fill(score)
    if note:
        tab.page.get_by_label(re.compile("^Keterangan")).fill(note)
    tab.check(name="walk-lkpp-score")
    press(tab, "Simpan dan berikutnya")
    pass_time(tab)


def recommend(tab: Tab, *people: Person) -> None:
    """Tick everybody with a certificate, set up the letter, issue it."""
    tab.go("/lkpp/rekomendasi")
    for person in people:
        tab.page.get_by_label(re.compile(person.name)).check()
    tab.check(name="walk-lkpp-recommendations")
    press(tab, "Susun rekomendasi untuk yang dipilih")
    for person in people:
        assert person.name in tab.text
    tab.page.get_by_label("Tetapkan dan terbitkan").check()
    tab.check(name="walk-lkpp-decide")
    press(tab, "Tetapkan", exact=True)
    pass_time(tab)
