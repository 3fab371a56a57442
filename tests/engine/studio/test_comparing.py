"""What differs between two states of a process is said in the owner's words, all of it, and marked on the drawing."""

from pathlib import Path

import pytest
from lxml import etree

from engine.definitions import read_package
from engine.studio.comparing import compare, merged_drawing
from tests.support.bpmn import Process, after

ROOT = Path(__file__).resolve().parents[3]
TOML = """
key = "izin"
main = "izin"
owner = "Dinas"
[title]
id = "Izin"
en = "Permit"
[lanes."Pemohon"]
assign = "starter"
[lanes."Petugas"]
role = "petugas"
scope = "any"
[roles.petugas]
id = "Petugas"
en = "Officer"
[roles.kepala]
id = "Kepala"
en = "Head"
[parameters.days]
value = {days}
title.id = "Batas waktu verifikasi (hari kerja)"
title.en = "Time to verify (working days)"
"""


def permit(*, due="working_days_after(today(), 3)", more=(), lane="Petugas", name="Periksa", condition="baik"):
    p = Process("izin", name="Izin")
    p.start("mulai", name="Mulai", lane="Pemohon")
    p.user("isi", name="Isi permohonan", lane="Pemohon", form="isi")
    for ident, called in more:
        p.user(ident, name=called, lane="Petugas", due="working_days_after(today(), 2)")
    p.user("periksa", name=name, lane=lane, form="pemeriksaan", due=due)
    p.exclusive("layak", name="Layak?")
    p.end("terbit", name="Terbit")
    p.end("tolak", name="Tolak")
    p.chain("mulai", "isi", *(ident for ident, _ in more), "periksa", "layak")
    p.flow("layak", "terbit", condition=condition)
    p.flow("layak", "tolak", default=True)
    return p


def files(process=None, days=3, **more):
    return {**(process or permit()).files(), "process.toml": TOML.replace("{days}", str(days)).encode(), **more}


def said(old, new, locale="id"):
    return [change.sentence.in_locale(locale) for change in compare(old, new).changes]


def test_the_same_is_no_difference():
    assert compare(files(), files()).same
    for key in ("lkpp_participant", "bps_inpassing"):
        package = read_package(ROOT / "bpmn" / key).files
        assert compare(package, dict(package)).same


def test_a_parameter_is_said_with_its_unit_after_the_value():
    assert said(files(), files(days=5)) == ["Batas waktu verifikasi: 3 → 5 hari kerja"]
    assert said(files(), files(days=5), "en") == ["Time to verify: 3 → 5 working days"]


def test_a_deadline_is_said_in_days():
    later = permit(due="working_days_after(today(), 5)")

    assert said(files(), files(later)) == ["Batas waktu “Periksa”: 3 → 5 hari kerja"]
    [change] = compare(files(), files(later)).changes
    assert (change.kind, change.area, change.file, change.element) == ("changed", "diagram", "process.bpmn", "periksa")


def test_another_kind_of_deadline_is_said_whole():
    other = permit(due='working_days_before(parameters.days, 1, at="16:00")')

    assert said(files(), files(other)) == [
        "Batas waktu “Periksa”: 3 hari kerja sesudah dibuka → 1 hari kerja sebelum parameters.days, pukul 16:00"
    ]


def test_a_step_between_two_is_told_once_with_its_place():
    found = compare(files(), files(permit(more=[("cek", "Cek lapangan")])))

    [change] = found.changes
    assert change.sentence.id == (
        "Langkah “Cek lapangan” ditambahkan sesudah “Isi permohonan” dan sebelum “Periksa”, jalur “Petugas”; "
        "batas waktu 2 hari kerja sesudah dibuka"
    )
    assert found.elements["process.bpmn"]["cek"] == "added"
    assert found.elements["process.bpmn"].get("periksa") is None


def test_a_step_taken_out_is_told_and_can_be_drawn_where_it_was():
    old, new = files(permit(more=[("cek", "Cek lapangan")])), files()

    found = compare(old, new)

    assert [c.sentence.id for c in found.changes] == ["Langkah “Cek lapangan” dihapus"]
    removed = frozenset(i for i, kind in found.elements["process.bpmn"].items() if kind == "removed")
    both = etree.fromstring(merged_drawing("process.bpmn", old["process.bpmn"], new["process.bpmn"], removed))
    idents = [node.get("id") for node in both.iter() if node.get("id")]
    assert {"cek", "periksa"} <= set(idents)
    assert len(idents) == len(set(idents))


def test_a_name_a_lane_and_a_condition_are_each_told():
    found = compare(files(), files(permit(name="Periksa berkas", lane="Pemohon", condition="baik and lengkap")))

    assert {(c.kind, c.area, c.sentence.id) for c in found.changes} == {
        ("renamed", "diagram", "Langkah “Periksa” kini bernama “Periksa berkas”"),
        ("moved", "lane", "“Periksa berkas” pindah dari jalur “Petugas” ke “Pemohon”"),
        ("removed", "lane", "Jalur “Petugas” dihapus"),
        ("changed", "diagram", "“Layak? → Terbit”: syarat: baik → baik and lengkap"),
    }


def test_a_step_under_another_code_is_known_again():
    new = permit()
    text = new.document().replace(b'"periksa"', b'"periksa_berkas"').replace(b">periksa<", b">periksa_berkas<")

    found = compare(files(), {**files(), "process.bpmn": text})

    assert found.renamed == {"process.bpmn": {"periksa": "periksa_berkas"}}
    assert [c.kind for c in found.changes] == ["renamed"]


