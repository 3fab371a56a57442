"""Programmes: where cases of a flow are started, on what terms, and what becomes of them when it closes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine import programmes
from engine.acts.cases import lock
from engine.calendar import seed_calendar
from engine.errors import NotFoundError
from engine.flows import ParameterKindError, parameters_of
from engine.mail import SpoolTransport
from engine.programmes import (
    NoProgrammeError,
    NotInProgrammeError,
    OtherFlowError,
    ProgrammeClosedError,
    ProgrammeFaultError,
    ProgrammeNotYetOpenError,
    ProgrammeRequiredError,
)
from engine.proof import check_case
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import Database
from engine.worker import Ticker
from models import Instance, Programme, ProgrammeEvent, metadata
from tests.support.bpmn import Process, message
from tests.support.office import START, Office

FLOW = "season"
PARAMETERS = """
[parameters.patience]
value = 3
title = { id = "Sabar (hari)", en = "Patience (days)" }
[parameters.fee]
value = 2.5
title = { id = "Biaya", en = "Fee" }
"""


def application(marker: str = "one") -> Process:
    """Apply, then wait; a closing ends whoever has not yet been registered."""
    p = Process("apply", name="Apply")
    p.start()
    p.script("note", f"terms = [programme.period, parameters.patience, parameters.fee, '{marker}']", lane="Sistem")
    p.user("fill", lane="Pemohon", due="days(parameters.patience)")
    p.user("registered", lane="Pemohon")
    p.end()
    p.chain("start", "note", "fill", "registered", "end")
    p.boundary("closing", "fill", message(programmes.CLOSED, variable="closed"), lane="Pemohon")
    p.end("dropped", lane="Pemohon")
    p.chain("closing", "dropped")
    p.lanes["Sistem"].append("start")
    p.lanes["Pemohon"].append("end")
    return p


def outside() -> Process:
    """A process of no flow."""
    p = Process("alone", name="Alone")
    p.start()
    p.user("fill", lane="Pemohon")
    p.end()
    p.chain("start", "fill", "end")
    p.lanes["Pemohon"] += ["start", "end"]
    return p


@pytest.fixture
def office(database):
    office = Office(database)
    office.deploy(application(), toml=PARAMETERS, flow=FLOW)
    return office


@pytest.fixture
def ani(office):
    return office.person("Ani")


def opened(office: Office, key: str = "season-1", **terms) -> str:
    wanted = {
        "flow": FLOW, "title": Text("Musim", "Season"), "period": "2026-1", "opens_at": START - timedelta(days=1),
        "closes_at": START + timedelta(days=30), "by": None, "now": office.clock.now(),
    }  # fmt: skip
    with office.database.write() as unit:
        return programmes.open_programme(unit, key=key, **{**wanted, **terms}).id


def change(office: Office, function, programme_id: str, *terms, **more):
    with office.database.write() as unit:
        return function(unit, programme_id, *terms, by=None, reason="Sebab", now=office.clock.now(), **more)


def events(office: Office, programme_id: str) -> list[ProgrammeEvent]:
    return sorted(office.rows(ProgrammeEvent, programme_id=programme_id), key=lambda e: e.at)


def terms_of(office: Office, case: str):
    with office.database.read() as unit:
        return lock(unit, office.definitions, case).session(unit).data()["terms"]


# --- joining ---------------------------------------------------------------------------------------------------------


def test_a_case_of_a_flow_joins_the_only_open_programme(office, ani):
    programme = opened(office, parameters={"patience": 5}, zone="Asia/Jayapura")

    case = office.start("apply", ani)

    row = office.case(case)
    assert (row.programme_id, row.zone, row.parameters) == (programme, "Asia/Jayapura", {"patience": 5})
    assert row.programme == {"id": programme, "key": "season-1", "period": "2026-1", "instansi": None}
    assert terms_of(office, case) == ["2026-1", 5, Decimal("2.5"), "one"]
    assert office.task(case, "fill").due_at == START + timedelta(days=5)


def test_without_a_programme_there_is_no_case(office, ani):
    with pytest.raises(NoProgrammeError) as refused:
        office.start("apply", ani)
    assert "belum ada yang dibuka" in refused.value.message("id")


def test_of_two_programmes_one_must_be_named(office, ani):
    opened(office)
    second = opened(office, "season-2")

    with pytest.raises(ProgrammeRequiredError) as refused:
        office.start("apply", ani)
    assert "2 yang dibuka" in refused.value.message("id")
    assert office.case(office.start("apply", ani, programme_id=second)).programme_id == second


@pytest.mark.parametrize(
    ("moved", "error", "words"),
    [(timedelta(days=-2), ProgrammeNotYetOpenError, "baru dibuka pada Minggu, 31 Mei 2026"),
     (timedelta(days=31), ProgrammeClosedError, "ditutup sejak Rabu, 1 Juli 2026")],
)  # fmt: skip
def test_outside_its_window_a_programme_takes_nobody(office, ani, moved, error, words):
    programme = opened(office)

    with pytest.raises(error) as refused:
        office.start("apply", ani, programme_id=programme, now=START + moved)
    assert words in refused.value.message("id")


def test_what_an_office_still_owes_begins_in_a_closed_programme_too_but_never_in_one_that_is_not_yet_open(database):
    office = Office(database)
    office.deploy(application(), toml=f"{PARAMETERS}\n[start]\nafter_close = true", flow=FLOW)
    ani, programme = office.person("Ani"), opened(office)

    case = office.start("apply", ani, programme_id=programme, now=START + timedelta(days=31))

    assert office.case(case).programme_id == programme
    with pytest.raises(ProgrammeNotYetOpenError):
        office.start("apply", ani, programme_id=programme, now=START - timedelta(days=2))


def test_a_programme_of_another_flow_or_of_nobody_takes_no_case(office, ani):
    other = Process("other")
    other.start()
    other.user("fill", lane="Pemohon")
    other.end()
    other.chain("start", "fill", "end")
    office.deploy(other, flow="another")
    programme = opened(office, flow="another")

    with pytest.raises(OtherFlowError):
        office.start("apply", ani, programme_id=programme)
    with pytest.raises(NotFoundError):
        office.start("apply", ani, programme_id="nothing")
    assert office.case(office.start("other", ani)).programme_id == programme


def test_a_process_of_no_flow_needs_no_programme(database):
    office = Office(database)
    p = Process("plain")
    p.start()
    p.user("fill", lane="Pemohon", due="days(3) if programme == None else days(9)")
    p.end()
    p.chain("start", "fill", "end")
    office.deploy(p)

    case = office.start("plain", office.person("Ani"))

    assert office.case(case).programme is None
    assert office.task(case, "fill").due_at == START + timedelta(days=3)


def test_a_process_deployed_later_is_not_in_the_programme_until_it_takes_up_the_versions(office, ani):
    programme = opened(office)
    late = Process("late")
    late.start()
    late.user("fill", lane="Pemohon")
    late.end()
    late.chain("start", "fill", "end")
    office.deploy(late, flow=FLOW)

    with pytest.raises(NotInProgrammeError):
        office.start("late", ani)
    change(office, programmes.use_versions, programme)
    assert office.case(office.start("late", ani)).programme_id == programme


# --- terms -----------------------------------------------------------------------------------------------------------


def test_a_case_keeps_the_terms_of_its_first_day(office, ani):
    programme = opened(office)
    early = office.start("apply", ani)

    change(office, programmes.change_parameters, programme, {"patience": 9, "fee": Decimal("7.25")})
    office.deploy(application("two"), toml=PARAMETERS, flow=FLOW)
    middle = office.start("apply", ani)
    change(office, programmes.use_versions, programme)
    late = office.start("apply", ani)

    assert terms_of(office, early) == ["2026-1", 3, Decimal("2.5"), "one"]
    assert terms_of(office, middle) == ["2026-1", 9, Decimal("7.25"), "one"]
    assert terms_of(office, late) == ["2026-1", 9, Decimal("7.25"), "two"]
    assert [e.kind for e in events(office, programme)] == ["opened", "parameters", "versions"]


def test_handlers_know_the_programme_and_its_parameters(database):
    seen = {}
    registry = Registry()
    office = Office(database, registry=registry)

    def look(context):
        seen[context.element_id] = (context.programme_id, context.parameters["patience"], context.calendar.zone)
        return {}

    office.handler("look", look)
    office.handler("look_later", look, mode="async")
    p = Process("apply")
    p.start(lane="Sistem")
    p.service("now", "look", lane="Sistem")
    p.service("later", "look_later", lane="Sistem")
    p.end(lane="Sistem")
    p.chain("start", "now", "later", "end")
    office.deploy(p, toml=PARAMETERS, flow=FLOW)
    programme = opened(office, parameters={"patience": 8}, zone="Asia/Makassar")

    case = office.start("apply")
    office.tick()

    assert office.case(case).status == "completed"
    assert seen["now"] == seen["later"]
    assert seen["now"][:2] == (programme, 8)
    assert str(seen["now"][2]) == "Asia/Makassar"


@pytest.mark.parametrize("field", ["programme", "parameters", "programme_id"])
@pytest.mark.tampers
def test_terms_that_were_changed_in_the_row_are_found(office, ani, field):
    opened(office)
    other = opened(office, "season-2", opens_at=START + timedelta(days=10))
    case = office.start("apply", ani)
    forged = {"programme": {"id": other}, "parameters": {"patience": 99}, "programme_id": other}[field]

    with office.database.write() as unit:
        setattr(unit.session.get_one(Instance, case), field, forged)

    with office.database.read() as unit:
        assert check_case(unit, office.definitions, case, replay=True) != []


@pytest.mark.parametrize(
    ("given_", "error"),
    [({"unknown": 1}, ProgrammeFaultError), ({"patience": "tiga"}, ParameterKindError),
     ({"patience": True}, ParameterKindError)],
)  # fmt: skip
def test_parameters_must_be_known_and_of_their_kind(office, given_, error):
    with pytest.raises(error):
        opened(office, parameters=given_)


def test_a_value_like_the_process_own_is_no_difference(office):
    programme = opened(office, parameters={"patience": 3, "fee": Decimal("4.5")})

    (row,) = office.rows(Programme, id=programme)
    with office.database.read() as unit:
        assert row.parameters == {"fee": {"$decimal": "4.5"}}
        assert programmes.parameter_values(unit, row) == {"patience": 3, "fee": Decimal("4.5")}
        assert parameters_of(unit, row.versions)["patience"].title.en == "Patience (days)"


def test_where_two_processes_say_otherwise_the_programme_says_it_for_both(office, ani):
    other = Process("other")
    other.start()
    other.user("fill", lane="Pemohon", due="days(parameters.patience)")
    other.end()
    other.chain("start", "fill", "end")
    office.deploy(other, toml=PARAMETERS.replace("value = 3", "value = 6"), flow=FLOW)
    opened(office, parameters={"patience": 3})

    assert office.task(office.start("other", ani), "fill").due_at == START + timedelta(days=3)


@pytest.mark.parametrize(
    "terms",
    [{"flow": "nobody"}, {"closes_at": START - timedelta(days=2)}, {"zone": "Mars/Base"}, {"key": "season-1"}],
)
def test_a_programme_must_make_sense(office, terms):
    opened(office)
    with pytest.raises(ProgrammeFaultError):
        opened(office, **{"key": "season-2", **terms})


# --- closing ---------------------------------------------------------------------------------------------------------


def test_closing_reaches_those_who_wait_for_it_and_nobody_else(office, ani):
    programme = opened(office, closes_at=START + timedelta(days=2))
    waits, registered = office.start("apply", ani), office.start("apply", ani)
    office.complete(registered, "fill", ani)
    elsewhere = office.start("apply", ani, programme_id=opened(office, "season-2"), now=START)

    office.wait(days=2)
    office.tick()

    assert (office.case(waits).status, office.case(waits).outcome) == ("completed", "dropped")
    assert [office.case(c).status for c in (registered, elsewhere)] == ["active", "active"]
    (row,) = office.rows(Programme, id=programme)
    assert (row.state, row.closed_at) == ("closed", START + timedelta(days=2))
    assert events(office, programme)[-1].detail == {"told": 1}


def test_the_ticker_closes_programmes_once(office, ani):
    programme = opened(office, closes_at=START + timedelta(hours=1))
    case = office.start("apply", ani)
    office.wait(hours=1)

    ticker = Ticker(office.runner, office.registry, SpoolTransport(), office.clock)
    ticker.run_once()
    ticker.run_once()

    assert office.case(case).outcome == "dropped"
    assert [e.kind for e in events(office, programme)] == ["opened", "closed"]


def test_a_suspended_case_is_told_once_it_goes_on(office, ani):
    programme = opened(office)
    case = office.start("apply", ani)
    office.runner.suspend(case, ani)

    change(office, programmes.close, programme)
    office.tick()
    office.runner.resume(case, ani)
    office.wait(minutes=2)
    office.tick()

    assert office.case(case).outcome == "dropped"
    assert office.incidents() == []


def test_a_case_that_went_on_meanwhile_is_left_alone(office, ani):
    programme = opened(office)
    case = office.start("apply", ani)

    change(office, programmes.close, programme)
    office.complete(case, "fill", ani)
    office.tick()

    assert office.open(case) == ["registered"]
    assert [j.state for j in office.jobs(name=programmes.CLOSED)] == ["cancelled"]
    assert office.incidents() == []


def test_a_closed_programme_cannot_be_changed(office):
    programme = opened(office)
    assert change(office, programmes.close, programme) == 0

    later = START + timedelta(days=60)
    for act, terms in (
        (programmes.extend, (later,)), (programmes.change_parameters, ({"patience": 1},)),
        (programmes.use_versions, ()), (programmes.close, ()),
    ):  # fmt: skip
        with pytest.raises(ProgrammeClosedError):
            change(office, act, programme, *terms)


def test_extending_moves_the_end_and_needs_a_later_one_and_a_reason(office, ani):
    programme = opened(office)
    longer = START + timedelta(days=45)

    change(office, programmes.extend, programme, longer)

    assert office.case(office.start("apply", ani, now=START + timedelta(days=40))).programme_id == programme
    assert events(office, programme)[-1].detail["after"] == longer.isoformat()
    with pytest.raises(ProgrammeFaultError):
        change(office, programmes.extend, programme, START + timedelta(days=44))
    with pytest.raises(ProgrammeFaultError), office.database.write() as unit:
        programmes.extend(unit, programme, longer + timedelta(days=1), by=None, reason=" ", now=office.clock.now())


def test_a_programme_whose_time_is_over_cannot_be_extended_even_before_the_ticker_came(office):
    programme = opened(office)
    office.wait(days=31)
    with pytest.raises(ProgrammeClosedError):
        change(office, programmes.extend, programme, START + timedelta(days=90))


# --- side by side ----------------------------------------------------------------------------------------------------

_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("start"), st.sampled_from((0, 1))),
        st.tuples(st.just("go"), st.integers(0, 9)),
        st.tuples(st.just("patience"), st.sampled_from((0, 1)), st.integers(1, 30)),
        st.tuples(st.just("deploy"), st.sampled_from(("one", "two", "three"))),
        st.tuples(st.just("versions"), st.sampled_from((0, 1))),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
def test_two_programmes_side_by_side_never_mix(fresh_office, acts):
    """Whatever is deployed and changed meanwhile: each case has the version and parameters of its programme then."""
    office = fresh_office()
    ani = office.person("Ani")
    current = "one"
    office.deploy(application(current), toml=PARAMETERS, flow=FLOW)
    both = [opened(office, f"season-{n}", period=f"2026-{n}") for n in (0, 1)]
    terms = [[3, "one"], [3, "one"]]
    expected: dict[str, list] = {}
    for act, *what in acts:
        if act == "start":
            case = office.start("apply", ani, programme_id=both[what[0]])
            expected[case] = [f"2026-{what[0]}", terms[what[0]][0], Decimal("2.5"), terms[what[0]][1]]
        elif act == "go" and expected:
            case = list(expected)[what[0] % len(expected)]
            if office.open(case) == ["fill"]:
                office.complete(case, "fill", ani)
        elif act == "patience":
            change(office, programmes.change_parameters, both[what[0]], {"patience": what[1]})
            terms[what[0]][0] = what[1]
        elif act == "deploy":
            current = what[0]
            office.deploy(application(current), toml=PARAMETERS, flow=FLOW)
        elif act == "versions":
            change(office, programmes.use_versions, both[what[0]])
            terms[what[0]][1] = current
    for case, known in expected.items():
        assert terms_of(office, case) == known
        with office.database.read() as unit:
            assert check_case(unit, office.definitions, case, replay=True) == []


@pytest.fixture
def fresh_office():
    """A new database for every example."""

    made = []

    def _office() -> Office:
        database = Database("sqlite://")
        made.append(database)
        metadata.create_all(database.engine)
        with database.write() as unit:
            seed_calendar(unit, datetime(2026, 1, 1, tzinfo=UTC))
        return Office(database)

    yield _office
    for database in made:
        database.dispose()


# --- whose calendar --------------------------------------------------------------------------------------------------


def test_pages_ask_for_the_calendar_that_the_case_runs_on(office, ani):
    kapuas, katingan = office.instansi("kapuas"), office.instansi("katingan")
    opened(office, instansi_id=kapuas)
    of_an_agency = office.start("apply", ani, instansi_id=katingan)
    change(office, programmes.close, office.case(of_an_agency).programme_id)
    opened(office, "season-2")
    national = office.start("apply", ani, instansi_id=katingan)
    office.deploy(outside())
    alone = office.start("alone", ani, instansi_id=katingan)

    with office.database.read() as unit:
        owners = dict(unit.connection.execute(select(Instance.id, programmes.calendar_owner())).all())

    assert owners == {of_an_agency: kapuas, national: None, alone: katingan}
    for case, owner in owners.items():
        with office.database.read() as unit:
            assert lock(unit, office.definitions, case).facts.calendar_of == owner
