"""The daily work of an Admin Instansi through the pages: propose, add, upload again, register, withdraw."""

import io
from datetime import date

import pytest
from sqlmodel import col
from werkzeug.datastructures import FileStorage

from models import Booking, Instance, OutgoingMail, Participant, UserTask
from tests.web.agency import (
    BIODATA,
    DOCUMENTS,
    agency_database,
    agency_template,
    copied_agency,
    make_agency,
    nip_of,
    paper,
    photo,
)

__all__ = ["agency_database", "agency_template", "copied_agency"]


@pytest.fixture
def agency(copied_agency):
    copied_agency.formasi(pertama=4, muda=1)
    return copied_agency


def upload(name, body=None):
    return FileStorage(io.BytesIO(body or paper()), name)


def documents():
    return {
        f"{key}--file": upload(f"{key}.jpg", photo()) if key == "pas_foto" else upload(f"{key}.pdf")
        for key in DOCUMENTS
    }


def send(window, path, fields):
    return window.post(path, fields, content_type="multipart/form-data")


def open_tasks(agency):
    return agency.rows(UserTask, UserTask.state == "open", UserTask.role == "admin_instansi")


def propose(agency, window):
    task = window.post("/inpassing/formasi/tambah").location
    numbers = {"pertama": "2", "muda": "1", "madya": "0"}
    files = {"dokumen_abk--file": upload("abk.pdf"), "surat_permohonan--file": upload("surat.pdf")}
    return task, send(window, task, {**numbers, **files})


def test_pengusulan_formasi_tambah_simpan_and_what_lkpp_says(copied_agency):
    agency, window = copied_agency, copied_agency.browser()
    task, done = propose(agency, window)
    assert task.startswith("/inpassing/tugas/")
    assert done.location == "/inpassing/formasi"
    assert "tersimpan" in window.follow(done).text

    again = window.post("/inpassing/formasi/tambah")
    assert again.location.startswith("/inpassing/formasi/"), "one proposal at a time"
    shown = window.follow(again)
    assert "masih diverifikasi LKPP" in shown.text
    assert "abk.pdf" in shown.text

    officer = agency.actor(agency.officers["admin_lkpp"])
    [case] = agency.rows(Instance, Instance.definition_key == "lkpp_formasi")
    rows = ("pertama", "muda", "madya", "dokumen_abk", "surat_permohonan")
    checklist = {key: {"ok": "ya"} for key in rows} | {"muda": {"ok": "tidak", "note": "Tidak sesuai kolom Usulan"}}
    agency.runner.complete(
        agency.task(case.id, "verify_formasi").id, officer,
        {"checklist": checklist, "decision": "repair", "reason": "Angka Muda belum sesuai."},
    )  # fmt: skip
    listed = window.get("/inpassing/formasi")
    repair = next(url for url in listed.links() if url.startswith("/inpassing/tugas/"))
    assert "Tidak sesuai kolom Usulan" in window.get(repair).text
    assert repair in window.get("/inpassing/peserta").links(), "it stands in what waits"
    assert window.post("/inpassing/formasi/tambah").location == repair


def test_tambah_paham_biodata_selanjutnya_documents_simpan_without_claiming(agency):
    window = agency.browser()
    assert "Paham" in window.get("/inpassing/peserta/tambah").text
    biodata = window.post("/inpassing/peserta/tambah").location
    assert window.post("/inpassing/peserta/tambah").location == biodata, "an empty one is not begun twice"
    assert "Lanjutkan biodata" in window.get("/inpassing/peserta").text
    page = window.get(biodata)
    assert page.heading == "Biodata Peserta"
    assert "Selanjutnya" in page.text

    wrong = window.post(biodata, {**BIODATA, "nip": "123", "email": "bukan"})
    assert wrong.status == 422
    assert {"#f-nip", "#f-email"} <= set(wrong.links()), "all faults at once"

    following = window.post(biodata, BIODATA)
    assert following.location.startswith("/inpassing/tugas/")
    page = window.follow(following)
    assert page.heading == "Dokumen Persyaratan"

    done = send(window, following.location.partition("?")[0], documents())
    assert done.location == "/inpassing/peserta", done.text[:500]
    shown = window.follow(done)
    assert "Dewi Lestari" in shown.text
    assert "Diajukan" in shown.text
    assert (
        "Dokumen persyaratan dikirim ke LKPP"
        in window.get(next(url for url in shown.links() if url.startswith("/inpassing/peserta/2606"))).text
    )


