"""Kemnaker's inpassing as its people do it in the browser: two teams by their SK, one candidate from proposal to SK."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from engine import programmes
from engine.definitions import deploy, read_package
from engine.people import add_membership, create_user
from engine.texts import Text
from handlers.seeds import instansi_id, prepare
from tests.processes.conftest import ROOT
from tests.support.files import pdf
from tests.support.live import Site
from tests.support.records import findings_of_all
from tests.support.smtp import running_mailbox
from tests.support.tabs import Tab

PACKAGES = ("kemnaker_formasi", "kemnaker_team", "kemnaker_inpassing")
KAPUAS, KEMNAKER = ("kabupaten", "Kabupaten Kapuas"), ("kementerian", "Kementerian Ketenagakerjaan")
OFFICES = {"dinas": KAPUAS, "bkd": KAPUAS, "biro_ok": KEMNAKER, "sekjen": KEMNAKER, "dirjen": KEMNAKER}
SELECTORS, ASSESSORS = ("sinta", "surya", "susi"), ("ujang", "umi", "untung")
PORTFOLIO = ("sk_cpns", "sk_pns", "ijazah", "sk_pangkat", "surat_atasan", "prestasi_kerja", "surat_bersedia")
POSITIONS = ("Ketua", "Sekretaris", "Anggota")
SCORES = ("pengalaman", "jabatan", "prestasi", "pelatihan")


def email(name: str) -> str:
    return f"{name}@kemnaker.example"


@pytest.fixture
def kemnaker(sqlite_database, clock, tmp_path):
    """A programme that is open, the offices, and six people who are in no team yet."""
    with running_mailbox() as box, Site(tmp_path, sqlite_database, clock, smtp_url=box.url) as site:
        site.box = box
        _open(site)
        yield site
    assert findings_of_all(sqlite_database) == {}


def _open(site: Site) -> None:
    now = site.clock.now()
    with site.database.write() as unit:
        prepare(unit, now)
        for name in (*OFFICES, *SELECTORS, *ASSESSORS):
            user = create_user(unit, email=email(name), name=name.replace("_", " ").title(), now=now, password=name * 4)
            if name in OFFICES:
                place = instansi_id(*OFFICES[name])
                add_membership(unit, user_id=user.id, role=name, instansi_id=place, valid_from=now.date(),
                               valid_until=None, now=now)  # fmt: skip
        for key in PACKAGES:
            deploy(unit, read_package(ROOT / "bpmn" / key), site.parts.registry, "tests", "", now)
        programmes.open_programme(
            unit, key="pk-2026", flow="kemnaker_inpassing", title=Text("Inpassing Pengantar Kerja", "Inpassing"),
            period="2026", opens_at=now, closes_at=datetime(2026, 9, 30, 23, 59, tzinfo=ZoneInfo("Asia/Jakarta")),
            by=None, now=now,
        )  # fmt: skip


def begin(tab: Tab, label: str) -> None:
    tab.go("/permohonan/baru")
    tab.press(label)


def open_task(tab: Tab, name: str) -> None:
    """From the inbox, taken if it is nobody's yet."""
    tab.site.tick()
    tab.go("/kotak-masuk")
    tab.page.get_by_role("link", name=re.compile(name)).first.click()
    tab.page.wait_for_load_state()
    if tab.page.get_by_role("button", name="Ambil tugas ini").count():
        tab.press("Ambil tugas ini")


def choose(tab: Tab, words: str, *, asks: bool = True) -> None:
    if asks:
        with tab.asks_anew():
            tab.page.get_by_label(words).first.check()
    else:
        tab.page.get_by_label(words).first.check()


def attach(tab: Tab, key: str, seed: int = 1) -> None:
    with tab.asks_anew():
        tab.page.locator(f'input[type=file][name="{key}--file"]').set_input_files(
            {"name": f"{key}.pdf", "mimeType": "application/pdf", "buffer": pdf(seed=seed)}
        )


def fill(tab: Tab, **answers: str) -> None:
    for key, value in answers.items():
        tab.page.locator(f'[name="{key}"]').fill(value)


def appoint(biro: Tab, head: Tab, kind: str, members: tuple[str, ...], decree: str) -> None:
    begin(biro, "Bentuk tim")
    assert biro.heading == "Susun Tim"
    choose(biro, kind)
    for number, (name, position) in enumerate(zip(members, POSITIONS, strict=True)):
        biro.page.locator(f'[name="members-{number}-email"]').fill(email(name))
        biro.page.locator(f'[name="members-{number}-position"]').and_(
            biro.page.get_by_label(position, exact=True)
        ).check()
        fill(biro, **{f"members-{number}-title": "Pengantar Kerja", f"members-{number}-origin": "Ditjen Binapenta"})
    if members == SELECTORS:
        biro.check(name="kemnaker-tim")
    biro.press("Ajukan penetapan SK")
    open_task(head, "Tetapkan SK")
    choose(head, "Ditetapkan dengan SK")
    fill(head, sk_number=decree, sk_date="2026-06-01")
    attach(head, "sk_document")
    head.press("Simpan")
    head.site.tick()


