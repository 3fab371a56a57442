"""Participants, their documents and CAT results by import, on the real packages: each row once, whatever happens."""

import io
import uuid
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from sqlalchemy import event, select, update

from engine import leases
from engine.actors import SYSTEM
from engine.errors import NotFoundError
from engine.imports import RowRefusedError, errors, runs, work
from engine.imports.kinds import ImportKinds
from engine.people import end_membership
from handlers.imports import participants
from handlers.imports.documents import KINDS
from models import Attachment, BulkRow, BulkRun, ExamResult, Formasi, Instance, Membership, UserTask
from tests.support.files import jpeg, padded, pdf
from tests.support.inpassing import HEADINGS, Programme, nip, person_row, workbook

PHOTO, PAPER = padded(jpeg(), 210_000), padded(pdf(), 160_000)


@pytest.fixture
def programme(database, tmp_path):
    return Programme(database, tmp_path)


@pytest.fixture
def on_sqlite(sqlite_database, tmp_path):
    """For what no second database could tell us."""
    return Programme(sqlite_database, tmp_path)


def csv_of(*rows) -> bytes:
    return "\n".join(";".join(row) for row in (HEADINGS, *rows)).encode()


def register(programme, *numbers) -> str:
    run = programme.upload("participants", "peserta.csv", csv_of(*(person_row(n) for n in numbers)))
    programme.run(run)
    return run


# --- the dry run -----------------------------------------------------------------------------------------------------


def test_nothing_is_done_before_the_yes(programme):
    run = programme.upload("participants", "peserta.xlsx", workbook([person_row(1), person_row(2)]))

    assert programme.work() == 0
    assert programme.participants() == []
    assert programme.states(run) == {2: "ready", 3: "ready"}
    assert (programme.run_of(run).state, programme.run_of(run).total) == ("checked", 2)


def test_the_dry_run_finds_what_the_form_the_programme_and_the_formasi_refuse(database, tmp_path):
    programme = Programme(database, tmp_path, muda=2)
    register(programme, 1)
    rows = [
        person_row(1),
        person_row(2, **{"Pangkat/golongan ruang": "IV/a"}),
        person_row(3),
        person_row(4),
        person_row(5, **{"Jenjang yang diusulkan": "Madya", "Pangkat/golongan ruang": "IV/a"}),
        person_row(6, **{"Tanggal lahir": "1 Januari 2020", "Nama lengkap": "X"}),
    ]
    run = programme.upload("participants", "peserta.csv", csv_of(*rows))

    assert "sudah terdaftar pada program ini" in programme.said(run, 2)
    assert "tidak sesuai dengan jenjang" in programme.said(run, 3)
    assert programme.states(run)[4] == "ready"
    assert "2 disetujui, 1 terpakai, dan 1 di baris sebelumnya" in programme.said(run, 5)
    assert "0 disetujui" in programme.said(run, 6)
    assert len(programme.rows(BulkRow, run_id=run, number=7)[0].faults) == 2
    assert all(programme.said(run, n, "en") for n in (2, 3, 5, 6, 7))


def test_a_run_without_a_good_row_cannot_be_started(on_sqlite):
    run = on_sqlite.upload("participants", "peserta.csv", csv_of(person_row(1, NIP="123")))
    with pytest.raises(errors.NothingToDoError):
        on_sqlite.start(run)


def test_it_is_started_once(on_sqlite):
    run = on_sqlite.upload("participants", "peserta.csv", csv_of(person_row(1)))
    on_sqlite.start(run)
    with pytest.raises(errors.RunEndedError):
        on_sqlite.start(run)


# --- the work --------------------------------------------------------------------------------------------------------


