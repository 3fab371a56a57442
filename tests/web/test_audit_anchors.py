"""Pages and the command of anchors: who may see them, what they say, and a kept file compared with what is here."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from engine import anchors
from engine.jobs.run import run_ready
from engine.letters.signing import passing_signer
from engine.mail import SpoolTransport
from models import AnchorDelivery, HistoryEvent
from tests.web.procedures import OFFICER, apply_for, by_number, deploy_permit
from web.cli import CommandLine
from web.commands.anchor import command


@pytest.fixture
def database(sqlite_database):
    """Rules of pages; what they write is the engine's, and tried on both databases there."""
    return sqlite_database


@pytest.fixture
def settings(settings):
    return replace(settings, anchor_mail=("arsip@contoh.go.id",))


@pytest.fixture
def parts(app):
    """Keys are made once for all tests."""
    made = replace(app.extensions["alur"], signer=passing_signer())
    app.extensions["alur"] = made
    return made


@pytest.fixture
def case(app, parts, person, clock):
    deploy_permit(app, clock.now())
    return by_number(app, apply_for(app, person("Siti Aminah")))


def anchored(parts, now):
    outlets = anchors.Outlets.of(parts.settings)
    with parts.database.write() as unit:
        anchors.make(unit, parts.signer, outlets, now)
    run_ready(parts.runner, parts.registry, SpoolTransport(), now)


def downloaded(browser, address):
    answer = browser.client.get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.data


def test_an_auditor_sees_what_was_anchored_and_where_it_went(parts, browser, person, case, clock):
    auditor = browser(person("Hendra Gunawan", roles=["auditor"]))
    assert "Belum ada jangkar" in auditor.get("/audit/jangkar").text

    made = auditor.follow(auditor.post("/audit/jangkar"))
    assert "Jangkar 1 dibuat" in made.text
    assert "Menunggu dikirim" in made.text
    run_ready(parts.runner, parts.registry, SpoolTransport(), clock.now())

    assert "Terkirim" in auditor.get("/audit/jangkar").text
    shown = auditor.get("/audit/jangkar/1")
    assert "Tanda tangan sah" in shown.text
    assert "Akar cocok dengan daunnya" in shown.text
    assert "arsip@contoh.go.id" in shown.text
    assert str(parts.settings.data_folder / "anchors") in shown.text
    kept = parts.settings.data_folder / "anchors" / anchors.file_name(1)
    assert downloaded(auditor, "/audit/jangkar/1/berkas") == kept.read_bytes()
    assert auditor.get("/audit/jangkar/1/stempel").status == 404
    assert auditor.get("/audit/jangkar/2").status == 404


def test_a_delivery_that_failed_is_shown_with_its_incident(parts, browser, person, case, clock):
    (parts.settings.data_folder / "anchors").mkdir(parents=True)
    (parts.settings.data_folder / "anchors" / anchors.file_name(1)).write_text("another")
    anchored(parts, clock.now())
    hendra = person("Hendra Gunawan", roles=["auditor"])
    assert "1 percobaan gagal" in browser(hendra).get("/audit/jangkar/1").text

    for _ in range(9):
        clock.move_to(clock.now() + timedelta(hours=2))
        run_ready(parts.runner, parts.registry, SpoolTransport(), clock.now())

    auditor = browser(hendra)
    assert "perlu ditangani operator" in auditor.get("/audit/jangkar/1").text
    assert "1 dari 2 terkirim" in auditor.get("/audit/jangkar").text


def test_the_proof_of_a_case_is_said_in_words_and_given_as_a_file(parts, browser, person, case, clock):
    auditor = browser(person("Hendra Gunawan", roles=["auditor"]))
    asked = f"/audit/jangkar/bukti?kasus={case.number}"
    assert "belum termasuk dalam jangkar mana pun" in auditor.get(asked).text
    anchored(parts, clock.now())

    page = auditor.get(asked.lower())
    file = json.loads(downloaded(auditor, asked.replace("bukti?", "bukti.json?")))

    assert "Terbukti" in page.text
    assert f"{case.event_count} peristiwa" in page.text
    assert anchors.InclusionProof.from_json(file["proof"]).holds()
    assert file["proof"]["root"] in file["anchor"]["statement"]
    assert "Tidak ada kasus dengan nomor ini" in auditor.get("/audit/jangkar/bukti?kasus=2606-XXXX-XXXX").text
    assert auditor.get("/audit/jangkar/bukti.json?kasus=x").status == 404


