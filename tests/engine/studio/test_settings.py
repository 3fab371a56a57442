"""process.toml changed by a form: only what was changed is written, and two people's changes come together."""

import copy
import difflib
from pathlib import Path

import pytest

from engine.definitions import package_of, read_package
from engine.gate.toml import read_manifest
from engine.studio.settings import (
    diagrams_of,
    lanes_of,
    merged,
    parameter_kind,
    processes_of,
    read_settings,
    tasks_of,
    write_settings,
)

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
OURS = sorted(p.name for p in BPMN.iterdir() if p.is_dir())
ACCESS = (BPMN / "inaproc_access" / "process.toml").read_bytes()


def changed_lines(before, after):
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize("name", OURS)
def test_nothing_changed_is_the_same_file(name):
    body = (BPMN / name / "process.toml").read_bytes()
    assert write_settings(body, read_settings(body)) == body


@pytest.mark.parametrize("name", OURS)
def test_what_is_written_is_read_again_and_passes_the_gate(name):
    body = (BPMN / name / "process.toml").read_bytes()
    wanted = read_settings(body)
    wanted["title"]["en"] = "Another title"
    wanted["description"] = {"id": "Keterangan \"baru\" dengan \\ dan 'kutip'", "en": ""}
    wanted["roles"]["baru"] = {"id": "Peran baru", "en": "New role"}
    wanted["lanes"]["Lajur Baru, ke-2"] = {
        "assign": "", "role": "baru", "scope": "any", "exclude": ["starter", "completer:x"],
    }  # fmt: skip
    wanted["parameters"]["batas_baru"] = {"value": 3, "title": {"id": "Batas", "en": ""}}
    wanted["retention"] = {"active_years": 1, "inactive_years": 2, "final": "permanent"}

    after = write_settings(body, wanted)

    assert read_settings(after) == wanted
    manifest, findings = read_manifest(after, name)
    assert [f.reason.id for f in findings if f.is_error] == []
    assert manifest.parameters["batas_baru"].value == 3
    comments = [line for line in body.decode().splitlines() if line.startswith("#")]
    assert all(line in after.decode().splitlines() for line in comments)


def test_one_changed_number_is_one_changed_line():
    wanted = read_settings(ACCESS)
    wanted["parameters"]["verification_hours"]["value"] = 48

    assert changed_lines(ACCESS, write_settings(ACCESS, wanted)) == ["- value = 72", "+ value = 48"]


def test_lanes_parameters_and_roles_can_go():
    wanted = read_settings(ACCESS)
    del wanted["lanes"]["PT Telkom Indonesia"], wanted["parameters"]["extension_hours"], wanted["roles"]["telkom"]

    after = write_settings(ACCESS, wanted)

    assert read_settings(after) == wanted
    assert b"Telkom" not in after
    assert all(line[0] == "-" for line in changed_lines(ACCESS, after))


def test_a_title_in_one_language_becomes_one_in_two():
    body = b'key = "trip" # nama\ntitle = "Perjalanan"\nowner = "X"\nmain = "m"\n'
    wanted = read_settings(body)
    assert wanted["title"] == {"id": "Perjalanan", "en": ""}
    wanted["title"]["en"] = "Trip"

    after = write_settings(body, wanted)

    assert read_settings(after) == wanted
    assert b"# nama" in after


def test_what_is_no_toml_is_not_changed():
    assert read_settings(b"key = ") is None
    assert read_settings(b"\xff") is None
    with pytest.raises(ValueError):
        write_settings(b"key = ", {})


def test_what_two_people_changed_comes_together():
    base = read_settings(ACCESS)
    mine, theirs = copy.deepcopy(base), copy.deepcopy(base)
    mine["parameters"]["verification_hours"]["value"] = 48
    mine["lanes"]["Verifikator"]["role"] = "spd"
    theirs["parameters"]["reminder_hours"]["value"] = 12
    theirs["title"]["en"] = "Theirs"
    theirs["roles"]["baru"] = {"id": "Baru", "en": ""}
    del theirs["roles"]["telkom"]

    both = merged(base, mine, theirs)

    assert both["parameters"]["verification_hours"]["value"] == 48
    assert both["parameters"]["reminder_hours"]["value"] == 12
    assert both["lanes"]["Verifikator"]["role"] == "spd"
    assert both["title"]["en"] == "Theirs"
    assert "baru" in both["roles"]
    assert "telkom" not in both["roles"]


def test_of_the_same_setting_mine_is_kept_to_be_looked_at():
    base, mine, theirs = ({"owner": who} for who in ("A", "B", "C"))
    assert merged(base, mine, theirs) == {"owner": "B"}


def test_what_a_form_may_offer_comes_from_the_diagrams():
    diagrams = diagrams_of(read_package(BPMN / "inaproc_access").files)

    assert "Verifikator" in lanes_of(diagrams)
    assert tasks_of(diagrams)["verify_by_vai"] == "Verifikasi permohonan akses"
    assert "inaproc_access" in processes_of(diagrams)
    assert diagrams_of({"x.bpmn": b"no xml", "y.bpmn": b"<a/>"}) == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "yes_no"), (3, "whole"), (2.5, "number"), ("a", "text"), ([1], "other"), ({"a": 1}, "other")],
)
def test_parameters_are_asked_for_by_their_kind(value, kind):
    assert parameter_kind(value) == kind


def test_a_package_whose_settings_were_changed_is_still_one():
    files = dict(read_package(BPMN / "inaproc_access").files)
    wanted = read_settings(ACCESS)
    wanted["start"]["who"] = ["vai"]
    files["process.toml"] = write_settings(ACCESS, wanted)

    assert package_of("inaproc_access", files).findings == ()
    assert read_manifest(files["process.toml"])[0].start.who == ("vai",)
