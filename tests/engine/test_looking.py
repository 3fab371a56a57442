"""Looking at many histories: steps, ways, rework, lateness, waiting, and the rules on paper that were broken."""

from datetime import date, timedelta

import pytest
from sqlalchemy import true

from calendars.seed import seed_calendar
from engine.errors import NotFoundError
from engine.looking import Walk, deviating, left_to_reckon, reckon
from engine.looking import figures as counted
from engine.looking.again import loops, period
from engine.looking.choice import Choice, cases, folded, stamp, way_of
from engine.looking.keeping import RuleFaultError, Wording, rules_of, withdraw_rule, wordings, write_rule
from engine.looking.rules import Break, Looked, broken
from engine.looking.shape import shape_of
from engine.looking.spread import Share, Spread
from engine.looking.visits import Visit, millis
from models import LookedBreak, LookedCase, Membership
from tests.support.bpmn import Process, multi
from tests.support.office import Office
from tests.support.rich import deploy_rich, move_twice, play_to_the_end, play_to_the_middle

HOUR = 3600
ALL = Choice("permit")


def permit(*, sign: str = "sign") -> Process:
    """Applied, checked within two working days, perhaps sent back; prepared in a called process, and signed."""
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon")
    p.user("check", lane="Verifikator", due='working_days_after(today(), 2, at="16:00")')
    p.exclusive("complete")
    p.call("prepare", "papers")
    p.user(sign, lane="Verifikator", exclude="completer:check")
    p.end()
    p.chain("start", "apply", "check", "complete")
    p.flow("complete", "apply", "not ok", name="Perlu perbaikan")
    p.flow("complete", "prepare", default=True, name="Lengkap")
    p.chain("prepare", sign, "end")
    return p


def papers() -> Process:
    p = Process("papers")
    p.start("p_start")
    p.user("write", lane="Verifikator")
    p.user("read", lane="Verifikator", repeat=multi(cardinality=2))
    p.end("p_end")
    p.chain("p_start", "write", "read", "p_end")
    return p


@pytest.fixture
def office(sqlite_database):
    return office_on(sqlite_database)


def office_on(database):
    """On Tuesday 2 June: the day before was a day off."""
    made = Office(database)
    made.deploy(permit(), papers())
    made.wait(days=1)
    return made


@pytest.fixture
def people(office):
    return people_of(office)


def people_of(office):
    """Ani applies; Budi and Citra check and sign, and hold the role for it."""
    for name in ("budi", "citra"):
        office.person(name.title(), "verifier")
        with office.database.write() as unit:
            unit.session.add(
                Membership(id=name, user_id=f"user-{name}", role="verifier", valid_from=date(2026, 5, 1),
                           created_at=office.clock.now())
            )  # fmt: skip
    return office.person("Ani"), office.person("Budi", "verifier"), office.person("Citra", "verifier")


def play(office, people, *, returned=0, waits=timedelta(hours=1)):
    """One case from its beginning to its end."""
    ani, budi, citra = people
    case = office.start("permit", ani)
    for again in range(returned + 1):
        office.complete(case, "apply", ani)
        office.runner.claim(office.task(case, "check").id, budi)
        office.clock.move_to(office.clock.now() + waits)
        office.complete(case, "check", budi, ok=again == returned)
    office.complete(case, "write", budi)
    for _ in range(2):
        office.runner.complete(office.tasks(case)[0].id, citra, {})
    office.complete(case, "sign", citra)
    return case


def looked_at(office, choice=ALL):
    reckon(office.database, office.definitions)
    with office.database.read() as unit:
        return cases(unit, choice, true())


def walk_of(office, case) -> Walk:
    while reckon(office.database, office.definitions):
        pass
    return Walk.from_bytes(office.rows(LookedCase, instance_id=case)[0].body)


def test_a_case_becomes_its_steps(office, people):
    # given a case sent back once, each check taking four hours
    case = play(office, people, returned=1, waits=timedelta(hours=4))
    # when
    walk = walk_of(office, case)
    # then every visit knows when, by whom, from where and why
    checks = [v for v in walk.visits if v.element == "check"]
    assert [(v.elapsed, v.working, v.waited, v.who, v.origin) for v in checks] == [
        (4 * HOUR, 4 * HOUR, 0, "user-budi", "apply")
    ] * 2
    applied = [v for v in walk.visits if v.element == "apply"]
    assert [v.origin for v in applied] == [None, "check"]
    flow = office.definitions.current("permit").specs.flows[applied[1].via]
    assert flow.name == "Perlu perbaikan"
    written = next(v for v in walk.visits if v.element == "write")
    assert (written.called, written.origin) == (True, "check")
    assert walk.passed["complete"] == 2
    assert sum(v.element == "prepare" for v in walk.visits) == 1
    assert walk.working == 8 * HOUR


