"""The ledger: what is entered with which act, undone with it, and what is found when it or a case is tampered with."""

import pytest
from sqlalchemy import delete, insert, select, text, update

from engine import ledger
from engine.calendar import Revision, new_version, seed_calendar
from engine.documents import Documents
from engine.ledger.digests import calendar_digest, document_digest, version_digest
from models import Attachment, CalendarVersion, DefinitionVersion, Instance, LedgerEntry, LedgerHead, metadata
from models.migrations.fill_0004 import fill
from tests.engine.test_runner_concurrency import at_once
from tests.support.bpmn import Process
from tests.support.databases import counting
from tests.support.office import START, Office

CASES = 6


def short() -> Process:
    p = Process("short")
    p.start()
    p.user("work", lane="Pemohon")
    p.end()
    p.chain("start", "work", "end")
    return p


@pytest.fixture
def office(database):
    office = Office(database)
    office.deploy(short())
    return office


def entries(office, **where):
    return sorted(office.rows(LedgerEntry, **where), key=lambda entry: entry.seq)


def findings(office):
    with office.database.read() as unit:
        return [(found.code, found.seq, found.text.en) for found in ledger.verify(unit)]


def codes(office):
    return [code for code, _seq, _text in findings(office)]


def test_a_case_is_entered_in_the_act_that_starts_it(office):
    case = office.start("short", office.person("Ani"))

    (entry,) = entries(office, kind="case:registered")

    assert (entry.instance_id, entry.ref) == (case, office.case(case).number)
    assert entry.digest == office.events(case)[0].hash
    assert findings(office) == []


def test_everything_of_one_transaction_is_entered_together_at_its_end(office):
    with counting(office.database) as seen, office.database.write() as unit:
        for number in range(250):
            ledger.note(unit, ledger.Kind.CASE_READ, at=START, ref=str(number))
        office.runner.definitions.current_id("short", unit)

    assert sum("ledger" in statement for statement in seen) == 3
    assert "UPDATE ledger_head" in seen[-1]
    assert [entry.ref for entry in entries(office, kind="case:read")] == [str(number) for number in range(250)]
    assert findings(office) == []


def test_a_completed_task_enters_nothing(office):
    ani = office.person("Ani")
    case = office.start("short", ani)
    before = len(entries(office))

    office.complete(case, "work", ani)

    assert len(entries(office)) == before


def test_what_is_undone_is_not_entered(office):
    def noted(unit, ref):
        ledger.note(unit, ledger.Kind.CASE_READ, at=START, ref=ref)

    with office.database.write() as unit:
        noted(unit, "kept")
        for undoing in (unit.part, unit.savepoint):
            with pytest.raises(LookupError), undoing():
                noted(unit, "undone")
                raise LookupError
        with unit.part():
            noted(unit, "kept too")
    with pytest.raises(LookupError), office.database.write() as unit:
        noted(unit, "rolled back")
        raise LookupError
    with office.database.read() as unit:
        noted(unit, "only read")

    assert [entry.ref for entry in entries(office, kind="case:read")] == ["kept", "kept too"]
    assert findings(office) == []


def test_writers_at_once_wait_for_each_other_and_leave_one_chain(office):
    people = [office.person(f"P{n}") for n in range(4)]
    with office.database.write() as unit:  # as before the first entry of all: nobody's row is there to wait for
        unit.connection.execute(delete(LedgerEntry))
        unit.connection.execute(delete(LedgerHead))

    def several(person):
        for _ in range(3):
            office.start("short", person)
            with office.database.write() as unit:
                ledger.note(unit, ledger.Kind.CASE_READ, at=START, actor_id=person.user_id)

    assert at_once(*(lambda p=person: several(p) for person in people)) == []

    assert [entry.seq for entry in entries(office)] == list(range(1, 25))
    assert findings(office) == []


def test_versions_calendars_and_own_documents_are_entered_with_what_they_are(office, tmp_path):
    case = office.start("short")
    with office.database.write() as unit:
        seed_calendar(unit, START)
        first = next(iter(unit.connection.execute(text("SELECT day, name FROM calendar_entry ORDER BY day"))))
    day = first.day if not isinstance(first.day, str) else type(START.date()).fromisoformat(first.day)
    with office.database.write() as unit:
        new_version(unit, Revision(note="x", revoke=((day, first.name),)), by="Uji", now=START)
    with office.database.write() as unit:
        kept = Documents(tmp_path).keep_generated(
            unit, instance_id=case, name="surat", filename="Surat.pdf", body=b"%PDF-1.7", now=START
        )

    (version,) = office.rows(DefinitionVersion)
    by_ref = {entry.ref: entry for entry in entries(office)}
    assert by_ref[version.id].digest == version_digest(version)
    with office.database.read() as unit:
        assert [by_ref[str(n)].digest for n in (1, 2)] == [calendar_digest(unit, n) for n in (1, 2)]
        assert by_ref["1"].digest != by_ref["2"].digest
    (row,) = office.rows(Attachment)
    assert by_ref[kept.id].digest == document_digest(
        ident=row.id, file=row.digest, kind="pdf", size=8, filename="Surat.pdf", field="surat", instance_id=case,
        at=row.uploaded_at,
    )  # fmt: skip
    assert by_ref[kept.id].detail == {"file": row.digest}


