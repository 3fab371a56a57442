"""Bundles: whoever changes anything in one is found out by a bare Python, and what is left out by right is told."""

import ast
import base64
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import anchors
from engine.actors import Actor, Grant
from engine.bundles import Packer, verify
from engine.documents import Documents
from engine.forms.model import Rules
from engine.letters.signing import passing_signer, signer_for
from engine.privacy import OPEN, masking_for
from models import HistoryPayload
from tests.support.bpmn import Process
from tests.support.files import pdf
from tests.support.office import Office

OUTLETS = anchors.Outlets("https://alur.contoh.go.id")
AUDITOR = Actor(user_id="user-hendra", name="Hendra", grants=(Grant("auditor", None),))

FORM = b"""{"type": "default", "id": "isi", "components": [{
  "type": "filepicker", "id": "l", "key": "letter", "label": "Surat", "accept": ".pdf",
  "validate": {"required": true}, "properties": {"alur:type": "document", "alur:min_bytes": 1000}
}]}"""
SAID = {"half": 1e-7, "said": "\u201c\xe9\u201d\n\x7f\U0001f331", "deep": {"b": [1.5, None], "a": 2}}


class World:
    """A case in two versions of its process, with a document, a fraction and odd letters in what was submitted."""

    def __init__(self, database, tmp_path):
        self.office = office = Office(database)
        self.documents = Documents(tmp_path / "documents")
        self.packer = Packer(
            database, office.definitions, self.documents, passing_signer(), "https://alur.contoh.go.id"
        )
        self.folder = tmp_path / "bundle"
        office.deploy(self._process(), files={"forms/isi.json": FORM})
        ani = office.person("Ani")
        self.case = office.start(
            "taken", ani, data={"half": 1e-7, "said": "“é”\n\x7f🌱", "deep": {"b": [1.5, None], "a": 2}}
        )
        task = office.task(self.case, "a")
        with database.write() as unit:
            kept = self.documents.receive(
                unit, actor_id=ani.user_id, task_id=task.id, field="letter", filename="surat.pdf",
                body=pdf(size=5_000), now=office.clock.now(), rules=Rules(min_bytes=1000),
            )  # fmt: skip
        office.runner.complete(task.id, ani, {"letter": kept.id})
        self.anchor()
        office.wait(hours=30)
        self.anchor()
        self.number = office.case(self.case).number

    def _process(self):
        p = Process("taken")
        p.start(), p.user("a", lane="Pemohon", form="isi", due="days(3)"), p.user("b", lane="Pemohon"), p.end()
        p.chain("start", "a", "b", "end")
        return p

    def anchor(self):
        with self.office.database.write() as unit:
            anchors.make(unit, passing_signer(), OUTLETS, self.office.clock.now())

    def make(self, masking=OPEN, folder=None):
        """The unpacked bundle; its zip stands beside it."""
        folder = folder or self.folder
        self.packer.add(folder, self.case, masking)
        target = folder.with_suffix(".zip")
        self.packer.close(folder, target, level=str(masking.level), by="user-hendra", now=self.office.clock.now())
        return folder


@pytest.fixture
def world(database, tmp_path):
    return World(database, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_database, tmp_path):
    return World(sqlite_database, tmp_path)


def checked(place, *options):
    """What the bundle's own program says, on a Python that has nothing but its standard library."""
    program = place / "verify.py" if place.is_dir() else place.parent / "verify.py"
    given = [str(place)] if not place.is_dir() else []
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(program), "--json", *options, *given],
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(run.stdout)
    assert run.returncode == (0 if answer["proved"] else 1), run.stderr
    return answer


def codes(answer):
    return {finding["code"] for finding in answer["findings"]}


def test_an_untouched_bundle_proves_itself_unpacked_and_as_zip(world):
    folder = world.make()

    answer = checked(folder)

    assert answer["findings"] == []
    assert answer["checked"]["events"] == world.office.case(world.case).event_count
    assert answer["checked"] | {"files": 0, "events": 0} == {
        "files": 0, "events": 0, "cases": 1, "payloads": 2, "documents": 1, "versions": 1, "ledger": 2, "anchors": 2,
        "proofs": 1,
    }  # fmt: skip
    assert answer["left_out"] == {}
    shutil.copy(folder / "verify.py", folder.parent)
    assert checked(folder.with_suffix(".zip")) == answer


def test_the_program_speaks_to_people_and_says_where_there_is_no_bundle(sqlite_world, tmp_path):
    folder = sqlite_world.make()
    (folder / "verify.py").replace(tmp_path / "verify.py")

    def said(place):
        command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(place)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    told, nothing = said(folder), said(tmp_path)

    assert told.returncode == 1
    assert "verify.py: Berkas ini hilang." in told.stdout
    assert "This file is missing." in told.stdout
    assert "TIDAK TERBUKTI: 1 temuan." in told.stdout
    assert (nothing.returncode, "bukan bundel Alur" in nothing.stdout) == (2, True)


