"""What LKPP's pages cost: as many statements for a hundred participants as for two, on both databases."""

# ruff: noqa: F811 -- fixtures

from datetime import timedelta

import pytest

from tests.support.databases import counting
from tests.web.season import Season, agencies, officer, prepare_season  # noqa: F401 -- fixtures

PAGES = (
    "/lkpp", "/lkpp/verifikasi", "/lkpp/verifikasi?menurut=instansi", "/lkpp/antrean/verifikasi",
    "/lkpp/antrean/tes-tertulis?q=peserta&program=inpassing-2026", "/lkpp/jadwal", "/lkpp/jadwal?q=awal&keadaan=semua",
    "/lkpp/hasil", "/lkpp/hasil?saring=semua", "/lkpp/rekomendasi", "/lkpp/rekomendasi/terbit", "/lkpp/formasi",
)  # fmt: skip


@pytest.fixture
def season(app, clock, database):
    return Season(app, prepare_season(database, app.extensions["alur"].registry, clock.now()))


def test_a_page_costs_the_same_for_few_and_for_many(season, agencies, browser, officer, clock, database):
    window = browser(officer("verifikator_lkpp", "penguji", "admin_lkpp", "pimpinan_lkpp"))
    ahead = season.schedule("Awal 1", starts_at=clock.now() + timedelta(days=40), quota=500)
    past = season.schedule("Awal 2", starts_at=clock.now() - timedelta(days=1), quota=500, state="held")
    urls = (*PAGES, f"/lkpp/jadwal/{ahead}", f"/lkpp/hasil/{past}", f"/lkpp/antrean/verifikasi?jadwal={ahead}")

    def costs():
        found = {}
        for url in urls:
            with counting(database) as statements:
                assert window.get(url).status == 200
            found[url] = len(statements)
        return found

    def fill(count):
        season.rows(count, agencies[0], schedule=ahead, element="verify_documents", role="verifikator_lkpp")
        season.rows(count, agencies[1], schedule=past, element="record_test", role="penguji", state="terdaftar")
        season.certified(count, agencies[0])

    fill(2)
    season.formasi(agencies[0])
    costs()
    few = costs()
    fill(60)
    season.formasi(agencies[1])

    assert costs() == few
    assert max(few.values()) <= 12, few
