"""Playing scenarios: what is done goes through the real runner; what differs is told as expected and actual."""

import json

import pytest

from engine.calendar import seed_calendar
from engine.registry import Field, Handler, Registry
from engine.scenarios import find_packages, run_package
from models import Instansi
from tests.support.bpmn import Process, at, message

TOML = """
key = "izin"
main = "izin"
owner = "Penguji"
zone = "Asia/Jakarta"
[title]
id = "Izin"
en = "Permit"
[lanes."Pemohon"]
assign = "starter"
[lanes."Verifikator"]
role = "verifier"
scope = "any"
exclude = ["starter"]
[roles.verifier]
id = "Pemeriksa"
en = "Verifier"
"""
FORM = {
    "type": "default",
    "id": "isi",
    "components": [
        {"type": "textfield", "key": "nama", "label": "Nama lengkap", "validate": {"required": True}},
        {"type": "number", "key": "umur", "label": "Umur", "decimalDigits": 0, "validate": {"min": 17}},
        {
            "type": "select",
            "key": "warna",
            "label": "Warna",
            "values": [{"label": "Merah tua", "value": "merah"}, {"label": "Biru", "value": "biru"}],
        },
        {"type": "checkbox", "key": "setuju", "label": "Setuju"},
        {"type": "datetime", "key": "tanggal", "label": "Tanggal", "subtype": "date"},
        {"type": "filepicker", "key": "surat", "label": "Surat"},
        {
            "type": "dynamiclist",
            "path": "anggota",
            "label": "Anggota",
            "defaultRepetitions": 0,
            "components": [{"type": "textfield", "key": "nama", "label": "Nama"}],
        },
    ],
}
GIVEN = """
given:
  pada: 2026-06-01 09:00 WIB
  orang:
    Ani:
    Budi: {peran: Pemeriksa}
    Citra: {peran: verifier}
  langkah:
    - when: {siapa: Ani, mulai: ya}
"""
FILL = (
    "{Nama lengkap: Ani, Umur: 20, Warna: Merah tua, Setuju: ya, Tanggal: 2026-07-01, Surat: a.pdf, "
    "Anggota: [{Nama: X}]}"
)


@pytest.fixture
def package(tmp_path):
    """Fill in, then a check that is due on 4 June; without it the case waits for a message."""
    p = Process("izin", name="Izin")
    p.start()
    p.user("fill", name="Isi formulir", form="isi", stage="Mengisi", lane="Pemohon")
    p.user("check", name="Periksa", due="now() + days(3)", stage="Diperiksa", lane="Verifikator")
    p.boundary("late", "check", at("now() + days(3)"), name="Terlambat", lane="Verifikator")
    p.catch("news", message("kabar", variable="kabar"), lane="Verifikator")
    p.end("good", name="Selesai baik", lane="Verifikator")
    p.end("told", name="Selesai lewat kabar", lane="Verifikator")
    p.chain("start", "fill", "check", "good")
    p.chain("late", "news", "told")
    p.lanes["Pemohon"].append("start")
    folder = tmp_path / "izin"
    for path, body in {
        **p.files(), "process.toml": TOML.encode(), "forms/isi.json": json.dumps(FORM).encode()
    }.items():  # fmt: skip
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    (folder / "scenarios").mkdir()
    return folder


@pytest.fixture
def play(package):
    """Run steps after the start; the report of the one scenario."""

    def _play(steps, given=GIVEN):
        lines = "".join(f"    {line}\n" for line in steps.strip("\n").splitlines())
        text = f"{given}skenario:\n- judul: Uji\n  langkah:\n{lines}"
        (package / "scenarios" / "uji.yaml").write_text(text)
        return run_package(package, Registry(), _prepare)

    return _play


def _prepare(unit, now):
    seed_calendar(unit, now)
    unit.session.add(Instansi(id="k", kind="kota", name="Kota Ambon", zone="Asia/Jayapura"))


def _failures(report):
    assert report.refusal == (), [r.en for r in report.refusal]
    return [
        (f.subject.en, f.expected.in_locale("en"), f.actual.in_locale("en"))
        for d in report.diagrams
        for r in d.results
        for f in r.failures
    ]


