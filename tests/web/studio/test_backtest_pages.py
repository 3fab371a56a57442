"""Back-tests in the studio: begun by an owner, followed, read by those who oversee, taken away as a file."""

import csv
import io

import pytest
from sqlmodel import select

from engine.backtest.work import work_off
from models import BacktestRun
from tests.web.procedures import KEY, acting, apply_for, by_number, permit, task_of
from web.context import EXTENSION


@pytest.fixture
def draft(indah, permits):
    return indah.post(f"/studio/proses/{KEY}/draf", {"judul": "Tidak lebih dari lima", "versi": permits}).location


@pytest.fixture
def cases(app, person, permits):
    """Permits for 2, 4, 6 and 8 people: the first three granted, the last refused; and one that waits."""
    ani, officer = person("Ani Lestari"), person("Budi Santoso", roles=["petugas_izin"])
    numbers = []
    for people, decision in ((2, "yes"), (4, "yes"), (6, "yes"), (8, "no"), (3, None)):
        number = apply_for(app, ani, f"Rapat {people}", str(people))
        if decision:
            task = task_of(app, by_number(app, number).id, "decide")
            answer = {"decision": decision, "reason": "Terlalu banyak"}
            app.extensions[EXTENSION].runner.complete(task.id, acting(app, officer), answer)
        numbers.append(number)
    return numbers


def save(page_client, draft, changed):
    body = permit()["process.bpmn"].replace(*changed)
    answer = page_client.client.put(
        f"{draft}/berkas/process.bpmn", data=body,
        headers={"Origin": "http://localhost", "X-CSRF-Token": page_client.token(), "If-Match": '"1"'},
    )  # fmt: skip
    assert answer.status_code == 200


def work(app, clock):
    parts = app.extensions[EXTENSION]
    while work_off(parts.runner, clock.now()):
        pass


def planted():
    body = permit()["process.bpmn"]
    old = next(o for o in (b'decision == "yes"', b"decision == &quot;yes&quot;") if o in body)
    return old, old + b" and people &lt; 5"


def test_a_planted_condition_is_found_and_the_case_named(app, clock, indah, draft, cases):
    save(indah, draft, planted())
    before = indah.get(f"{draft}/kasus-lama")
    assert "5 kasus tercatat" in before.text

    page = indah.follow(indah.post(f"{draft}/kasus-lama", {}))
    assert "0 dari 5 kasus diperiksa" in page.text
    work(app, clock)
    address = page.one("div", id="progress").get("hx-get").removesuffix("/kemajuan")
    page = indah.get(address)

    assert "4" in page.text
    assert "Pada “Diterima?”: dulu “Ya” ke “Izin terbit”; dengan perubahan ini “Tidak” ke “Ditolak”." in page.text
    assert [a for a in page.links() if a.startswith("/kasus/")] == [f"/kasus/{cases[2]}"]
    [heat] = [li for li in page.all("li") if li.get("data-element") == "granted"]
    assert (heat.get("data-heat"), heat.get("data-note")) == ("4", "1 berbeda")
    every = indah.get(f"{address}?putusan=semua")
    assert {f"/kasus/{number}" for number in cases} <= set(every.links())
    assert "Tidak ada kasus di sini" in indah.get(f"{address}?putusan=failed").text
    drawn = indah.client.get(page.one("figure").get("data-xml"))
    assert drawn.mimetype == "application/xml"


def test_no_difference_is_said_in_so_many_words(app, clock, indah, draft, cases):
    save(indah, draft, (b"Putuskan permohonan", b"Ambil keputusan"))

    page = indah.follow(indah.post(f"{draft}/kasus-lama", {"contoh": "3"}))
    work(app, clock)
    page = indah.get(f"{draft}/kasus-lama")
    [address] = [a for a in page.links() if a.startswith(f"{draft}/kasus-lama/")]

    assert "contoh 3 kasus" in page.text
    assert "Tidak ada perbedaan: semua kasus menempuh jalan yang sama" in indah.get(address).text


def test_the_report_is_a_file(app, clock, indah, draft, cases):
    save(indah, draft, planted())
    page = indah.follow(indah.post(f"{draft}/kasus-lama", {}))
    work(app, clock)
    address = page.one("div", id="progress").get("hx-get").removesuffix("/kemajuan")

    rows = list(csv.reader(io.StringIO(indah.client.get(f"{address}/kasus.csv").get_data().decode("utf-8-sig"))))

    assert rows[0][:4] == ["Kasus", "Mulai", "Putusan", "Langkah"]
    assert {r[0]: r[2] for r in rows[1:]} == {n: "Berbeda" if n == cases[2] else "Sama" for n in cases}
    only = indah.client.get(f"{address}/kasus.csv?putusan=differs&langkah=granted").get_data().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(only)))) == 2
    assert indah.client.get(f"{address}/kasus.xlsx").status_code == 200


def test_a_choice_that_makes_no_sense_is_refused_with_what_was_typed(indah, draft, cases):
    page = indah.post(f"{draft}/kasus-lama", {"sejak": "2026-07-01", "sampai": "2026-06-01", "contoh": "banyak"})

    assert page.status == 422
    assert "Hari terakhir lebih awal daripada hari pertama." in page.text
    assert page.one("input", id="contoh").get("value") == "banyak"
    none = indah.post(f"{draft}/kasus-lama", {"sejak": "2030-01-01"})
    assert none.status == 409
    assert "Tidak ada kasus tercatat yang sesuai pilihan ini." in none.text


def test_a_draft_with_errors_cannot_be_tested(indah, draft, cases):
    save(indah, draft, (planted()[0], b"decision =="))

    assert "Draf ini belum dapat dijalankan" in indah.get(f"{draft}/kasus-lama").text
    assert indah.post(f"{draft}/kasus-lama", {}).status == 409


def test_a_run_can_be_stopped_and_is_read_by_those_who_oversee(
    app, database, clock, browser, person, indah, draft, cases
):
    page = indah.follow(indah.post(f"{draft}/kasus-lama", {}))
    address = page.one("div", id="progress").get("hx-get").removesuffix("/kemajuan")
    auditor = browser(person("Rina Wijaya", roles=["auditor"]))

    assert "Hentikan" not in auditor.get(address).text
    assert auditor.post(f"{address}/berhenti").status == auditor.post(f"{draft}/kasus-lama", {}).status == 403
    assert browser(person("Ani Lestari")).get(address).status == 403
    indah.post(f"{address}/berhenti")

    assert "Uji dihentikan sebelum ada kasus yang diperiksa." in indah.get(address).text
    with database.read() as unit:
        assert unit.session.exec(select(BacktestRun)).one().state == "cancelled"
    assert indah.get(f"{address[:-4]}0000").status == 404
