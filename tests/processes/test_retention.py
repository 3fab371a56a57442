"""Retention from the schedule to the proof afterwards: what is due, who decides, what is gone, what still stands."""

import json
from datetime import date

import pytest
from sqlalchemy import text

from engine import retention
from engine.definitions import Definitions, deploy, read_package
from engine.documents import DocumentDamagedError, Documents
from engine.proof import check_everything
from engine.registry import Registry
from engine.retention.errors import BadScheduleError
from handlers import register_all
from models import Attachment, Disposal, DisposalItem, HistoryPayload
from tests.processes.conftest import PACKAGES
from tests.support.bpmn import Process
from tests.support.files import pdf
from tests.support.office import Office

FORM = {
    "type": "default",
    "id": "berkas",
    "schemaVersion": 18,
    "components": [
        {"type": "textfield", "id": "f1", "key": "nik", "label": "NIK"},
        {"type": "filepicker", "id": "f2", "key": "ktp", "label": "KTP", "properties": {"alur:type": "document"}},
    ],
}
SCHEDULED = '[case]\ntitle = \'"Izin " + nik\'\n[retention]\nactive_years = 0\ninactive_years = 0\nfinal = "{}"\n'
NIK = "3515144508680002"


class Archive(Office):
    """An office with documents, a process whose cases are due as soon as they end, and the people of the archive."""

    def __init__(self, database, folder, final="destroyed"):
        self.documents = Documents(folder)
        registry = Registry()
        register_all(registry, documents=self.documents)
        retention.add_errand(registry.errands, self.documents)
        super().__init__(database, registry=registry)
        with database.write() as unit:
            package = read_package(PACKAGES / "retention_disposal")
            deploy(unit, package, registry, by="test", note="", now=self.clock.now())
        p = Process("izin")
        p.start(), p.user("isi", lane="Pemohon", form="berkas"), p.end()
        p.chain("start", "isi", "end")
        self.deploy(p, toml=SCHEDULED.format(final), files={"forms/berkas.json": json.dumps(FORM).encode()})
        self.ani, self.arsi = self.person("Ani"), self.person("Arsi", "arsiparis")
        self.kepala = self.person("Kepala", "kepala_arsip")

    def ended(self, body=None, *, nik=NIK):
        case = self.start("izin", self.ani)
        task = self.task(case, "isi")
        with self.database.write() as unit:
            kept = self.documents.receive(
                unit, actor_id=self.ani.user_id, task_id=task.id, field="ktp", filename="ktp ani.pdf",
                body=body or pdf(), now=self.clock.now(),
            )  # fmt: skip
        self.runner.complete(task.id, self.ani, {"nik": nik, "ktp": kept.id})
        return case

    def proposed(self, **more):
        case = self.start("retention_disposal", self.arsi)
        given = {"until": self.clock.now().date(), "reason": "Sudah habis masa simpannya", **more}
        self.complete(case, "propose", self.arsi, **given)
        return case

    def decided(self, case, decision="destroy"):
        self.complete(case, "decide", self.kepala, decision=decision, decision_number="12/SK/2026")
        self.tick()

    def found(self, *, replay=True):
        return check_everything(
            self.database, Definitions(self.database), documents=self.documents, replay=replay
        ).findings

    def everywhere(self, words):
        """Tables in which these words still stand."""
        tables = ("history_payload", "instance", "token", "instance_data", "user_task", "attachment", "outgoing_mail")
        with self.database.read() as unit:
            return [
                name
                for name in tables
                for row in unit.connection.execute(text(f"SELECT * FROM {name}")).all()  # noqa: S608 -- our own names
                if any(
                    words.encode() in bytes(v) if isinstance(v, (bytes, memoryview)) else words in str(v) for v in row
                )
            ]


@pytest.fixture
def archive(database, tmp_path):
    return Archive(database, tmp_path / "documents")


