"""Scenario files: what a process owner may write, and how a mistake is explained: line, reason, cure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.scenarios import ScenarioFileError, read_scenarios
from engine.scenarios.model import Cancel, Complete, Role, Send, Start, Then, Wait, When
from engine.scenarios.words import ALIASES, read_instant, read_span, show_instant
from engine.scenarios.words import ZONES as NAMED_ZONES

WHOLE = """
given:
  pada: 2026-06-01 09:00 WIB
  orang:
    Sari:
    Budi: {peran: vai, instansi: Kabupaten Kapuas, sampai: 2026-12-31}
    Dua: [{peran: spd}, {peran: telkom}]
  isian:
    dasar: {golongan: III/c, satuan: Dinas}
skenario:
  - judul: Lengkap
    langkah:
      - when: {siapa: Sari, mulai: ya}
      - when: {siapa: Sari, tugas: Isi, isian: {seperti: dasar, golongan: III/d}}
      - when: {setelah: 3 hari}
      - when: {pada: "2026-06-05 10.30 WITA"}
      - when: {pesan: kabar, isi: {nomor: 7}}
      - when: {sinyal: libur}
      - then: {kasus: Sari, tugas: [Periksa], status: Menunggu}
      - when: {siapa: Sari, batalkan: Salah isi}
      - then: {ditolak: ya}
"""


def _read(text):
    return read_scenarios("contoh.yaml", text.encode())


def _faults(text):
    with pytest.raises(ScenarioFileError) as error:
        _read(text)
    return [(f.line, f.code) for f in error.value.faults]


def test_a_whole_file_is_read():
    [scenario] = _read(WHOLE)
    assert (scenario.title, scenario.line) == ("Lengkap", 11)
    assert scenario.start == datetime(2026, 6, 1, 2, tzinfo=UTC)
    people = {p.name: p.roles for p in scenario.people}
    assert people["Sari"] == ()
    assert people["Budi"] == (Role("vai", "Kabupaten Kapuas", date(2026, 12, 31), 6),)
    assert [r.role for r in people["Dua"]] == ["spd", "telkom"]
    actions = [s.action for s in scenario.steps if isinstance(s, When)]
    assert [type(a) for a in actions] == [Start, Complete, Wait, Wait, Send, Send, Cancel]
    assert {e.name: e.value.text for e in actions[1].fill} == {"golongan": "III/d", "satuan": "Dinas"}
    assert actions[2].span == timedelta(days=3)
    assert actions[3].until == datetime(2026, 6, 5, 2, 30, tzinfo=UTC)
    then, refused = (s for s in scenario.steps if isinstance(s, Then))
    assert (then.case, [e.kind for e in then.expectations], then.refusal) == ("Sari", ["tasks", "stage"], None)
    assert refused.refusal is not None


def test_english_words_say_the_same():
    english = """
given: {at: 2026-06-01 09:00 WIB, people: {Sari: {role: vai}}, forms: {base: {a: 1}}}
title: In English
steps:
  - when: {who: Sari, start: yes}
  - when: {who: Sari, task: Fill, fill: {like: base}}
  - then: {tasks: none, stage: "", outcome: yes, mails: none, refused: yes, deadlines: {}, memberships: {}, data: {}}
"""
    [scenario] = _read(english)
    assert (scenario.title, len(scenario.steps)) == ("In English", 3)


def test_what_happened_before_every_scenario_is_told_once():
    shared = """
given:
  pada: 2026-06-01 09:00 WIB
  orang: {Sari: }
  langkah:
    - when: {siapa: Sari, mulai: ya}
skenario:
  - {judul: A, langkah: [{then: {selesai: tidak}}]}
  - {judul: B, given: {orang: {Budi: }}, langkah: [{when: {siapa: Budi, mulai: ya}}]}
