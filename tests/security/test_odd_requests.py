"""Requests that no page of ours makes: NUL, numbers too large, broken cursors. The answer is never our own fault."""

import base64
import json
from datetime import UTC, datetime

import pytest

from tests.web.procedures import apply_for, deploy_permit
from web.cases.queries import EVENT_KEYS
from web.export import harmless
from web.inbox.queries import KEYS as TASK_KEYS
from web.paging import decode_cursor

EARLY = {"t": "0001-01-01T00:00:00+14:00"}
NOON = {"t": "2026-01-01T00:00:00+00:00"}


def cursor(*values) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.fixture
def ani(app, browser, person, clock):
    deploy_permit(app, clock.now())
    user = person("Ani", roles=["auditor", "admin"])
    number = apply_for(app, user)
    return browser(user), number


ADDRESSES = [
    "/kotak-masuk?q=%00", "/kasus?q=%00", "/kasus.csv?status=%00", "/kasus/%00", "/tugas/%00", "/proses/%00",
    "/pengelolaan/orang?cari=%00", "/pengelolaan/orang/%00", "/kalender?instansi=%00", "/mailbox/%00", "/sandi/%00",
    "/static/%00.css", "/static/" + "a" * 5000, "/static/" + "a/" * 3000, "/kalender/99999/1", "/kalender/0/1",
    "/proses/izin/versi/99999999999999999999",
    f"/kasus?sesudah={cursor(EARLY, 'x')}", f"/kasus?sesudah={cursor(NOON, chr(0))}",
    f"/permohonan?sebelum={cursor(EARLY, 'x')}", f"/kotak-masuk?sesudah={cursor(EARLY, EARLY, 'x')}",
]  # fmt: skip


def test_no_address_is_our_own_fault(ani):
    browser, _number = ani
    answers = {url: browser.client.get(url).status_code for url in ADDRESSES}
    assert {url: status for url, status in answers.items() if status >= 500} == {}
    assert answers["/kasus?q=%00"] == 400


@pytest.mark.parametrize("seq", [2**63, 2**64 - 1, -(2**63) - 1, 10**30, True, 1.5, "1", None])
def test_a_cursor_that_no_page_has_made_means_the_first_page(ani, seq):
    browser, number = ani
    page = browser.get(f"/kasus/{number}?sesudah={cursor(seq)}")
    assert page.status == 200
    assert page.html.count("<time") == browser.get(f"/kasus/{number}").html.count("<time")


def test_a_form_with_a_nul_is_not_read(ani):
    browser, _number = ani
    page = browser.post("/akun", {"name": "Ani\0 Rahma", "phone": "081234567890", "locale": "id"})
    assert page.status == 400


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "Izin;=1+1", "a; =1+1", "a\n-1", "a;@x"]
)
def test_no_cell_of_a_csv_begins_a_formula_however_the_spreadsheet_splits_it(cell):
    parts = [part.strip() for part in harmless(cell).replace("\n", ";").replace("\r", ";").split(";")]
    assert not [part for part in parts if part.startswith(("=", "+", "-", "@", "＝"))]


def test_an_ordinary_cell_stays_as_it_is():
    for text in ("Dinas Pekerjaan Umum", "Bazar buku; lalu pameran", "2026-06-01 09:00", "a-b", "x = y"):
        assert harmless(text) == text


def test_a_cursor_of_ours_is_read_and_only_with_its_own_types():
    stamp, one = datetime(2026, 1, 1, tzinfo=UTC), "a" * 32
    assert decode_cursor(cursor(NOON, NOON, one), TASK_KEYS) == [stamp, stamp, one]
    assert decode_cursor(cursor(None, NOON, one), TASK_KEYS) == [None, stamp, one]
    assert decode_cursor(cursor(41), EVENT_KEYS) == [41]
    for broken in (cursor(NOON, None, one), cursor(one, NOON, one), cursor(NOON, NOON, 1), cursor(NOON, NOON)):
        assert decode_cursor(broken, TASK_KEYS) is None