def test_a_nip_that_is_taken_brings_the_biodata_back_with_the_reason(agency):
    agency.applied("Ayu", 1)
    window = agency.browser()
    biodata = window.post("/inpassing/peserta/tambah").location
    back = window.post(biodata, {**BIODATA, "nip": nip_of(1)})
    page = window.follow(back)
    assert page.heading == "Biodata Peserta"
    assert "Belum dapat diterima." in page.text
    assert "sudah terdaftar" in page.text
    assert page.one("input", name="name").get("value") == "Dewi Lestari", "what was typed is still there"


def test_input_ulang_berkas_asks_only_for_what_was_found_wanting(agency):
    case = agency.applied("Ayu", 1)
    agency.verified(case, "ijazah")
    window = agency.browser()
    page = window.get("/inpassing/peserta")
    link = next(a.get("href") for a in page.all("a") if (a.text or "").strip() == "Input Ulang Berkas")
    form = window.get(link)
    assert {i.get("name") for i in form.all("input", type="file")} == {"ijazah--file"}
    assert "Tidak terbaca" in form.text
    done = send(window, link, {"ijazah--file": upload("ijazah-baru.pdf")})
    assert done.location == "/inpassing/peserta"
    assert agency.participant(case).documents == "waiting"


def book(window, agency, schedule, *people, **more):
    number = agency.number(schedule.id)
    window.get(f"/inpassing/jadwal/{number}")
    fields = [("participant", person) for person in people] + list(more.items())
    from werkzeug.datastructures import MultiDict  # noqa: PLC0415 -- beside its one use

    return window.post(f"/inpassing/jadwal/{number}", MultiDict(fields))


def test_daftarkan_peserta_reports_who_was_booked_who_waits_and_who_was_refused(agency):
    schedule = agency.opened("Reguler Juli", date(2026, 7, 21), quota=1)
    ayu, budi, citra = (agency.applied(name, n) for n, name in enumerate(("Ayu", "Budi", "Citra"), 1))
    window = agency.browser()

    none = book(window, agency, schedule)
    assert none.status == 422
    assert "paling sedikit satu" in none.text

    report = window.follow(book(window, agency, schedule, ayu, budi))
    assert "1 terdaftar, 0 di daftar tunggu, 1 tidak dapat didaftarkan." in report.text
    assert "Kursi terakhir" in report.text, "the procedure's own words"
    waits = window.follow(book(window, agency, schedule, budi, citra, waiting="1"))
    assert "0 terdaftar, 2 di daftar tunggu, 0 tidak dapat didaftarkan." in waits.text
    assert {b.state for b in agency.rows(Booking, Booking.participant_id == ayu)} == {"booked"}
    assert [b.state for b in agency.rows(Booking, col(Booking.participant_id).in_((budi, citra)))] == ["waiting"] * 2
    again = window.get(f"/inpassing/jadwal/{agency.number(schedule.id)}")
    assert "Hasil pendaftaran" not in again.text, "told once"
    assert "Terdaftar" in again.text


def test_somebody_elses_participant_cannot_be_booked_by_naming_them(agency):
    schedule = agency.opened("Reguler Juli", date(2026, 7, 21))
    case = agency.applied("Ayu", 1)
    other = agency.another("Kabupaten Katingan")
    page = book(other.browser(), other, schedule, case)
    assert page.status == 422
    assert agency.rows(Booking) == []


def test_unggah_dokumen_portofolio_leads_back_to_the_schedule(agency):
    schedule = agency.opened("Portofolio Agustus", date(2026, 8, 11), method="portofolio")
    case = agency.applied("Ayu", 1)
    window = agency.browser()
    page = window.follow(book(window, agency, schedule, case))
    link = next(url for url in page.links() if url.startswith("/inpassing/tugas/"))
    form = window.get(link)
    assert form.heading == "Unggah Dokumen Portofolio"
    assert "Jenis Kompetensi" in form.text
    assert f"/inpassing/jadwal/{agency.number(schedule.id)}" in form.links(), "back to where one came from"


def test_mengundurkan_diri_asks_for_the_reason_and_frees_everything(agency):
    schedule = agency.opened("Reguler Juli", date(2026, 7, 21), quota=1)
    case = agency.applied("Ayu", 1)
    window = agency.browser()
    book(window, agency, schedule, case)
    path = f"/inpassing/peserta/{agency.number(case)}/mengundurkan-diri"
    asked = window.get(path)
    assert "Tidak dapat dibatalkan." in asked.text
    assert "Reguler Juli" in asked.text
    assert window.post(path, {"reason": "pindah"}).status == 422
    assert agency.participant(case).counts
    done = window.post(path, {"reason": "Pindah tugas ke provinsi lain"})
    assert "mengundurkan diri" in window.follow(done).text
    gone = agency.participant(case)
    assert (gone.state, gone.counts) == ("mengundurkan_diri", False)
    assert agency.rows(Booking, Booking.state == "booked") == []
    record = window.get(f"/inpassing/peserta/{agency.number(case)}")
    assert "Pindah tugas ke provinsi lain" in record.text
    assert window.post(path, {"reason": "Sekali lagi mundur"}).status in (200, 409)
    assert agency.rows(UserTask, UserTask.state == "open", UserTask.instance_id == case) == []


