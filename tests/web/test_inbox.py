"""Kotak Masuk: each person sees what is theirs, a page costs the same however long the list."""

import re
from datetime import timedelta

import pytest

from tests.support.databases import counting
from tests.web.procedures import OFFICER, deploy_permit, many_tasks


@pytest.fixture
def version(app, clock):
    return deploy_permit(app, clock.now())


def task_links(page):
    return [url for url in page.links() if url.startswith("/tugas/")]


def test_a_person_without_tasks_is_told_so(browser, person, version):
    page = browser(person("Siti Rahma", roles=[OFFICER])).get("/kotak-masuk")

    assert page.status == 200
    assert page.heading == "Kotak Masuk"
    assert "Tidak ada yang perlu Anda kerjakan." in page.text


def test_own_tasks_come_first_and_the_groups_are_offered_below(app, browser, person, version, clock):
    siti = person("Siti Rahma", roles=[OFFICER])
    own = many_tasks(app, 2, now=clock.now(), version_id=version, assignee=siti.id)
    group = many_tasks(app, 7, now=clock.now(), version_id=version)

    page = browser(siti).get("/kotak-masuk")

    links = [url.removeprefix("/tugas/") for url in task_links(page)]
    assert set(links[:2]) == set(own)
    assert len(links) == 2 + 5
    assert set(links[2:]) <= set(group)
    assert "Lihat semua 7 tugas kelompok" in page.text


def test_the_tasks_of_another_role_are_not_shown(app, browser, person, version, clock):
    many_tasks(app, 3, now=clock.now(), version_id=version, role="peran_lain")

    page = browser(person("Siti Rahma", roles=[OFFICER])).get("/kotak-masuk?saring=kelompok")

    assert task_links(page) == []


def test_late_and_soon_are_told_apart(app, browser, person, version, clock):
    siti = person("Siti Rahma", roles=[OFFICER])
    many_tasks(app, 5, now=clock.now() - timedelta(days=7), version_id=version, assignee=siti.id)
    many_tasks(app, 3, now=clock.now() + timedelta(hours=5), version_id=version)
    window = browser(siti)

    late, soon = window.get("/kotak-masuk?saring=terlambat"), window.get("/kotak-masuk?saring=segera")

    assert len(task_links(late)) == 4
    assert "terlambat 2 hari kerja" in late.text  # Idul Adha, its joint leave and Pancasila Day are not counted
    assert len(task_links(soon)) == 2
    assert "hari ini" in soon.text


@pytest.mark.parametrize("order", ["tenggat", "terbaru"])
def test_walking_the_pages_shows_every_task_once_forwards_and_back(app, browser, person, version, clock, order):
    siti = person("Siti Rahma", roles=[OFFICER])
    expected = set(many_tasks(app, 61, now=clock.now(), version_id=version, every=timedelta(minutes=7)))
    window = browser(siti)
    url = f"/kotak-masuk?saring=kelompok&urut={order}"

    seen, pages = [], []
    while url:
        page = window.get(url)
        pages.append([u.removeprefix("/tugas/") for u in task_links(page)])
        seen += pages[-1]
        url = next((a.get("href") for a in page.all("a", rel="next")), None)
    back = window.get(next(a.get("href") for a in page.all("a", rel="prev")))

    assert len(seen) == len(expected) == 61
    assert set(seen) == expected
    assert [u.removeprefix("/tugas/") for u in task_links(back)] == pages[1]
    assert not window.get(f"/kotak-masuk?saring=kelompok&urut={order}").all("a", rel="prev")


def test_a_broken_cursor_means_the_first_page(app, browser, person, version, clock):
    many_tasks(app, 3, now=clock.now(), version_id=version)

    page = browser(person("Siti Rahma", roles=[OFFICER])).get("/kotak-masuk?saring=kelompok&sesudah=%22W10x'--")

    assert len(task_links(page)) == 3


def test_the_search_takes_its_words_literally(app, browser, person, version, clock):
    many_tasks(app, 12, now=clock.now(), version_id=version)
    window = browser(person("Siti Rahma", roles=[OFFICER]))

    assert len(task_links(window.get("/kotak-masuk?saring=kelompok&q=kegiatan+0003"))) == 1
    assert task_links(window.get("/kotak-masuk?saring=kelompok&q=%25")) == []
    assert "Tidak ada tugas yang cocok" in window.get("/kotak-masuk?saring=kelompok&q=tiada").text


def test_a_page_costs_the_same_for_ten_and_for_five_hundred_tasks(app, browser, person, version, clock, database):
    siti = person("Siti Rahma", roles=[OFFICER])
    window = browser(siti)
    many_tasks(app, 10, now=clock.now(), version_id=version)
    window.get("/kotak-masuk?saring=kelompok")

    with counting(database) as few:
        window.get("/kotak-masuk?saring=kelompok")
    many_tasks(app, 490, now=clock.now(), version_id=version)
    with counting(database) as many:
        window.get("/kotak-masuk?saring=kelompok")

    assert len(few) == len(many) <= 8, many


def test_the_csv_holds_the_filtered_list_and_no_formula(app, browser, person, version, clock, database):
    siti = person("Siti Rahma", roles=[OFFICER])
    ids = many_tasks(app, 30, now=clock.now(), version_id=version)
    with database.write() as unit:
        from models import UserTask  # noqa: PLC0415 -- beside the one line that needs it

        unit.session.get_one(UserTask, ids[0]).case_title = "=HYPERLINK(1)"

    answer = browser(siti).get("/kotak-masuk.csv?saring=kelompok")

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = answer.html.strip().splitlines()
    assert len(rows) == 31
    assert "'=HYPERLINK(1)" in answer.html
    assert re.search(r"2026-06-01 1\d:00,WITA", answer.html)


def test_the_inbox_speaks_english(app, browser, person, version, clock):
    many_tasks(app, 2, now=clock.now(), version_id=version)

    page = browser(person("Ann Lee", roles=[OFFICER], locale="en")).get("/kotak-masuk?saring=kelompok")

    assert page.heading == "Inbox"
    assert "Decide the application" in page.text
    assert "Activity permit" in page.text


def test_visitors_are_sent_to_sign_in(browser):
    page = browser().get("/kotak-masuk")

    assert page.status == 303
    assert page.location.startswith("/masuk")