def test_who_may_see_results_sees_anchors_and_nobody_else(parts, browser, person, case, clock):
    anchored(parts, clock.now())
    allowed = {"auditor": 200, "auditor_luar": 200, "admin": 200, "owner": 200, "data_officer": 403, OFFICER: 403}

    for role, status in allowed.items():
        client = browser(person(f"Pemegang {role}", roles=[role]))
        assert client.get("/audit/jangkar").status == status, role
        assert client.get("/audit/jangkar/1/berkas").status == status, role
        proof = client.get(f"/audit/jangkar/bukti?kasus={case.number}").status
        assert proof == (200 if role.startswith("auditor") else 403), role
        if role not in ("auditor", "admin"):
            assert client.post("/audit/jangkar").status == 403, role


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def alur(parts, clock):
    line = CommandLine()
    line.database, line.settings, line.signer, line.clock = parts.database, parts.settings, parts.signer, clock
    return lambda *arguments: CliRunner().invoke(command, [str(one) for one in arguments], obj=line)


@pytest.mark.tampers
def test_what_was_kept_outside_tells_whether_records_were_altered_since(parts, alur, case, clock, tmp_path):
    assert alur("make").exit_code == 0
    run_ready(parts.runner, parts.registry, SpoolTransport(), clock.now())
    kept = parts.settings.data_folder / "anchors" / anchors.file_name(1)
    proof = tmp_path / "proof.json"
    assert alur("prove", case.number.lower(), "-o", proof).exit_code == 0
    listed = json.loads(alur("list", "--json").output)
    assert [(one["number"], len(one["deliveries"])) for one in listed] == [(1, 2)]
    assert [alur("check", file).exit_code for file in (kept, proof)] == [0, 0]
    assert "cocok" in alur("check", kept).output

    assert alur("prove", case.id, "--anchor", "7").exit_code != 0
    assert alur("prove", "nobody").exit_code == 2
    (tmp_path / "other.json").write_text("{}")
    assert alur("check", tmp_path / "other.json").exit_code == 2

    with parts.database.write() as unit:
        unit.connection.execute(update(HistoryEvent).where(HistoryEvent.seq == case.event_count).values(hash=b"x"))
    told = json.loads(alur("check", kept, "--json").output)
    assert not told["ok"]
    assert case.number in told["findings"][0]["text"]["en"]


def test_a_file_of_another_history_or_another_installation_is_told(parts, alur, case, clock, tmp_path):
    anchored(parts, clock.now())
    file = parts.settings.data_folder / "anchors" / anchors.file_name(1)
    with parts.database.read() as unit:
        proof = anchors.inclusion(unit, case.id).to_json()
    signed = json.loads(file.read_bytes())

    def codes(**changes):
        (tmp_path / "kept").write_text(json.dumps({**signed, **changes.pop("signed", {}), **changes}))
        return [one["code"] for one in json.loads(alur("check", tmp_path / "kept", "--json").output)["findings"]]

    assert codes() == []
    other = signed["statement"].replace('"leaves":1', '"leaves":2')
    assert codes(statement=other) == ["kept_signature", "kept_differs"]
    assert codes(statement=signed["statement"].replace('"number":1', '"number":9')) == ["kept_signature", "kept_gone"]
    assert codes(signed={}, anchor=signed, proof={**proof, "path": ["00" * 32]}) == ["kept_proof"]
    with parts.database.write() as unit:
        assert unit.connection.execute(update(AnchorDelivery).values(target="x")).rowcount == 2
