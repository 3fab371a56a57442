"""Event logs that tools of process mining open: what pm4py finds in them is what the diagram says."""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.bundles import Persons, ocel, read_log, xes
from engine.documents import Documents
from tests.support.bpmn import Process
from tests.support.files import pdf
from tests.support.office import Office

ROOT = Path(__file__).resolve().parents[2]
PM4PY = ROOT / ".venv" / "pm4py" / "bin" / "python"
SPACE = "{http://www.xes-standard.org/}"


def leave() -> Process:
    p = Process("leave")
    p.start(name="Mulai")
    p.user("apply", name="Isi permohonan", lane="Pemohon")
    p.user("check", name="Periksa", lane="Verifikator", due="working_days_after(today(), 3)")
    p.service("tell", "tell", {}, "told", name="Kabari")
    p.end(name="Selesai")
    p.chain("start", "apply", "check", "tell", "end")
    return p


@pytest.fixture
def office(database, tmp_path):
    """Two cases: one checked in time over a weekend, one late and not ended."""
    office = Office(database)
    office.handler("tell", lambda _context: {}, "inline")
    office.deploy(leave())
    ani, vera = office.person("Ani"), office.person("Vera", "verifier")
    office.wait(days=3)  # Thursday
    office.cases = [office.start("leave", ani), office.start("leave", ani)]
    for case in office.cases:
        office.complete(case, "apply", ani)
    with database.write() as unit:
        Documents(tmp_path / "documents").keep_generated(
            unit, instance_id=office.cases[0], name="surat", filename="surat.pdf", body=pdf(size=5_000),
            now=office.clock.now(),
        )  # fmt: skip
    office.wait(days=4)  # Monday: Friday and half of two days are working time, the weekend is not
    office.complete(office.cases[0], "check", vera)
    office.wait(days=7)
    office.runner.suspend(office.cases[1], office.person("Adi", "admin"))
    return office


def logs(office, persons=None):
    with office.database.read() as unit:
        told = [read_log(unit, office.definitions, case) for case in office.cases]
        return "".join(xes(unit, told, persons or Persons())), ocel(unit, told, persons or Persons())


def test_a_log_has_life_cycle_role_and_working_time(office):
    with office.database.read() as unit:
        log = read_log(unit, office.definitions, office.cases[0])

    told = [(one.activity, one.transition, one.actor_id, one.role) for one in log.happenings]
    assert told == [
        ("Mulai", "complete", None, None),
        ("Isi permohonan", "schedule", None, None),
        ("Isi permohonan", "complete", "user-ani", None),
        ("Periksa", "schedule", None, "verifier"),
        ("Periksa", "complete", "user-vera", "verifier"),
        ("Kabari", "complete", None, None),
        ("Selesai", "complete", None, None),
    ]
    checked = log.happenings[4]
    assert (checked.elapsed.days, checked.working.total_seconds() / 86_400, checked.late) == (4, 2, False)
    assert (log.elapsed, log.working) == (checked.elapsed, checked.working)


def test_an_intervention_stands_in_the_log_as_none_of_the_diagrams_steps(office):
    with office.database.read() as unit:
        (last,) = [
            h for h in read_log(unit, office.definitions, office.cases[1]).happenings if h.transition == "unknown"
        ]

    assert (last.activity, last.actor_id) == ("case:suspended", "user-adi")


def test_a_deadline_that_was_moved_is_the_one_that_counts(office):
    (deadline,) = office.deadlines(office.cases[1], kind="due")
    office.runner.resume(office.cases[1], office.person("Adi", "admin"))
    later = office.clock.now() + timedelta(days=1)
    office.runner.move_deadline(deadline.id, later, office.person("Adi", "admin"), reason="Libur daerah")
    office.complete(office.cases[1], "check", office.person("Vera", "verifier"))

    with office.database.read() as unit:
        (checked,) = [
            h for h in read_log(unit, office.definitions, office.cases[1]).happenings
            if (h.element_id, h.transition) == ("check", "complete")
        ]  # fmt: skip
    assert (checked.due_at, checked.late) == (later, False)


def test_people_are_numbers_unless_the_reader_may_know_their_names(office):
    masked, masked_objects = logs(office)
    named, named_objects = logs(office, Persons(named=True))

    for told in (masked, masked_objects.decode()):
        assert "Ani" not in told
        assert "user-" not in told
    assert 'key="org:resource" value="P1"' in masked
    assert 'key="org:resource" value="Ani"' in named
    assert b'"Vera"' in named_objects


def test_xes_is_well_formed_whatever_a_step_is_called(office):
    office.deploy(leave_called("A < B & \x01“C”"))
    office.cases = [office.start("leave", office.person("Ani"))]

    root = ET.fromstring(logs(office)[0])  # noqa: S314 -- our own

    names = {e.get("value") for e in root.iter(f"{SPACE}string") if e.get("key") == "concept:name"}
    assert "A < B & “C”" in {name.replace("�", "") for name in names}


def leave_called(name: str) -> Process:
    p = Process("leave")
    p.start(), p.user("apply", name=name.replace("\x01", ""), lane="Pemohon"), p.end()
    p.chain("start", "apply", "end")
    return p


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_pm4py_reads_both_logs_and_finds_the_diagrams_activities(office, tmp_path):
    if not PM4PY.exists():
        why = "pm4py is not installed (make .venv/pm4py/.made): NO EVENT LOG WAS READ BY ANOTHER PROGRAM"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    (tmp_path / "a.xes").write_text(logs(office)[0], encoding="utf-8")
    (tmp_path / "a.json").write_bytes(logs(office)[1])

    run = subprocess.run(
        [PM4PY, "-I", ROOT / "tests/support/mining.py", tmp_path / "a.xes", tmp_path / "a.json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])

    steps = ["Isi permohonan", "Kabari", "Mulai", "Periksa", "Selesai"]
    assert found["activities"] == found["tree"] == steps
    assert found["follows"] == [
        ["Isi permohonan", "Periksa", 1], ["Kabari", "Selesai", 1], ["Mulai", "Isi permohonan", 2],
        ["Periksa", "Kabari", 1],
    ]  # fmt: skip
    assert (found["starts"], found["ends"]) == ({"Mulai": 2}, {"Isi permohonan": 1, "Selesai": 1})
    assert (found["working"], found["late"]) == ([172_800], ["false"])
    assert found["resources"] == ["Alur", "P1", "P2"]
    # what no event names (a document that Alur wrote between two steps) pm4py leaves aside
    assert found["types"] == {"case": 2, "person": 3}
    kinds = [each["type"] for each in json.loads((tmp_path / "a.json").read_text())["objects"]]
    assert sorted(kinds) == ["case", "case", "document", "person", "person", "person"]
    assert found["events"] == sorted([*steps, "case:suspended"])
    assert found["qualifiers"] == ["by", "case"]
