"""Recorded cases run again on changed files: what the change does to each, and that nothing else is said of any."""

import json
from datetime import timedelta

import pytest

from engine.actors import SYSTEM
from engine.calendar import seed_calendar
from engine.registry import BusinessError, Field
from models import Instance
from tests.support.backtests import files_of, run_again
from tests.support.bpmn import Process, after, at, error, message, multi
from tests.support.office import Office
from tests.support.rich import deploy_rich, play_to_the_end, play_to_the_middle, rich


@pytest.fixture
def office(sqlite_database):
    office = Office(sqlite_database)
    with sqlite_database.write() as unit:
        seed_calendar(unit, office.clock.now())
    office.handler("worth", _worth, inputs=("amount",), outputs=(Field("class", "text", "", ""),), errors=("nothing",))
    office.handler("tell", lambda _context, text: {}, "async", inputs=("text",))
    return office


def _worth(_context, amount):
    if amount == 0:
        raise BusinessError("nothing")
    return {"class": "large" if amount > 100 else "small"}


def permit(
    *,
    condition="amount > 50",
    days=3,
    votes=3,
    paid_within='"P10D"',
    name="",
    reminded='"P2D"',
    extra=None,
    exclude=None,
) -> tuple[Process, Process]:
    """Apply → worth → large ones are reviewed in a called process by three people → told → paid in time, or lapsed."""
    review = Process("review")
    review.start("r_start")
    four_eyes = {} if exclude is None else {"exclude": exclude}
    due = f"working_days_after(today(), {days}, at='16:00')"
    repeat = multi(cardinality=votes)
    review.user("vote", lane="Verifikator", due=due, repeat=repeat, name=f"Penilaian{name}", **four_eyes)
    review.boundary("nudge", "vote", after(reminded), interrupting=False, name=f"Pengingat{name}")
    review.service("nudged", "tell", {"text": "'nudge'"})
    review.end("r_end")
    review.end("n_end")
    review.chain("r_start", "vote", "r_end")
    review.chain("nudge", "nudged", "n_end")
    p = Process("permit")
    p.start()
    p.user("apply", lane="Pemohon", name=f"Permohonan{name}", form="apply")
    p.service("worth", "worth", {"amount": "amount"}, "worth")
    p.boundary("worthless", "worth", error("nothing"))
    p.exclusive("large_q", name=f"Besar?{name}")
    p.call("examine", "review", name=f"Pemeriksaan{name}")
    p.service("told", "tell", {"text": "'done'"})
    p.event_gateway("pay_or_not")
    p.catch("paid", message("payment", variable="payment"), name=f"Dibayar{name}")
    p.catch("unpaid", after(paid_within), name=f"Batas bayar{name}")
    p.end("granted", name=f"Diberikan{name}")
    p.end("lapsed", name=f"Gugur{name}")
    p.end("refused", name=f"Ditolak{name}")
    p.chain("start", "apply")
    if extra is not None:
        extra(p)
    else:
        p.chain("apply", "worth")
    p.chain("worth", "large_q")
    p.flow("large_q", "examine", condition, name=f"Ya{name}")
    p.flow("large_q", "told", default=True, name=f"Tidak{name}")
    p.chain("examine", "told", "pay_or_not", "paid", "granted")
    p.chain("pay_or_not", "unpaid", "lapsed")
    p.chain("worthless", "refused")
    return p, review


def form(*more, amount_required=True):
    components = [{"type": "number", "id": "f1", "key": "amount", "label": "Nilai",
                   "validate": {"required": amount_required}}, *more]  # fmt: skip
    return {"forms/apply.json": json.dumps({"type": "default", "id": "apply", "components": components}).encode()}


def changed(files=None, **changes):
    return files_of(*permit(**changes), files=files or form())


