"""The board of an LPSE and the pages around it: who sees what, what a coordinator may do, and what a page costs."""

import csv
import io

import pytest
from sqlalchemy import event, select

from engine.definitions import deploy, read_package
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.people import actor_for
from engine.settings import ROOT
from handlers.seeds import prepare
from models import Instansi, LpseEvent, LpseItem, UserTask

REASON = "Penilaian LKPP dimajukan ke bulan ini."


class Desk:
    """The application with one registered LPSE whose first phase has its PIC."""

    def __init__(self, app, person):
        self.parts = app.extensions["alur"]
        now = self.parts.clock.now()
        with self.parts.database.write() as unit:
            prepare(unit, now)
            for key in ("lpse_item", "lpse_standards"):
                deploy(unit, read_package(ROOT / "bpmn" / key), self.parts.registry, by="t", note="", now=now)
            agency = unit.session.scalars(select(Instansi).where(Instansi.name == "Kabupaten Kapuas")).one()
            other = unit.session.scalars(select(Instansi).where(Instansi.name == "Kota Palangka Raya")).one()
            unit.session.expunge_all()
        self.coordinator = person("Kirana", roles=["koordinator_lpse"], instansi=agency)
        self.pita = person("Pita", roles=["pic_lpse"], instansi=agency)
        self.putra = person("Putra", roles=["pic_lpse"], instansi=agency)
        self.reviewer = person("Rani", roles=["reviewer_lpse"], instansi=agency)
        self.stranger = person("Orang Lain", roles=["koordinator_lpse"], instansi=other)
        self.spd = person("Dewi", roles=["spd"])

    def begin(self):
        case = self.parts.runner.start("lpse_standards", self.actor(self.coordinator))
        self.do(case, "register", self.coordinator, lpse_name="LPSE Kabupaten Kapuas")
        pics = {f"pic_{stage}": self.pita.id for stage in ("policy", "perencanaan", "pelaksanaan")}
        self.do(case, "assign_pics", self.coordinator, **pics, exceptions=[])
        run_ready(self.parts.runner, self.parts.registry, SpoolTransport(), self.parts.clock.now(), limit=500)
        self.case = case
        return self

    def actor(self, user):
        with self.parts.database.read() as unit:
            return actor_for(unit, user.id, self.parts.clock.now())

    def do(self, case, element, user, **data):
        self.parts.runner.complete(self.task(case, element).id, self.actor(user), data)

    def task(self, case, element):
        with self.parts.database.read() as unit:
            found = select(UserTask).where(UserTask.instance_id == case, UserTask.element_id == element)
            return unit.session.scalars(found.where(UserTask.state == "open")).one()

    def items(self, **where):
        with self.parts.database.read() as unit:
            return list(unit.session.scalars(select(LpseItem).filter_by(**where).order_by(LpseItem.standard)))


@pytest.fixture
def desk(app, person):
    return Desk(app, person).begin()


def test_the_board_shows_17_standards_by_phase_with_their_pics(desk, browser):
    coordinator = browser(desk.coordinator)
    page = coordinator.follow(coordinator.get("/lpse"))
    for words in (
        "Pemenuhan Standar secara Bertahap", "Standar Dasar", "Standar Faktual", "Standar 1: Kebijakan Layanan",
        "Standar 17: Penilaian Internal", "0 dari 51 butir Terpenuhi", "Pita", "Buka lebih awal",
    ):  # fmt: skip
        assert words in page.text
    mine = browser(desk.pita).get(f"/lpse/{desk.case}?milik=saya&tahap=dasar")
    assert "Standar 8: Pengelolaan SDM" in mine.text
    assert "Standar 3: Pengelolaan Aset Layanan" not in mine.text
    assert "Buka lebih awal" not in mine.text


def test_nobody_of_another_agency_finds_the_lpse_or_what_is_in_it(desk, browser):
    item = desk.items()[0]
    paths = ("", "/unduh", "/pic", "/tahap/menengah/buka", "/surat")
    addresses = [f"/lpse/{desk.case}{path}" for path in paths] + [f"/lpse/butir/{item.id}"]
    stranger = browser(desk.stranger)
    assert {stranger.get(address).status for address in addresses} == {404}
    pic = browser(desk.pita)
    assert {pic.get(f"/lpse/{desk.case}{path}").status for path in paths[2:]} == {404}


