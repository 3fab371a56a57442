"""Anchors: what they state, that they grow with activity only, what they find, and where they go."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from engine import anchors, ledger
from engine.actors import SYSTEM
from engine.anchors.deliveries import BadOutletError
from engine.anchors.making import chore
from engine.anchors.statement import armoured
from engine.anchors.timestamps import TimestampError, ask_timestamp, read_timestamp
from engine.history import event_hash, genesis
from engine.jobs import operate
from engine.jobs.run import run_ready
from engine.letters.signing import passing_signer, signer_for
from engine.mail import SpoolTransport
from engine.settings import Settings
from engine.unit_of_work import UnitOfWork
from models import (
    Anchor,
    AnchorDelivery,
    AnchorLeaf,
    HistoryEvent,
    Instance,
    LedgerEntry,
    LedgerHead,
    OutgoingMail,
    metadata,
)
from tests.engine.test_runner_concurrency import at_once
from tests.support.bpmn import Process
from tests.support.databases import counting
from tests.support.office import Office
from tests.support.tsa import AT, NAME, timestamping

HERE = anchors.Outlets("https://alur.contoh.go.id")


def steps() -> Process:
    p = Process("steps")
    p.start()
    p.user("first", lane="Pemohon")
    p.user("second", lane="Pemohon")
    p.end()
    p.chain("start", "first", "second", "end")
    return p


@pytest.fixture
def office(database):
    office = Office(database)
    office.deploy(steps())
    office.ani = office.person("Ani")
    return office


def begin(office, count=3):
    return [office.start("steps", office.ani) for _ in range(count)]


def anchor(office, outlets=HERE):
    with office.database.write() as unit:
        return anchors.make(unit, passing_signer(), outlets, office.clock.now())


def findings(office, *statements, roots=None):
    """What is found after these statements, which are taken back again."""
    with office.database.read() as unit:
        for statement in statements:
            unit.connection.execute(statement)
        return [(f.code, f.seq, f.text.en) for f in anchors.verify_anchors(unit, roots)]


def rsa_fits(signed):
    """By nothing but the standard library: what whoever checks outside does."""
    n, e = int(signed["key"]["n"], 16), int(signed["key"]["e"], 16)
    size = (n.bit_length() + 7) // 8
    info = bytes.fromhex("3031300d060960864801650304020105000420")
    digest = info + hashlib.sha256(signed["statement"].encode()).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(base64.b64decode(signed["signature"]), "big"), e, n).to_bytes(size, "big") == padded


# --- what it states --------------------------------------------------------------------------------------------------


def test_an_anchor_states_where_everything_stands_and_is_signed(office):
    cases = begin(office)
    with office.database.read() as unit:
        stood = ledger.head(unit)

    first, second = anchor(office), anchor(office)

    signed = json.loads(anchors.file_of(first))
    said = json.loads(signed["statement"])
    assert rsa_fits(signed)
    assert signed["statement"] == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said | {"root": "", "key": ""} == {
        "format": "alur-anchor-1", "number": 1, "at": "2026-06-01T02:00:00.000000+00:00", "leaves": len(cases),
        "ledger": {"count": 4, "hash": stood.hash.hex()}, "previous": None, "root": "", "key": "",
        "installation": "https://alur.contoh.go.id",
    }  # fmt: skip
    assert json.loads(second.statement)["previous"] == hashlib.sha256(first.statement.encode()).hexdigest()
    assert json.loads(second.statement)["ledger"]["count"] == 5  # the first anchor itself is entered
    assert findings(office, roots=passing_signer().roots()) == []
    with office.database.read() as unit:
        assert ledger.verify(unit) == []


def test_the_first_anchor_of_an_empty_installation_is_over_nothing(database):
    office = Office(database)

    made = anchor(office)

    assert (made.number, made.leaves, bytes(made.root)) == (1, 0, hashlib.sha256(b"").digest())
    assert findings(office) == []


def test_every_case_has_a_proof_in_every_anchor_since_it_began(office):
    cases = begin(office)
    anchor(office)
    office.complete(cases[1], "first", office.ani)
    later = office.start("steps", office.ani)
    anchor(office)

    for number, expected in ((1, cases), (2, [*cases, later])):
        for case in expected:
            with office.database.read() as unit:
                proof = anchors.inclusion(unit, case, number)
            told = json.loads(json.dumps(proof.to_json()))
            assert proof.holds()
            assert anchors.InclusionProof.from_json(told) == proof
            assert told["root"] == json.loads(office.rows(Anchor, number=number)[0].statement)["root"]
            leaf = f"{case}:{told['events']}:{told['head']}".encode()
            assert told["leaf"] == hashlib.sha256(b"\x00" + leaf).hexdigest()
    with office.database.read() as unit:
        assert anchors.inclusion(unit, cases[1]).leaf.events > anchors.inclusion(unit, cases[1], 1).leaf.events
        with pytest.raises(anchors.NotAnchoredError):
            anchors.inclusion(unit, later, 1)


# --- growth and cost -------------------------------------------------------------------------------------------------


def test_rows_are_kept_only_for_cases_that_changed(office):
    cases = begin(office, 5)
    anchor(office)
    assert len(office.rows(AnchorLeaf)) == 5

    anchor(office)
    assert len(office.rows(AnchorLeaf)) == 5

    office.complete(cases[3], "first", office.ani)
    made = anchor(office)
    assert [leaf.instance_id for leaf in office.rows(AnchorLeaf, anchor_number=3)] == [cases[3]]
    assert (made.leaves, made.changed) == (5, 1)
    assert findings(office) == []


@pytest.mark.tampers
def test_an_anchor_costs_the_same_statements_over_many_cases(office):
    def cost():
        with counting(office.database) as seen:
            anchor(office)
        return len(seen)

    (case,) = begin(office, 1)
    anchor(office)
    office.complete(case, "first", office.ani)
    few = cost()
    multiply(office, case, 600)

    assert cost() == few <= 12
    assert len(office.rows(AnchorLeaf)) == 602


def multiply(office, case, times):
    """Many cases at once: rows like those of this one, as far as an anchor looks at them."""
    table = metadata.tables["instance"]
    with office.database.write() as unit:
        row = unit.connection.execute(select(table).where(table.c.id == case)).one()._asdict()
        unit.connection.execute(
            table.insert(), [{**row, "id": f"{n:032x}", "number": f"N-{n}", "event_count": 1} for n in range(times)]
        )
        events = metadata.tables["history_event"]
        one = unit.connection.execute(select(events).where(events.c.instance_id == case)).first()._asdict()
        unit.connection.execute(
            events.insert(), [{**one, "instance_id": f"{n:032x}", "hash": row["chain_head"]} for n in range(times)]
        )


# --- once a day ------------------------------------------------------------------------------------------------------


def days(office, signer=None):
    office.registry.chores.add(chore(signer or passing_signer(), HERE))
    (found,) = office.registry.chores.all()
    return lambda: found.run(office.runner, office.clock.now())


def test_one_anchor_closes_each_day_of_jakarta(office):
    tick = days(office)
    begin(office)
    assert tick() == 0  # an installation's first day has nothing to close

    office.wait(hours=14, minutes=59)  # 23.59 WIB
    assert tick() == 0
    office.wait(minutes=1)
    assert (tick(), tick()) == (1, 0)
    office.wait(hours=23)
    assert tick() == 0
    office.wait(days=3)  # it stood still: there is nothing to catch up with
    assert (tick(), tick()) == (1, 0)
    assert [made.number for made in office.rows(Anchor)] == [1, 2]


def test_two_workers_make_one_anchor_and_writers_are_not_in_its_way(office):
    tick = days(office)
    begin(office)
    office.wait(days=1)

    raised = at_once(tick, tick, *(lambda: begin(office, 4) for _ in range(3)))

    assert raised == []
    assert len(office.rows(Anchor)) == 1
    assert findings(office) == []
    with office.database.read() as unit:
        assert ledger.verify(unit) == []


# --- what it finds ---------------------------------------------------------------------------------------------------


@pytest.mark.tampers
def test_a_record_that_is_changed_with_all_its_hashes_is_found_and_named(office):
    cases = begin(office)
    office.complete(cases[0], "first", office.ani)
    anchor(office)
    number = office.case(cases[0]).number
    last = office.events(cases[0])[-1].seq

    assert findings(office, *rewritten(office, cases[0])) == [
        ("anchor_head", 1, f"The record of case {number} is not as anchor 1 has it (event {last}).")
    ]
    gone = [
        delete(table).where(table.c.instance_id == cases[0])
        for table in reversed(metadata.sorted_tables)
        if "instance_id" in table.columns and table.name not in ("ledger_entry", "anchor_leaf")
    ]
    assert findings(office, *gone, delete(Instance).where(Instance.id == cases[0]))[0][0] == "anchor_head"
    cut = delete(HistoryEvent).where(HistoryEvent.instance_id == cases[0], HistoryEvent.seq == last)
    assert findings(office, cut)[0][:2] == ("anchor_head", 1)


def rewritten(office, case):
    """Statements that write a record anew from its second event, so that it proves itself again."""
    before, made = genesis(case), []
    for event in office.events(case):
        row = {**event.model_dump(), "element_id": "another"} if event.seq == 2 else event.model_dump()
        before = event_hash(before, row)
        which = (HistoryEvent.instance_id == case) & (HistoryEvent.seq == event.seq)
        made.append(update(HistoryEvent).where(which).values(element_id=row["element_id"], hash=before))
    return [*made, update(Instance).where(Instance.id == case).values(chain_head=before)]


OTHERWISE = {
    "anchor_gap": delete(Anchor).where(Anchor.number == 2),
    "anchor_statement": update(Anchor).where(Anchor.number == 2).values(leaves=9),
    "anchor_signature": update(Anchor).where(Anchor.number == 2).values(signature=b"x"),
    "anchor_root": update(AnchorLeaf).where(AnchorLeaf.anchor_number == 2).values(event_count=1),
    "anchor_entry": delete(Anchor).where(Anchor.number == 3),
    "anchor_ledger": delete(LedgerEntry).where(LedgerEntry.seq == 5),
}
COLUMNS = {
    "number": 7, "root": b"x", "changed": 9, "ledger_count": 1, "ledger_hash": b"x", "statement": "{}", "hash": b"x",
    "certificate": b"x", "at": AT,
}  # fmt: skip


@pytest.mark.tampers
def test_every_change_of_an_anchor_is_found(office):
    cases = begin(office)
    anchor(office)
    office.complete(cases[0], "first", office.ani)
    anchor(office)
    anchor(office)
    free = [delete(AnchorDelivery)]

    for code, statement in OTHERWISE.items():
        leaves = [delete(AnchorLeaf).where(AnchorLeaf.anchor_number == 2)] if code == "anchor_gap" else []
        found = findings(office, *free, *leaves, statement)
        assert code in [one[0] for one in found], (code, found)
    for name, value in COLUMNS.items():
        assert findings(office, update(Anchor).where(Anchor.number == 3).values({name: value})), name
    for number in (0, 9):  # as somebody would who has switched references off
        leaf = {"instance_id": "f" * 32, "anchor_number": number, "event_count": 1, "chain_head": b"x"}
        if not office.database.is_sqlite:
            break
        with office.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
            connection.execute(insert(AnchorLeaf), leaf)
            assert "anchor_root" in [f.code for f in anchors.verify_anchors(UnitOfWork(connection, writes=False))]
            connection.rollback()
            connection.invalidate()  # without its references it serves nobody else
    removed = delete(AnchorLeaf).where(AnchorLeaf.instance_id == cases[1])
    assert [found[0] for found in findings(office, removed)] == ["anchor_root"] * 3
    assert findings(office) == []


@pytest.mark.tampers
def test_a_ledger_that_is_written_anew_is_found(office):
    begin(office)
    anchor(office)
    with office.database.write() as unit:
        hash_ = ledger.GENESIS
        for entry in ledger.entries(unit):
            row = {**entry._asdict(), "actor_id": "another"} if entry.seq == 2 else entry._asdict()
            hash_ = ledger.entry_hash(hash_, row)
            values = {"actor_id": row["actor_id"], "hash": hash_}
            unit.connection.execute(update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(values))
        unit.connection.execute(update(LedgerHead).values(hash=hash_))
        assert ledger.verify(unit) == []

    assert ("anchor_ledger", 1, "The ledger is not as anchor 1 has it.") in findings(office)


def test_an_anchor_signed_by_another_authority_is_found(office, tmp_path):
    begin(office)
    with office.database.write() as unit:
        anchors.make(unit, signer_for("bsre-simulasi", tmp_path), HERE, office.clock.now())

    assert findings(office) == []  # by itself it is good
    assert [found[0] for found in findings(office, roots=passing_signer().roots())] == ["anchor_signature"]
    assert "simulasi" in office.rows(Anchor)[0].issuer


# --- where it goes ---------------------------------------------------------------------------------------------------


def deliver(office, outlets, times=1):
    for _ in range(times):
        run_ready(office.runner, office.registry, SpoolTransport(), office.clock.now())
        office.wait(hours=2)
    return {row.channel: row.delivered_at for row in office.rows(AnchorDelivery)}


@pytest.fixture
def outlets(office, tmp_path, request):
    url = request.getfixturevalue("tsa").url if "tsa" in request.fixturenames else ""
    made = anchors.Outlets(HERE.installation, tmp_path / "outside", ("arsip@contoh.go.id",), url)
    anchors.add_errands(office.registry.errands, made)
    return made


@pytest.fixture(scope="module")
def authority():
    with timestamping() as authority:
        yield authority


@pytest.fixture
def tsa(authority):
    authority.fault, authority.asked = None, 0
    return authority


def test_it_goes_into_the_folder_by_mail_and_to_the_time_stamp(office, outlets, tsa):
    begin(office)
    made = anchor(office, outlets)

    done = deliver(office, outlets)

    written = outlets.folder / "alur-anchor-000001.json"
    (mail,) = office.rows(OutgoingMail)
    token = (outlets.folder / "alur-anchor-000001.json.tst").read_bytes()
    assert done["folder"] == done["timestamp"] is not None
    assert written.read_bytes() == anchors.file_of(made)
    assert anchors.read_file(written.read_bytes()) == anchors.sealed_of(made)
    assert (mail.recipient, mail.sent_at is not None) == ("arsip@contoh.go.id", True)
    assert anchors.read_file(mail.text.encode()) == anchors.sealed_of(made)
    assert armoured(made) in mail.text
    assert read_timestamp(token, made.statement.encode()).at == AT
    assert NAME in read_timestamp(token, made.statement.encode()).authority
    assert token == next(bytes(row.receipt) for row in office.rows(AnchorDelivery) if row.receipt)
    with pytest.raises(TimestampError):
        read_timestamp(token, b"other bytes")


def test_a_service_that_is_away_is_asked_again_and_then_an_incident_that_can_be_retried(office, outlets, tsa):
    tsa.fault = "down"
    begin(office, 1)
    anchor(office, outlets)

    assert deliver(office, outlets)["timestamp"] is None
    assert office.incidents() == []
    deliver(office, outlets, 12)
    (incident,) = office.incidents()
    assert (tsa.asked, incident.cause) == (10, "timestamp")

    tsa.fault = None
    operate.retry(office.database, incident.id, SYSTEM, office.clock.now())
    assert deliver(office, outlets)["timestamp"] is not None


@pytest.mark.parametrize("fault", ["refuses", "other", "nonce", "forged"])
def test_a_time_stamp_that_is_not_of_these_bytes_is_refused(tsa, fault):
    tsa.fault = fault

    with pytest.raises(TimestampError):
        ask_timestamp(tsa.url, b"statement")


def test_a_service_that_cannot_be_asked_is_told():
    for url in ("ftp://tsa.contoh.go.id", "http://127.0.0.1:1/tsa", "http://127.0.0.1:x/"):
        with pytest.raises(TimestampError):
            ask_timestamp(url, b"statement")


def test_another_anchor_in_the_folder_is_not_written_over(office, outlets):
    outlets.folder.mkdir()
    lying = outlets.folder / "alur-anchor-000001.json"
    lying.write_bytes(b"of another history")
    anchor(office, outlets)

    deliver(office, outlets, 12)

    assert lying.read_bytes() == b"of another history"
    assert [incident.cause for incident in office.incidents()] == ["anchor_differs"]


def test_doing_it_twice_is_doing_it_once(office, outlets):
    made = anchor(office, outlets)
    run = office.registry.errands.get("anchor:folder")

    for _ in range(2):
        run(office.database, {"anchor": made.number}, office.clock.now() + timedelta(hours=1))

    assert len(list(outlets.folder.iterdir())) == 1


def test_what_is_no_anchor_is_refused():
    for body in (
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"statement": 1}',
        b"-----BEGIN ALUR ANCHOR-----\nAAAA\n-----END ALUR ANCHOR-----",
    ):
        with pytest.raises(anchors.NoAnchorError):
            anchors.read_file(body)
    with pytest.raises(anchors.NoAnchorError):
        anchors.Statement.of_bytes(b'{"format": "alur-anchor-1"}')
    with pytest.raises(anchors.NoAnchorError):
        anchors.InclusionProof.from_json({"format": "other"})


def test_a_place_that_cannot_be_one_is_told_at_the_start(tmp_path):
    for name, value in (("MAIL", "arsip"), ("MAIL", "a@contoh.go.id, b"), ("TIMESTAMP", "tsa.contoh.go.id")):
        given = Settings.from_environment({"ALUR_DATA": str(tmp_path), f"ALUR_ANCHOR_{name}": value})
        with pytest.raises(BadOutletError):
            anchors.Outlets.of(given)
    good = {"ALUR_ANCHOR_MAIL": "a@contoh.go.id,b@contoh.go.id", "ALUR_ANCHOR_FOLDER": "/srv/x",
            "ALUR_ANCHOR_TIMESTAMP": "https://alur:rahasia@tsa.contoh.go.id/"}  # fmt: skip
    outlets = anchors.Outlets.of(Settings.from_environment({"ALUR_DATA": str(tmp_path), **good}))
    assert (outlets.mail, str(outlets.folder)) == (("a@contoh.go.id", "b@contoh.go.id"), "/srv/x")
    assert anchors.public_address(outlets.timestamp_url) == "https://tsa.contoh.go.id/"