def test_each_row_is_a_case_that_stands_at_its_documents(programme):
    run = register(programme, 1, 2, 3)

    assert [p.nip for p in programme.participants()] == [nip(1), nip(2), nip(3)]
    assert {p.state for p in programme.participants()} == {"draf"}
    assert all(programme.task(nip(n), "documents") for n in (1, 2, 3))
    stored = programme.run_of(run)
    assert (stored.state, stored.done, stored.failed) == ("done", 3, 0)
    [row] = programme.rows(BulkRow, run_id=run, number=2)
    assert row.result["case"] == programme.rows(Instance, id=programme.participants()[0].id)[0].number


def test_what_changed_since_the_dry_run_is_a_failed_row_and_leaves_no_case_behind(programme):
    run = programme.upload("participants", "peserta.csv", csv_of(person_row(1), person_row(2), person_row(3)))
    register(programme, 2)
    with programme.database.write() as unit:
        unit.connection.execute(update(Formasi).values(approved=2))
    programme.run(run)

    assert programme.states(run) == {2: "done", 3: "failed", 4: "failed"}
    assert "sudah terdaftar" in programme.said(run, 3)
    assert "2 disetujui, 2 terpakai" in programme.said(run, 4)
    assert sorted(case.status for case in programme.rows(Instance)) == ["active", "active", "cancelled", "cancelled"]
    assert (programme.run_of(run).done, programme.run_of(run).failed) == (1, 2)


def test_cancelling_leaves_what_is_done_and_does_no_more(programme):
    run = programme.upload("participants", "peserta.csv", csv_of(*(person_row(n) for n in range(1, 6))))
    programme.start(run)
    assert programme.work(most=2) == 2
    with programme.database.write() as unit:
        runs.cancel(unit, unit.session.get_one(BulkRun, run), programme.clock.now())

    assert programme.work() == 0
    assert programme.states(run) == {2: "done", 3: "done", 4: "ready", 5: "ready", 6: "ready"}
    assert len(programme.participants()) == 2


def test_a_role_that_ended_ends_the_import(programme):
    run = programme.upload("participants", "peserta.csv", csv_of(*(person_row(n) for n in range(1, 5))))
    programme.start(run)
    programme.work(most=1)
    with programme.database.write() as unit:
        held = unit.session.scalars(select(Membership).filter_by(user_id=programme.admin_id)).one()
        end_membership(unit, held.id, by=SYSTEM, reason="uji", now=programme.clock.now())
    programme.work()

    assert programme.states(run) == {2: "done", 3: "failed", 4: "failed", 5: "failed"}
    assert "tidak lagi berwenang" in programme.said(run, 3)
    assert programme.run_of(run).state == "done"


def test_a_closed_programme_ends_the_import(on_sqlite):
    run = on_sqlite.upload("participants", "peserta.csv", csv_of(person_row(1)))
    on_sqlite.start(run)
    on_sqlite.clock.move_to(on_sqlite.clock.now() + timedelta(days=300))
    on_sqlite.work()
    assert on_sqlite.states(run) == {2: "failed"}


def test_statements_grow_with_the_rows_and_no_faster(database, tmp_path):
    programme = Programme(database, tmp_path, muda=200)
    counted = []
    for size, first in ((10, 1), (40, 100)):
        with counting(database) as checking:
            rows = csv_of(*(person_row(n) for n in range(first, first + size)))
            run = programme.upload("participants", "peserta.csv", rows)
        with counting(database) as working:
            programme.run(run)
        assert programme.run_of(run).done == size
        counted.append((checking(), working()))
    (few_checked, few_worked), (many_checked, many_worked) = counted
    assert many_checked <= few_checked + 2, "a dry run costs the same whatever its size"
    assert many_worked - few_worked <= 30 * (few_worked / 10) * 1.1


class counting:  # noqa: N801 -- reads as a word in a with statement
    """Statements sent while the block runs; called after it, how many."""

    def __init__(self, database) -> None:
        self.engine, self.count = database.engine, 0

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._one)
        return lambda: self.count

    def __exit__(self, *_error) -> None:
        event.remove(self.engine, "before_cursor_execute", self._one)

    def _one(self, *_details) -> None:
        self.count += 1


# --- crashes ---------------------------------------------------------------------------------------------------------


