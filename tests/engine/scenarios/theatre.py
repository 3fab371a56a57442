"""Packages of a flow in a folder, side by side, and scenarios played on them."""

import json
from textwrap import dedent, indent

from engine.calendar import seed_calendar
from engine.registry import Registry
from engine.scenarios import run_package
from models import Instansi
from tests.support.bpmn import Process, message, signal

TOML = """
key = "{key}"
main = "{key}"
owner = "Penguji"
flow = "musim"
[title]
id = "{title}"
en = "{title}"
[start]
who = {who}
[lanes."Pemohon"]
assign = "starter"
{more}
"""
OFFICE = """
[lanes."Petugas"]
role = "petugas"
scope = "{scope}"
[roles.petugas]
id = "Petugas"
en = "Officer"
"""
PATIENCE = """
[parameters.sabar_hari]
value = 3
title = { id = "Sabar (hari)", en = "Patience (days)" }
"""
FORM = {
    "type": "default",
    "id": "isi",
    "components": [{"type": "textfield", "key": "nama", "label": "Nama", "validate": {"required": True}}],
}


def write_packages(folder) -> None:
    """`daftar` (applicants), which is told when the programme closes, and `jadwal` (an office), which it waits for."""
    _write(folder / "daftar", _registration(), "Pendaftaran", '"signed_in"', PATIENCE)
    _write(folder / "jadwal", _schedule(), "Jadwal Ujian", '["petugas"]', OFFICE.format(scope="instansi"))


def _registration() -> Process:
    p = Process("daftar", name="Pendaftaran")
    p.start()
    p.script("terms", "periode = programme.period\nsabar = parameters.sabar_hari\nrebutan = 'bebas'", lane="Pemohon")
    p.user("fill", name="Isi formulir", form="isi", due="days(parameters.sabar_hari)", stage="Mengisi", lane="Pemohon")
    p.catch("scheduled", message("jadwal_ada", variable="jadwal"), name="Jadwal ada", lane="Pemohon")
    p.end("done", name="Terjadwal", lane="Pemohon")
    p.chain("start", "terms", "fill", "scheduled", "done")
    p.boundary("closing", "fill", message("programme_closed", variable="tutup"), name="Ditutup", lane="Pemohon")
    p.end("closed", name="Ditutup", properties={"stage": "Ditutup"}, lane="Pemohon")
    p.chain("closing", "closed")
    p.lanes["Pemohon"].append("start")
    return p


def _schedule() -> Process:
    p = Process("jadwal", name="Jadwal Ujian")
    p.start(lane="Petugas")
    p.user("set", name="Tetapkan jadwal", stage="Menetapkan", lane="Petugas")
    p.throw("tell", signal("jadwal_tetap"), name="Beri tahu", lane="Petugas")
    p.end("set_end", name="Ditetapkan", lane="Petugas")
    p.chain("start", "set", "tell", "set_end")
    return p


def _write(folder, process: Process, title: str, who: str, more: str) -> None:
    manifest = TOML.format(key=process.id, title=title, who=who, more=more)
    if process.id == "jadwal":
        manifest = manifest.replace('[lanes."Pemohon"]\nassign = "starter"\n', "")
    forms = {"forms/isi.json": json.dumps(FORM).encode()} if process.id == "daftar" else {}
    for path, body in {**process.files(), "process.toml": manifest.encode(), **forms}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    (folder / "scenarios").mkdir()


APPLICANTS = """
  orang:
    Ani:
    Budi:"""
OFFICERS = """
    Citra: {peran: Petugas, instansi: Kota Ambon}
    Dewi: {peran: petugas, instansi: Kota Ambon}
"""


def play(folder, steps: str, *, given: str = "", registry: Registry | None = None, companions: str = ""):
    """One scenario of `daftar`; its report. `companions`: what stands behind `bersama:`."""
    start = "" if "\n  pada:" in given else "  pada: 2026-06-01 09:00 WIB\n"
    people = APPLICANTS + (OFFICERS if companions else "\n")
    head = f"bersama: {companions}\n" if companions else ""
    body = indent(dedent(steps).strip("\n"), "    ")
    text = f"{head}given:\n{start}{people}{given}\nskenario:\n- judul: Uji\n  langkah:\n{body}\n"
    (folder / "daftar" / "scenarios" / "uji.yaml").write_text(text)
    return run_package(folder / "daftar", registry or Registry(), _prepare)


def failures(report):
    assert report.refusal == (), [r.en for r in report.refusal]
    assert report.faults == (), [f.sentence("en") for f in report.faults]
    return [
        (f.subject.en or f.subject.id, f.expected.in_locale("en"), f.actual.in_locale("en"))
        for f in report.diagrams[0].results[0].failures
    ]


def _prepare(unit, now):
    seed_calendar(unit, now)
    unit.session.add(Instansi(id="k", kind="kota", name="Kota Ambon", zone="Asia/Jayapura"))