@pytest.fixture
def cases(office):
    """By what happened in them: amounts small and large, paid and lapsed, refused, and one that still stands."""
    office.deploy(*permit(), files=form())
    made = {}
    ani = office.person("Ani")
    for name, amount in (("small", 10), ("medium", 60), ("large", 200), ("unpaid", 20), ("refused", 0), ("open", 300)):
        made[name] = office.start("permit", ani)
        office.complete(made[name], "apply", ani, amount=amount)
    office.tick()
    office.wait(days=3)
    office.tick()
    for name in ("medium", "large"):
        for judge in ("Budi", "Citra", "Dewi"):
            office.complete(made[name], "vote", office.person(judge, "verifier"), ok=1)
    office.tick()
    for name in ("small", "medium", "large"):
        office.runner.correlate("payment", SYSTEM, {"sum": 5}, instance_id=made[name])
    office.wait(days=9)
    office.tick()
    assert {office.case(c).outcome for c in made.values()} == {"granted", "lapsed", "refused", None}
    return made


def verdicts(office, cases, files):
    found = run_again(office, files)
    return {name: (found[c].verdict, found[c].first and found[c].first.element_id) for name, c in cases.items()}


def different(office, cases, files):
    """Only those that are not the same."""
    return {name: said for name, said in verdicts(office, cases, files).items() if said[0] != "same"}


def test_the_same_files_take_every_case_the_same_way(office, cases):
    results = run_again(office, files_of(*permit(), files=form()))

    assert {r.verdict for r in results.values()} == {"same"}
    for result in results.values():
        assert result.passed_before == result.passed_after
        assert result.before == result.after
        assert not any(shift.moved for shift in result.shifts)
        assert result.remarks == {}


def test_other_names_and_another_order_of_files_are_no_difference(office, cases):
    renamed = changed(name=" (baru)")

    assert different(office, cases, dict(reversed(renamed.items()))) == {}


def test_a_changed_condition_names_exactly_the_cases_that_go_another_way(office, cases):
    assert different(office, cases, changed(condition="amount > 100")) == {"medium": ("differs", "large_q")}

    result = run_again(office, changed(condition="amount > 100"))[cases["medium"]]
    assert result.first.text.id == (
        "Pada “Besar?”: dulu “Ya” ke “Pemeriksaan”; dengan perubahan ini “Tidak” ke “told”."
    )


def test_an_added_task_is_an_input_that_the_record_does_not_have(office, cases):
    def extra(p):
        p.user("check", lane="Verifikator", name="Cek kelengkapan")
        p.chain("apply", "check", "worth")

    found = verdicts(office, cases, changed(extra=extra))

    assert set(found.values()) == {("missing", "check")}
    first = run_again(office, changed(extra=extra))[cases["small"]].first
    assert first.text.id == "“Cek kelengkapan” adalah langkah baru: catatan tidak punya jawabannya."


def test_a_new_choice_before_a_known_step_is_named_as_the_place(office, cases):
    def extra(p):
        p.exclusive("tiny_q", name="Sangat kecil?")
        p.chain("apply", "tiny_q")
        p.flow("tiny_q", "lapsed", "amount == 10")
        p.flow("tiny_q", "worth", default=True)

    assert different(office, cases, changed(extra=extra)) == {"small": ("differs", "tiny_q")}


def test_a_handler_that_gives_nothing_back_may_be_added(office, cases):
    def extra(p):
        p.service("confirm", "tell", {"text": "'we have it'"})
        p.chain("apply", "confirm", "worth")

    results = run_again(office, changed(extra=extra))

    assert {r.verdict for r in results.values()} == {"same"}
    assert results[cases["small"]].remarks["assumed"] == {"confirm"}


def test_a_handler_whose_answer_decides_is_a_missing_input(office, cases):
    def extra(p):
        p.service("again", "worth", {"amount": "amount"}, "second")
        p.chain("apply", "again", "worth")

    assert set(verdicts(office, cases, changed(extra=extra)).values()) == {("missing", "again")}


def test_a_task_that_is_gone_leaves_the_way_as_it_was(office, cases):
    review = Process("review")
    review.start("r_start")
    review.end("r_end")
    review.chain("r_start", "r_end")
    files = files_of(permit()[0], review, files=form())

    results = run_again(office, files)

    assert {n: results[c].verdict for n, c in cases.items()} == {**dict.fromkeys(cases, "same"), "open": "differs"}
    assert results[cases["large"]].remarks["skipped"] >= {"vote"}
    assert results[cases["large"]].after == results[cases["large"]].before  # the payment comes when it came
    assert results[cases["open"]].first.code in ("reached", "state")