class Died(BaseException):
    """As if the process had been killed here."""


def dying_after_the_act(runner, context, row):
    participants.apply(runner, context, row)
    raise Died


def dying_between_the_acts(runner, context, row):
    participants._begin(runner, context, row)
    raise Died


def dying_before_the_act(_runner, _context, _row):
    raise Died


@pytest.mark.parametrize("death", [dying_before_the_act, dying_between_the_acts, dying_after_the_act])
def test_a_worker_that_dies_in_a_row_leaves_it_to_the_next_one_and_doubles_nothing(programme, death):
    run = programme.upload("participants", "peserta.csv", csv_of(*(person_row(n) for n in range(1, 4))))
    programme.start(run)
    assert programme.work(most=1) == 1
    with kind(programme, apply=death), pytest.raises(Died):
        programme.work()
    assert programme.states(run)[3] == "doing"

    assert programme.work() == 0, "the dead worker's lease stands"
    programme.clock.move_to(programme.clock.now() + leases.LASTS + timedelta(seconds=1))
    programme.work()

    assert programme.states(run) == {2: "done", 3: "done", 4: "done"}
    assert [p.nip for p in programme.participants()] == [nip(1), nip(2), nip(3)]
    assert len(programme.rows(Instance)) == 3
    assert (programme.run_of(run).done, programme.run_of(run).state) == (3, "done")


def test_a_row_at_which_workers_die_again_and_again_is_given_up(on_sqlite):
    run = on_sqlite.upload("participants", "peserta.csv", csv_of(person_row(1), person_row(2)))
    on_sqlite.start(run)
    with kind(on_sqlite, apply=dying_before_the_act):
        for _ in range(work.MAX_ATTEMPTS):
            with pytest.raises(Died):
                on_sqlite.work()
            work.take_over(on_sqlite.database, "tests")
    on_sqlite.work()
    assert on_sqlite.states(run) == {2: "failed", 3: "done"}
    assert "berhenti di tengah baris" in on_sqlite.said(run, 2)


def test_a_fault_of_ours_fails_its_row_only(on_sqlite):
    def broken(runner, context, row):
        if row.number == 2:
            raise KeyError(row.number)
        return participants.apply(runner, context, row)

    run = on_sqlite.upload("participants", "peserta.csv", csv_of(person_row(1), person_row(2)))
    with kind(on_sqlite, apply=broken):
        on_sqlite.run(run)
    assert on_sqlite.states(run) == {2: "failed", 3: "done"}
    assert "KeyError" in on_sqlite.said(run, 2)


def test_a_worker_that_lost_its_lease_writes_nothing_more(programme):
    run = programme.upload("participants", "peserta.csv", csv_of(person_row(1), person_row(2)))
    programme.start(run)

    def slow(runner, context, row):
        done = participants.apply(runner, context, row)
        if row.number == 2 and row.attempt == 1:
            programme.clock.move_to(programme.clock.now() + leases.LASTS + timedelta(seconds=1))
            programme.work()  # another worker takes the run over and ends it
        return done

    with kind(programme, apply=slow):
        programme.work()
    assert programme.states(run) == {2: "done", 3: "done"}
    assert programme.run_of(run).done == 2
    assert len(programme.participants()) == 2


class kind:  # noqa: N801 -- reads as a word in a with statement
    """Inside the block the kind `participants` does its rows in another way."""

    def __init__(self, programme, **changes) -> None:
        self.programme, self.real = programme, programme.registry.imports
        self.other = ImportKinds(documents=self.real.documents, incoming=self.real.incoming)
        self.other.add(replace(participants.KIND, **changes))

    def __enter__(self) -> None:
        self.programme.registry.imports = self.other

    def __exit__(self, *_error) -> None:
        self.programme.registry.imports = self.real


# --- documents -------------------------------------------------------------------------------------------------------