"""
    one, other = _read(shared)
    assert [type(s) for s in one.steps] == [When, Then]
    assert [s.action.who for s in other.steps] == ["Sari", "Budi"]
    assert [p.name for p in other.people] == ["Sari", "Budi"]


def test_a_scalar_stays_what_was_typed():
    """YAML would make a date of one, a number of another and False of the third."""
    given = "given: {pada: 2026-06-01 09:00 WIB, orang: {A: }}\njudul: x\n"
    text = given + "langkah:\n- when: {siapa: A, tugas: t, isian: {a: 2026-06-01, b: 0012, c: no}}"
    [scenario] = _read(text)
    assert [e.value.text for e in scenario.steps[0].action.fill] == ["2026-06-01", "0012", "no"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "empty")]),
        ("judul: [", [(1, "not_yaml")]),
        ("a: 1\n\tb: 2", [(2, "not_yaml")]),
        ("skenario: []\nskenario: []", [(2, "twice")]),
        ("[1]: x", [(1, "bad_key")]),
        ("judul: x\nlangkah: []", [(1, "no_start"), (1, "no_steps")]),
        ("given: {pada: besok}\njudul: x\nlangkah: [{then: {selesai: ya}}]", [(1, "bad_instant"), (1, "no_start")]),
        ("given:\n  pada: 2026-06-01 09:00\nskenario: []", [(2, "bad_instant")]),
        ("given: {pada: 2026-06-01 09:00 WIB}", [(1, "no_scenarios")]),
        ("given: {pada: 2026-06-01 09:00 WIB}\nskenario: apa", [(2, "not_a_list")]),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_where_and_why(text, expected):
    assert _faults(text) == expected


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("when: {siapa: Siti, mulai: ya}", "nobody"),
        ("when: {mulai: ya}", "nobody"),
        ("when: {siapa: Sari}", "one_action"),
        ("when: {siapa: Sari, mulai: ya, tugas: Isi}", "one_action"),
        ("when: {siapa: Sari, tugs: Isi}", "unknown_word"),
        ("when: {siapa: Sari, tugas: Isi, isian: lain}", "no_such_form"),
        ("when: {siapa: Sari, tugas: [Isi]}", "not_a_text"),
        ("when: {setelah: sebentar}", "bad_span"),
        ("when: {setelah: 3}", "bad_span"),
        ("when: {pada: 2026-02-30 09:00 WIB}", "bad_instant"),
        ("then: {}", "no_expectation"),
        ("then: {tugaas: Isi}", "unknown_word"),
        ("lalu: {}", "unknown_word"),
    ],
)
def test_a_step_that_cannot_be_read_is_explained_in_both_languages(step, code):
    text = f"given:\n  pada: 2026-06-01 09:00 WIB\n  orang: {{Sari: }}\njudul: x\nlangkah:\n  - {step}\n"
    with pytest.raises(ScenarioFileError) as error:
        _read(text)
    found = next(f for f in error.value.faults if f.code == code)
    assert found.line == 6
    assert found.sentence("id").startswith("contoh.yaml, baris 6: ")
    assert found.sentence("en").startswith("contoh.yaml, line 6: ")
    assert "{" not in found.sentence("id") + found.sentence("en")


def test_all_faults_of_a_file_come_at_once():
    given = "given:\n  pada: kemarin\n  orang: {Sari: }\njudul: x\n"
    text = given + "langkah:\n  - when: {siapa: Siti, mulai: ya}\n  - then: {}\n"
    assert [code for _, code in _faults(text)] == ["no_start", "bad_instant", "nobody", "no_expectation"]


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b"a: " + b"x" * 300_000,
        ("a: " + "[" * 500 + "]" * 500).encode(),
        ("a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(f"b{n}: &b{n} [{'*a,' * 10}]\n" for n in range(9))).encode() * 1,
        b"a: &a [*a]",
        b"!!python/object/apply:os.system [echo]",
        b"a: *unknown",
    ],
    ids=["bytes", "large", "deep", "many aliases", "endless alias", "python tag", "unknown alias"],
)
def test_a_hostile_file_is_refused_quickly(body):
    with pytest.raises(ScenarioFileError):
        read_scenarios("x.yaml", body)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-06-04 09:00 WIB", datetime(2026, 6, 4, 2, tzinfo=UTC)),
        ("2026-06-04 9.05 WITA", datetime(2026, 6, 4, 1, 5, tzinfo=UTC)),
        ("2026-06-04T09:00:30 WIT", datetime(2026, 6, 4, 0, 0, 30, tzinfo=UTC)),
        ("2026-06-04 09:00 +07:00", datetime(2026, 6, 4, 2, tzinfo=UTC)),
        ("2026-06-04 09:00Z", datetime(2026, 6, 4, 9, tzinfo=UTC)),
        ("2026-06-04 09:00", None),
        ("2026-06-31 09:00 WIB", None),
        ("2026-06-04 25:00 WIB", None),
        ("besok", None),
    ],
)
def test_instants(text, instant):
    assert read_instant(text) == instant


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3 hari", timedelta(days=3)),
        ("1 minggu 2 hari", timedelta(days=9)),
        ("2 jam dan 30 menit", timedelta(hours=2, minutes=30)),
        ("1 day, 5 minutes", timedelta(days=1, minutes=5)),
        ("72jam", timedelta(hours=72)),
        ("0 hari", None),
        ("3 hari kerja", None),
        ("999999 minggu", None),
        ("", None),
    ],
)
def test_spans(text, span):
    assert read_span(text) == span


@pytest.mark.parametrize("zone", NAMED_ZONES)
def test_an_instant_is_shown_as_it_is_written(zone):
    instant = datetime(2026, 6, 4, 2, 15, tzinfo=UTC)
    shown = show_instant(instant, NAMED_ZONES[zone])
    assert shown.endswith(zone)
    assert read_instant(shown) == instant


def test_every_word_has_one_meaning_where_it_may_stand():
    for group in (
        ("given", "scenarios", "process", "title", "steps"),
        ("at", "people", "forms", "steps"),
        ("start", "task", "at", "after", "cancel", "message", "signal", "who", "fill", "case", "payload"),
        ("tasks", "stage", "outcome", "refused", "mails", "memberships", "deadlines", "data", "case"),
    ):
        words = [alias for name in group for alias in ALIASES[name]]
        assert len(words) == len(set(words))
