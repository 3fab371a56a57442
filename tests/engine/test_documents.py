"""Documents are kept once by content, attached to tasks, given to cases, and every reading is recorded."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from engine.documents import DocumentDamagedError, DocumentRefusedError, Documents, attachments_for, submit_attachments
from engine.errors import NotFoundError
from models import Attachment, Document, DocumentReading
from tests.support.databases import counting
from tests.support.files import jpeg, pdf

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
PDF = pdf()


@pytest.fixture
def documents(tmp_path):
    return Documents(tmp_path / "documents")


def receive(documents, database, **more):
    given = {"actor_id": "siti", "task_id": "t1", "field": "letter", "filename": "surat.pdf", "body": PDF, "now": NOW}
    with database.write() as unit:
        return documents.receive(unit, **{**given, **more})


def stored(tmp_path):
    return sorted(p for p in (tmp_path / "documents").rglob("*") if p.is_file())


def test_a_document_is_kept_once_by_its_content(documents, database, tmp_path):
    first = receive(documents, database)
    second = receive(documents, database, task_id="t2", filename="lain.pdf", actor_id="andi")
    assert first.digest == second.digest == hashlib.sha256(PDF).hexdigest()
    assert first.id != second.id
    (path,) = stored(tmp_path)
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o777 == 0o600
    with database.read() as unit:
        row = unit.session.execute(select(Document)).scalar_one()
        assert (row.kind, row.size, row.stored_at) == ("pdf", len(PDF), NOW)


def test_a_refused_file_leaves_nothing(documents, database, tmp_path):
    with pytest.raises(DocumentRefusedError):
        receive(documents, database, body=b"MZ" + PDF)
    assert stored(tmp_path) == []
    with database.read() as unit:
        assert unit.session.execute(select(Attachment)).all() == []


class ActFailedError(Exception):
    """Something after the upload went wrong."""


def test_an_act_that_fails_leaves_no_attachment(documents, database):
    def act():
        with database.write() as unit:
            documents.receive(unit, actor_id="a", task_id="t", field="f", filename="a.pdf", body=PDF, now=NOW)
            raise ActFailedError

    with pytest.raises(ActFailedError):
        act()
    with database.read() as unit:
        assert unit.session.execute(select(Attachment)).all() == []
    assert receive(documents, database).digest, "the file that stayed behind is no obstacle"


def test_every_reading_is_recorded_in_the_same_transaction(documents, database):
    kept = receive(documents, database)
    with database.write() as unit:
        download = documents.read(unit, kept.id, "vai", NOW)
    assert (download.filename, download.body, download.media_type) == ("surat.pdf", PDF, "application/pdf")
    with database.read() as unit:
        reading = unit.session.execute(select(DocumentReading)).scalar_one()
        assert (reading.attachment_id, reading.user_id, reading.at) == (kept.id, "vai", NOW)


def test_a_changed_or_missing_document_is_never_given_out(documents, database, tmp_path):
    kept = receive(documents, database)
    (path,) = stored(tmp_path)
    path.write_bytes(PDF[:-1] + b"!")
    with pytest.raises(DocumentDamagedError), database.write() as unit:
        documents.read(unit, kept.id, "vai", NOW)
    path.unlink()
    with pytest.raises(DocumentDamagedError), database.write() as unit:
        documents.read(unit, kept.id, "vai", NOW)
    with database.read() as unit:
        assert unit.session.execute(select(DocumentReading)).all() == []
    receive(documents, database)
    with database.write() as unit:
        assert documents.read(unit, kept.id, "vai", NOW).body == PDF, "uploading it again repairs it"


@pytest.mark.parametrize("attachment_id", ["", "nobody", "../../etc/passwd", "x" * 500])
def test_what_is_not_there_is_not_found(documents, database, attachment_id):
    with pytest.raises(NotFoundError), database.write() as unit:
        documents.read(unit, attachment_id, "vai", NOW)


def test_a_task_may_use_its_own_uploads_and_its_cases_documents(documents, database):
    old = receive(documents, database, task_id="t1")
    unused = receive(documents, database, task_id="t1", field="other")
    with database.write() as unit:
        submit_attachments(unit, [old.id], "case")
    new = receive(documents, database, task_id="t2", filename="foto.jpg", body=jpeg())
    strange = receive(documents, database, task_id="t9")
    with database.write() as unit:
        submit_attachments(unit, [strange.id], "other case")
    with counting(database) as seen, database.read() as unit:
        found = attachments_for(unit, "t2", "case")
    assert set(found) == {old.id, new.id}
    assert unused.id not in found
    assert (found[new.id].kind, found[new.id].field) == ("jpg", "letter")
    assert len(seen) == 1


def test_a_task_takes_only_so_many_uploads(documents, database):
    receive(documents, database)
    with database.write() as unit:
        rows = [
            {"id": f"a{n}", "digest": hashlib.sha256(PDF).hexdigest(), "filename": "a.pdf", "field": "f",
             "user_task_id": "t1", "uploaded_by": "siti", "uploaded_at": NOW, "submitted": False}
            for n in range(99)
        ]  # fmt: skip
        unit.connection.execute(Attachment.__table__.insert(), rows)
    with pytest.raises(DocumentRefusedError) as caught:
        receive(documents, database, filename="lain.pdf")
    assert caught.value.code == "too_many_files"
    assert receive(documents, database), "what was sent before takes no more room"
    with database.write() as unit:
        unit.connection.execute(update(Attachment).values(user_task_id="t0"))
    assert receive(documents, database)
