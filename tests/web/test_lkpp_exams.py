"""Schedules, results and recommendations on LKPP's pages, through the real cases."""

# ruff: noqa: F811 -- fixtures

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from models import ExamResult, ExamSchedule, Participant, Recommendation, TaskDraft
from tests.web.season import agencies, officer, season, season_database, season_template  # noqa: F401 -- fixtures

EXAM = {
    "schedule_name": "Tes Tertulis Agustus", "method": "tes_tertulis", "starts_on": "2026-08-20",
    "starts_time": "09.00", "place": "Gedung LKPP, Jakarta", "quota": "3",
}  # fmt: skip


@pytest.fixture
def database(season_database):
    return season_database


@pytest.fixture
def admin(person, season, agencies):
    season.formasi(agencies[0])
    return person("Ani Wijaya", roles=["admin_instansi"], instansi=agencies[0])


@pytest.fixture
def assessor(officer):
    return officer("penguji", name="Rudi Hartono")


def new_schedule(browser, officer, **changes):
    """A schedule as Admin LKPP makes it; returns its id."""
    window = browser(officer("admin_lkpp", name="Sari Utami"))
    desk = window.post("/lkpp/jadwal/baru")
    saved = window.post(desk.location, EXAM | changes)
    assert saved.status == 303, saved.text
    return saved.location.rpartition("/")[2]


@pytest.fixture
def tested(season, admin, agencies, officer, browser):
    """Three participants whose written test was held this morning; (schedule, cases)."""
    schedule, verifier = new_schedule(browser, officer), officer("verifikator_lkpp")
    cases = [season.participant(admin, agencies[0], name) for name in ("Budi Santoso", "Citra Dewi", "Dodi Putra")]
    for case in cases:
        season.verified(verifier, case)
        season.book(admin, case, schedule)
    exam = season.row(ExamSchedule, schedule)
    season.move_to(exam.closes_at)
    season.move_to(exam.starts_at)
    return schedule, cases


def filled(season, cases, *rows):
    """What the table sends: (outcome, score, note) for these participants."""
    sent = {}
    for case, (outcome, score, note) in zip(cases, rows, strict=True):
        task = season.task(case, "record_test")
        sent |= {f"version-{task.id}": str(task.version), f"outcome-{task.id}": outcome}
        sent |= {f"score-{task.id}": score, f"note-{task.id}": note}
    return sent


def test_a_new_schedule_explains_when_its_registration_ends(season, browser, officer):
    schedule = new_schedule(browser, officer)

    page = browser(officer("penguji")).get(f"/lkpp/jadwal/{schedule}")
    stored = season.row(ExamSchedule, schedule)

    assert "Senin, 3 Agustus 2026 pukul 23.59 WIB" in page.text
    assert "Mengapa tanggal ini?" in page.text
    assert "Hari Kemerdekaan" in page.text
    assert stored.closes_why


def test_a_date_that_cannot_be_is_asked_again_with_its_reason(browser, officer):
    window = browser(officer("admin_lkpp"))
    desk = window.post("/lkpp/jadwal/baru")

    again = window.follow(window.post(desk.location, EXAM | {"starts_on": "2026-08-16"}))

    assert "Belum dapat diterima" in again.text
    assert "Minggu, 16 Agustus 2026 bukan hari kerja" in again.text
    assert again.one("input", name="schedule_name").get("value") == EXAM["schedule_name"]


def test_a_request_of_an_agency_waits_on_the_page_and_is_decided_at_the_desk(season, admin, agencies, browser, officer):
    actor = season.acting(admin)
    case = season.runner.start(
        "lkpp_schedule", actor, data={"kind": "instansi"}, instansi_id=agencies[0].id, programme_id=season.programme
    )
    task = season.task(case, "request_schedule")
    letter = season.uploads(task.id, admin, ["request_letter"])
    asked = {name: value for name, value in EXAM.items() if name != "method"} | {"quota": "11"}
    season.runner.complete(task.id, actor, asked | letter)
    window = browser(officer("admin_lkpp"))

    assert "1 permohonan jadwal instansi menunggu keputusan." in window.get("/lkpp/jadwal").text
    desk = window.post("/lkpp/antrean/permohonan-jadwal/mulai").location
    page = window.get(desk)
    assert "Dokumen 1 dari 1" in page.text
    window.post(desk, {"decision": "setuju"})

    assert season.row(ExamSchedule, case).kind == "instansi"
    assert "Tes Tertulis Agustus" in window.get("/lkpp/jadwal?jenis=instansi").text