def test_direktorat_spd_sees_all_lpse_and_takes_them_along(desk, browser):
    spd = browser(desk.spd)
    page = spd.follow(spd.get("/lpse"))
    assert "LPSE Kabupaten Kapuas" in page.text
    rows = list(csv.reader(io.StringIO(spd.get("/lpse/semua/unduh").html.lstrip("\ufeff"))))
    assert rows[1][:2] == ["LPSE Kabupaten Kapuas", "Kabupaten Kapuas"]
    assert rows[1][4:6] == ["51", "51"]
    sheet = spd.get("/lpse/semua/unduh?bentuk=xlsx")
    assert sheet.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert browser(desk.coordinator).get("/lpse/semua").status == 403


def test_a_phase_is_opened_early_with_a_reason_that_the_board_shows(desk, browser):
    coordinator, address = browser(desk.coordinator), f"/lpse/{desk.case}/tahap/menengah/buka"
    asked = coordinator.post(address, {"reason": "cepat"})
    assert asked.status == 422
    assert "Alasan terdiri atas 10 sampai 500 huruf." in asked.text
    assert coordinator.post(address, {"reason": REASON}).status == 303
    assert REASON in browser(desk.pita).get(f"/lpse/{desk.case}").text
    assert desk.task(desk.case, "assign_pics").name == "Tetapkan PIC/Tim"


def test_a_pic_is_changed_for_one_item_and_for_many_with_a_reason(desk, browser):
    coordinator, item = browser(desk.coordinator), desk.items(standard=1, stage="policy")[0]
    address = f"/lpse/butir/{item.id}"
    assert coordinator.post(f"{address}/pic", {"pic": desk.stranger.id, "reason": REASON}).status == 422
    assert coordinator.post(f"{address}/pic", {"pic": desk.putra.id, "reason": REASON}).status == 303
    page = coordinator.get(address)
    assert "PIC: Putra" in page.text
    assert REASON in page.text
    assert desk.task(item.instance_id, "start_work").assignee_id == desk.putra.id

    many = {"phase": "dasar", "stage": "perencanaan", "before": "", "pic": desk.putra.id, "reason": REASON}
    assert coordinator.post(f"/lpse/{desk.case}/pic", many).status == 303
    assert {i.pic_id for i in desk.items(stage="perencanaan", phase="dasar")} == {desk.putra.id}
    assert {i.pic_id for i in desk.items(stage="pelaksanaan", phase="dasar")} == {desk.pita.id}
    with desk.parts.database.read() as unit:
        told = unit.session.scalars(select(LpseEvent).where(LpseEvent.reason == REASON)).all()
    assert len(told) == 1 + 4


def test_the_board_costs_the_same_statements_however_many_items_are_open(desk, browser):
    page, counts = browser(desk.pita), []

    def count():
        seen = []
        listener = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(desk.parts.database.engine, "before_cursor_execute", listener)
        page.get(f"/lpse/{desk.case}")
        event.remove(desk.parts.database.engine, "before_cursor_execute", listener)
        counts.append(len(seen))

    page.get(f"/lpse/{desk.case}")
    count()
    for item in desk.items(phase="dasar")[:6]:
        desk.do(item.instance_id, "start_work", desk.pita)
    count()
    assert counts[0] == counts[1] <= 20


def test_a_coordinator_begins_from_the_front_page(app, person, browser):
    desk = Desk(app, person)
    coordinator = browser(desk.coordinator)
    assert "Mulai pemenuhan standar" in coordinator.get("/lpse").text
    first = coordinator.post("/lpse/mulai").location
    assert coordinator.post("/lpse/mulai").location == first
    assert "Nama LPSE" in coordinator.get(first).text
    assert "belum terdaftar" in browser(desk.pita).get("/lpse").text