def test_what_stands_is_open_and_what_was_cancelled_is_no_step_taken(office, people):
    ani = people[0]
    standing, stopped = office.start("permit", ani), office.start("permit", ani)
    office.complete(standing, "apply", ani)
    office.runner.cancel(stopped, office.person("Indah", "owner"), "keliru")
    found = {case.id: case for case in looked_at(office)}
    assert [(v.element, v.left) for v in found[standing].walk.visits if v.left is None] == [("check", None)]
    assert way_of(found[stopped], ALL) == ()


def test_only_cases_that_went_on_are_looked_at_again(database):
    office = office_on(database)
    people = people_of(office)
    first = play(office, people)
    play(office, people)
    assert reckon(office.database, office.definitions) == 2
    assert reckon(office.database, office.definitions) == 0
    third = office.start("permit", people[0])
    with office.database.read() as unit:
        assert left_to_reckon(unit, "permit") == 1
        before = stamp(unit, ALL, true())
    assert reckon(office.database, office.definitions, key="other") == 0
    assert reckon(office.database, office.definitions, key="permit") == 1
    office.complete(third, "apply", people[0])
    assert reckon(office.database, office.definitions) == 1
    with office.database.read() as unit:
        assert stamp(unit, ALL, true()) != before
    assert office.rows(LookedCase, instance_id=first)[0].event_count == office.case(first).event_count


def test_ways_are_told_as_closely_as_asked(office, people):
    play(office, people)
    play(office, people, returned=2)
    found = looked_at(office)
    ways = {v.share.part: v.way for v in counted.variants(found[:1], ALL)}
    assert ways[1] == ("apply", "check", "write", "read", "read", "sign", "end")
    assert way_of(found[1], ALL)[:6] == ("apply", "check", "apply", "check", "apply", "check")
    assert way_of(found[1], Choice("permit", folded=True)) == ("apply", "check", "write", "read", "sign", "end")
    assert way_of(found[0], Choice("permit", called=False)) == ("apply", "check", "prepare", "sign", "end")
    assert way_of(found[0], Choice("permit", every_step=True)) == (
        "apply", "check", "write", "read", "read", "p_end", "sign", "end",
    )  # fmt: skip
    shares = [v.so_far.percent for v in counted.variants(found, ALL)]
    assert shares == [50.0, 100.0]


@pytest.mark.parametrize(
    ("way", "expected"), [("ababc", "abc"), ("aabaabd", "abd"), ("abcabcabc", "abc"), ("abc", "abc"), ("", "")]
)
def test_repetitions_that_follow_on_each_other_fold_into_one(way, expected):
    assert "".join(folded(tuple(way))) == expected


def test_rework_says_from_where_how_often_and_why(office, people):
    play(office, people)
    play(office, people, returned=2)
    [loop, again] = loops(looked_at(office), ALL)
    assert {(found.origin, found.element) for found in (loop, again)} == {("check", "apply"), ("apply", "check")}
    back = loop if loop.element == "apply" else again
    name = office.definitions.current("permit").specs.flows[back.why[0][0]].name
    assert (back.times, len(back.cases), back.most, name) == (2, 1, 2, "Perlu perbaikan")


def test_lateness_is_counted_by_step_unit_and_month_open_ones_by_the_clock(database):
    office = office_on(database)
    people = people_of(office)
    play(office, people)  # due on Thursday at 16.00
    play(office, people, waits=timedelta(days=4))
    standing = office.start("permit", people[0])
    office.complete(standing, "apply", people[0])
    found = looked_at(office)
    late = counted.lateness(found, ALL, counted.BY_STEP, millis(office.clock.now()))
    assert [(line.key, line.late, line.open_late) for line in late] == [(("check",), Share(1, 3), 0)]
    office.wait(days=9)
    [line] = counted.lateness(found, ALL, counted.BY_UNIT, millis(office.clock.now()))
    assert (line.key, line.late, line.open_late, line.by.count) == (("verifier", None), Share(2, 3), 1, 1)
    [line] = counted.lateness(found, ALL, counted.BY_MONTH, millis(office.clock.now()))
    assert (line.key, len(line.cases)) == (("2026-06",), 2)
    with office.database.read() as unit:
        assert standing in set(unit.connection.execute(deviating(office.clock.now())).scalars())
        assert standing not in set(unit.connection.execute(deviating(office.clock.now(), "four_eyes")).scalars())