def test_a_story_that_happens_as_told_passes(play):
    report = play(f"""
- then: {{tugas: {{Isi formulir: Ani}}, status: Mengisi, selesai: tidak}}
- when: {{siapa: Ani, tugas: Isi formulir, isian: {FILL}}}
- then:
    tugas: {{Periksa: [Budi, Citra]}}
    status: Diperiksa
    tenggat: {{Periksa: 2026-06-04 09:00 WIB, Terlambat: "2026-06-04 11:00 WIT"}}
    data: {{nama: Ani, umur: 20, warna: merah, setuju: ya, tanggal: 2026-07-01, surat.filename: a.pdf}}
    surat: tidak ada
    keanggotaan: {{Ani: tidak ada, Budi: {{peran: verifier}}}}
- when: {{siapa: Budi, tugas: check}}
- then: {{selesai: Selesai baik, tugas: tidak ada, tenggat: {{Terlambat: tidak ada}}}}
- then: {{selesai: good}}
- then: {{selesai: ya}}
""")
    assert _failures(report) == []
    [diagram] = report.diagrams
    assert report.ok
    assert (len(diagram.taken), len(diagram.flows), diagram.coverage) == (3, 5, 60.0)


def test_time_passes_and_fires_what_is_due_on_the_way(play):
    report = play(f"""
- when: {{siapa: Ani, tugas: Isi formulir, isian: {FILL}}}
- when: {{setelah: 71 jam 59 menit}}
- then: {{tugas: Periksa}}
- when: {{setelah: 1 menit}}
- then: {{tugas: tidak ada, selesai: belum}}
- when: {{pesan: kabar, isi: {{nomor: 7, benar: ya}}}}
- then: {{selesai: Selesai lewat kabar, data: {{kabar.nomor: 7, kabar.benar: ya}}}}
""")
    assert _failures(report) == []


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("tugas: Periksa", ("open tasks", "Periksa", "Isi formulir")),
        ("tugas: tidak ada", ("open tasks", "none", "Isi formulir")),
        ("tugas: [Isi formulir, Isi formulir]", None),
        ("tugas: {Isi formulir: Budi}", ("who may do “Isi formulir”", "Budi", "Ani")),
        ("tugas: {Isi formulir: tidak ada}", ("who may do “Isi formulir”", "none", "Ani")),
        ("status: Lain", ("stage", "Lain", "Mengisi")),
        ("selesai: ya", ("outcome", "ya", "not ended")),
        ("selesai: Selesai baik", ("outcome", "Selesai baik", "not ended")),
        ("surat: {kepada: Ani, perihal: x}", ("mail", "Ani, x", "none")),
        ("keanggotaan: {Budi: tidak ada}",
         ("memberships of Budi", "none", "verifier in all agencies until for good")),
        ("keanggotaan: {Ani: {peran: verifier}}", ("memberships of Ani", "verifier", "none")),
        ("tenggat: {Periksa: 2026-06-04 09:00 WIB}", ("deadline of “Periksa”", "2026-06-04 09:00 WIB", "none")),
        ("data: {nama: Ani}", ("data “nama”", "Ani", "–")),
        ("ditolak: ya", ("refusal", "ya", "accepted")),
    ],
)  # fmt: skip
def test_what_differs_is_told_as_expected_and_actual(play, then, expected):
    assert _failures(play(f"- then: {{{then}}}")) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("when: {siapa: Ani, tugas: Tidak ada}", "no task “Tidak ada”; open ones: “Isi formulir”"),
        ("when: {siapa: Ani, tugas: fill, isian: {Warn: x}}", "this form does not ask for “Warn”"),
        ("when: {siapa: Ani, tugas: fill, isian: {Nama lengkap: [a, [b]]}}", "one value belongs here"),
        ("when: {siapa: Ani, kasus: Budi, tugas: fill}", "there is no case yet Budi"),
        ("when: {pada: 2026-05-01 09:00 WIB}", "time cannot go back"),
        ("then: {keanggotaan: {Siti: tidak ada}}", "nobody is called “Siti”"),
        ("then: {keanggotaan: {Budi: {peran: raja}}}", "no role “raja”"),
        ("then: {surat: {untuk: Ani}}", "“untuk”: use"),
        ("then: {tenggat: {Periksa: besok}}", "“besok” is no instant"),
    ],
)
def test_a_step_that_cannot_be_done_is_a_failure_with_its_line(play, step, words):
    report = play(f"- then: {{selesai: tidak}}\n- {step}")
    [failure] = [f for d in report.diagrams for r in d.results for f in r.failures]
    assert failure.line == 14
    assert words in failure.actual.en