def test_results_of_a_test_are_entered_in_one_table(season, tested, browser, assessor):
    schedule, cases = tested
    window, url = browser(assessor), f"/lkpp/hasil/{schedule}"
    rows = filled(season, cases, ("lulus", "87,5", ""), ("tidak_lulus", "40", "Belajar lagi"), ("tidak_hadir", "", ""))

    before = window.get(url)
    saved = window.follow(window.post(url, rows))

    assert "3" in before.one("strong", class_="late").text
    assert "3 hasil tersimpan." in saved.text
    assert "LULUS" in saved.text
    states = [season.row(Participant, case).state for case in cases]
    assert states == ["sertifikat", "tidak_lulus", "tidak_hadir"]
    assert window.get(url).all("input", type="radio") == []


def test_a_faulty_row_stops_no_other_one_and_keeps_its_words(season, tested, browser, assessor):
    schedule, cases = tested
    window, url = browser(assessor), f"/lkpp/hasil/{schedule}"
    faulty = season.task(cases[1], "record_test").id
    rows = filled(season, cases, ("lulus", "90", ""), ("lulus", "123", "Lihat berita acara"), ("", "", ""))

    page = window.post(url, rows)

    assert page.status == 422
    assert "1 baris belum tersimpan" in page.text
    assert "1 hasil tersimpan." in page.text
    assert page.one("input", name=f"score-{faulty}").get("value") == "123"
    assert page.one("input", name=f"note-{faulty}").get("value") == "Lihat berita acara"
    assert season.row(Participant, cases[0]).state == "sertifikat"
    assert season.row(Participant, cases[1]).state == "terdaftar"
    # The words are still there the next time the page is opened.
    assert window.get(url).one("input", name=f"note-{faulty}").get("value") == "Lihat berita acara"


def test_what_is_typed_into_the_table_keeps_itself(season, tested, browser, assessor):
    schedule, cases = tested
    window, url = browser(assessor), f"/lkpp/hasil/{schedule}"
    task = season.task(cases[2], "record_test").id

    answer = window.post(f"{url}/draf", filled(season, cases, ("", "", ""), ("", "", ""), ("lulus", "77", "")))

    assert answer.status == 200
    assert season.row(TaskDraft, (task, assessor.id)).data["score"] == "77"
    assert season.row(TaskDraft, (season.task(cases[0], "record_test").id, assessor.id)) is None
    assert window.get(url).one("input", name=f"score-{task}").get("value") == "77"


def test_a_result_that_a_colleague_entered_meanwhile_is_not_overwritten(season, tested, browser, assessor, officer):
    schedule, cases = tested
    rows = filled(season, cases[:1], ("tidak_lulus", "10", ""))
    colleague = officer("penguji", name="Maya Sari")
    browser(colleague).post(f"/lkpp/hasil/{schedule}", filled(season, cases[:1], ("lulus", "95", "")))

    page = browser(assessor).post(f"/lkpp/hasil/{schedule}", rows)

    assert page.status == 422
    assert "Maya Sari" in page.text
    assert "Isian Anda: TIDAK LULUS, 10" in page.text
    with season.parts.database.read() as unit:
        results = unit.session.exec(select(ExamResult)).all()
    assert [result.outcome for result in results] == ["lulus"]


def test_the_certified_are_recommended_together_and_the_letter_is_there(season, tested, browser, assessor, officer):
    schedule, cases = tested
    browser(assessor).post(
        f"/lkpp/hasil/{schedule}", filled(season, cases, ("lulus", "80", ""), ("lulus", "81", ""), ("lulus", "82", ""))
    )
    season.move_to(season.now)  # certificates are written
    window = browser(officer("pimpinan_lkpp", name="Dewi Anggraini"))
    chosen = [box.get("value") for box in window.get("/lkpp/rekomendasi").all("input", name="participant")]
    assert set(chosen) == set(cases)

    desk = window.post("/lkpp/rekomendasi", {"participant": chosen[:2]}).location
    assert "Peserta dalam rekomendasi ini" in window.get(desk).text
    window.post(desk, {"decision": "issue"})
    for _ in range(3):
        season.move_to(season.now)

    with season.parts.database.read() as unit:
        issued = unit.session.exec(select(Recommendation)).one()
    page = window.get("/lkpp/rekomendasi/terbit")
    assert issued.number in page.text
    assert "2 peserta" in page.text
    letter = window.client.get(f"/lkpp/rekomendasi/terbit/{issued.id}/surat")
    assert letter.data.startswith(b"%PDF-")
    assert window.client.get(f"/lkpp/sertifikat/{cases[0]}").data.startswith(b"%PDF-")
    assert len(window.get("/lkpp/rekomendasi").all("input", name="participant")) == 1
    assert window.get(f"/lkpp/rekomendasi/terbit/{'0' * 32}/surat").status == 404
    assert sorted(season.row(Participant, case).state for case in chosen[:2]) == ["rekomendasi", "rekomendasi"]