def test_what_an_auditor_may_not_read_is_left_out_and_told(world):
    with world.office.database.read() as unit:
        masking = masking_for(unit, world.office.definitions, AUDITOR, world.case, now=world.office.clock.now())

    folder = world.make(masking)
    answer = checked(folder)

    assert answer["findings"] == []
    assert answer["left_out"] == {"withheld": 2, "document": 1}
    payloads = (folder / f"cases/{world.number}/payloads.jsonl").read_text()
    assert "salt" not in payloads
    assert not (folder / "documents").exists()
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"surat.pdf" not in whole


@pytest.mark.tampers
def test_what_retention_destroyed_is_told(sqlite_world):
    office = sqlite_world.office
    with office.database.write() as unit:
        kept = unit.session.get(HistoryPayload, (sqlite_world.case, 1))
        kept.salt, kept.body, kept.destroyed_at = None, None, office.clock.now()
        unit.session.add(kept)

    answer = checked(sqlite_world.make())

    assert answer["findings"] == []
    assert answer["left_out"] == {"destroyed": 1}


def test_events_after_the_anchor_are_told(sqlite_world):
    office = sqlite_world.office
    office.wait(hours=1)
    office.complete(sqlite_world.case, "b", office.person("Ani"))

    answer = checked(sqlite_world.make())

    assert answer["findings"] == []
    assert answer["left_out"]["after"] > 0


# --- somebody who changes it -----------------------------------------------------------------------------------------


def lines_of(path, change):
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in change(rows)))


def altered(path, change):
    value = json.loads(path.read_text())
    change(value)
    path.write_bytes(orjson.dumps(value))


def cut(folder, case):
    """The last act taken away everywhere, as if it had never been."""
    events = folder / case / "events.jsonl"
    lines_of(events, lambda rows: [row for row in rows if row["act"] < 2])
    kept = [json.loads(line) for line in events.read_text().splitlines()]
    lines_of(folder / case / "payloads.jsonl", lambda rows: [row for row in rows if row["seq"] <= len(kept)])
    altered(folder / case / "case.json", lambda c: c.update(events=len(kept), chain_head=kept[-1]["hash"]))


def a_byte(rows):
    rows[0]["body"] = rows[0]["body"].replace("half", "hulf")
    return rows


def replaced(folder, pattern, body):
    next(folder.glob(pattern)).write_bytes(body)


def backdated(row):
    row["statement"] = row["statement"].replace("2026-06-02", "2026-05-02")


CHANGES = {
    "a byte of a payload": (lambda f, c: lines_of(f / c / "payloads.jsonl", a_byte), "payload"),
    "a payload taken away": (lambda f, c: lines_of(f / c / "payloads.jsonl", lambda rows: rows[1:]), "payload_gone"),
    "an event removed": (lambda f, c: lines_of(f / c / "events.jsonl", lambda r: r[:1] + r[2:]), "gap"),
    "two events swapped": (lambda f, c: lines_of(f / c / "events.jsonl", lambda r: [r[0], r[2], r[1], *r[3:]]), "gap"),
    "an event's instant": (
        lambda f, c: lines_of(f / c / "events.jsonl", lambda r: [*r[:-1], r[-1] | {"at": r[0]["at"] + "1"}]),
        "hash",
    ),
    "an event's flows": (
        lambda f, c: lines_of(f / c / "events.jsonl", lambda r: [*r[:1], r[1] | {"detail": {"flows": []}}, *r[2:]]),
        "hash",
    ),
    "the last event cut off": (lambda f, c: lines_of(f / c / "events.jsonl", lambda r: r[:-1]), "tail"),
    "the last act cut off everywhere": (cut, "anchored"),
    "a document replaced": (lambda f, c: replaced(f, "documents/*", pdf(seed=2, size=5_000)), "document"),
    "a document not told of": (lambda f, c: (f / c / "documents.json").write_text("[]"), "document_gone"),
    "a diagram replaced": (lambda f, c: replaced(f, "versions/*/*.bpmn", b"<definitions/>"), "version"),
    "a form added to a version": (
        lambda f, c: (next(f.glob("versions/*")) / "new.json").write_text("{}"),
        "version",
    ),
    "an anchor's date": (lambda f, c: altered(f / "anchors/2.json", backdated), "anchor"),
    "an anchor's signature": (
        lambda f, c: altered(f / "anchors/2.json", lambda a: a.update(signature="AA" + a["signature"][2:])),
        "anchor",
    ),
    "a step of the proof": (
        lambda f, c: altered(f / c / "inclusion.json", lambda p: p.update(index=1, size=2, path=["00" * 32])),
        "proof",
    ),
    "the head in the proof": (
        lambda f, c: altered(f / c / "inclusion.json", lambda p: p.update(head="00" * 32)),
        "proof",
    ),
    "an entry of the ledger": (
        lambda f, c: lines_of(f / "ledger.jsonl", lambda r: [r[0] | {"actor_id": "user-budi"}, *r[1:]]),
        "ledger",
    ),
    "a line that is no JSON": (lambda f, c: (f / c / "events.jsonl").write_text("{"), "unreadable"),
    "a name that stands twice": (
        lambda f, c: (f / c / "case.json").write_text('{"id": "x", "id": "y"}'),
        "unreadable",
    ),
    "a case taken away": (lambda f, c: shutil.rmtree(f / c), "case"),
}