def test_an_unknown_role_or_agency_of_a_person_is_a_failure_too(play):
    for person, words in (
        ("{peran: raja}", "no role “raja”"),
        ("{peran: verifier, instansi: X}", "no agency is called “X”"),
    ):
        report = play("- then: {selesai: tidak}", GIVEN.replace("{peran: verifier}", person))
        [failure] = [f for d in report.diagrams for r in d.results for f in r.failures]
        assert failure.line == 7
        assert words in failure.actual.en


def test_a_refusal_nobody_expected_fails_with_every_reason(play):
    [(subject, expected, actual)] = _failures(play("- when: {siapa: Ani, tugas: fill, isian: {Umur: 12}}"))
    assert (subject, expected) == ("step", "accepted")
    assert "nama: " in actual
    assert "umur: " in actual


@pytest.mark.parametrize(
    ("refused", "passes"),
    [
        ("ya", True),
        ("[nama, umur]", True),
        ("{nama: '', umur: 17}", True),
        ("[nama]", False),
        ("{nama: '', umur: tidak begitu}", False),
        ("bukan begitu", False),
    ],
)
def test_an_expected_refusal_names_its_fields_or_words(play, refused, passes):
    report = play(
        f"- when: {{siapa: Ani, tugas: fill, isian: {{Umur: 12}}}}\n- then: {{ditolak: {refused}, tugas: fill}}"
    )
    assert report.ok is passes


def test_four_eyes_are_the_real_ones(play):
    report = play(
        f"""
- when: {{siapa: Budi, mulai: ya}}
- when: {{siapa: Budi, tugas: fill, isian: {FILL}}}
- then: {{tugas: {{Periksa: Citra}}}}
- when: {{siapa: Budi, tugas: Periksa}}
- then: {{ditolak: ya, tugas: Periksa}}
- then: {{kasus: Ani, tugas: Isi formulir}}
- when: {{siapa: Citra, kasus: Budi, tugas: Periksa}}
- then: {{selesai: ya}}
"""
    )
    assert _failures(report) == []


def test_a_case_can_be_withdrawn_and_then_takes_nothing_more(play):
    report = play("""
- when: {siapa: Ani, batalkan: Salah jenis izin}
- then: {selesai: ya, tugas: tidak ada}
- when: {siapa: Ani, tugas: fill}
- then: {ditolak: ya}
""")
    assert _failures(report) == []


def test_a_broken_file_is_reported_and_nothing_is_run(play, package):
    play("- then: {selesai: tidak}")
    (package / "scenarios" / "rusak.yaml").write_text("judul: [")
    report = run_package(package, Registry(), _prepare)
    assert not report.ok
    assert [(f.line, f.code) for f in report.faults] == [(1, "not_yaml")]
    assert report.to_json()["file_faults"][0]["file"].endswith("scenarios/rusak.yaml")


def test_a_package_that_the_gate_refuses_is_not_run(play, package):
    play("- then: {selesai: tidak}")
    (package / "process.bpmn").write_text("<!DOCTYPE x>")
    report = run_package(package, Registry(), _prepare)
    assert not report.ok
    assert report.diagrams == ()
    assert "process.bpmn" in report.refusal[0].en


def test_a_package_without_scenarios_is_covered_by_nothing(package):
    report = run_package(package, Registry(), _prepare)
    assert (report.ok, report.diagrams[0].coverage, report.diagrams[0].results) == (True, 0.0, ())


def test_asynchronous_handlers_are_worked_off_before_the_next_step(play, package):
    """The same story, its end told by a handler that runs as a job."""
    registry = Registry()
    registry.add(
        Handler("hitung", "async", lambda _context: {"hasil": 5}, "Hitung", "Compute",
                outputs=(Field("hasil", "number", "Hasil", "Result"),))
    )  # fmt: skip
    p = Process("izin", name="Izin")
    p.start(lane="Pemohon"), p.service("compute", "hitung", lane="Pemohon"), p.user("check", lane="Verifikator")
    p.end(lane="Verifikator")
    p.chain("start", "compute", "check", "end")
    (package / "process.bpmn").write_bytes(p.document())
    (package / "forms" / "isi.json").unlink()
    play("- then: {tugas: check, data: {hasil: 5}}")
    assert run_package(package, registry, _prepare).ok


def test_packages_are_found_from_wherever_one_points(package, tmp_path):
    assert find_packages([tmp_path]) == [package]
    assert find_packages([package]) == [package]
    assert find_packages([package / "process.bpmn"]) == [package]
    assert find_packages([tmp_path, package]) == [package]
    (tmp_path / "lone.bpmn").write_text("x")
    assert find_packages([tmp_path / "lone.bpmn"]) == []