def test_a_due_date_that_somebody_moved_is_the_one_that_counts(office, people):
    ani, budi, _citra = people
    case = office.start("permit", ani)
    office.complete(case, "apply", ani)
    [due] = office.deadlines(case, kind="due")
    owner = office.person("Indah", "owner")
    office.runner.move_deadline(due.id, due.due_at + timedelta(days=10), owner, reason="SOP baru")
    office.wait(days=8)
    office.complete(case, "check", budi, ok=True)
    [line] = counted.lateness(looked_at(office), ALL, counted.BY_STEP, millis(office.clock.now()))
    assert line.late == Share(0, 1)


def test_waiting_and_working_are_told_apart_and_by_whom(office, people):
    ani, budi, _citra = people
    case = office.start("permit", ani)
    office.complete(case, "apply", ani)
    office.wait(hours=3)
    office.runner.claim(office.task(case, "check").id, budi)
    office.wait(hours=2)
    office.complete(case, "check", budi, ok=True)
    found = looked_at(office)
    [wait] = [w for w in counted.waits(found, ALL) if w.working.total]
    assert (wait.key, wait.waiting.median, wait.doing.median) == (("check",), 3 * HOUR, 2 * HOUR)
    assert counted.waits(found, ALL, counted.BY_PERSON)[0].key == ("user-budi", "verifier")
    heats, flows = counted.heat(found)
    assert (heats["check"].times, heats["complete"].times, heats["write"].standing) == (1, 1, 1)
    assert sum(flows.values()) == 5


def test_periods_rest_on_the_cases_that_began_in_them(office, people):
    play(office, people)
    office.wait(days=40)
    play(office, people, returned=1)
    looked_at(office)
    with office.database.read() as unit:
        july = cases(unit, ALL.within(date(2026, 7, 1), None), true())
        june = cases(unit, ALL.within(date(2026, 6, 1), date(2026, 6, 30)), true())
    now = millis(office.clock.now())
    one, two = period(june, ALL, now), period(july, ALL, now)
    assert (one.cases, one.reworked, two.cases, two.reworked) == (1, Share(0, 1), 1, Share(1, 1))
    assert one.steps["check"] == Spread(1, HOUR, HOUR, HOUR, HOUR)


def test_a_moved_case_is_told_in_the_names_of_its_version(sqlite_database):
    office = Office(sqlite_database)
    deploy_rich(office)
    case = play_to_the_middle(office)
    move_twice(office, case)
    play_to_the_end(office, case)
    walk = walk_of(office, case)
    elements = {visit.element for visit in walk.visits}
    assert "check" not in elements
    assert sum(visit.element == "verify" for visit in walk.visits) == 3


# --- rules on paper --------------------------------------------------------------------------------------------------


def broken_rules(office):
    while reckon(office.database, office.definitions):
        pass
    return [(b.rule, b.element_id, b.other) for b in office.rows(LookedBreak)]


def keep(office, rule_id=None, **wording):
    with office.database.write() as unit:
        return write_rule(
            unit, "permit", Wording(**{"title": "Aturan", "basis": "", **wording}),
            office.definitions.current("permit").specs.elements, by="user-ani", now=office.clock.now(),
            rule_id=rule_id, reason="SOP baru" if rule_id else "",
        )  # fmt: skip


def test_a_case_as_it_should_be_breaks_nothing(office, people):
    play(office, people)
    assert broken_rules(office) == []


def test_what_the_package_draws_is_looked_for_in_what_was_done(office, people):
    # given a case that is late, and whose checker's role had ended the day before
    with office.database.write() as unit:
        unit.session.get(Membership, "budi").valid_until = date(2026, 6, 3)
    play(office, people, waits=timedelta(days=5))
    # then
    assert broken_rules(office) == [("due", "check", None), ("office", "check", None), ("office", "write", None)]