def signed_anew(folder):
    """By somebody with a key of their own, who lists whatever is there now."""
    manifest = json.loads((folder / "manifest.json").read_text())
    outside = ("manifest.json", "manifest.sig.json")
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    manifest["files"] = {name: verify.sha256((folder / name).read_bytes()) for name in names if name not in outside}
    body = orjson.dumps(manifest)
    (folder / "manifest.json").write_bytes(body)
    (folder / "manifest.sig.json").write_bytes(orjson.dumps(FORGER.seal(body).to_json()))


@pytest.fixture(scope="module")
def _forger(tmp_path_factory):
    global FORGER  # noqa: PLW0603 -- one key for all: making one takes its time
    FORGER = signer_for("development", tmp_path_factory.mktemp("forger"))


@pytest.mark.usefixtures("_forger")
def test_every_change_inside_is_found_even_when_the_manifest_was_signed_anew(sqlite_world, tmp_path):
    whole = sqlite_world.make()
    genuine = checked(whole)["keys"]
    found = {}
    for number, (name, (change, _code)) in enumerate(CHANGES.items()):
        folder = tmp_path / f"changed-{number}"
        shutil.copytree(whole, folder)
        change(folder, f"cases/{sqlite_world.number}")
        quick = checked(folder) if number == 0 else None
        if quick is not None:
            assert codes(quick) == {"altered", "payload"}
        signed_anew(folder)
        answer = checked(folder)
        found[name] = codes(answer)
        assert set(answer["keys"]) - set(genuine), "another key signed, and its fingerprint is told"

    assert {name: code for name, (_, code) in CHANGES.items() if code not in found[name]} == {}, found


def test_files_altered_removed_and_added_are_found_and_so_is_another_manifest(sqlite_world, tmp_path):
    whole = sqlite_world.make()

    def after(change):
        folder = tmp_path / "touched"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        change(folder)
        return codes(checked(folder))

    assert after(lambda f: (f / "README.md").unlink()) == {"missing"}
    assert after(lambda f: (f / "README.md").write_text("x")) == {"altered"}
    assert after(lambda f: (f / "cases" / "more.txt").write_text("x")) == {"added"}
    assert after(lambda f: altered(f / "manifest.json", lambda m: m.update(level="external"))) == {"manifest"}
    assert after(lambda f: (f / "manifest.sig.json").unlink()) == {"unsigned"}
    assert after(lambda f: altered(f / "manifest.sig.json", lambda s: s.update(signature=""))) == {"manifest"}
    shutil.copy(whole / "verify.py", tmp_path)
    target = whole.with_suffix(".zip")
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("README.md", "x")
    assert "added" in codes(checked(target))


def test_a_short_key_and_a_loose_padding_are_no_signature():
    # e = 3 and room behind the digest: the forgery of 2006 against checkers that do not look at the end
    key = {"n": "f" * 256, "e": "3"}
    assert not verify.signed_by(key, b"x", base64.b64encode(b"\0" * 128).decode())


def test_the_checker_is_python_3_8_and_imports_the_standard_library_alone():
    source = ast.parse(Path(verify.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))

    named = {a.name for node in ast.walk(source) if isinstance(node, ast.Import) for a in node.names}
    named |= {str(node.module) for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    assert named <= sys.stdlib_module_names


# --- the one form of the record ------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)  # fmt: skip


@given(VALUES)
def test_the_checker_writes_every_value_as_the_record_does(value):
    recorded = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

    assert verify.canonical(verify.parsed(orjson.dumps(value))).encode() == recorded


def test_json_dumps_alone_would_do_but_for_very_small_fractions():
    def plainly(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    for value in ({"é": '\x7f\u2028\n"', "z": [2**63, -1, True, None], "Z": {}}, {"a": 0.1, "b": -0.0, "c": 1e22}):
        assert plainly(value) == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    assert (plainly(1e-7), orjson.dumps(1e-7)) == (b"1e-07", b"1e-7")
