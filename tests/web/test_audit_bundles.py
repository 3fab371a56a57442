"""Cases taken along from the pages and the command line: by right, noted, and for a day."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlmodel import col

from engine.bundles.runs import VERIFIER
from engine.ledger import Kind
from models import LedgerEntry
from tests.web.procedures import OFFICER, apply_for, deploy_permit
from web.cli import cli

PLACE = "/audit/bundel"


@pytest.fixture
def database(sqlite_database):
    """Rules of pages; bundles themselves are made on both databases in tests/engine."""
    return sqlite_database


@pytest.fixture
def office(app, person, clock):
    deploy_permit(app, clock.now())
    return {
        "ani": person("Ani Wijaya"),
        "siti": person("Siti Rahma", roles=[OFFICER]),
        "auditor": person("Hendra Gunawan", roles=["auditor"]),
        "other": person("Tono Auditor", roles=["auditor"]),
        "outside": person("Sri Rahayu", roles=["auditor_luar"]),
    }


def work(app):
    parts = app.extensions["alur"]
    (chore,) = [chore for chore in parts.registry.chores.all() if chore.name == "exports"]
    while chore.run(parts.runner, parts.clock.now()):
        pass


def ask(window, *numbers, form="bundle"):
    answer = window.post(PLACE, {"kasus": list(numbers), "format": form})
    assert answer.status == 303
    return answer.location


def taken(app, window, *numbers, form="bundle", tmp_path):
    run = ask(window, *numbers, form=form)
    work(app)
    path = tmp_path / "taken"
    path.write_bytes(window.client.get(f"{run}/berkas").data)
    return path


def proved(path):
    command = [sys.executable, "-I", "-S", str(VERIFIER), "--json", str(path)]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert answer["findings"] == []
    return answer


def entries(database):
    with database.read() as unit:
        query = select(LedgerEntry).where(col(LedgerEntry.kind) == Kind.BUNDLE_EXPORTED).order_by(col(LedgerEntry.seq))
        return list(unit.session.scalars(query))


def test_chosen_cases_are_gathered_followed_taken_and_removed_after_a_day(
    app, browser, office, database, clock, tmp_path
):
    first, second = apply_for(app, office["ani"]), apply_for(app, office["ani"])
    auditor, other = browser(office["auditor"]), browser(office["other"])
    run = ask(auditor, first, second)
    assert auditor.get(run).one("progress").get("max") == "2"
    part = auditor.client.get(f"{run}/kemajuan", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="progress"')
    assert auditor.client.get(f"{run}/berkas").status_code == 404
    work(app)

    assert auditor.get(f"{run}/kemajuan", headers={"HX-Request": "true"}).headers["HX-Redirect"] == run
    page = auditor.get(run)
    assert f"{run}/berkas" in page.links()
    answer = auditor.client.get(f"{run}/berkas")
    path = tmp_path / "bundle.zip"
    path.write_bytes(answer.data)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert proved(path)["checked"]["cases"] == 2
    noted = entries(database)
    assert sorted(entry.ref for entry in noted) == sorted([first, second])
    assert {(e.actor_id, e.digest.hex() in page.text, e.detail["level"]) for e in noted} == {
        (office["auditor"].id, True, "auditor")
    }
    assert other.client.get(run).status_code == other.client.get(f"{run}/berkas").status_code == 404
    assert run not in other.get(PLACE).links()

    clock.move_to(clock.now() + timedelta(days=1, minutes=1))
    work(app)
    auditor = browser(office["auditor"])
    assert auditor.client.get(f"{run}/berkas").status_code == 404
    assert "berkas sudah dihapus" in auditor.get(run).text
    assert list(app.extensions["alur"].settings.exports_folder.iterdir()) == []


def test_what_was_submitted_is_in_it_only_where_the_auditor_has_unmasked_the_case(app, browser, office, tmp_path):
    number = apply_for(app, office["ani"], purpose="Bazar buku Ani Wijaya")
    auditor, outside = browser(office["auditor"]), browser(office["outside"])

    def held(window, form="bundle"):
        path = taken(app, window, number, form=form, tmp_path=tmp_path)
        if form != "bundle":
            return path.read_bytes()
        proved(path)
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())

    assert "sebagai sidik" in auditor.get(f"/audit/kasus/{number}/bundel").text
    for window in (auditor, outside):
        assert b"Ani Wijaya" not in held(window)
        assert b"Ani Wijaya" not in held(window, "ocel")
    reason = {"alasan": "Pemeriksaan pengaduan nomor 12", "kembali": f"/audit/kasus/{number}"}
    auditor.post(f"/audit/kasus/{number}/samaran", reason)
    assert "dengan isi formulir dan dokumen" in auditor.get(f"/audit/kasus/{number}/bundel").text
    assert b"Ani Wijaya" in held(auditor)
    assert b"Ani Wijaya" in held(auditor, "xes")
    assert b"Ani Wijaya" not in held(outside)
    assert "Buka samaran lebih dahulu" not in outside.get(f"/audit/kasus/{number}/bundel").text


def test_an_export_can_be_stopped_and_nothing_chosen_is_said(app, browser, office):
    number = apply_for(app, office["ani"])
    auditor = browser(office["auditor"])
    run = ask(auditor, number)

    page = auditor.follow(auditor.post(f"{run}/berhenti"))
    work(app)

    assert "dihentikan" in page.text
    assert auditor.client.get(f"{run}/berkas").status_code == 404
    refused = auditor.follow(auditor.post(PLACE, {"format": "bundle"}))
    assert "Pilih sedikitnya satu kasus." in refused.text


def test_anybody_may_take_the_program_that_checks(app, browser):
    answer = browser().client.get(f"{PLACE}/verify.py")

    assert answer.data == VERIFIER.read_bytes()


def test_a_worker_that_died_leaves_what_the_next_one_goes_on_with(
    app, browser, office, database, tmp_path, monkeypatch
):
    numbers = [apply_for(app, office["ani"]) for _ in range(3)]
    auditor = browser(office["auditor"])
    run = ask(auditor, *numbers)
    parts = app.extensions["alur"]
    (chore,) = [chore for chore in parts.registry.chores.all() if chore.name == "exports"]

    class Killed(BaseException):
        pass

    def dies(*_):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("engine.bundles.packing._zip", dies)
        with pytest.raises(Killed):
            chore.run(parts.runner, parts.clock.now())
    parts.clock.move_to(parts.clock.now() + timedelta(minutes=2))
    work(app)

    path = tmp_path / "bundle.zip"
    path.write_bytes(browser(office["auditor"]).client.get(f"{run}/berkas").data)
    assert proved(path)["checked"]["cases"] == 3
    assert len(entries(database)) == 3


def test_the_command_line_exports_cases_with_and_without_what_was_submitted(app, office, database, tmp_path):
    numbers = [apply_for(app, office["ani"], purpose="Bazar buku Ani Wijaya") for _ in range(2)]
    settings = app.extensions["alur"].settings
    environment = {
        "ALUR_DATA": str(settings.data_folder), "ALUR_DATABASE_URL": database.url.render_as_string(),
        "ALUR_SECRET_KEY": "for tests only",
    }  # fmt: skip

    def export(*arguments):
        return CliRunner(env=environment).invoke(cli, ["export", *map(str, arguments)])

    files = {}
    for form, suffix in (("bundle", "zip"), ("xes", "xes"), ("ocel", "json")):
        for masked in ((), ("--masked",)):
            files[form, bool(masked)] = tmp_path / f"{len(masked)}.{suffix}"
            done = export(*numbers, "--format", form, "-o", files[form, bool(masked)], *masked)
            assert done.exit_code == 0, done.output
    assert proved(files["bundle", False])["left_out"].keys() == {"anchor"}
    assert proved(files["bundle", True])["left_out"].keys() == {"anchor", "withheld"}
    for form in ("xes", "ocel"):
        assert b"Ani Wijaya" in files[form, False].read_bytes()
        assert b"Ani Wijaya" not in files[form, True].read_bytes()
    assert [(e.detail["format"], e.detail["level"], e.actor_id) for e in entries(database)[::4]] == [
        ("bundle", "open", None), ("xes", "open", None), ("ocel", "open", None),
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.glob("[.01]*.*")) == sorted(path.name for path in files.values())

    assert "There is no such case: 1999-xxxx-xxxx" in export("1999-xxxx-xxxx", "--format", "xes", "-o", "x").output
    assert "Say with -o" in export(numbers[0], "--format", "xes").output
    assert "Say KEY and FOLDER" in export(numbers[0]).output
