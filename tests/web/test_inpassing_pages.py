"""The lists of an Admin Instansi: what waits first, filters in the address, paging, and nothing of another instansi."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col

from engine import programmes
from engine.people import add_membership, end_membership
from engine.texts import Text
from models import Booking, ExamResult, Instance, Membership, Participant, ParticipantStage
from tests.web.agency import agency_database, agency_template, copied_agency, nip_of

__all__ = ["agency_database", "agency_template", "copied_agency"]

CLOSES = datetime(2026, 6, 19, 16, 59, 59, tzinfo=UTC)
STARTS = datetime(2026, 7, 7, 2, 0, tzinfo=UTC)
PEOPLE = (
    ("Ayu Lestari", 1, {"jenjang": "muda", "golongan": "III/c", "state": "lengkap", "documents": "complete"}),
    ("Bayu Pratama", 2, {"state": "terdaftar"}),
    ("Citra Dewi", 3, {"state": "tidak_lengkap", "documents": "incomplete"}),
)


@pytest.fixture
def app(copied_agency):
    """For the fixtures that make people and browsers."""
    return copied_agency.app


@pytest.fixture
def database(agency_database):
    return agency_database


@pytest.fixture
def agency(copied_agency):
    """Formasi for three, three participants as rows."""
    copied_agency.formasi(pertama=2, muda=1)
    for name, number, more in PEOPLE:
        copied_agency.listed(name, number, **more)
    return copied_agency


def names(page):
    return [a.text for a in page.all("a", class_="row-link")]


# --- the menu ---------------------------------------------------------------------------------------------------------


def test_an_admin_instansi_has_the_guides_menus_and_lands_on_the_participants(agency):
    window = agency.browser()
    assert window.get("/").location == "/inpassing/peserta"
    page = window.get("/inpassing/peserta")
    menu = [a.text for a in page.one("nav", aria_label="Menu utama").iter("{http://www.w3.org/1999/xhtml}a")]
    assert menu[:4] == [
        "Pengusulan Formasi",
        "Data Peserta",
        "Jadwal Uji Kompetensi (Reguler LKPP)",
        "Jadwal Uji Kompetensi (Instansi)",
    ]
    assert "Kotak Masuk" not in menu, "nothing to claim"


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_list_opens_in_both_languages(agency, locale):
    window = agency.browser()
    window.post("/bahasa", {"locale": locale, "next": "/"})
    for path in ("peserta", "peserta/tambah", "formasi", "jadwal/reguler", "jadwal/instansi"):
        page = window.get(f"/inpassing/{path}")
        assert page.status == 200, path
        assert page.tree.get("lang") == locale


# --- Data Peserta -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ayu Lestari", "Bayu Pratama", "Citra Dewi"]),
        ("?q=lestari", ["Ayu Lestari"]),
        ("?q=" + nip_of(2), ["Bayu Pratama"]),
        ("?q=19870312+201001+1+003", ["Citra Dewi"]),
        ("?q=100%25", []),
        ("?keadaan=tidak_lengkap", ["Citra Dewi"]),
        ("?jenjang=muda", ["Ayu Lestari"]),
        ("?keadaan=lengkap&jenjang=pertama", []),
        ("?keadaan=bohong&urut=bohong", ["Ayu Lestari", "Bayu Pratama", "Citra Dewi"]),
    ],
)
def test_filters_stand_in_the_address(agency, query, expected):
    assert names(agency.browser().get(f"/inpassing/peserta{query}")) == expected


def test_a_long_list_has_pages_that_keep_the_filter(agency):
    for number in range(10, 62):
        agency.listed(f"Peserta {number}", number, state="draf")
    window = agency.browser()
    first = window.get("/inpassing/peserta?keadaan=draf")
    assert len(names(first)) == 25
    second = window.get(next(a.get("href") for a in first.all("a", rel="next")))
    third = window.get(next(a.get("href") for a in second.all("a", rel="next")))
    assert names(first) + names(second) + names(third) == [f"Peserta {number}" for number in range(10, 62)]
    assert names(window.get(next(a.get("href") for a in third.all("a", rel="prev")))) == names(second)


def test_the_list_leaves_as_a_spreadsheet(agency):
    page = agency.browser().get("/inpassing/peserta.csv?jenjang=muda")
    lines = page.html.splitlines()
    assert len(lines) == 2
    assert nip_of(1) in lines[1]
    assert "Lengkap" in lines[1]


def test_without_formasi_nobody_can_be_added_and_the_page_says_what_to_do(copied_agency):
    window = copied_agency.browser()
    page = window.get("/inpassing/peserta")
    assert "Formasi belum disetujui." in page.text
    assert "/inpassing/peserta/tambah" not in page.links()
    assert "Paham" not in window.get("/inpassing/peserta/tambah").text


def test_a_closed_programme_is_shown_and_takes_nobody(agency, clock):
    clock.move_to(clock.now() + timedelta(days=600))
    programmes.close_due(agency.parts.database, clock.now())
    page = agency.browser().get("/inpassing/peserta")
    assert "ditutup sejak" in page.text
    assert "/inpassing/peserta/tambah" not in page.links()
    refused = agency.browser().post("/inpassing/peserta/tambah")
    assert refused.status >= 400
    assert agency.rows(Instance, col(Instance.event_count) > 0) == []


def test_two_programmes_stand_side_by_side(agency, clock):
    with agency.parts.database.write() as unit:
        programmes.open_programme(
            unit, key="inpassing-2026-2", flow="lkpp_inpassing", title=Text("Inpassing 2026 II"), period="2026-2",
            opens_at=clock.now(), closes_at=clock.now() + timedelta(days=90), by=None, now=clock.now(),
        )  # fmt: skip
    window = agency.browser()
    assert names(window.get("/inpassing/peserta")) == []
    older = window.get("/inpassing/peserta?program=inpassing-2026-1")
    assert len(names(older)) == 3
    assert "/inpassing/peserta/tambah?program=inpassing-2026-1" in older.links()
    assert window.get("/inpassing/peserta?program=bukan").status == 404


# --- schedules --------------------------------------------------------------------------------------------------------


def test_schedules_show_method_place_time_quota_and_the_end_of_registration(agency):
    agency.schedule("Reguler Juli", starts_at=STARTS, closes_at=CLOSES, quota=40, taken=3, place="Gedung LKPP")
    agency.schedule("Portofolio", starts_at=STARTS + timedelta(days=1), closes_at=CLOSES, method="portofolio", taken=2)
    text = agency.browser().get("/inpassing/jadwal/reguler").text
    assert "Reguler Juli" in text
    assert "Gedung LKPP" in text
    assert "Selasa, 7 Juli 2026 pukul 09.00 WIB" in text
    assert "Jumat, 19 Juni 2026 pukul 23.59 WIB" in text
    assert "40 37" in text
    assert "2 penuh" in text
    only = agency.browser().get("/inpassing/jadwal/reguler?metode=portofolio").text
    assert "Reguler Juli" not in only


def test_after_the_end_of_registration_nobody_can_be_ticked(agency, clock):
    schedule = agency.schedule("Reguler Juli", starts_at=STARTS, closes_at=CLOSES)
    clock.move_to(CLOSES + timedelta(seconds=1))
    page = agency.browser().get(f"/inpassing/jadwal/{agency.number(schedule.id)}")
    assert "Pendaftaran ditutup" in page.text
    assert not page.all("button", type="submit")[2:], "no Simpan"


def test_results_are_those_of_the_own_people_only(agency, clock):
    other = agency.another("Kabupaten Katingan")
    schedule = agency.schedule("Reguler", starts_at=STARTS, closes_at=CLOSES, quota=9, state="finished")
    numbers = {"Ayu Lestari": "lulus", "Orang Lain": "tidak_lulus"}
    other.listed("Orang Lain", 9)
    with agency.parts.database.write() as unit:
        for order, one in enumerate(agency.rows(Participant, col(Participant.name).in_(numbers))):
            unit.session.add(
                Booking(id=one.id, schedule_id=schedule.id, participant_id=one.id, attempt=1, state="done",
                        number=order, created_at=clock.now())
            )  # fmt: skip
            unit.session.add(
                ExamResult(id=one.id, participant_id=one.id, schedule_id=schedule.id, attempt=1, score=80,
                           method="tes_tertulis", outcome=numbers[one.name], recorded_at=clock.now())
            )  # fmt: skip
    number = agency.number(schedule.id)
    page = agency.browser().get(f"/inpassing/jadwal/{number}")
    assert f"/inpassing/jadwal/{number}/hasil" in page.links()
    assert "Orang Lain" not in page.text
    table = agency.browser().get(f"/inpassing/jadwal/{number}/hasil.csv").html
    assert "Ayu Lestari" in table
    assert "Orang Lain" not in table
    letter = agency.browser().client.get(f"/inpassing/jadwal/{number}/hasil")
    assert letter.data.startswith(b"%PDF-")
    assert "attachment" in letter.headers["Content-Disposition"]


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_nothing_of_another_instansi_is_there(agency):
    """Every address with an object in it, tried with another instansi's: 404, and nothing changes."""
    other = agency.another("Kabupaten Katingan")
    theirs = other.listed("Rahasia", 8, state="lengkap")
    with other.parts.database.write() as unit:
        formasi = other.case(unit, "lkpp_formasi").number
    schedule = other.schedule(
        "Milik Katingan", kind="instansi", instansi_id=other.instansi.id, starts_at=STARTS, closes_at=CLOSES
    )
    number = other.number(schedule.id)
    window = agency.browser()
    for path in (
        f"peserta/{theirs}", f"peserta/{theirs}/mengundurkan-diri", f"peserta/{theirs}/dokumen/{'0' * 32}",
        f"formasi/{formasi}", f"formasi/{formasi}/dokumen/{'0' * 32}", f"jadwal/{number}", f"jadwal/{number}/hasil",
        f"jadwal/{number}/hasil.csv", f"kasus/{theirs}", f"kasus/{formasi}", f"kasus/{number}",
    ):  # fmt: skip
        assert window.get(f"/inpassing/{path}").status == 404, path
    assert window.post(f"/inpassing/peserta/{theirs}/mengundurkan-diri", {"reason": "Alasan yang cukup"}).status == 404
    assert window.post(f"/inpassing/jadwal/{number}", {"participant": "x"}).status == 404
    for start in ("peserta/tambah", "formasi/tambah", "jadwal/instansi/permohonan"):
        assert window.post(f"/inpassing/{start}", {"instansi": other.instansi.id}).status == 404, start
    assert "Rahasia" not in window.get("/inpassing/peserta").text
    assert "Milik Katingan" not in window.get("/inpassing/jadwal/instansi").text
    assert other.rows(Instance, col(Instance.event_count) > 0) == []