def test_more_and_fewer_votes(office, cases):
    assert different(office, cases, changed(votes=4)) == {
        "medium": ("missing", "vote"), "large": ("missing", "vote"), "open": ("missing", "vote"),
    }  # fmt: skip
    fewer = different(office, cases, changed(votes=2))
    assert fewer["medium"] == fewer["large"] == ("differs", "vote")
    assert set(fewer) == {"medium", "large"}


def test_longer_and_shorter_deadlines_are_told_in_working_days(office, cases):
    later = run_again(office, changed(days=5))

    assert {r.verdict for r in later.values()} == {"same"}
    moved = [s for s in later[cases["large"]].shifts if s.moved]
    assert [(s.element_id, s.kind, s.days) for s in moved] == [("vote", "due", 2)] * 3

    sooner = run_again(office, changed(days=1))
    assert (sooner[cases["large"]].late_before, sooner[cases["large"]].late_after) == (0, 3)
    assert (sooner[cases["open"]].late_before, sooner[cases["open"]].late_after) == (3, 3)


def test_a_timer_that_is_due_before_the_message_came_makes_another_way(office, cases):
    found = different(office, cases, changed(paid_within='"P1D"'))

    assert found["small"] == ("differs", "pay_or_not")
    assert set(found) == {"small"}  # the others are told and paid within the day


def test_a_timer_that_is_due_later_leads_the_same_way_later(office, cases):
    result = run_again(office, changed(paid_within='"P20D"'))[cases["unpaid"]]

    assert result.verdict == "same"
    assert (result.before.minutes, result.after.minutes) == (12 * 24 * 60, 20 * 24 * 60)  # the ticker came late
    assert [(s.element_id, s.kind) for s in result.shifts if s.moved] == [("pay_or_not", "timer")]


def test_a_reminder_that_is_not_sent_any_more_is_told_and_ends_nothing(office, cases):
    found = run_again(office, changed(reminded='"P30D"'))

    assert different(office, cases, changed(reminded='"P30D"'))["large"] == ("differs", "nudge")
    assert found[cases["large"]].passed_after["granted"] == 1
    assert found[cases["small"]].verdict == "same"


def test_four_eyes_that_were_one_persons(office):
    office.deploy(*permit(), files=form())
    budi = office.person("Budi", "verifier")
    case = office.start("permit", office.person("Ani"))
    office.complete(case, "apply", office.person("Ani"), amount=200)
    for _ in range(3):
        office.complete(case, "vote", budi, ok=1)

    result = run_again(office, changed(exclude="completer:vote"))[case]

    assert (result.verdict, result.first.code, result.first.element_id) == ("differs", "four_eyes", "vote")


def test_a_field_that_is_required_now_and_was_not_asked_then(office, cases):
    field = {"type": "textfield", "id": "f2", "key": "reason", "label": "Alasan", "validate": {"required": True},
             "conditional": {"hide": "=amount < 100"}}  # fmt: skip

    found = run_again(office, changed(files=form(field)))

    assert different(office, cases, changed(files=form(field))) == dict.fromkeys(
        ("large", "open"), ("missing", "apply")
    )
    assert "“Alasan”" in found[cases["large"]].first.text.id


def test_a_field_that_is_not_asked_any_more_is_missed_where_it_is_read(office, cases):
    other = {"type": "number", "id": "f2", "key": "value", "label": "Harga"}
    files = {"forms/apply.json": json.dumps({"type": "default", "id": "apply", "components": [other]}).encode()}

    found = run_again(office, changed(files=files))

    assert {r.verdict for r in found.values()} == {"missing"}
    assert {r.first.element_id for r in found.values()} == {"worth"}
    assert "amount" in found[cases["small"]].first.text.id


def test_what_a_handler_is_asked_otherwise_is_a_remark(office, cases):
    files = {p: b.replace(b"'done'", b"'ready'") for p, b in changed().items()}

    results = run_again(office, files)

    assert {r.verdict for r in results.values()} == {"same"}
    assert results[cases["small"]].remarks == {"asked": {"told"}}


def test_a_case_that_cannot_be_run_again_says_where(office, cases):
    found = run_again(office, changed(condition="amount / 0 > 1"))

    assert found[cases["small"]].verdict == "failed"
    assert found[cases["refused"]].verdict == "same"