def test_four_eyes_are_looked_for_even_where_the_system_let_it_happen(sqlite_database):
    """As in a case that was moved, after the deed, to the version that has the rule."""
    office = Office(sqlite_database)
    office.deploy(permit(), papers())
    visits = [
        Visit("check", "p", 0, 1000, "d", who="user-budi"),
        Visit("sign", "p", 2000, 3000, "d", who="user-budi"),
        Visit("check", "p", 4000, 5000, "x", who="user-ani"),
        Visit("check", "p", 4000, 6000, "d", who="user-ani"),
    ]
    shape = shape_of(office.definitions.current("permit"))
    case = Looked(visits, shape, "user-ani", completed=True, ended=7000, calendar=seed_calendar("Asia/Jakarta"))
    assert broken(case, []) == [
        Break("four_eyes", "sign", 3000, "check"),
        Break("four_eyes", "check", 6000, "starter"),
    ]


def test_an_owners_rule_is_held_against_every_case(office, people):
    # given a check that took from Wednesday to Monday, and was done twice
    office.wait(days=1)
    play(office, people, returned=1, waits=timedelta(days=5))
    # when
    expected = [
        ({"kind": "order", "one": "sign", "other": "check"}, ("check", "sign")),
        ({"kind": "order", "one": "apply", "other": "check"}, None),
        ({"kind": "four_eyes", "one": "check", "other": "write"}, ("write", "check")),
        ({"kind": "four_eyes", "one": "check", "other": "sign"}, None),
        ({"kind": "time", "one": "apply", "other": "sign", "number": 4}, ("sign", "apply")),
        ({"kind": "time", "one": "apply", "other": "sign", "number": 5}, None),
        ({"kind": "time", "one": "apply", "other": "sign", "number": 4, "working": False}, ("sign", "apply")),
        ({"kind": "required", "one": "p_end"}, None),
        ({"kind": "most", "one": "check", "number": 1}, ("check", None)),
        ({"kind": "most", "one": "check", "number": 2}, None),
    ]
    kept = {f"own:{keep(office, **wording)}": (wording, broke) for wording, broke in expected}
    # then
    found = {rule: (element, other) for rule, element, other in broken_rules(office) if rule in kept}
    assert {rule: found.get(rule) for rule in kept} == {rule: broke for rule, (_wording, broke) in kept.items()}


def test_every_wording_stays_and_the_newest_counts(database):
    office = office_on(database)
    people = people_of(office)
    play(office, people, returned=1)
    rule = keep(office, kind="most", one="check", number=1)
    assert (f"own:{rule}", "check", None) in broken_rules(office)
    keep(office, rule_id=rule, kind="most", one="check", number=5)
    assert broken_rules(office) == []
    with office.database.write() as unit:
        withdraw_rule(unit, "permit", rule, by="user-ani", now=office.clock.now(), reason="tidak perlu")
        withdraw_rule(unit, "permit", rule, by="user-ani", now=office.clock.now(), reason="dua kali")
    with office.database.read() as unit:
        assert rules_of(unit, "permit") == []
        written = sorted((w.PaperRule.version, w.PaperRule.withdrawn, w.by) for w in wordings(unit, "permit"))
    assert written == [(1, False, "Ani"), (2, False, "Ani"), (3, True, "Ani")]


def test_a_rule_that_says_nothing_is_refused(office):
    for wording, fields in (
        ({"kind": "order", "one": "check", "other": "check"}, ("other",)),
        ({"kind": "time", "one": "check", "other": "sign"}, ("number",)),
        ({"kind": "most", "one": "nowhere", "number": 0}, ("one", "number")),
        ({"kind": "other", "one": "check", "title": " "}, ("kind", "title")),
    ):
        with pytest.raises(RuleFaultError) as refused:
            keep(office, **wording)
        assert refused.value.fields == fields


def test_a_rule_of_another_process_is_not_there(office):
    rule = keep(office, kind="required", one="sign")
    with pytest.raises(NotFoundError), office.database.write() as unit:
        withdraw_rule(unit, "other", rule, by="x", now=office.clock.now(), reason="")


def test_shares_of_few_never_differ_and_those_of_many_do_when_chance_does_not_explain_it():
    assert not Share(1, 10).differs_from(Share(9, 10))
    assert not Share(50, 100).differs_from(Share(55, 100))
    assert Share(20, 100).differs_from(Share(55, 100))
    assert Share(0, 0).percent is None


def test_the_slow_end_is_a_length_that_was():
    assert Spread.of([*range(1, 11), None]) == Spread(10, 5, 9, 10, 55)
    assert Spread.of([]) == Spread()
