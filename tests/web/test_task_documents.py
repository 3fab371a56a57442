"""Documents on pages: an upload survives every refusal, a reading is recorded, another's document is not there."""

import io

import pytest
from sqlmodel import select

from engine.definitions import deploy, read_package
from engine.settings import ROOT
from models import DocumentReading
from tests.support.files import pdf
from tests.web.procedures import OFFICER, acting, case_of, task_of
from web.forms.uploads import FILE_SUFFIX


@pytest.fixture
def details(app, person, clock):
    """An applicant before the details of the access procedure, which asks for a letter: person and task."""
    parts = app.extensions["alur"]
    with parts.database.write() as unit:
        deploy(unit, read_package(ROOT / "bpmn/inaproc_access"), parts.registry, "tests", "", clock.now())
    sari = person("Sari Wulandari")
    instance_id = parts.runner.start("inaproc_access", acting(app, sari))
    parts.runner.complete(task_of(app, instance_id, "choose_role").id, acting(app, sari), {"role": "bendahara"})
    return sari, task_of(app, instance_id, "fill_details")


def letter(body=None, name="surat tugas.pdf"):
    return ("assignment_letter" + FILE_SUFFIX, (io.BytesIO(pdf() if body is None else body), name))


def kept(page):
    """Ids of the uploads that the form holds."""
    return [e.get("value") for e in page.all("input", name="assignment_letter") if e.get("value")]


def test_an_upload_is_kept_when_the_form_is_refused(browser, details):
    sari, task = details
    window = browser(sari)

    refused = window.post(f"/tugas/{task.id}", [("golongan", "III/c"), letter()])
    again = window.get(f"/tugas/{task.id}")

    assert refused.status == 422
    assert len(kept(refused)) == 1
    assert kept(again) == kept(refused)
    assert "surat tugas.pdf" in again.text


def test_a_bad_file_is_refused_together_with_all_other_faults(browser, details):
    sari, task = details

    page = browser(sari).post(f"/tugas/{task.id}", [("golongan", "III/c"), letter(b"MZ not a letter" * 10_000)])

    assert page.status == 422
    assert kept(page) == []
    assert "#f-assignment_letter" in page.links()
    assert "#f-valid_until" in page.links()


@pytest.mark.tampers
def test_every_reading_is_recorded_and_another_persons_document_is_not_there(app, browser, details, person, clock):
    sari, task = details
    parts, actor = app.extensions["alur"], acting(app, sari)
    window = browser(sari)
    attachment = kept(window.post(f"/tugas/{task.id}", [("golongan", "III/c"), letter()]))[0]
    submit(parts, attachment, task.instance_id)
    number = case_of(app, task.instance_id).number

    found = window.client.get(f"/kasus/{number}/dokumen/{attachment}")
    strangers = browser(person("Orang Lain", roles=[OFFICER])).get(f"/kasus/{number}/dokumen/{attachment}")

    assert found.status_code == 200
    assert found.headers["Content-Disposition"].startswith('attachment; filename="surat tugas.pdf"')
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert strangers.status == 404
    with parts.database.read() as unit:
        readings = unit.session.exec(select(DocumentReading)).all()
    assert [(r.attachment_id, r.user_id) for r in readings] == [(attachment, actor.user_id)]


def submit(parts, attachment, instance_id):
    """As completing the task does with the uploads that its answers name."""
    from engine.documents import submit_attachments  # noqa: PLC0415 -- beside its one use

    with parts.database.write() as unit:
        submit_attachments(unit, [attachment], instance_id)
