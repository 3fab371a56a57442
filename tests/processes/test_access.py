"""Granting an access: a membership of the starter, from today to its last day in the agency's zone, once."""

import uuid
from datetime import UTC, date, datetime

import pytest

from engine.actors import SYSTEM
from engine.people import actor_for, create_user, memberships_of
from engine.registry import BusinessError, HandlerContext
from handlers.access import END_DATE_PASSED, UnknownHolderError, grant_access
from handlers.seeds import instansi_id, read_instansi, seed_instansi
from models import SatuanKerja

KAPUAS = {"id": instansi_id("kabupaten", "Kabupaten Kapuas")}
AMBON = {"id": instansi_id("kota", "Kota Ambon")}
LATE_EVENING = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)
"""23.30 on 1 June in Kapuas (WIB), 01.30 on 2 June in Ambon (WIT)."""


@pytest.fixture
def starter(prepared, clock):
    with prepared.write() as unit:
        user = create_user(unit, email="sari@contoh.go.id", name="Sari", now=clock.now())
        user.state = "active"
        return user.id


def _grant(unit, starter, now=LATE_EVENING, key=None, **given):
    token = key or uuid.uuid4().hex
    context = HandlerContext(unit, now, "case", "activate", token, f"case:{token}", starter, None, SYSTEM, {})
    values = {"role": "bendahara", "instansi": KAPUAS, "valid_until": date(2026, 12, 31), **given}
    return grant_access(context, **values)


def test_the_access_opens_the_role_in_the_agency_until_its_last_day(prepared, starter):
    with prepared.write() as unit:
        granted = _grant(unit, starter)
    assert granted["valid_from"] == date(2026, 6, 1)
    last_second = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    with prepared.read() as unit:
        assert actor_for(unit, starter, last_second).holds("bendahara", KAPUAS["id"])
        assert not actor_for(unit, starter, last_second.replace(hour=17, minute=0, second=0)).grants


def test_granting_twice_is_granting_once(prepared, starter):
    with prepared.write() as unit:
        first = _grant(unit, starter, key="k")
    with prepared.write() as unit:
        assert _grant(unit, starter, key="k") == first
        assert len(memberships_of(unit, starter, LATE_EVENING)) == 1


def test_today_is_the_agencys_today(prepared, starter):
    with prepared.write() as unit:
        assert _grant(unit, starter, valid_until=date(2026, 6, 1))["valid_from"] == date(2026, 6, 1)
        with pytest.raises(BusinessError) as refused:
            _grant(unit, starter, instansi=AMBON, valid_until=date(2026, 6, 1))
    assert refused.value.error_code == END_DATE_PASSED


def test_a_granted_access_verifies_its_working_unit(prepared, starter):
    with prepared.write() as unit:
        row = SatuanKerja(
            id="u",
            instansi_id=KAPUAS["id"],
            name="Dinas",
            name_key="dinas",
            npwp="0",
            address="",
            created_at=LATE_EVENING,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        _grant(unit, starter, working_unit={"id": "u"})
    with prepared.read() as unit:
        assert unit.session.get(SatuanKerja, "u").verified_at == LATE_EVENING
        assert memberships_of(unit, starter, LATE_EVENING)[0].satuan_kerja == "Dinas"


def test_a_case_without_a_person_or_agency_is_a_fault_not_an_access(prepared, starter):
    with prepared.write() as unit:
        with pytest.raises(UnknownHolderError):
            _grant(unit, None)
        with pytest.raises(UnknownHolderError):
            _grant(unit, starter, instansi={"id": "unknown"})


def test_the_agencies_of_the_sources_are_seeded_once(prepared):
    with prepared.write() as unit:
        assert seed_instansi(unit) == 0
    rows = read_instansi()
    assert len({(r.kind, r.name) for r in rows}) == len(rows) == len({r.id for r in rows})
    assert sum(r.kind == "provinsi" for r in rows) == 38
    kalteng = [r for r in rows if r.province == "Kalimantan Tengah"]
    assert len(kalteng) == 15  # the province, 13 kabupaten and Kota Palangka Raya, as in the table of the slides
    assert {r.zone for r in kalteng} == {"Asia/Pontianak"}
    assert {r.kind for r in rows} == {"kementerian", "lembaga", "provinsi", "kabupaten", "kota"}


# Kabupaten and kota of each province, as the Minister of Home Affairs counts them; those of Jakarta are administrative.
REGIONS = {
    "Aceh": (18, 5), "Sumatera Utara": (25, 8), "Sumatera Barat": (12, 7), "Riau": (10, 2), "Jambi": (9, 2),
    "Sumatera Selatan": (13, 4), "Bengkulu": (9, 1), "Lampung": (13, 2), "Kepulauan Bangka Belitung": (6, 1),
    "Kepulauan Riau": (5, 2), "Daerah Khusus Jakarta": (1, 5), "Jawa Barat": (18, 9), "Jawa Tengah": (29, 6),
    "Daerah Istimewa Yogyakarta": (4, 1), "Jawa Timur": (29, 9), "Banten": (4, 4), "Bali": (8, 1),
    "Nusa Tenggara Barat": (8, 2), "Nusa Tenggara Timur": (21, 1), "Kalimantan Barat": (12, 2),
    "Kalimantan Tengah": (13, 1), "Kalimantan Selatan": (11, 2), "Kalimantan Timur": (7, 3), "Kalimantan Utara": (4, 1),
    "Sulawesi Utara": (11, 4), "Sulawesi Tengah": (12, 1), "Sulawesi Selatan": (21, 3), "Sulawesi Tenggara": (15, 2),
    "Gorontalo": (5, 1), "Sulawesi Barat": (6, 0), "Maluku": (9, 2), "Maluku Utara": (8, 2), "Papua": (8, 1),
    "Papua Barat": (7, 0), "Papua Barat Daya": (5, 1), "Papua Selatan": (4, 0), "Papua Tengah": (8, 0),
    "Papua Pegunungan": (8, 0),
}  # fmt: skip


def test_every_province_has_all_of_its_kabupaten_and_kota():
    rows = read_instansi()
    zones = {r.province: r.zone for r in rows if r.kind == "provinsi"}
    assert set(zones) == set(REGIONS)
    counted = {
        p: tuple(sum((r.province, r.kind) == (p, k) for r in rows) for k in ("kabupaten", "kota")) for p in zones
    }
    assert counted == REGIONS
    assert tuple(map(sum, zip(*counted.values(), strict=True))) == (416, 98)
    assert {r.name for r in rows if r.province and r.zone != zones[r.province]} == set()
