"""Programmes in a real browser: readable and accessible on every screen, and an owner's whole way through one."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine import programmes
from engine.actors import SYSTEM
from engine.texts import Text
from models import Instansi, Participant, ParticipantStage

FLOW = "lkpp_inpassing"
WAYS = (
    ("diangkat", ("diajukan", "lengkap", "terdaftar", "lulus", "sertifikat", "rekomendasi", "diangkat"), 2),
    ("sertifikat", ("diajukan", "lengkap", "terdaftar", "lulus", "sertifikat"), 3),
    ("terdaftar", ("diajukan", "lengkap", "terdaftar"), 4),
    ("tidak_lengkap", ("diajukan", "tidak_lengkap"), 2),
    ("gugur", ("diajukan", "gugur"), 1),
)


@pytest.fixture
def season(site):
    """Two programmes of the real flow; in the first, a dozen participants on their way."""
    now, by = site.clock.now(), site.person("owner@contoh.go.id").id
    title = Text("Penyesuaian/Inpassing JF PPBJ", "Inpassing into the procurement profession")
    with site.database.write() as unit:
        made = [
            programmes.open_programme(
                unit, key=f"inpassing-lkpp-uji-{number}", flow=FLOW, title=title, period=f"Uji {number}", by=by,
                now=now, opens_at=now - timedelta(days=10), closes_at=now + timedelta(days=20 * number),
                legal_basis=["Peraturan LKPP Nomor 4 Tahun 2019"], parameters={"formasi_verification_days": patience},
            ).id
            for number, patience in ((1, 5), (2, 9))
        ]  # fmt: skip
    for state, stages, count in WAYS:
        for _ in range(count):
            _participant(site, made[0], state, stages)


def _participant(site, programme_id: str, state: str, stages: tuple[str, ...]) -> None:
    """The rows as handlers leave them, on a case of the flow."""
    case = site.parts.runner.start("lkpp_schedule", SYSTEM, programme_id=programme_id)
    now = site.clock.now()
    known = {"golongan": "III/a", "jenjang": "pertama", "email": "x@contoh.go.id", "name": "X", "nip": "1" * 18}
    with site.database.write() as unit:
        place = unit.session.scalars(select(col(Instansi.id)).limit(1)).one()
        unit.session.add(
            Participant(id=case, programme_id=programme_id, instansi_id=place, state=state, counts=False,
                        created_at=now, updated_at=now, **known)
        )  # fmt: skip
        unit.session.flush()
        unit.session.add_all(
            ParticipantStage(id=f"{case[:28]}-{step}", participant_id=case, state=stage, at=now)
            for step, stage in enumerate(stages)
        )


@pytest.mark.usefixtures("season")
def test_every_page_of_programmes_is_accessible_on_every_screen(site, open_tab):
    tab = open_tab(site, "owner@contoh.go.id")
    for name, path in (
        ("list", ""), ("one", "/inpassing-lkpp-uji-1"), ("new", "/baru"),
        ("parameters", "/inpassing-lkpp-uji-1/parameter"),
        ("extend", "/inpassing-lkpp-uji-1/perpanjang"), ("close", "/inpassing-lkpp-uji-1/tutup"),
        ("versions", "/inpassing-lkpp-uji-1/versi"),
        ("compare", "/bandingkan?a=inpassing-lkpp-uji-1&b=inpassing-lkpp-uji-2"),
    ):  # fmt: skip
        tab.go(f"/program{path}")
        tab.check(name=f"programmes-{name}")
    tab.go("/program/inpassing-lkpp-uji-1")
    tab.dark()
    assert tab.axe() == []


@pytest.mark.usefixtures("season")
def test_an_owner_goes_a_programmes_whole_way(site, open_tab):
    tab = open_tab(site, "owner@contoh.go.id", looks=False)
    tab.go("/program")
    tab.follow("Buka program baru")
    tab.page.get_by_label("Judul", exact=True).fill("Inpassing Gelombang Tiga")
    tab.page.get_by_label("Periode", exact=True).fill("2026-3")
    tab.page.get_by_label("Kunci").fill("gelombang-3")
    for label, value in (("Dibuka tanggal", "2026-06-01"), ("Dibuka pukul", "08:00"), ("Ditutup tanggal", "2026-07-01"),
                         ("Ditutup pukul", "16:00")):  # fmt: skip
        tab.page.get_by_label(label).fill(value)
    tab.press("Buka program")
    assert tab.heading == "Inpassing Gelombang Tiga"

    tab.follow("Perpanjang")
    tab.page.get_by_label("Ditutup tanggal").fill("2026-08-31")
    tab.page.get_by_label("Alasan").fill("Banyak peminat")
    tab.press("Perpanjang program")
    assert "Program diperpanjang: Banyak peminat" in tab.text
    assert "31 Agustus 2026" in tab.text

    tab.follow("Tutup sekarang")
    assert "Penutupan tidak dapat dibatalkan" in tab.text
    with tab.answers(422):
        tab.press("Tutup program")
    assert "Tuliskan alasannya." in tab.focused["text"]
    tab.page.get_by_label("Alasan").fill("Keputusan pimpinan")
    tab.press("Tutup program")
    assert "Program ditutup: Keputusan pimpinan" in tab.text
    assert tab.page.get_by_role("link", name="Tutup sekarang").count() == 0