def papers(number, *, without=()):
    """Every document of one participant, as files."""
    return [
        (f"{nip(number)}_{key}.{'jpg' if key == 'pas_foto' else 'pdf'}", PHOTO if key == "pas_foto" else PAPER)
        for key in (option.value for option in KINDS)
        if key not in without
    ]


def zipped(*files) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return body.getvalue()


def test_documents_are_matched_by_name_and_submitted_together(programme):
    register(programme, 1, 2)
    run = programme.upload_files(("semua.zip", zipped(*papers(1, without=[o.value for o in KINDS[2:]]))),
                                 (f"{nip(2)}_KTP (1).pdf", PAPER), (f"{nip(2)} pas foto.JPEG", PHOTO))  # fmt: skip
    programme.run(run)
    assert set(programme.states(run).values()) == {"done"}
    assert "Masih kurang 12 dokumen" in programme.said(run, 2)
    fields = {(a.field, a.uploaded_by, a.submitted) for a in programme.rows(Attachment)}
    assert fields == {(key, programme.admin_id, False) for key in ("surat_keterangan_pengadaan", "sk_peran_pengadaan",
                                                                  "ktp", "pas_foto")}  # fmt: skip
    early = programme.tick([programme.task(nip(n), "documents").id for n in (1, 2)])
    assert programme.states(early) == {1: "faulty", 2: "faulty"}

    with_drafts(programme, 1)
    run = programme.tick([programme.task(nip(n), "documents").id for n in (1, 2)])
    assert programme.states(run) == {1: "ready", 2: "faulty"}
    programme.run(run)

    assert programme.said(run, 1) == "Dokumen diajukan."
    assert [p.state for p in programme.participants()] == ["diajukan", "draf"]
    assert programme.task(nip(1), "verify_documents") is not None


def with_drafts(programme, number):
    """The other documents of a participant, each an attachment of the one paper, in the Admin's draft."""
    task = programme.task(nip(number), "documents")
    known = {a.field: a.id for a in programme.rows(Attachment, user_task_id=task.id)}
    digest = programme.rows(Attachment, user_task_id=task.id)[0].digest
    with programme.database.write() as unit:
        for option in KINDS:
            if option.value not in known and option.value != "pas_foto":
                known[option.value] = uuid.uuid4().hex
                unit.session.add(Attachment(id=known[option.value], digest=digest, filename="a.pdf", field=option.value,
                                            user_task_id=task.id, uploaded_by=programme.admin_id,
                                            uploaded_at=programme.clock.now()))  # fmt: skip
        photo = programme.documents.receive(unit, actor_id=programme.admin_id, task_id=task.id, field="pas_foto",
                                            filename="foto.jpg", body=PHOTO, now=programme.clock.now())  # fmt: skip
        known["pas_foto"] = photo.id
    programme.runner.save_draft(task.id, programme.actor(), known)


def test_what_a_name_or_a_size_tells_is_refused_before_anything_runs(on_sqlite):
    register(on_sqlite, 1)
    run = on_sqlite.upload_files(
        ("ijazah.pdf", PAPER),
        (f"{nip(1)}_resep.pdf", PAPER),
        (f"{nip(9)}_ktp.pdf", PAPER),
        (f"{nip(1)}_pas_foto.pdf", PAPER),
        (f"{nip(1)}_ktp.pdf", PAPER[:50_000]),
        (f"{nip(1)}_ktp.exe", PAPER),
        (f"{nip(1)}_ijazah.pdf", PAPER),
        (f"{nip(1)}-IJAZAH.pdf", PAPER),
        (f"{nip(1)}_skp.pdf", b"x" * 2_400_000),
    )
    said = {number: on_sqlite.said(run, number) for number in on_sqlite.states(run)}
    wanted = (
        "bukan NIP_jenisdokumen", "“resep” tidak dikenal", "bukan peserta instansi ini", "hanya menerima JPG",
        "paling kecil 100000", "hanya menerima JPG, PDF", "", "sudah ada di baris 7", "paling besar 2.097.152",
    )  # fmt: skip
    for number, words in enumerate(wanted, start=1):
        assert words in said[number], (number, said[number])
    assert said[7] == ""