def test_a_cancelled_case_and_one_that_was_suspended(office, cases):
    budi = office.person("Budi", "owner")
    office.runner.suspend(cases["open"], budi, "audit")
    office.wait(days=2)
    office.runner.resume(cases["open"], budi)
    office.runner.cancel(cases["open"], budi, "enough")

    assert different(office, cases, changed()) == {}


def test_everything_that_could_make_two_executions_differ(database):
    office = Office(database)
    with database.write() as unit:
        seed_calendar(unit, office.clock.now())
    deploy_rich(office)
    play_to_the_end(office, play_to_the_middle(office))
    play_to_the_middle(office)

    results = run_again(office, files_of(rich(), toml='[case]\ntitle = "goods"\n'))

    assert [r.first for r in results.values()] == [None, None]


def test_a_case_that_was_moved_to_another_version_is_followed_under_its_new_names(office):
    def process(task):
        p = Process("moved")
        p.start()
        p.user("first", lane="Pemohon")
        p.user(task, lane="Pemohon")
        p.exclusive("choice")
        p.user("last", lane="Pemohon")
        p.end()
        p.end("soon")
        p.chain("start", "first", task, "choice")
        p.flow("choice", "last", "size > 5")
        p.flow("choice", "soon", default=True)
        p.chain("last", "end")
        return p

    office.deploy(process("old"))
    ani = office.person("Ani")
    case = office.start("moved", ani)
    office.complete(case, "first", ani, size=9)
    new = office.deploy(process("new"))
    office.runner.migrate(case, new, office.person("Budi", "owner"), mapping={"old": "new"}, reason="nama")
    office.wait(days=1)
    office.complete(case, "new", ani, seen=1)
    office.complete(case, "last", ani, seen=1)

    assert run_again(office, files_of(process("new")))[case].first is None
    stricter = {p: b.replace(b"size &gt; 5", b"size &gt; 10") for p, b in files_of(process("new")).items()}
    found = run_again(office, stricter)[case].first
    assert (found.verdict, found.element_id) == ("differs", "choice")


def test_a_deadline_at_the_edge_of_a_task(office):
    def process(days):
        p = Process("edge")
        p.start()
        p.user("answer", lane="Pemohon", name="Jawaban")
        p.boundary("over", "answer", at(f"working_days_after(today(), {days}, at='16:00')"), name="Batas jawaban")
        p.user("accept", lane="Pemohon")
        p.end()
        p.end("expired")
        p.chain("start", "answer", "accept", "end")
        p.chain("over", "expired")
        return p

    office.deploy(process(5))
    ani = office.person("Ani")
    answered, expired = office.start("edge", ani), office.start("edge", ani)
    office.wait(days=3)
    office.complete(answered, "answer", ani, ok=1)
    office.clock.move_to(office.clock.now() + timedelta(days=7))
    office.tick()

    sooner, later = run_again(office, files_of(process(2))), run_again(office, files_of(process(9)))

    assert sooner[answered].first.text.id.startswith("Tenggat “Batas jawaban” lewat pada Rabu, 3 Juni 2026 pukul 16.00")
    assert sooner[expired].verdict == later[expired].verdict == later[answered].verdict == "same"
    assert [s.days for s in later[expired].shifts] == [4]
    assert office.rows(Instance, id=expired)[0].outcome == "expired"


def test_a_deadline_that_had_passed_when_its_task_began_passes_later(office):
    def process(when):
        p = Process("late")
        p.start()
        p.user("ask", lane="Pemohon")
        p.user("answer", lane="Pemohon")
        p.boundary("over", "answer", at(when))
        p.user("again", lane="Pemohon")
        p.end()
        p.chain("start", "ask", "answer", "end")
        p.chain("over", "again", "end")
        return p

    office.deploy(process("now()"))
    ani = office.person("Ani")
    case = office.start("late", ani)
    office.complete(case, "ask", ani, ok=1)
    office.wait(days=1)
    office.complete(case, "again", ani, ok=1)

    result = run_again(office, files_of(process("now() + days(2)")))[case]

    assert result.first is None
    assert (result.before.days, result.after.days) == (1, 3)
