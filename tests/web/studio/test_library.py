"""The library and the drafts: what an owner finds there, begins there, brings in and takes out."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from engine.studio.packing import pack
from tests.web.procedures import KEY, apply_for, permit

BPMN = Path(__file__).resolve().parents[3] / "bpmn"


@pytest.fixture
def draft(indah, permits):
    """The address of a draft that Indah began."""
    return indah.post(f"/studio/proses/{KEY}/draf", {"judul": "Lima hari kerja", "versi": permits}).location


def put(page_client, draft, path, body, revision):
    seen = {"If-None-Match": "*"} if revision is None else {"If-Match": f'"{revision}"'}
    return answer(page_client.client.put(
        f"{draft}/berkas/{path}", data=body,
        headers={"Origin": "http://localhost", "X-CSRF-Token": page_client.token(), **seen},
    ))  # fmt: skip


def answer(response):
    told = json.loads(response.get_data()) if response.mimetype == "application/json" else {}
    return response.status_code, told


def text_of(page_client, draft, path):
    return page_client.client.get(f"{draft}/berkas/{path}").get_data()


def test_an_owner_lands_in_the_studio(indah, permits):
    assert indah.get("/").location == "/studio"
    page = indah.get("/studio")
    assert page.heading == "Studio"
    assert page.one("a", href="/studio", aria_current="page") is not None
    assert "Izin Kegiatan" in page.text


def test_the_library_says_what_is_current_who_published_it_and_what_runs(app, indah, person, permits):
    apply_for(app, person("Ani Wijaya"))
    page = indah.get("/studio?cari=izin")

    row = " ".join("".join(page.all("tr")[-1].itertext()).split())
    assert "Izin Kegiatan" in row
    assert row.endswith("1")
    assert "Izin Kegiatan" not in indah.get("/studio?cari=tidak+ada").text

    page = indah.get(f"/studio/proses/{KEY}")
    assert page.heading == "Izin Kegiatan"
    assert "berlaku untuk kasus baru" in page.text


def test_the_library_goes_into_a_spreadsheet(indah, permits):
    page = indah.get("/studio/proses.csv")
    assert "Izin Kegiatan,izin,Dinas Contoh,1," in page.html.replace(";", ",")
    assert indah.get("/studio/proses.xlsx?cari=izin").status == 200


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_overseers_read_and_change_nothing(browser, person, indah, draft, role):
    reader = browser(person("Hendra", roles=[role]))

    assert "Proses baru" not in reader.get("/studio").text
    page = reader.get(draft)
    assert "Draf ini hanya dapat dibaca" in page.text
    assert "Hapus dari draf" not in page.text
    assert reader.get(f"/studio/proses/{KEY}").status == 200
    assert reader.get("/studio/baru").status == 403
    assert reader.post(f"{draft}/judul", {"judul": "x"}).status == 403
    assert put(reader, draft, "process.bpmn", b"<x/>", 1)[0] == 403


def test_a_draft_begins_as_the_version_it_was_begun_from(indah, draft, permits):
    page = indah.get(draft)

    assert "Lima hari kerja" in page.text
    assert text_of(indah, draft, "process.bpmn") == permit()["process.bpmn"]
    assert "Lima hari kerja" in indah.get("/studio").text
    assert indah.get(draft[:-1] + ("0" if draft[-1] != "0" else "1")).status == 404


def test_a_file_is_saved_under_the_revision_that_was_seen(indah, draft, clock):
    got = indah.client.get(f"{draft}/berkas/process.bpmn")
    assert (got.headers["ETag"], got.mimetype) == ('"1"', "application/xml")
    assert got.headers["Content-Disposition"] == "attachment"

    assert put(indah, draft, "process.bpmn", b"<two/>", 1) == (
        200,
        {"revision": 2, "saved_at": clock.now().isoformat(), "saved_text": "Draf tersimpan 09.00"},
    )
    assert text_of(indah, draft, "process.bpmn") == b"<two/>"


def test_the_second_of_two_owners_is_told_and_overwrites_nothing(indah, bayu, draft, clock):
    put(indah, draft, "process.bpmn", b"<indah/>", 1)
    clock.move_to(clock.now() + timedelta(minutes=5))

    status, told = put(bayu, draft, "process.bpmn", b"<bayu/>", 1)

    assert status == 409
    assert (told["by"], told["text"], told["revision"]) == ("Indah Permata", "pukul 09.00", 2)
    assert text_of(bayu, draft, "process.bpmn") == b"<indah/>"

    status, made = answer(bayu.client.post(
        f"{draft}/salinan", json={"path": "process.bpmn", "body": "<bayu/>"},
        headers={"Origin": "http://localhost", "X-CSRF-Token": bayu.token()},
    ))  # fmt: skip
    assert (status, made["title"]) == (200, "Lima hari kerja (Bayu Pratama)")
    assert text_of(bayu, made["url"], "process.bpmn") == b"<bayu/>"


def test_without_a_token_nothing_is_saved(indah, draft):
    refused = indah.client.put(f"{draft}/berkas/process.bpmn", data=b"<x/>", headers={"If-Match": '"1"'})
    assert refused.status_code == 403
    assert text_of(indah, draft, "process.bpmn") != b"<x/>"


def test_a_file_that_is_no_part_of_a_process_is_refused_with_its_reason(indah, draft):
    status, told = put(indah, draft, "run.py", b"x", None)
    assert status == 422
    assert "bukan bagian dari paket proses" in told["message"]


def test_owners_see_who_else_is_here(indah, bayu, draft, clock):
    def tell(page_client, path):
        return answer(page_client.client.post(
            f"{draft}/hadir", json={"path": path},
            headers={"Origin": "http://localhost", "X-CSRF-Token": page_client.token()},
        ))[1]  # fmt: skip

    assert tell(indah, "process.bpmn") == {"others": []}
    assert tell(bayu, "") == {"others": [{"name": "Indah Permata", "path": "process.bpmn", "text": "terlihat 09.00"}]}


def test_findings_are_those_of_the_gate_in_the_readers_language(indah, browser, person, draft):
    told = json.loads(indah.client.get(f"{draft}/temuan").get_data())
    assert (told["revision"], [f["code"] for f in told["findings"]]) == (1, ["no_layout"])
    put(indah, draft, "process.bpmn", b"<broken", 1)

    [finding, *_rest] = json.loads(indah.client.get(f"{draft}/temuan").get_data())["findings"]
    assert (finding["severity"], finding["file"]) == ("error", "process.bpmn")
    english = browser(person("Ian", roles=["owner"], locale="en"))
    assert json.loads(english.client.get(f"{draft}/temuan").get_data())["findings"][0]["reason"] != finding["reason"]
    assert b"galat" in indah.client.get(f"{draft}/temuan/ringkas").get_data()
    assert finding["reason"] in indah.get(draft).text


def test_files_are_added_renamed_and_removed_by_forms(indah, draft):
    indah.post(f"{draft}/berkas-baru", {"jenis": "form", "nama": "surat_jalan"})
    assert b"surat_jalan" in text_of(indah, draft, "forms/surat_jalan.json")

    page = indah.follow(
        indah.post(f"{draft}/ganti-nama", {"path": "forms/surat_jalan.json", "nama": "jalan", "revision": "2"})
    )
    assert "forms/surat_jalan.json sekarang bernama forms/jalan.json" in page.text

    page = indah.follow(indah.post(f"{draft}/hapus", {"path": "forms/jalan.json", "revision": "2"}))
    assert "sudah menyimpan berkas ini" in page.text
    indah.post(f"{draft}/hapus", {"path": "forms/jalan.json", "revision": "3"})
    assert indah.client.get(f"{draft}/berkas/forms/jalan.json").status_code == 404

    page = indah.follow(indah.post(f"{draft}/berkas-baru", {"jenis": "form", "nama": "../x"}))
    assert "mulai dengan huruf" in page.text


def test_earlier_states_are_listed_and_brought_back(indah, draft):
    put(indah, draft, "process.bpmn", b"<two/>", 1)
    page = indah.get(f"{draft}/riwayat")
    assert "keadaan sekarang" in page.text

    page = indah.follow(indah.post(f"{draft}/riwayat/1", {"revision": "2"}))
    assert "dikembalikan ke simpanan 1" in page.text
    assert text_of(indah, draft, "process.bpmn") == permit()["process.bpmn"]
    page = indah.follow(indah.post(f"{draft}/riwayat/1", {"revision": "2"}))
    assert "sudah menyimpan" in page.text

    indah.follow(indah.post(f"{draft}/riwayat/2", {"revision": "3", "path": "process.bpmn"}))
    assert text_of(indah, draft, "process.bpmn") == b"<two/>"


def test_a_discarded_draft_is_closed_readable_and_can_be_opened_again(indah, draft):
    indah.post(f"{draft}/buang")
    assert put(indah, draft, "process.bpmn", b"<x/>", 1)[0] == 409
    assert "hanya dapat dibaca" in indah.get(draft).text
    assert "Draf yang sudah selesai" in indah.get(f"/studio/proses/{KEY}").text

    indah.post(f"{draft}/buka")
    assert put(indah, draft, "process.bpmn", b"<x/>", 1)[0] == 200


def test_a_draft_goes_out_and_comes_in_as_the_same_bytes(indah, draft):
    first = indah.client.get(f"{draft}/paket.zip")
    assert first.get_data() == pack(permit())
    assert indah.client.get(f"/studio/proses/{KEY}/versi/1/paket.zip").get_data() == first.get_data()

    page = indah.follow(send(indah, f"{draft}/paket", first.get_data(), "x.zip", revision="1"))
    assert "tidak ada yang berubah" in page.text

    changed = permit() | {"README.md": b"# Baru\n"}
    indah.follow(send(indah, f"{draft}/paket", pack(changed), "x.zip", revision="1"))
    assert indah.client.get(f"{draft}/paket.zip").get_data() == pack(changed)

    page = indah.follow(send(indah, f"{draft}/paket", pack(permit()), "x.zip", revision="1"))
    assert "sudah menyimpan" in page.text
    page = indah.follow(send(indah, f"{draft}/paket", b"no zip", "x.zip", revision="2"))
    assert "tidak dapat dibuka" in page.text


def send(page_client, url, body, filename, **fields):
    return page_client.post(url, {**fields, "file": [(io.BytesIO(body), filename)]}, content_type="multipart/form-data")


def test_a_new_process_begins_from_a_starter(indah):
    page = indah.post("/studio/baru", {"source": "approval", "title": "Pinjam Aula", "owner": "Bagian Umum"})

    page = indah.follow(page)
    assert "Pinjam Aula" in page.text
    assert "Tidak ada yang menghalangi penerbitan" in page.text
    assert "pinjam_aula" in indah.get("/studio").html


def test_a_new_process_is_a_copy_of_another(indah, permits):
    page = indah.follow(indah.post("/studio/baru", {"source": "copy", "process": KEY, "title": "Izin Lain"}))
    assert "izin_lain" in page.text
    assert page.all("li", class_="studio-finding studio-finding-error") == []


def test_a_key_is_taken_once(indah, permits):
    page = indah.post("/studio/baru", {"source": "simple", "title": "Lain", "key": KEY})
    assert page.status == 422
    assert "Sudah ada proses dengan kunci" in page.text
    assert page.one("input", id="title").get("value") == "Lain"


def test_an_uploaded_diagram_of_another_tool_becomes_a_draft_with_its_findings(indah):
    body = b"""<?xml version="1.0"?>
      <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
          xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
        <bpmn:process id="Process_1" name="Cuti">
          <bpmn:startEvent id="s"/><bpmn:userTask id="t" name="Setujui" camunda:formKey="f"/>
        </bpmn:process>
      </bpmn:definitions>"""
    page = indah.follow(send(indah, "/studio/baru", body, "cuti.bpmn", source="upload"))

    assert "Cuti" in page.text
    assert "galat" in page.text
    draft = next(link for link in page.links() if link.endswith("/paket.zip")).removesuffix("/paket.zip")
    assert text_of(indah, draft, "process.bpmn") == body


def test_an_uploaded_zip_names_what_was_left_out(indah):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in permit().items():
            archive.writestr(f"{KEY}/{path}", content)
        archive.writestr(f"{KEY}/run.exe", b"MZ")
    page = indah.follow(send(indah, "/studio/baru", packed.getvalue(), "izin.zip", source="upload"))

    assert "1 berkas tidak diikutkan. run.exe" in page.text


@pytest.mark.parametrize(("body", "filename"), [(b"", "x.bpmn"), (b"<a/>", "x.bpmn"), (b"PK\x03\x04", "x.zip")])
def test_an_upload_that_cannot_be_read_is_refused_with_its_reason(indah, body, filename):
    page = send(indah, "/studio/baru", body, filename, source="upload", title="Judul saya")

    assert page.status == 422
    assert "tidak dapat dibuka" in page.text
    assert page.one("input", id="title").get("value") == "Judul saya"