def test_hostile_archives_are_refused_or_taken_apart_harmlessly(on_sqlite, tmp_path):
    register(on_sqlite, 1)
    outside = ("../../outside/" + papers(1)[0][0], PAPER)
    run = on_sqlite.upload_files(("a.zip", zipped(outside, ("/etc/" + papers(1)[1][0], PAPER), ("__MACOSX/._a", b"x"))))
    assert set(on_sqlite.states(run).values()) == {"faulty"}
    assert "jalur yang tidak wajar" in on_sqlite.said(run, 1)
    assert not list(tmp_path.rglob("outside"))

    big = zipped_deflated((papers(1)[0][0], b"\0" * 60_000_000))
    assert "paling besar" in on_sqlite.said(on_sqlite.upload_files(("b.zip", big)), 1)
    for body, error in (
        (b"PK\x03\x04 broken", errors.ArchiveError),
        (zipped(*((f"{n}.pdf", b"x") for n in range(301))), errors.TooManyFilesError),
        (zipped_deflated(*((f"{n}.pdf", b"\0" * 2_200_000) for n in range(60))), errors.TooBigInsideError),
    ):
        with pytest.raises(error):
            on_sqlite.upload_files(("c.zip", body))


def zipped_deflated(*files) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return body.getvalue()


def active_content(document) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def test_a_file_is_checked_inside_like_any_upload(on_sqlite):
    register(on_sqlite, 1)
    active = pdf(change=active_content)
    run = on_sqlite.upload_files((f"{nip(1)}_ktp.pdf", active), (f"{nip(1)}_skp.pdf", PHOTO))
    on_sqlite.run(run)
    assert on_sqlite.states(run) == {1: "failed", 2: "failed"}
    assert "isi aktif" in on_sqlite.said(run, 1)
    assert "isinya JPEG" in on_sqlite.said(run, 2)
    assert on_sqlite.rows(Attachment) == []


def test_uploaded_files_are_gone_when_the_import_ends(on_sqlite, tmp_path):
    register(on_sqlite, 1)
    run = on_sqlite.upload_files((f"{nip(1)}_ktp.pdf", PAPER))
    assert len(list((tmp_path / "incoming" / run).iterdir())) == 1
    on_sqlite.run(run)
    assert not (tmp_path / "incoming" / run).exists()
    with pytest.raises(NotFoundError):
        on_sqlite.registry.imports.incoming.get("../" + run, 1)


def test_a_repeated_attempt_attaches_a_file_once(programme):
    register(programme, 1)
    run = programme.upload_files((f"{nip(1)}_ktp.pdf", PAPER))
    programme.start(run)
    real = programme.registry.imports.get("participant_documents")

    programme.registry.imports._kinds[real.name] = replace(real, apply=after(real.apply, Died))
    with pytest.raises(Died):
        programme.work()
    programme.registry.imports._kinds[real.name] = real
    work.take_over(programme.database, "tests")
    programme.work()
    assert programme.states(run) == {1: "done"}
    assert len(programme.rows(Attachment)) == 1


# --- CAT results -----------------------------------------------------------------------------------------------------