def test_a_step_that_comes_later_now_is_moved():
    first = permit(more=[("cek", "Cek lapangan"), ("ukur", "Ukur tanah"), ("hitung", "Hitung")])
    then = permit(more=[("ukur", "Ukur tanah"), ("hitung", "Hitung"), ("cek", "Cek lapangan")])

    assert said(files(first), files(then)) == [
        "Langkah “Cek lapangan” dipindah: kini sesudah “Hitung” dan sebelum “Periksa”"
    ]


def test_a_timer_is_said_in_hours():
    def waiting(length):
        p = Process("tunggu")
        p.chain(p.start(), p.catch("jeda", after(f'"{length}"'), name="Jeda"), p.end())
        return p.files()

    assert said(waiting("PT72H"), waiting("P5D")) == ["“Jeda”: lama menunggu: 72 jam → 5 hari"]


def test_lanes_and_settings_of_the_manifest():
    old = files()
    body = (
        old["process.toml"]
        .decode()
        .replace('role = "petugas"\nscope = "any"', 'role = "kepala"\nexclude = ["starter"]')
    )
    new = {**old, "process.toml": body.replace('owner = "Dinas"', 'owner = "Badan"').encode()}

    assert said(old, new) == [
        "Jalur “Petugas”: peran: Petugas → Kepala",
        "Jalur “Petugas”: lingkup: seluruh instansi → instansi kasus itu",
        "Jalur “Petugas”: yang tidak boleh mengerjakan: (kosong) → pemohon",
        "Pemilik: Dinas → Badan",
    ]


def form(*parts):
    inside = ", ".join(parts)
    return f'{{"type": "default", "components": [{inside}]}}'.encode()


def text(key, label, **more):
    rules = '"validate": {"required": true}, ' if more.pop("required", False) else ""
    return f'{{{rules}"type": "textfield", "key": "{key}", "label": "{label}"}}'


def test_questions_of_a_form():
    old = form(text("nama", "Nama"), text("nip", "NIP"), text("alamat", "Alamat"), text("kota", "Kota"))
    new = form(text("nip", "NIP", required=True), text("alamat", "Alamat rumah"), text("kota", "Kota"),
               text("telepon", "Telepon"))  # fmt: skip

    assert set(said({"forms/isi.json": old}, {"forms/isi.json": new})) == {
        "Formulir “isi”: pertanyaan “Nama” dihapus",
        "Formulir “isi”: pertanyaan “Telepon” ditambahkan",
        "Formulir “isi”: “NIP”: wajib diisi: Tidak → Ya",
        "Formulir “isi”: “Alamat rumah”: pertanyaan: Alamat → Alamat rumah",
    }


def test_only_the_question_that_moved_is_moved():
    parts = [text(key, key.upper()) for key in "abcd"]

    [change] = compare({"forms/f.json": form(*parts)}, {"forms/f.json": form(*parts[1:], parts[0])}).changes

    assert (change.kind, change.element) == ("moved", "a")
    assert change.sentence.id == "Formulir “f”: pertanyaan “A” dipindah: kini sesudah “D”"


def test_rows_of_a_decision():
    path = "decisions/which_test.dmn"
    old = read_package(ROOT / "bpmn" / "bps_inpassing").files
    body = old[path].decode()
    new = {**old, path: body.replace('hitPolicy="FIRST"', 'hitPolicy="ANY"').encode()}

    assert said(old, new) == ["Keputusan “Uji yang dipersyaratkan”: aturan pemilihan baris: FIRST → ANY"]
    golongan = "decisions/golongan_rules.dmn"
    edited = old[golongan].replace(b'<text>"mahir"</text>', b'<text>"mahir", "ahli"</text>')
    [change] = compare(old, {**old, golongan: edited}).changes
    assert change.sentence.id.endswith('baris 2, kolom “Jenjang”: "mahir" → "mahir", "ahli"')


def test_lines_of_letters_and_mails_and_stories():
    old = read_package(ROOT / "bpmn" / "bps_formasi").files
    mail = next(path for path in old if path.startswith("mails/"))
    changed = old[mail].replace(b"Yth.", b"Kepada Yth.", 1)
    story = "scenarios/01_formasi.yaml"
    longer = old[story] + b"\n# selesai\n"

    found = compare(old, {**old, mail: changed, story: longer})

    assert [(c.area, c.kind) for c in found.changes] == [("mail", "changed"), ("scenario", "changed")]
    assert "“Yth. {{ recipient }},” → “Kepada Yth. {{ recipient }},”" in found.changes[0].sentence.id


def test_what_only_is_written_otherwise_is_said_to_be_so():
    old = files()
    new = {**old, "process.bpmn": old["process.bpmn"].replace(b"><", b">\n<")}

    assert said(old, new) == ["Diagram “process”: hanya cara penulisan berkasnya yang berbeda"]


@pytest.mark.parametrize("body", [b"", b"<a", b"\xff\xfe", b"{}", b"<definitions/>"])
def test_what_cannot_be_read_is_still_told(body):
    old = {**files(), "forms/f.json": form(text("a", "A")), "scenarios/s.yaml": b"x: ["}
    for path, before in old.items():
        if before != body:
            found = compare(old, {**old, path: body})
            assert found.changes, path
            assert all(c.sentence.id and c.sentence.in_locale("en") for c in found.changes)


def test_a_file_with_a_new_name_is_the_same_file():
    old = {"forms/a.json": form(text("a", "A"))}

    [change] = compare(old, {"forms/b.json": old["forms/a.json"]}).changes

    assert (change.kind, change.sentence.id) == ("renamed", "Formulir “a” kini bernama “forms/b.json”")