def test_what_is_due_goes_by_an_approved_task_and_the_chain_still_proves_itself(archive):
    case, other = archive.ended(), archive.ended(pdf(seed=2), nik="3515144508680003")
    digest = archive.rows(Attachment, instance_id=case)[0].digest
    with archive.database.write() as unit:
        retention.set_hold(unit, other, reason="Sedang diperiksa", by="user-arsi", now=archive.clock.now())
    before = [(e.seq, bytes(e.hash)) for e in archive.events(case)]
    deciding = archive.proposed()
    [item] = archive.rows(DisposalItem)
    assert (item.instance_id, item.attachment_id, item.due_on) == (case, "", date(2026, 6, 1))

    archive.decided(deciding)

    assert archive.case(deciding).outcome == "destroyed"
    assert [(e.seq, bytes(e.hash)) for e in archive.events(case)] == before
    assert {p.body for p in archive.rows(HistoryPayload, instance_id=case)} == {None}
    assert archive.rows(Attachment, instance_id=case) == []
    assert archive.everywhere(NIK) == []
    with pytest.raises(DocumentDamagedError):
        archive.documents.body(digest)
    assert archive.found() == []
    with archive.database.read() as unit:
        [said] = retention.destroyed_of(unit, case)
    assert said.number == archive.case(case).number
    assert (said.decision, said.deciding_case, said.by) == ("12/SK/2026", archive.case(deciding).number, "user-kepala")
    assert (said.whole, said.documents) == (True, 1)
    assert archive.rows(Attachment, instance_id=other) != []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_proposes_does_not_decide_and_a_refused_list_destroys_nothing(archive):
    case = archive.ended()
    deciding = archive.proposed()
    task = archive.task(deciding, "decide")
    assert "user-arsi" in task.excluded

    archive.decided(deciding, "refuse")

    assert archive.rows(Disposal)[0].state == "refused"
    assert archive.rows(Attachment, instance_id=case) != []
    assert archive.found() == []
    again = archive.proposed()
    assert [i.instance_id for i in archive.rows(DisposalItem, disposal_id=again)] == [case]


def test_one_kind_of_document_goes_by_a_schedule_of_its_own_and_a_shared_file_stays(database, tmp_path):
    archive = Archive(database, tmp_path / "documents", final="permanent")
    body = pdf(seed=3)
    case = archive.ended(body)
    schedule = retention.Schedule("izin", "ktp", 0, 0, "destroyed", "Keputusan Kepala Nomor 1 Tahun 2026")
    with archive.database.write() as unit:
        retention.set_schedule(unit, schedule, by="user-arsi", now=archive.clock.now())
    deciding = archive.proposed()
    later = archive.ended(body)

    archive.decided(deciding)

    assert archive.rows(Attachment, instance_id=case) == []
    [kept] = archive.rows(Attachment, instance_id=later)
    assert archive.documents.body(kept.digest)
    assert {p.body is None for p in archive.rows(HistoryPayload, instance_id=case)} == {False}
    assert archive.found() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_a_review_lists_what_is_to_be_reviewed(database, tmp_path):
    archive = Archive(database, tmp_path / "documents", final="reviewed")
    case = archive.ended()

    assert archive.rows(DisposalItem, disposal_id=archive.proposed()) == []
    assert [i.instance_id for i in archive.rows(DisposalItem, disposal_id=archive.proposed(reviewed=True))] == [case]


@pytest.mark.tampers
def test_a_payload_emptied_by_hand_is_no_destruction(archive):
    case = archive.ended()
    with archive.database.write() as unit:
        sql = "UPDATE history_payload SET body = NULL, salt = NULL, destroyed_at = :now WHERE instance_id = :case"
        unit.connection.execute(text(sql), {"now": "2026-06-01 02:00:00+00", "case": case})

    assert {(f.subject, f.finding.code) for f in archive.found(replay=False)} >= {
        (archive.case(case).number, "payload_gone")
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_case_on_a_list_is_kept_when_it_is_taken_off_or_held_meanwhile(archive):
    first, second, third = archive.ended(), archive.ended(pdf(seed=2)), archive.ended(pdf(seed=4))
    deciding = archive.proposed()
    with archive.database.write() as unit:
        retention.take_off(unit, deciding, first, note="Masih dipakai")
        retention.set_hold(unit, second, reason="Sengketa", by="user-arsi", now=archive.clock.now())

    archive.decided(deciding)

    states = {i.instance_id: i.state for i in archive.rows(DisposalItem)}
    assert states == {first: "kept", second: "kept", third: "destroyed"}
    with pytest.raises(retention.OnListError), archive.database.write() as unit:
        retention.take_off(unit, deciding, third, note="")
    assert archive.found() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_schedule_without_its_law_is_refused(archive):
    with pytest.raises(BadScheduleError), archive.database.write() as unit:
        retention.set_schedule(
            unit, retention.Schedule("izin", "", 1, 1, "destroyed", " "), by="user-arsi", now=archive.clock.now()
        )