HELD = datetime(2026, 8, 3, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture
def exam(database, tmp_path):
    """Three participants sat a written test; an assessor is there to record it. `exam.schedule` is its id."""
    made = Programme(database, tmp_path, packages=("lkpp_participant", "lkpp_schedule"))
    made.assessor = made.person("Doni", "penguji")
    made.schedule = schedule_of(made)
    register(made, 1, 2, 3)
    for number in (1, 2, 3):
        prepare(made, number)
    made.clock.move_to(HELD + timedelta(hours=1))
    made.tick_engine()
    return made


def schedule_of(made) -> str:
    actor = made.actor(made.person("Rina", "admin_lkpp"))
    case = made.runner.start("lkpp_schedule", actor, programme_id=made.id)
    [task] = made.rows(UserTask, instance_id=case, state="open")
    made.runner.complete(task.id, actor, {
        "schedule_name": "Gelombang 1", "method": "tes_tertulis", "starts_on": HELD.date().isoformat(),
        "starts_time": "09.00", "place": "TUK Jakarta", "quota": "20",
    })  # fmt: skip
    return case


def prepare(made, number) -> None:
    """Documents there and found complete; booked."""
    task = made.task(nip(number), "documents")
    with made.database.write() as unit:
        first = made.documents.receive(unit, actor_id=made.admin_id, task_id=task.id, field="ijazah",
                                       filename="ijazah.pdf", body=PAPER, now=made.clock.now())  # fmt: skip
    assert first.field == "ijazah"
    with_drafts(made, number)
    run = made.tick([task.id])
    made.run(run)
    verifier = made.actor(made.person(f"Wati{number}", "verifikator_lkpp"))
    checks = {option.value: {"ok": "ya", "note": ""} for option in KINDS}
    made.runner.complete(made.task(nip(number), "verify_documents").id, verifier, {"checklist": checks})
    booking = {"chosen_schedule": made.schedule}
    made.runner.complete(made.task(nip(number), "choose_schedule").id, made.actor(), booking)


def results(exam, *rows) -> str:
    body = "\n".join(";".join(row) for row in (("NIP", "Hasil", "Nilai", "Keterangan"), *rows)).encode()
    return exam.upload("exam_results", "cat.csv", body, user_id=exam.assessor, scope=exam.schedule)


def test_cat_results_complete_the_task_of_each_participant_once(exam):
    refused = results(
        exam,
        (nip(1), "LULUS", "", ""),
        (nip(2), "Tidak Hadir", "50", ""),
        (nip(3), "LULUS", "101", ""),
        (nip(8), "LULUS", "90", ""),
    )
    assert "wajib diisi untuk yang mengikuti ujian" in exam.said(refused, 2)
    assert "dikosongkan untuk Tidak Hadir" in exam.said(refused, 3)
    assert "dari 0 sampai 100" in exam.said(refused, 4)
    assert "bukan peserta jadwal ini" in exam.said(refused, 5)

    run = results(
        exam, (nip(1), "LULUS", "87,5", "Baik"), (nip(2), "tidak lulus", "40", ""), (nip(3), "Tidak Hadir", "", "")
    )
    exam.start(run)
    real = exam.registry.imports.get("exam_results")
    exam.registry.imports._kinds[real.name] = replace(real, apply=after(real.apply, Died))
    with pytest.raises(Died):
        exam.work()
    exam.registry.imports._kinds[real.name] = real
    work.take_over(exam.database, "tests")
    exam.work()

    assert exam.states(run) == {2: "done", 3: "done", 4: "done"}
    found = {(r.outcome, str(r.score) if r.score is not None else None) for r in exam.rows(ExamResult)}
    assert found == {("lulus", "87.50"), ("tidak_lulus", "40.00"), ("tidak_hadir", None)}
    again = results(exam, (nip(1), "LULUS", "87,5", ""))
    assert "sudah dicatat" in exam.said(again, 2)
    assert outsiders_see_nothing(exam)


def after(apply, death):
    """Does its work and dies."""

    def dying(*arguments):
        apply(*arguments)
        raise death

    return dying


def outsiders_see_nothing(exam) -> bool:
    """Neither an Admin Instansi nor somebody who asks for another schedule may import results."""
    kind, now = exam.registry.imports.get("exam_results"), exam.clock.now()
    with exam.database.read() as unit:
        return (
            kind.scope(unit, exam.actor(), exam.schedule, now) is None
            and kind.scope(unit, exam.actor(exam.assessor), "0" * 32, now) is None
        )


def test_a_refusal_of_a_row_says_why_in_both_languages():
    error = RowRefusedError(why=participants.REFUSED)
    assert work.words(error) == {"text": participants.REFUSED.to_json()}