def test_a_candidate_from_the_proposal_to_the_decree(kemnaker, open_tab):
    site = kemnaker
    tabs = {name: open_tab(site, email(name)) for name in (*OFFICES, "sinta", *ASSESSORS)}
    dinas, bkd, biro, sekjen, dirjen = (tabs[name] for name in OFFICES)
    appoint(biro, sekjen, "Tim Seleksi Administrasi (SK Sekjen)", SELECTORS, "KEP.12/SJ/2026")
    appoint(biro, dirjen, "Tim Uji Kompetensi (SK Dirjen)", ASSESSORS, "KEP.7/DIRJEN/2026")

    biro.go("/kemnaker")
    assert "Ujang Ketua Pengantar Kerja Ditjen Binapenta 0" in biro.text
    biro.check(name="kemnaker-depan")

    begin(dinas, "Usulkan formasi")
    fill(dinas, pertama="0", muda="2", madya="0")
    attach(dinas, "dokumen_formasi")
    dinas.press("Ajukan ke BKD")
    open_task(bkd, "Sepakati Formasi")
    choose(bkd, "Disepakati")
    bkd.press("Kirim keputusan")

    number = propose(dinas, bkd)
    open_task(biro, "Terima Usulan")
    biro.press("Teruskan ke Tim Seleksi Administrasi")
    select(tabs["sinta"])
    score(tabs["ujang"], 80, name="kemnaker-nilai")
    open_task(tabs["umi"], "Nilai Portofolio")
    assert "80" not in tabs["umi"].text.replace("2 MB", ""), "an assessor sees what another scored"
    score(tabs["umi"], 86)
    open_task(tabs["umi"], "Susun Berita Acara")
    fill(tabs["umi"], held_on="2026-06-01", minutes_place="Jakarta")
    tabs["umi"].press("Buat Berita Acara")
    for member in ASSESSORS:
        open_task(tabs[member], "Tandatangani Berita Acara")
        choose(tabs[member], "Menandatangani secara elektronik")
        tabs[member].press("Kirim", exact=True)
    open_task(sekjen, "Terbitkan Rekomendasi")
    sekjen.check(name="kemnaker-sekjen")
    choose(sekjen, "Terbitkan Rekomendasi dan tandatangani")
    sekjen.press("Kirim keputusan")
    open_task(bkd, "Laporkan Pengangkatan")
    fill(bkd, sk_number="821.2/15/BKD", sk_date="2026-06-01", effective_from="2026-07-01")
    attach(bkd, "sk_document", seed=3)
    bkd.press("Simpan")
    site.tick()

    dinas.go(f"/permohonan/{number}")
    assert "Diangkat dalam Jabatan Fungsional Pengantar Kerja" in dinas.text
    dinas.check(name="kemnaker-riwayat")
    subjects = [mail["Subject"] for mail in site.box.to(email("dinas"))]
    assert any(subject.startswith("Tembusan: Rekomendasi") for subject in subjects), subjects
    assert any(mail["Subject"].startswith("Rekomendasi B.0001/SJ/VI/2026") for mail in site.box.to(email("bkd")))
    check_letters(bkd, number)


def propose(dinas: Tab, bkd: Tab) -> str:
    begin(dinas, "Usulkan calon")
    assert "tidak mensyaratkan lulus diklat" in dinas.text
    fill(
        dinas, nip="198703142011012004", name="Ani Lestari", birth_place="Kuala Kapuas", birth_date="1987-03-14",
        position="Pengelola Penempatan Tenaga Kerja", work_unit="Dinas Tenaga Kerja", email="ani@kapuaskab.example",
        phone="081234567890",
    )  # fmt: skip
    dinas.page.locator('[name="golongan"]').select_option("III/c")
    choose(dinas, "Pengantar Kerja Ahli Muda", asks=False)
    fill(dinas, placement_years="4")
    dinas.page.get_by_label("Jabatan terakhir sesuai").check()
    dinas.check(name="kemnaker-calon")
    dinas.press("Selanjutnya")
    assert dinas.heading == "Portofolio"
    for seed, key in enumerate(PORTFOLIO):
        attach(dinas, key, seed + 10)
    dinas.check(name="kemnaker-portofolio")
    dinas.press("Ajukan ke BKD")
    number = re.search(r"/(?:permohonan|kasus)/([^/?]+)", urlsplit(dinas.page.url).path)
    open_task(bkd, "Setujui Usulan")
    choose(bkd, "Diusulkan ke Biro Organisasi dan Kepegawaian")
    bkd.press("Kirim keputusan")
    return number[1] if number else ""


def select(member: Tab) -> None:
    open_task(member, "Seleksi Administrasi")
    rows = member.page.locator("fieldset.review-row")
    for number in range(rows.count()):
        rows.nth(number).get_by_label("Ya", exact=True).check()
    member.check(name="kemnaker-seleksi")
    member.press("Simpan hasil seleksi")


def score(assessor: Tab, points: int, name: str = "") -> None:
    open_task(assessor, "Nilai Portofolio")
    fill(assessor, **{f"scores-{key}": str(points) for key in SCORES})
    if name:
        assessor.check(name=name)
    assessor.press("Simpan nilai")


def check_letters(tab: Tab, number: str) -> None:
    """The Berita Acara bears three people's signatures, and its public page says that it is in force."""
    with tab.site.database.read() as unit:
        rows = unit.connection.exec_driver_sql("SELECT code, kind, state FROM letter ORDER BY kind").all()
        signed = unit.connection.exec_driver_sql(
            "SELECT signatures FROM letter_file f JOIN letter l ON l.id = f.letter_id "
            "WHERE l.kind = 'berita_acara_lulus' ORDER BY stage DESC LIMIT 1"
        ).scalar_one()
    assert [(row.kind, row.state) for row in rows] == [("berita_acara_lulus", "signed"), ("rekomendasi", "signed")]
    assert signed.count('"person"') == len(ASSESSORS)
    tab.go(f"/v/{rows[0].code}")
    assert "Berita Acara Lulus Uji Kompetensi" in tab.text