def test_what_was_there_before_is_entered_as_it_would_have_been(office, tmp_path):
    """The migration says for itself what an entry is: it must come to the same."""
    with office.database.write() as unit:
        seed_calendar(unit, START)
    office.start("short", office.person("Ani"))
    case = office.start("short")
    with office.database.write() as unit:
        Documents(tmp_path).keep_generated(
            unit, instance_id=case, name="surat", filename="Surat.pdf", body=b"%PDF-1.7", now=START
        )
    lived = {(e.kind, e.ref, e.instance_id, e.digest, e.at) for e in entries(office)}
    with office.database.write() as unit:
        unit.connection.execute(delete(LedgerEntry))
        unit.connection.execute(delete(LedgerHead))

    with office.database.write() as unit:
        fill(unit.connection)

    filled = entries(office)
    assert {(e.kind, e.ref, e.instance_id, e.digest, e.at) for e in filled} == lived
    assert all(entry.detail["entered"] == "0004" for entry in filled)
    assert len(office.rows(CalendarVersion)) == 1
    assert findings(office) == []
    office.start("short")
    assert findings(office) == []


# --- tampering -------------------------------------------------------------------------------------------------------

AT = 4
CHANGES = {
    "removed": (delete(LedgerEntry).where(LedgerEntry.seq == AT), "ledger_gap"),
    "cut": (delete(LedgerEntry).where(LedgerEntry.seq > AT), "ledger_head"),
    "kind": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(kind="case:read"), "ledger_hash"),
    "at": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(at=START.replace(hour=9)), "ledger_hash"),
    "instance": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(instance_id="x"), "ledger_hash"),
    "actor": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(actor_id="x"), "ledger_hash"),
    "ref": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(ref="x"), "ledger_hash"),
    "digest": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(digest=b"x"), "ledger_hash"),
    "no digest": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(digest=None), "ledger_hash"),
    "detail": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(detail={"x": 1}), "ledger_hash"),
    "hash": (update(LedgerEntry).where(LedgerEntry.seq == AT).values(hash=b"x"), "ledger_hash"),
    "count": (update(LedgerHead).values(count=3), "ledger_head"),
    "head": (update(LedgerHead).values(hash=b"x"), "ledger_head"),
    "no head": (delete(LedgerHead), "ledger_head"),
}


SWAP = [update(LedgerEntry).where(LedgerEntry.seq == old).values(seq=new) for old, new in ((3, 99), (4, 3), (99, 4))]


def found_after(office, *statements):
    """What is found after these statements, which are taken back again."""
    with office.database.read() as unit:
        for statement in statements:
            unit.connection.execute(statement)
        return [(found.code, found.seq) for found in ledger.verify(unit)]


@pytest.mark.tampers
def test_every_change_of_the_ledger_is_found_and_named(office):
    for _ in range(CASES):
        office.start("short")

    for name, (statement, code) in CHANGES.items():
        found = found_after(office, statement)
        assert found[0] == (code, None if code == "ledger_head" else AT), name
    assert found_after(office, *SWAP)[0] == ("ledger_hash", 3)
    assert findings(office) == []


@pytest.mark.tampers
def test_a_case_deleted_with_everything_of_it_is_named(office):
    cases = [office.start("short", office.person("Ani")) for _ in range(3)]
    number = office.case(cases[1]).number
    with office.database.write() as unit:
        for table in reversed(metadata.sorted_tables):
            if "instance_id" in table.columns and table.name != "ledger_entry":
                unit.connection.execute(delete(table).where(table.c.instance_id == cases[1]))
        unit.connection.execute(delete(Instance).where(Instance.id == cases[1]))

    assert findings(office) == [("case_gone", 3, f"Case {number} is gone.")]


@pytest.mark.tampers
def test_a_case_that_nobody_registered_or_that_begins_otherwise_is_named(office):
    first, second = office.start("short"), office.start("short")
    with office.database.write() as unit:
        row = unit.connection.execute(select(metadata.tables["instance"]).where(Instance.id == first)).one()
        unit.connection.execute(insert(Instance), {**row._mapping, "id": "f" * 32, "number": "FORGED"})
        unit.connection.execute(update(Instance).where(Instance.id == second).values(number="OTHER"))

    assert set(codes(office)) == {"case_unregistered", "case_begins"}
    assert any("FORGED" in said for _code, _seq, said in findings(office))