def test_the_pages_are_closed_to_everybody_else(agency, browser, person):
    for stranger in (browser(person("Ani")), browser(person("Dewi", roles=["admin"]))):
        assert stranger.get("/inpassing/peserta").status == 403
        assert stranger.get("/inpassing/formasi").status == 403
    assert browser().get("/inpassing/peserta").location.startswith("/masuk")


def test_the_office_passes_to_a_successor_with_all_it_has_open(agency, person, clock):
    """Open cases belong to the instansi's Admin of the day: the one before sees nothing any more."""
    successor = person("Penerus")
    with agency.parts.database.write() as unit:
        [held] = agency.rows(Membership, Membership.user_id == agency.admin.id)
        end_membership(unit, held.id, by=agency.actor(), reason="Diganti", now=clock.now())
        add_membership(
            unit, user_id=successor.id, role="admin_instansi", instansi_id=agency.instansi.id, now=clock.now(),
            valid_from=clock.now().date() - timedelta(days=1), valid_until=None,
        )  # fmt: skip
    assert len(names(agency.browser(successor).get("/inpassing/peserta"))) == 3
    assert agency.browser().get("/inpassing/peserta").status == 403


# --- Riwayat ----------------------------------------------------------------------------------------------------------


def test_riwayat_tells_every_state_in_a_whole_sentence(agency, clock):
    number = agency.listed("Eka", 30, state="diangkat")
    [eka] = agency.rows(Participant, Participant.name == "Eka")
    states = ("draf", "diajukan", "tidak_lengkap", "lengkap", "terdaftar", "portofolio_tidak_sesuai", "tidak_lulus",
              "ujian_ulang", "lulus", "sertifikat", "rekomendasi", "diangkat")  # fmt: skip
    with agency.parts.database.write() as unit:
        for hour, state in enumerate(states):
            detail = {"faulty": [{"key": "ktp", "id": "KTP", "en": "ID card", "note": "Buram"}]}
            unit.session.add(
                ParticipantStage(
                    id=f"{hour:032}", participant_id=eka.id, state=state, at=clock.now() + timedelta(hours=hour),
                    detail=detail if state == "tidak_lengkap" else {},
                )
            )  # fmt: skip
    page = agency.browser().get(f"/inpassing/peserta/{number}")
    told = [" ".join("".join(p.itertext()).split()) for p in page.all("p", class_="history-text")]
    assert len(told) == len(states)
    assert told[0] == "Diangkat ke dalam JF PPBJ.", "newest first"
    assert not [words for words in told if "_" in words or not words.endswith(".")]
    assert "KTP: Buram" in page.text
