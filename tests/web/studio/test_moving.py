"""Moving running cases on the pages of the studio: look, choose, say why, and find it in the case's Riwayat."""

import pytest
from sqlalchemy import select

from engine import moving
from engine.definitions import deploy, package_of
from engine.human_tasks import draft_of
from models import MoveRun
from tests.support.records import findings_of_all
from tests.web.procedures import KEY, OFFICER, acting, apply_for, by_number, deploy_permit, permit, task_of

PAGE = f"/studio/proses/{KEY}/pindah"


def renamed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same procedure with its decision under another id and name."""
    body = files["process.bpmn"].replace(b"Putuskan permohonan", b"Putuskan izin")
    for before, after in (
        (b' id="decide"', b' id="judge"'),
        (b'Ref="decide"', b'Ref="judge"'),
        (b">decide<", b">judge<"),
    ):
        body = body.replace(before, after)
    return {**files, "process.bpmn": body}


@pytest.fixture
def work(app, clock, person):
    """Two cases at the decision of version 1, one of them with something typed; version 2 calls it otherwise."""
    deploy_permit(app, clock.now())
    ani, officer = person("Ani Wijaya"), person("Budi Santoso", roles=[OFFICER])
    numbers = [apply_for(app, ani), apply_for(app, ani, purpose="Pasar malam")]
    parts = app.extensions["alur"]
    task = task_of(app, by_number(app, numbers[0]).id, "decide")
    actor = acting(app, officer)
    parts.runner.claim(task.id, actor)
    parts.runner.save_draft(task.id, actor, {"decision": "no", "reason": "Lokasi pen"})
    with parts.database.write() as unit:
        version = deploy(unit, package_of(KEY, renamed(permit())), parts.registry, "tests", "nama baru", clock.now())
    return {"numbers": numbers, "task": task, "officer": officer, "ani": ani, "version": version.id}


@pytest.fixture
def owner(person):
    return person("Indah Permata", roles=["owner"])


def done(app):
    parts = app.extensions["alur"]
    return moving.work_off(parts.runner, parts.clock.now())


def test_an_owner_looks_chooses_and_moves_and_the_case_tells_of_it(app, browser, work, owner):
    window = browser(owner)
    start = window.get(PAGE)
    assert "Versi 1 (2 kasus berjalan)" in start.text

    page = window.follow(window.post(PAGE, {"ke": work["version"]}))
    assert "0 dari 2 kasus diperiksa" in page.text
    done(app)
    page = window.get(window_address(app))
    assert "0 kasus pindah sendiri, 2 perlu pilihan Anda, 0 tidak dapat pindah" in page.text
    assert "“Putuskan permohonan” sedang berjalan, tetapi tidak ada lagi" in page.text
    select = page.one("select", id="langkah-1")
    chosen = next(option for option in select if option.get("selected") is not None)
    assert chosen.get("value") == "judge"

    window.follow(window.post(f"{window_address(app)}/pengganti", {"langkah:decide": "judge"}))
    done(app)
    page = window.get(window_address(app))
    assert "2 kasus pindah sendiri" in page.text
    refused = window.post(f"{window_address(app)}/jalankan", {"alasan": " "})
    assert refused.status == 422
    assert "Tuliskan mengapa" in refused.text
    page = window.follow(window.post(f"{window_address(app)}/jalankan", {"alasan": "Permen 4/2026"}))
    assert "0 dari 2 kasus dipindahkan" in page.text
    done(app)
    page = window.get(window_address(app))
    assert "2 kasus dipindahkan; tidak ada yang tertinggal" in page.text
    assert "Putuskan permohonan → Putuskan izin" in page.text

    _told_in_the_case(app, browser, work, owner)
    assert findings_of_all(app.extensions["alur"].database) == {}


def _told_in_the_case(app, browser, work, owner):
    number = work["numbers"][0]
    case = browser(owner).get(f"/kasus/{number}")
    assert "Kasus dipindahkan dari versi 1 ke versi 2; isian dan tenggatnya tetap" in case.text
    assert "Alasan: Permen 4/2026" in case.text
    assert "Putuskan permohonan: menunggu dikerjakan" in case.text  # as it was called then
    drawn = {e.get("data-element"): e.get("data-state") for e in case.all("li") if e.get("data-element")}
    assert (drawn["judge"], "decide" in drawn) == ("active", False)
    applicant = browser(work["ani"]).get(f"/permohonan/{number}")
    assert "Kasus dipindahkan dari versi 1 ke versi 2" in applicant.text
    assert "Permen 4/2026" not in applicant.text
    task = browser(work["officer"]).get(f"/tugas/{work['task'].id}")
    assert task.heading == "Putuskan izin"
    assert "Lokasi pen" in task.html
    with app.extensions["alur"].database.read() as unit:
        assert draft_of(unit, work["task"].id, work["officer"].id).data["reason"] == "Lokasi pen"


def window_address(app) -> str:
    with app.extensions["alur"].database.read() as unit:
        run = unit.session.scalars(select(MoveRun)).one()
    return f"{PAGE}/{run.id}"


def test_progress_asks_for_itself_again_and_the_report_is_taken_away(app, browser, work, owner):
    window = browser(owner)
    window.post(PAGE, {"ke": work["version"]})
    address = window_address(app)
    asked = {"HX-Request": "true"}
    part = window.client.get(f"{address}/kemajuan", headers=asked)
    assert "0 dari 2" in part.get_data(as_text=True)
    assert window.get(f"{address}/kemajuan").location.endswith(address)
    done(app)
    assert window.client.get(f"{address}/kemajuan", headers=asked).status_code == 204

    report = window.get(f"{address}/kasus.csv?keadaan=pilihan")
    assert report.html.splitlines()[0].lstrip("\ufeff").startswith("Nomor kasus,Judul,Berada pada,Hasil")
    assert len(report.html.splitlines()) == 3
    assert window.get(f"{address}/kasus.xlsx").status == 200
    assert window.get(f"{address}?keadaan=pindah").text.count("Bazar buku") == 0

    stopped = window.follow(window.post(f"{address}/hentikan"))
    assert "Pemindahan dihentikan" in stopped.text
    assert "Dihentikan" in window.get(PAGE).text


def test_who_may_look_and_who_may_move(app, browser, work, person, owner):
    browser(owner).post(PAGE, {"ke": work["version"]})
    auditor = browser(person("Audi Tor", roles=["auditor"]))

    assert "Periksa semua kasus" not in auditor.get(PAGE).text
    done(app)
    assert "Periksa lagi" not in auditor.get(window_address(app)).text
    assert auditor.post(PAGE, {"ke": work["version"]}).status == 403
    assert browser(work["ani"]).get(PAGE).status == 403
    assert browser(owner).get("/studio/proses/tidak_ada/pindah").status == 404
    assert browser(owner).get(f"{PAGE}/tidak-ada").status == 404
    twice = browser(owner).post(PAGE, {"dari": work["version"], "ke": work["version"]})
    assert twice.status == 422
    assert "Pilih dua versi yang berbeda" in twice.text


def test_the_pages_speak_english(app, browser, work, person):
    window = browser(person("Ellen Ripley", roles=["owner"], locale="en"))
    window.post(PAGE, {"ke": work["version"]})
    done(app)

    assert "need your choice" in window.get(window_address(app)).text
    assert "is open, but is not in that place of the new version" in window.get(window_address(app)).text
    assert "A task that is open stays the same task" in window.get(PAGE).text