def test_nobody_ticked_is_said(season, browser, officer):
    window = browser(officer("pimpinan_lkpp"))

    page = window.follow(window.post("/lkpp/rekomendasi"))

    assert "Pilih paling sedikit satu peserta." in page.text


def test_the_result_list_is_downloaded_once_it_is_written(season, tested, browser, assessor):
    schedule, cases = tested
    window = browser(assessor)
    assert window.get(f"/lkpp/jadwal/{schedule}/hasil").status == 404
    window.post(f"/lkpp/hasil/{schedule}", filled(season, cases, *[("lulus", "80", "")] * 3))

    for day in (24, 25, 26):
        season.move_to(datetime(2026, 8, day, 10, 0, tzinfo=UTC))

    window = browser(assessor)
    assert "Unduh Hasil Ujian" in window.get(f"/lkpp/jadwal/{schedule}").text
    assert window.client.get(f"/lkpp/jadwal/{schedule}/hasil").data.startswith(b"%PDF-")


@pytest.fixture
def portfolio(season, admin, agencies, officer, browser):
    """A participant whose portfolio waits for an assessor on the exam day; (schedule, case)."""
    schedule = new_schedule(browser, officer, method="portofolio", schedule_name="Portofolio Agustus")
    case = season.participant(admin, agencies[0], "Budi Santoso")
    season.verified(officer("verifikator_lkpp"), case)
    season.book(admin, case, schedule)
    task = season.task(case, "upload_portfolio")
    rows = []
    for component in ("identifikasi_kebutuhan", "spesifikasi", "perkiraan_harga", "strategi", "organisasi"):
        files = season.uploads(task.id, admin, ["components.letter", "components.work_result"])
        letter, result = files["components.letter"], files["components.work_result"]
        rows.append({"component": component, "letter": letter, "work_result": result, "work_year": "2025"})
    season.runner.complete(task.id, season.acting(admin), {"competency": "perencanaan", "components": rows})
    exam = season.row(ExamSchedule, schedule)
    season.move_to(exam.closes_at)
    season.move_to(exam.starts_at)
    return schedule, case


def test_a_portfolio_is_scored_beside_its_documents(season, portfolio, browser, assessor):
    schedule, case = portfolio
    window = browser(assessor)

    assert "Nilai portofolio satu per satu (1)" in window.get(f"/lkpp/hasil/{schedule}").text
    desk = window.post(f"/lkpp/antrean/portofolio/mulai?jadwal={schedule}").location
    page = window.get(desk)
    assert "Dokumen 1 dari 16" in page.text  # 14, and the two that serve every component
    assert page.one("h3", class_="paper-title").text.startswith("SK/ST/Surat Rekomendasi")
    refused = window.post(desk, {"suitable": "tidak_sesuai", "score": "55"})
    assert refused.status == 422
    assert refused.one("input", name="score").get("value") == "55"
    window.post(desk, {"suitable": "tidak_sesuai", "score": "55", "result_note": "Komponen 2 tidak terbaca"})

    assert season.row(Participant, case).state == "portofolio_tidak_sesuai"
    assert "sedang diperbaiki Admin Instansi" in window.get(f"/lkpp/hasil/{schedule}").text


def test_a_proposal_of_formasi_is_verified_beside_its_documents(season, person, agencies, browser, officer):
    proposer = person("Ani Wijaya", roles=["admin_instansi"], instansi=agencies[1])
    actor = season.acting(proposer)
    case = season.runner.start("lkpp_formasi", actor, instansi_id=agencies[1].id, programme_id=season.programme)
    task = season.task(case, "propose")
    papers = season.uploads(task.id, proposer, ["dokumen_abk", "surat_permohonan"])
    season.runner.complete(task.id, actor, {"pertama": "3", "muda": "2", "madya": "0"} | papers)
    window = browser(officer("admin_lkpp"))

    assert "Kota Surabaya" in window.get("/lkpp/formasi").text
    desk = window.post("/lkpp/antrean/formasi/mulai").location
    page = window.get(desk)
    assert "Dokumen 1 dari 2" in page.text
    rows = ("pertama", "muda", "madya", "dokumen_abk", "surat_permohonan")
    window.post(desk, {f"checklist--{row}--ok": "ya" for row in rows} | {"decision": "approve"})

    assert "0 dari 3" in window.get("/lkpp/formasi").text
