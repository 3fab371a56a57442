"""Trials: a story that grows step by step, is played again from its steps, and becomes a scenario that passes."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from engine.calendar import seed_calendar
from engine.definitions import package_of, read_package
from engine.errors import NotFoundError
from engine.expressions import EvaluationContext
from engine.forms import FormContext, parse_form
from engine.registry import Field, Handler, Registry
from engine.scenarios import ScenarioFileError, read_scenarios, run_scenario
from engine.studio.drafts import create_draft, read_draft
from engine.studio.trials import store
from engine.studio.trials.examples import Examples
from engine.studio.trials.filled import Telling
from engine.studio.trials.handlers import handlers_called
from engine.studio.trials.recording import WANTED, recorded
from engine.studio.trials.scenarios import keep, overview, play_some, run_draft_scenarios
from engine.studio.trials.story import Story, is_act
from engine.studio.trials.theatre import Theatre
from engine.studio.trials.writing import write_yaml
from handlers import register_all, seeds
from models import HistoryEvent, Instansi, Trial, UserTask
from tests.support.bpmn import Process, at

TOML = b"""
key = "izin"
main = "izin"
owner = "Penguji"
zone = "Asia/Jakarta"
[title]
id = "Izin"
en = "Permit"
[lanes."Pemohon"]
assign = "starter"
[lanes."Sistem"]
assign = "system"
[lanes."Pemeriksa"]
role = "pemeriksa"
scope = "any"
[roles.pemeriksa]
id = "Pemeriksa"
en = "Examiner"
"""
PEOPLE = {"Ani": {}, "Budi": {"peran": "Pemeriksa"}}
START = {"when": {"siapa": "Ani", "mulai": "ya"}}
CHECK = {"when": {"siapa": "Budi", "tugas": "Periksa"}}
FILLED = {"when": {"siapa": "Budi", "tugas": "Periksa", "isian": {"Nilai": "7"}}}
MUST = {"required": True}
FORM = {"type": "default", "id": "nilai", "components": [
    {"type": "number", "key": "nilai", "label": "Nilai", "decimalDigits": 0, "validate": MUST}]}  # fmt: skip
WHOLE = {
    "type": "default",
    "id": "isi",
    "components": [
        {"type": "textfield", "key": "nama", "label": "Nama", "validate": MUST},
        {"type": "select", "key": "warna", "label": "Warna", "validate": MUST,
         "values": [{"label": "Merah tua", "value": "merah"}, {"label": "Biru", "value": "biru"}]},
        {"type": "checkbox", "key": "setuju", "label": "Setuju"},
        {"type": "filepicker", "key": "surat", "label": "Surat", "validate": MUST},
        {"type": "textfield", "key": "kosong", "label": "Kosong", "validate": MUST},
        {"type": "checklist", "key": "cek", "label": "Periksa", "properties": {"alur:type": "review"},
         "values": [{"label": "KTP", "value": "ktp"}, {"label": "SK", "value": "sk"}]},
        {"type": "textfield", "key": "nip", "label": "NIP", "properties": {"alur:type": "nip"}},
        {"type": "textfield", "key": "seperti", "label": "seperti"},
        {"type": "dynamiclist", "path": "anggota", "label": "Anggota", "defaultRepetitions": 0, "components": [
            {"type": "textfield", "key": "nama", "label": "Nama"},
            {"type": "textfield", "key": "seperti", "label": "seperti"}]},
    ],
}  # fmt: skip


def registry() -> Registry:
    found = Registry()
    found.add(
        Handler("periksa_nik", "inline", lambda _context, **_: {"dikenal": True}, "Periksa NIK", "Check",
                outputs=(Field("dikenal", "boolean", "Dikenal", "Known"),), errors=("TIDAK_ADA",))
    )  # fmt: skip
    return found


def process(*, name: str = "Periksa") -> dict[str, bytes]:
    """Ask a register, have somebody check it; whoever it does not know is refused."""
    p = Process("izin", name="Izin")
    p.start(lane="Pemohon")
    p.service("ask", "periksa_nik", name="Tanya Dukcapil", lane="Sistem")
    p.exclusive("known", name="Dikenal?", lane="Sistem")
    p.user("check", name=name, due="now() + days(3)", stage="Diperiksa", form="nilai", lane="Pemeriksa")
    p.end("good", name="Diberikan", lane="Pemeriksa")
    p.end("too_late", name="Lewat waktu", lane="Pemeriksa")
    p.end("unknown", name="Tidak dikenal", lane="Sistem")
    p.chain("start", "ask", "known")
    p.flow("known", "check", condition="dikenal")
    p.flow("known", "unknown", default=True)
    p.chain("check", "good")
    p.boundary("late", "check", at("now() + days(5)"), name="Terlambat", lane="Pemeriksa")
    p.chain("late", "too_late")
    return {**p.files(), "process.toml": TOML, "forms/nilai.json": json.dumps(FORM).encode()}


def prepare(unit, now):
    seed_calendar(unit, now)
    unit.session.add(Instansi(id="k", kind="kota", name="Kota Ambon", zone="Asia/Jayapura"))


@pytest.fixture(scope="module")
def theatre():
    return Theatre(registry(), prepare)


def begun(*steps) -> Story:
    return Story.begin("Uji", "2026-06-01 09:00 WIB", PEOPLE).with_steps(*steps)


@contextmanager
def played(theatre, story, files=None, trial="t"):
    with theatre.rehearsal(trial, story, package_of("izin", files or process()), {}) as found:
        yield found


def tasks(rehearsal):
    return [t.name for t in rehearsal.world.rows(select(UserTask).where(col(UserTask.state) == "open"))]


# --- the file ---------------------------------------------------------------------------------------------------------


def read_texts(text):
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- the loader that makes nothing but texts


def test_writing_a_scenario_file_changes_nothing_of_what_it_says():
    for path in sorted(Path("bpmn").glob("*/scenarios/*1_*.yaml")):
        tree = read_texts(path.read_text(encoding="utf-8"))
        assert read_texts(write_yaml(tree)) == tree, path


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)


@given(st.recursive(texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)))
@settings(max_examples=40)
def test_any_text_is_written_so_that_the_same_text_is_read(value):
    assert read_texts(write_yaml({"isi": value})) == {"isi": value}


def test_what_is_short_stands_on_one_line_and_without_quotes():
    assert begun(START, CHECK).text == (
        "given:\n  pada: 2026-06-01 09:00 WIB\n  orang:\n    Ani: {}\n    Budi: {peran: Pemeriksa}\n"
        "skenario:\n  - judul: Uji\n    langkah:\n"
        "      - when: {siapa: Ani, mulai: ya}\n      - when: {siapa: Budi, tugas: Periksa}\n"
    )


def test_one_scenario_of_a_file_is_taken_with_what_the_file_gives_it():
    body = b"given: {pada: 2026-06-01 09:00 WIB, orang: {Ani: }}\nskenario:\n" + b"".join(
        b"- judul: %d\n  langkah: [{when: {siapa: Ani, mulai: ya}}, {then: {selesai: tidak}}]\n" % n for n in (1, 2)
    )
    story = Story.of_scenario("scenarios/x.yaml", body, 1)
    assert (story.title, story.acts, len(story.steps)) == ("2", 1, 2)
    assert Story.of_scenario("scenarios/x.yaml", body, 1, steps=False).steps == []
    assert Story.read(story.text) == story


# --- playing ----------------------------------------------------------------------------------------------------------


def test_a_story_that_grew_is_gone_on_with_and_one_that_shrank_is_played_again(theatre):
    with played(theatre, begun()) as first:
        world = first.world
        assert tasks(first) == []
    with played(theatre, begun(START)) as second:
        assert second.world is world
        assert tasks(second) == ["Periksa"]
    with played(theatre, begun(START, FILLED)) as third:
        assert third.world is world
        assert tasks(third) == []
    with played(theatre, begun(START, FILLED).without_last()) as back:
        assert back.world is not world
        assert tasks(back) == ["Periksa"]
        assert len(back.played) == 1


def test_a_story_is_the_same_in_another_process(theatre):
    text = begun(START, {"when": {"setelah": "1 hari"}}).text
    with played(Theatre(registry(), prepare), Story.read(text)) as found:
        assert tasks(found) == ["Periksa"]
        assert found.world.clock.now() == datetime(2026, 6, 2, 2, 0, tzinfo=UTC)


def test_what_the_draft_says_now_counts_and_where_the_story_stops_is_told(theatre):
    story = begun(START, FILLED, {"when": {"setelah": "1 hari"}})
    with played(theatre, story) as before:
        assert before.stopped is None
    with played(theatre, story, process(name="Telaah")) as after:
        assert tasks(after) == ["Telaah"]
        assert after.stopped.actual.en == "no task “Periksa”; open ones: “Telaah”"
        assert len(after.played) == 1


def test_an_act_that_is_refused_stops_the_story_and_an_expectation_that_fails_does_not(theatre):
    wrong = {"when": {"siapa": "Ani", "tugas": "Periksa", "isian": {"Nilai": "7"}}}
    with played(theatre, begun(START, wrong, FILLED), trial="refused") as found:
        assert found.refusal is not None
        assert len(found.played) == 2
    with played(theatre, begun(START, {"then": {"selesai": "ya"}}, FILLED), trial="otherwise") as found:
        assert found.stopped is None
        assert [bool(step.mismatches) for step in found.played] == [False, True, False]


def test_what_the_last_act_moved_begins_after_what_was_there_before(theatre):
    with played(theatre, begun(START)) as found:
        assert found.before == {}
    with played(theatre, begun(START, FILLED)) as found:
        assert list(found.before) == [found.world.case]


# --- handlers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ({"sungguhan": "ya"}, "Periksa"),
        ({"menjawab": {"dikenal": "tidak"}}, "unknown"),
        ({"menjawab": {"dikenal": "ya"}}, "Periksa"),
    ],
)
def test_a_handler_answers_as_the_story_says(theatre, said, end):
    with played(theatre, begun({"when": {"penangan": "periksa_nik", **said}}, START), trial=str(said)) as found:
        instance = found.world.instance(found.world.case)
        assert (tasks(found) or [instance.outcome]) == [end]
    assert registry().get("periksa_nik").function(None) == {"dikenal": True}


def test_a_handler_refuses_with_a_code_of_its_own_only(theatre):
    refuses = {"when": {"penangan": "periksa_nik", "gagal": "TIDAK_ADA"}}
    with played(theatre, begun(refuses, START), trial="no") as found:
        assert "TIDAK_ADA" in str(found.world.rows(select(HistoryEvent.detail))) or found.stopped is not None
    for said in ({"penangan": "periksa_nik", "gagal": "LAIN"}, {"penangan": "tiada", "sungguhan": "ya"}):
        with played(theatre, begun({"when": said}), trial=str(said)) as found:
            assert found.stopped is not None


def test_a_step_about_a_handler_says_exactly_one_thing():
    with pytest.raises(ScenarioFileError) as caught:
        begun({"when": {"penangan": "periksa_nik", "gagal": "X", "sungguhan": "ya"}}).scenario()
    assert "one_answer" in [fault.code for fault in caught.value.faults]


def test_the_handlers_of_a_draft_are_named_with_their_steps():
    (called,) = handlers_called(package_of("izin", process()), registry())
    assert (called.handler.name, called.steps) == ("periksa_nik", ("Tanya Dukcapil",))


# --- recording --------------------------------------------------------------------------------------------------------


def test_a_recorded_trial_expects_what_was_seen_and_passes(theatre):
    story = begun(START, {"when": {"setelah": "1 hari"}}, FILLED)
    package = package_of("izin", process())
    with theatre.stage(package, {}, story.scenario().start) as stage:
        found = recorded(stage, story, frozenset(WANTED))
        assert run_scenario(stage, found.scenario()).passed
    assert [step["then"] for step in found.steps if "then" in step] == [
        {"tugas": {"Periksa": "Budi"}, "status": "Diperiksa", "surat": "tidak ada",
         "tenggat": {"Periksa": "2026-06-04 09:00 WIB", "Terlambat": "2026-06-06 09:00 WIB"}},
        {"tugas": {"Periksa": "Budi"}, "status": "Diperiksa", "surat": "tidak ada",
         "tenggat": {"Periksa": "2026-06-04 09:00 WIB", "Terlambat": "2026-06-06 09:00 WIB"}},
        {"tugas": "tidak ada", "status": "Diperiksa", "selesai": "Diberikan", "surat": "tidak ada"},
    ]  # fmt: skip
    assert recorded_again(theatre, package, found) == found


def recorded_again(theatre, package, story):
    """What expects something already is left as it is."""
    with theatre.stage(package, {}, story.scenario().start) as stage:
        return recorded(stage, story, frozenset(WANTED))


@pytest.mark.parametrize(("key", "file"), [("inaproc_access", "03_perbaikan"), ("lkpp_participant", "04_kursi")])
def test_a_shipped_scenario_without_its_expectations_is_recorded_and_passes(shipped, key, file):
    package = read_package(Path("bpmn") / key)
    path = f"scenarios/{file}.yaml"
    for number, scenario in enumerate(read_scenarios(path, package.files[path])[:2]):
        story = Story.of_scenario(path, package.files[path], number)
        bare = story.up_to(0).with_steps(*(s for s in story.steps if is_act(s) or "ditolak" in s.get("then", {})))
        with shipped.stage(package, {}, scenario.start) as stage:
            result = run_scenario(stage, recorded(stage, bare, frozenset(WANTED)).scenario())
        assert [f.sentence("en") for f in result.failures] == []


@pytest.fixture(scope="module")
def shipped():
    known = Registry()
    register_all(known, base_url="http://localhost")
    return Theatre(known, seeds.prepare)


# --- forms ------------------------------------------------------------------------------------------------------------


def telling(**files):
    return Telling(ZoneInfo("Asia/Jakarta"), lambda field, _names: field.options, files)


def test_answers_are_told_in_the_words_that_lead_back_to_them():
    form = parse_form(json.dumps(WHOLE).encode(), "isi")
    raw = {
        "nama": "Ani", "warna": "merah", "setuju": True, "surat": "u1", "kosong": "", "cek": {
            "ktp": {"ok": "ya", "note": ""}, "sk": {"ok": "tidak", "note": "buram"}},
        "anggota": [{"nama": "X", "seperti": ""}], "nip": "19870314 201101 2 004", "seperti": "contoh",
    }  # fmt: skip
    told = telling(u1="surat.pdf").of_form(form, raw, form.initial({"nama": "Ani"}))
    assert told == {
        "Warna": "Merah tua", "Setuju": "ya", "Surat": "surat.pdf", "Periksa": {"SK": "buram"},
        "Anggota": [{"Nama": "X"}], "NIP": "198703142011012004", "seperti": "contoh",
    }  # fmt: skip


def test_examples_answer_what_must_be_answered_and_nothing_else():
    form = parse_form(json.dumps(WHOLE).encode(), "isi")
    now = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    context = FormContext(now, ZoneInfo("Asia/Jakarta"), EvaluationContext(now=now))
    shown = form.present({}, context)
    found = Examples(now.date(), lambda path, name: f"{path}:{name}", frozenset({"biru"})).fill(
        shown, {"kosong": "ada"}
    )
    assert found["nama"] == "Contoh Nama"
    assert found["warna"] == "biru"
    assert found["surat"] == "surat:contoh.pdf"
    assert found["kosong"] == "ada"
    assert found["cek"] == {"ktp": {"ok": "ya", "note": ""}, "sk": {"ok": "ya", "note": ""}}
    assert "nip" not in found


# --- rows -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(database, clock):
    with database.write() as unit:
        files = {**process(), "scenarios/satu.yaml": begun(START, {"then": {"selesai": "ya"}}).text.encode()}
        return create_draft(unit, key="izin", title="Izin", files=files, based_on=None, by="o" * 32, now=clock.now()).id


def test_of_two_who_play_at_once_the_second_is_told(database, clock, draft):
    with database.write() as unit:
        trial = store.begin(unit, draft, begun(), by="o" * 32, now=clock.now())
    with database.write() as unit:
        assert store.keep(unit, trial, begun(START), by="o" * 32, now=clock.now()) == 2
    with pytest.raises(store.StaleTrialError), database.write() as unit:
        store.keep(unit, Trial(id=trial.id, draft_id=draft, revision=1), begun(), by="p" * 32, now=clock.now())
    with database.read() as unit:
        assert Story.read(store.read(unit, draft, trial.id).story) == begun(START)
        with pytest.raises(NotFoundError):
            store.read(unit, "x" * 32, trial.id)


def test_results_of_scenarios_hold_as_long_as_the_draft_is_what_it_was(database, clock, draft, theatre):
    with database.read() as unit:
        package = read_draft(unit, draft).package()
        found = overview(unit, draft, package)
    assert (found.left, found.count("failed")) == (1, 0)
    with database.write() as unit:
        keep(unit, draft, package, play_some(theatre, package, {}, found.all), clock.now())
        failed = overview(unit, draft, package)
        (failure,) = failed.all[0].result.failures
        assert (failure.line, failure.expected.id, failure.actual.en) == (10, "ya", "not ended")
        (diagram,) = failed.diagrams
        assert (len(diagram.taken), len(diagram.flows)) == (3, 6)
        changed = package_of("izin", {**package.files, "README.md": b"#"})
        assert overview(unit, draft, changed).left == 1


def test_all_scenarios_of_files_are_run_as_on_the_command_line():
    good = begun(START, {"then": {"tugas": {"Periksa": "Budi"}}}).text.encode()
    report = run_draft_scenarios("izin", {**process(), "scenarios/a.yaml": good}, registry(), prepare, {})
    assert report.ok
    broken = run_draft_scenarios("izin", {**process(), "scenarios/a.yaml": b"skenario: 1"}, registry(), prepare, {})
    assert [fault.line for fault in broken.faults] == [1]
    refused = run_draft_scenarios("izin", {"process.toml": TOML}, registry(), prepare, {})
    assert refused.refusal