def test_permohonan_baru_is_begun_and_stands_in_the_list(agency):
    window = agency.browser()
    task = window.post("/inpassing/jadwal/instansi/permohonan").location
    few = {"schedule_name": "Ujian Kapuas", "starts_on": "2026-08-11", "starts_time": "09.00", "place": "BKPSDM",
           "quota": "10", "request_letter--file": upload("surat.pdf")}  # fmt: skip
    refused = send(window, task, few)
    assert refused.status == 422
    assert "lebih dari 10 peserta" in refused.text
    [kept] = [i.get("value") for i in refused.all("input", name="request_letter")]
    done = window.post(task, {**few, "quota": "11", "request_letter--file": "", "request_letter": kept})
    assert done.location == "/inpassing/jadwal/instansi"
    assert "Ujian Kapuas" in window.follow(done).text


def test_a_mail_leads_to_the_page_it_is_about(agency):
    case = agency.applied("Ayu", 1)
    agency.verified(case, "ktp")
    agency.parts.runner.wake = None
    mail = next(m for m in agency.rows(OutgoingMail) if m.recipient == agency.admin.email and "/inpassing/" in m.text)
    link = next(w for w in mail.text.split() if "/inpassing/kasus/" in w).removeprefix("http://localhost")
    window = agency.browser()
    assert window.get(link).location == f"/inpassing/peserta/{agency.number(case)}"


def test_a_task_that_is_done_says_so_and_leads_back(agency):
    case = agency.applied("Ayu", 1)
    agency.verified(case, "ijazah")
    task = agency.task(case, "reupload").id
    agency.send_documents(case, "reupload", ("ijazah",))
    page = agency.browser().get(f"/inpassing/tugas/{task}")
    assert "Tugas ini sudah selesai." in page.text
    assert "/inpassing/peserta" in page.links()


def test_tasks_of_others_are_not_there(agency):
    other = agency.another("Kabupaten Katingan")
    other.formasi(pertama=1)
    case = other.applied("Rahasia", 9)
    window = agency.browser()
    for element in ("choose_schedule", "verify_documents"):
        task = other.task(case, element).id
        assert window.get(f"/inpassing/tugas/{task}").status == 404, element
        assert window.post(f"/inpassing/tugas/{task}", {}).status == 404
        assert window.post(f"/inpassing/tugas/{task}/draf", {}).status == 404
        assert window.post(f"/inpassing/tugas/{task}/formulir", {}).status == 404


def test_the_whole_way_on_both_databases(app, database):
    """One participant from formasi to the booked seat; every list is asked on SQLite and on PostgreSQL."""
    agency = make_agency(app)
    agency.formasi(pertama=1)
    case = agency.applied("Ayu", 1)
    schedule = agency.opened("Reguler Juli", date(2026, 7, 21))
    window = agency.browser()
    page = window.follow(book(window, agency, schedule, case))
    assert "1 terdaftar" in page.text
    number = agency.number(case)
    for path in (
        "peserta", "peserta?menunggu=reupload&q=ayu&urut=terbaru", "peserta.csv", f"peserta/{number}", "formasi",
        "jadwal/reguler", "jadwal/reguler?tampil=selesai&metode=portofolio", "jadwal/instansi",
        f"jadwal/{agency.number(schedule.id)}", f"jadwal/{agency.number(schedule.id)}/hasil.csv",
    ):  # fmt: skip
        assert window.get(f"/inpassing/{path}").status == 200, path
    assert window.get(f"/inpassing/kasus/{number}").location == f"/inpassing/peserta/{number}"
    assert agency.rows(Participant, Participant.state == "diajukan")


def test_a_participant_begun_by_mistake_is_given_up_and_nothing_of_theirs_was_taken(agency):
    window = agency.browser()
    task = window.post("/inpassing/peserta/tambah").location
    begun = task.rpartition("/")[2].partition("?")[0]
    window.post(f"{task}/draf", {"name": "Salah Ketik"})

    done = window.post(f"/inpassing/peserta/draf/{begun}/hapus")

    assert "dihapus" in window.follow(done).text
    assert window.post(f"/inpassing/peserta/draf/{begun}/hapus").status == 404
    [case] = agency.rows(Instance, Instance.definition_key == "lkpp_participant")
    assert case.status == "cancelled"
    assert agency.rows(Participant) == []
    assert open_tasks(agency) == []
