"""Pages of programmes: what everybody may know, what overseers see, what an owner does, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine import programmes
from engine.actors import Actor
from engine.definitions import deploy, package_of
from engine.people import actor_for
from engine.relations import link
from engine.texts import Text
from models import Instance, Participant, ParticipantStage, Programme, ProgrammeEvent, UserTask
from tests.support.bpmn import Process, message

FLOW = "lkpp_inpassing"
MANIFEST = """
key = "daftar"
main = "daftar"
owner = "Penguji"
flow = "lkpp_inpassing"
legal_basis = ["Peraturan Contoh Nomor 2 Tahun 2026"]
title = { id = "Pendaftaran Uji", en = "Registration" }
[lanes."Pemohon"]
assign = "starter"
[parameters.sabar_hari]
value = 3
title = { id = "Sabar (hari)", en = "Patience (days)" }
[parameters.jam_tutup]
value = "16:00"
title = { id = "Jam tutup", en = "Closing hour" }
[parameters.tarif]
value = 2.5
title = { id = "Tarif", en = "Rate" }
[parameters.lisan]
value = false
title = { id = "Lisan", en = "Oral" }
[parameters.golongan]
value = { pertama = ["III/a", "III/b"], muda = ["III/c"] }
title = { id = "Golongan", en = "Grades" }
"""


def registration(label: str = "Isi") -> Process:
    p = Process("daftar", name="Pendaftaran")
    p.start()
    p.user("fill", name=label, lane="Pemohon")
    p.user("wait", name="Tunggu", lane="Pemohon")
    p.end("done", lane="Pemohon")
    p.chain("start", "fill", "wait", "done")
    p.boundary("closing", "fill", message("programme_closed", variable="tutup"), name="Ditutup", lane="Pemohon")
    p.end("gugur", name="Gugur", lane="Pemohon")
    p.chain("closing", "gugur")
    p.lanes["Pemohon"].append("start")
    return p


@pytest.fixture
def parts(app):
    """The services, with the procedure deployed."""
    found = app.extensions["alur"]
    _deploy(found, registration())
    return found


@pytest.fixture
def programme(parts, clock):
    """`programme("musim-1", …)`: opened a day ago, for thirty days."""

    def make(key: str = "musim-1", **terms) -> str:
        now = clock.now()
        wanted = {
            "flow": FLOW, "title": Text("Musim Pertama", "First season"), "period": "2026-1", "by": None, "now": now,
            "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=29),
            "legal_basis": ["Keputusan Contoh Nomor 9"],
        }  # fmt: skip
        with parts.database.write() as unit:
            return programmes.open_programme(unit, key=key, **{**wanted, **terms}).id

    return make


@pytest.fixture
def owner(person):
    return person("Indah Permata", roles=["owner"])


def _deploy(parts, process: Process) -> None:
    files = {**process.files(), "process.toml": MANIFEST.encode()}
    with parts.database.write() as unit:
        deploy(unit, package_of("daftar", files), parts.registry, "tests", "", parts.clock.now())


def _actor(parts, user) -> Actor:
    with parts.database.read() as unit:
        found = actor_for(unit, user.id, parts.clock.now())
    assert found is not None
    return found


def _row(parts, key: str) -> Programme:
    with parts.database.read() as unit:
        return unit.session.scalars(select(Programme).where(col(Programme.key) == key)).one()


def new_programme(**changed) -> dict[str, str]:
    """What the form of a new programme sends."""
    return {
        "title": "Inpassing 2027", "title_en": "", "period": "2027-1", "key": "inpassing-2027-1",
        "legal_basis": "Keputusan A\nKeputusan B", "zone": "Asia/Makassar", "opens_on": "2026-07-01",
        "opens_time": "08:00", "closes_on": "2026-12-31", "closes_time": "16:00", "p_sabar_hari": "5",
        "p_jam_tutup": "16:00", "p_tarif": "2,5", "p_lisan": "ya", "p_golongan__pertama": "III/a",
        "p_golongan__muda": "III/c", **changed,
    }  # fmt: skip


# --- looking ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_the_window_the_basis_and_the_terms(browser, person, programme):
    programme(parameters={"sabar_hari": 9})
    page = browser(person("Ani Wijaya")).get("/program/musim-1")

    assert page.heading == "Musim Pertama"
    for words in ("Keputusan Contoh Nomor 9", "Dibuka", "tersisa 20 hari kerja", "Sabar (hari)", "9", "diubah",
                  "Pendaftaran Uji", "pertama: III/a, III/b; muda: III/c"):  # fmt: skip
        assert words in page.text
    assert "Sejauh mana peserta" not in page.text
    assert "Riwayat program" not in page.text
    assert not any("/perpanjang" in address for address in page.links())


def test_the_list_says_what_is_open_planned_and_closed(browser, person, programme, parts, clock):
    programme("satu")
    programme("dua", opens_at=clock.now() + timedelta(days=40), closes_at=clock.now() + timedelta(days=80))
    closed = programme("tiga")
    with parts.database.write() as unit:
        programmes.close(unit, closed, by=None, reason="Selesai", now=clock.now())

    page = browser(person("Ani Wijaya")).get("/program")

    assert page.text.index("satu") < page.text.index("tiga")
    assert "Belum dibuka" in page.text
    assert "Kasus berjalan" not in page.text


def test_overseers_see_numbers_and_history_and_have_it_in_their_menu(browser, person, programme):
    programme()
    for role in ("owner", "auditor", "admin_lkpp", "pimpinan_lkpp"):
        page = browser(person("Hendra Gunawan", roles=[role])).get("/program/musim-1")
        assert "/program" in page.links()
        assert "Sejauh mana peserta" in page.text
        assert "Program dibuka" in page.text


def test_the_menu_of_others_does_not_name_programmes(browser, person):
    assert "/program" not in browser(person("Ani Wijaya")).get("/proses").links()


def test_the_funnel_counts_whoever_ever_reached_a_step(browser, person, programme, parts, clock, instansi):
    ident, place = programme(), instansi("Kota Contoh", kind="kota")
    ani = person("Ani Wijaya")
    ways = [("lulus", ["draf", "diajukan", "lengkap", "terdaftar", "lulus"]), ("gugur", ["draf", "diajukan", "gugur"]),
            ("tidak_lengkap", ["draf", "diajukan", "tidak_lengkap"]), ("draf", ["draf"])]  # fmt: skip
    for number, (state, stages) in enumerate(ways):
        case = parts.runner.start("daftar", _actor(parts, ani), programme_id=ident)
        known = {"golongan": "III/a", "jenjang": "pertama", "email": "x@contoh.go.id", "name": "X"}
        when = {"created_at": clock.now(), "updated_at": clock.now()}
        whose = {"id": case, "programme_id": ident, "instansi_id": place.id, "nip": f"{number:018}"}
        rows = [ParticipantStage(id=f"{case[:8]}-{step}", participant_id=case, state=stage, at=clock.now())
                for step, stage in enumerate(stages)]  # fmt: skip
        with parts.database.write() as unit:
            unit.session.add(Participant(**whose, **known, **when, state=state))
            unit.session.flush()
            unit.session.add_all(rows)
    reader = browser(person("Hendra Gunawan", roles=["auditor"]))

    page = reader.get("/program/musim-1")
    exported = reader.get("/program/musim-1/corong.csv").text.splitlines()

    assert "Peserta didaftarkan 4 100 %" in page.text
    assert "Diajukan 3 75 % 75 % 0" in page.text
    assert "Gugur 1" in page.text
    assert [line.split(",")[1] for line in exported[1:]] == ["4", "3", "1", "1", "1", "0", "0", "0"]
    assert [bar.get("width") for bar in page.tree.iter("{*}rect") if bar.get("class") == "bar"] == [
        "100.0", "75.0", "25.0", "25.0", "25.0", "0.0", "0.0", "0.0",
    ]  # fmt: skip


def test_numbers_are_for_overseers_only(browser, person, programme):
    programme()
    assert browser(person("Ani Wijaya")).get("/program/musim-1/corong.xlsx").status == 403


def test_two_periods_stand_side_by_side_with_what_differs(browser, person, programme, parts):
    programme()
    programme("musim-2", period="2026-2", parameters={"sabar_hari": 7})

    page = browser(person("Ani Wijaya")).get("/program/bandingkan?a=musim-1&b=musim-2")

    assert "Sabar (hari) berbeda 3 7" in page.text
    assert "Jam tutup 16:00 16:00" in page.text
    assert "Pilih dua periode" in browser(person("Budi Santoso")).get("/program/bandingkan?a=musim-1").text


def test_a_programme_that_is_not_there_is_not_found(browser, owner):
    for path in ("/program/apa", "/program/apa/parameter", "/program/apa/tutup"):
        assert browser(owner).get(path).status == 404


# --- opening ---------------------------------------------------------------------------------------------------------


def test_the_form_of_a_new_programme_is_filled_in_from_the_procedures(browser, owner, parts):
    page = browser(owner).get("/program/baru")

    assert page.one("input", name="p_sabar_hari").get("value") == "3"
    assert page.one("input", name="p_golongan__pertama").get("value") == "III/a, III/b"
    assert "Peraturan Contoh Nomor 2 Tahun 2026" in page.text


def test_an_owner_opens_a_programme(browser, owner, parts):
    answer = browser(owner).post("/program/baru?alur=lkpp_inpassing", new_programme())

    assert (answer.status, answer.location) == (303, "/program/inpassing-2027-1")
    row = _row(parts, "inpassing-2027-1")
    assert (row.title_id, row.zone, row.owner_id) == ("Inpassing 2027", "Asia/Makassar", owner.id)
    assert row.legal_basis == ["Keputusan A", "Keputusan B"]
    assert row.opens_at == datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
    assert row.parameters == {"sabar_hari": 5, "lisan": True, "golongan": {"pertama": ["III/a"], "muda": ["III/c"]}}


WRONG = (
    ({"p_sabar_hari": "tiga"}, "Tulis bilangan, misalnya 12."),
    ({"p_sabar_hari": "2,5"}, "Tulis bilangan bulat"),
    ({"p_jam_tutup": ""}, "Isi nilainya."),
    ({"closes_on": "2026-06-30"}, "Penutupan harus sesudah pembukaan."),
    ({"key": "Musim 1"}, "Pakai huruf kecil"),
    ({"key": "musim-1"}, "sudah dipakai"),
    ({"legal_basis": ""}, "Tuliskan dasar hukumnya."),
    ({"opens_on": "besok"}, "isian perlu diperbaiki"),
)


def test_what_is_wrong_with_a_new_programme_is_told_at_its_field(browser, owner, programme):
    programme()
    writer = browser(owner)
    for changed, told in WRONG:
        page = writer.post("/program/baru?alur=lkpp_inpassing", new_programme(**changed))
        assert page.status == 422, changed
        assert told in page.text
        assert page.one("input", name="title").get("value") == "Inpassing 2027"


def test_without_a_procedure_of_a_flow_there_is_nothing_to_open(browser, owner, app):
    assert "Belum ada prosedur" in browser(owner).get("/program/baru").text


# --- changing --------------------------------------------------------------------------------------------------------


def test_an_owner_changes_the_terms_of_new_cases(browser, owner, programme, parts, person):
    programme()
    ani = _actor(parts, person("Ani Wijaya"))
    early = parts.runner.start("daftar", ani)
    sent = {"p_sabar_hari": "8", "p_jam_tutup": "16:00", "p_tarif": "2.5", "p_lisan": "tidak",
            "p_golongan__pertama": "III/a, III/b", "p_golongan__muda": "III/c",
            "reason": "Menurut surat edaran"}  # fmt: skip

    assert browser(owner).post("/program/musim-1/parameter", sent).status == 303

    late = parts.runner.start("daftar", ani)
    with parts.database.read() as unit:
        kept = [unit.session.get_one(Instance, case).parameters for case in (early, late)]
    assert kept == [{}, {"sabar_hari": 8}]
    page = browser(owner).get("/program/musim-1")
    assert "Ketentuan diubah: Menurut surat edaran" in page.text
    assert "Indah Permata" in page.text


def test_an_owner_takes_up_new_versions(browser, owner, programme, parts):
    programme()
    _deploy(parts, registration("Isi lagi"))
    before = _row(parts, "musim-1").versions
    page = browser(owner).get("/program/musim-1")
    assert "Ada versi prosedur yang lebih baru" in page.text

    assert browser(owner).post("/program/musim-1/versi", {"reason": "Perbaikan formulir"}).status == 303

    assert _row(parts, "musim-1").versions != before
    assert "Ada versi prosedur" not in browser(owner).get("/program/musim-1").text


def test_an_owner_extends_with_a_reason(browser, owner, programme, parts):
    programme()
    missing = browser(owner).post("/program/musim-1/perpanjang", {"closes_on": "2026-08-31", "closes_time": "16:00"})
    earlier = browser(owner).post(
        "/program/musim-1/perpanjang", {"closes_on": "2026-06-02", "closes_time": "16:00", "reason": "Terlalu pendek"}
    )
    done = browser(owner).post(
        "/program/musim-1/perpanjang", {"closes_on": "2026-08-31", "closes_time": "16:00", "reason": "Banyak peminat"}
    )

    assert "Tuliskan alasannya." in missing.text
    assert "batas baru harus sesudah yang lama" in earlier.text
    assert (missing.status, earlier.status, done.status) == (422, 422, 303)
    assert _row(parts, "musim-1").closes_at == datetime(2026, 8, 31, 9, 0, tzinfo=UTC)


def test_closing_says_what_it_does_and_then_does_it(browser, owner, programme, parts, person):
    programme()
    ani = _actor(parts, person("Ani Wijaya"))
    first, second = (parts.runner.start("daftar", ani) for _ in range(2))
    with parts.database.read() as unit:
        task = unit.session.scalars(select(col(UserTask.id)).where(col(UserTask.instance_id) == second)).one()
    parts.runner.complete(task, ani, {})

    page = browser(owner).get("/program/musim-1/tutup")
    assert "1 kasus berakhir: pesertanya menjadi Gugur" in page.text
    assert "1 kasus lain diteruskan" in page.text
    assert browser(owner).post("/program/musim-1/tutup", {"reason": ""}).status == 422
    assert browser(owner).post("/program/musim-1/tutup", {"reason": "Perintah pimpinan"}).status == 303

    assert _row(parts, "musim-1").state == "closed"
    assert browser(owner).get("/program/musim-1/tutup").status == 404
    page = browser(owner).get("/program/musim-1")
    assert "Program ditutup: Perintah pimpinan" in page.text
    assert "1 kasus diberi tahu" in page.text
    with parts.database.read() as unit:
        assert unit.session.get_one(Instance, first).status == "active"  # told by a job, which the worker does


def test_only_a_national_owner_changes_a_national_programme(browser, person, programme, instansi, parts):
    programme()
    local = person("Rudi Hartono", roles=["owner"], instansi=instansi("Kota Contoh", kind="kota"))
    for user in (local, person("Hendra Gunawan", roles=["auditor"]), person("Ani Wijaya")):
        stranger = browser(user)
        for act in ("parameter", "versi", "perpanjang", "tutup"):
            assert stranger.get(f"/program/musim-1/{act}").status == 403
            assert stranger.post(f"/program/musim-1/{act}", {"reason": "Coba saja"}).status == 403
    assert browser(local).get("/program/baru").status == 403
    with parts.database.read() as unit:
        assert list(unit.session.scalars(select(col(ProgrammeEvent.kind)))) == ["opened"]


# --- the case page ---------------------------------------------------------------------------------------------------


def test_a_case_names_its_programme_and_the_cases_it_belongs_with(browser, person, programme, parts, clock):
    programme()
    ani, budi = person("Ani Wijaya"), person("Budi Santoso")
    own, other, strange = (
        parts.runner.start("daftar", _actor(parts, user)) for user in (ani, ani, budi)
    )  # fmt: skip
    with parts.database.write() as unit:
        link(unit, own, other, "schedule", clock.now())
        link(unit, own, strange, "recommendation", clock.now())
        numbers = {case: unit.session.get_one(Instance, case).number for case in (own, other, strange)}

    page = browser(ani).get(f"/kasus/{numbers[own]}")
    assert "Musim Pertama (2026-1)" in page.text
    assert f"Jadwal uji kompetensi · {numbers[other]}" in page.text
    assert numbers[strange] not in page.text
    assert f"Peserta pada jadwal ini · {numbers[own]}" in browser(ani).get(f"/kasus/{numbers[other]}").text


def test_the_pages_read_in_english_too(browser, person, programme):
    programme(parameters={"lisan": True})
    page = browser(person("Jane Doe", roles=["owner"], locale="en")).get("/program/musim-1")
    assert page.heading == "First season"
    assert "How far participants have come" in page.text
    assert "Patience (days) 3 3" in page.text


# --- starting ---------------------------------------------------------------------------------------------------------


def test_of_two_open_programmes_the_applicant_chooses_one(browser, person, programme, parts):
    programme(), programme("musim-2", title=Text("Musim Kedua", "Second season"), period="2026-2")
    window = browser(person("Ani Wijaya"))

    page = window.get("/permohonan/baru")
    answer = window.post("/permohonan/baru/daftar", {"programme_id": _row(parts, "musim-2").id})

    assert "Musim Pertama" in page.text
    assert "Musim Kedua" in page.text
    assert answer.status == 303
    with parts.database.read() as unit:
        assert unit.session.scalars(select(Instance.programme_id)).one() == _row(parts, "musim-2").id


def test_where_none_is_open_the_page_says_when_and_offers_no_button(browser, person, programme, parts, clock):
    ani = person("Ani Wijaya")
    window = browser(ani)
    assert "Belum ada program yang dibuka." in window.get("/permohonan/baru").text

    programme(opens_at=clock.now() + timedelta(days=2))
    planned = window.get("/permohonan/baru")
    assert "Belum dibuka; dibuka pada" in planned.text
    clock.move_to(clock.now() + timedelta(days=60))
    programmes.close_due(parts.database, clock.now())

    closed = browser(ani).get("/permohonan/baru")

    assert "Sudah ditutup pada" in closed.text
    assert "/permohonan/baru/daftar" not in closed.html
