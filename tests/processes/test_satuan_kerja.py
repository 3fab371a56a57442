"""Working units: of two first registrants exactly one wins, whatever the moment, on both databases."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.actors import SYSTEM
from engine.forms import Fault
from engine.registry import BusinessError, HandlerContext
from handlers.satuan_kerja import TAKEN, name_key, options, register_satuan_kerja, resolve
from handlers.seeds import instansi_id
from models import Definition, DefinitionVersion, Instance, SatuanKerja

KAPUAS = {"id": instansi_id("kabupaten", "Kabupaten Kapuas"), "name": "Kabupaten Kapuas", "kind": "kabupaten"}
KATINGAN = {"id": instansi_id("kabupaten", "Kabupaten Katingan"), "name": "Kabupaten Katingan", "kind": "kabupaten"}
UNIT = {"id": None, "name": "Dinas Kesehatan", "registered": False}
NEW = {"npwp": "0001234567891000", "address": "Jalan Pemuda Nomor 12"}


@pytest.fixture
def cases(prepared, clock):
    """Two running cases, `a` and `b`."""
    with prepared.write() as unit:
        unit.session.add(Definition(key="p", title="P", owner="x"))
        unit.session.flush()
        unit.session.add(
            DefinitionVersion(
                id="v",
                definition_key="p",
                number=1,
                main_process="p",
                manifest={},
                deployed_at=clock.now(),
                deployed_by="",
            )
        )
        unit.session.flush()
        for name in ("a", "b"):
            unit.session.add(_case(name, clock.now()))
    return prepared


def _case(name, now):
    return Instance(
        id=name, number=name, definition_key="p", version_id="v", started_at=now, revision=1, meta=b"", chain_head=b"",
        state_digest=b"",
    )  # fmt: skip


def _context(unit, case, now, data=None):
    token = uuid.uuid4().hex
    return HandlerContext(unit, now, case, "claim", token, f"{case}:{token}", "starter", None, SYSTEM, data or {})


def _register(database, case, clock, *, instansi=KAPUAS, satuan_kerja=UNIT, **given):
    with database.write() as unit:
        return register_satuan_kerja(
            _context(unit, case, clock.now()), instansi=instansi, satuan_kerja=satuan_kerja, **given
        )


def _resolve(database, raw, values):
    with database.read() as unit:
        return resolve(unit, raw, values)


def _end(database, case, status="completed"):
    with database.write() as unit:
        unit.session.get(Instance, case).status = status


def _verify(database, clock):
    with database.write() as unit:
        unit.session.execute(select(SatuanKerja)).scalar_one().verified_at = clock.now()


def test_the_first_registrant_gives_npwp_and_address(cases, clock):
    assert _register(cases, "a", clock, **NEW) | {"id": "…"} == {
        "id": "…", "name": "Dinas Kesehatan", "first": True, **NEW
    }  # fmt: skip


def test_the_second_first_registrant_is_refused_and_may_then_join_without_npwp(cases, clock):
    first = _register(cases, "a", clock, **NEW)
    with pytest.raises(BusinessError) as refused:
        _register(cases, "b", clock, satuan_kerja={**UNIT, "name": "dinas  KESEHATAN"}, npwp="9" * 16, address="lain")
    assert refused.value.error_code == TAKEN
    joined = _register(cases, "b", clock)
    assert joined == {**first, "first": False}


def test_two_at_the_same_moment_one_wins(cases, clock):
    """Both are past their check before either commits: the unique index decides."""
    start, outcomes = threading.Barrier(2), {}

    def _try(case):
        start.wait()
        try:
            outcomes[case] = _register(cases, case, clock, **NEW)["first"]
        except BusinessError as refusal:
            outcomes[case] = refusal.error_code

    threads = [threading.Thread(target=_try, args=(case,)) for case in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, outcomes.values())) == ["True", TAKEN]


def test_a_registrant_may_correct_the_npwp_in_a_repair(cases, clock):
    _register(cases, "a", clock, **NEW)
    again = _register(cases, "a", clock, npwp="1" * 16, address="Jalan Baru Nomor 1")
    assert (again["npwp"], again["address"], again["first"]) == ("1" * 16, "Jalan Baru Nomor 1", True)


def test_doing_it_twice_is_doing_it_once(cases, clock):
    assert _register(cases, "a", clock, **NEW) == _register(cases, "a", clock, **NEW)


def test_naming_another_unit_gives_up_the_first_one(cases, clock):
    _register(cases, "a", clock, **NEW)
    _register(cases, "a", clock, satuan_kerja={**UNIT, "name": "Dinas Pendidikan"}, **NEW)
    assert _register(cases, "b", clock, **NEW)["first"]


def test_the_same_name_in_another_agency_is_another_unit(cases, clock):
    _register(cases, "a", clock, **NEW)
    assert _register(cases, "b", clock, instansi=KATINGAN, **NEW)["first"]


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_claim_that_came_to_nothing_leaves_the_unit_to_the_next(cases, clock, status):
    _register(cases, "a", clock, **NEW)
    _end(cases, "a", status)
    assert not _resolve(cases, "Dinas Kesehatan", {"instansi": KAPUAS})["registered"]
    taken = _register(cases, "b", clock, npwp="1" * 16, address="Jalan Baru Nomor 1")
    assert (taken["first"], taken["npwp"]) == (True, "1" * 16)


def test_a_suspended_case_keeps_its_claim(cases, clock):
    _register(cases, "a", clock, **NEW)
    _end(cases, "a", "suspended")
    with pytest.raises(BusinessError):
        _register(cases, "b", clock, **NEW)


def test_a_verified_unit_stays_registered_for_good(cases, clock):
    _register(cases, "a", clock, **NEW)
    _verify(cases, clock)
    _end(cases, "a")
    clock.move_to(clock.now() + timedelta(days=900))
    assert _resolve(cases, "dinas kesehatan", {"instansi": KAPUAS})["registered"]
    with pytest.raises(BusinessError):
        _register(cases, "b", clock, npwp="1" * 16, address="Jalan Baru Nomor 1")
    assert _register(cases, "b", clock)["npwp"] == NEW["npwp"]


def test_the_form_asks_only_a_registrant_for_npwp_also_in_its_own_repair(cases, clock):
    assert _resolve(cases, "Dinas  Kesehatan ", {"instansi": KAPUAS}) == UNIT
    own = _register(cases, "a", clock, **NEW)
    assert _resolve(cases, "Dinas Kesehatan", {"instansi": KAPUAS})["registered"]
    assert not _resolve(cases, "Dinas Kesehatan", {"instansi": KAPUAS, "working_unit": own})["registered"]


def test_without_an_agency_no_unit_can_be_named(cases):
    assert isinstance(_resolve(cases, "Dinas Kesehatan", {"instansi": None}), Fault)


def test_suggestions_are_registered_units_of_the_agency_and_take_the_text_literally(cases, clock):
    _register(cases, "a", clock, satuan_kerja={**UNIT, "name": "Dinas 100% Sehat"}, **NEW)
    with cases.read() as unit:
        assert [o.value for o in options(unit, "100%", {"instansi": KAPUAS})] == ["Dinas 100% Sehat"]
        assert options(unit, "1%0", {"instansi": KAPUAS}) == []
        assert options(unit, "Dinas", {"instansi": KATINGAN}) == []
        assert options(unit, "Dinas", {}) == []


def test_two_spellings_have_one_key():
    assert name_key(" Dinas\u00a0 KESEHATAN ") == name_key("dinas kesehatan")
