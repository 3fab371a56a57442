"""`alur bounce`: a mail server pipes in what came back."""

import pytest
from click.testing import CliRunner

from engine.mail import Mail, queue_mails
from engine.unit_of_work import Database
from models import OutgoingMail, migrations
from tests.engine.test_bounces import NOW, TOKEN, report
from web.cli import cli


@pytest.fixture
def installation(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/alur.sqlite3"
    monkeypatch.setenv("ALUR_DATABASE_URL", url)
    monkeypatch.setenv("ALUR_DATA", str(tmp_path))
    database = Database(url)
    with database.write() as unit:
        migrations.upgrade(unit.connection)
        queue_mails(unit, [Mail("siti@kapuaskab.go.id", "Judul", "x", "", "k")], NOW)
    yield database
    database.dispose()


def bounced(database):
    with database.read() as unit:
        return unit.session.get(OutgoingMail, TOKEN).bounced_at is not None


def test_a_report_on_standard_input_marks_its_mail(installation):
    result = CliRunner().invoke(cli, ["bounce"], input=report("postfix"))

    assert result.exit_code == 0
    assert "1 bounced" in result.output
    assert bounced(installation)


def test_reports_in_files_and_whatever_is_none(installation, tmp_path):
    (tmp_path / "a.eml").write_bytes(report("exim"))
    (tmp_path / "b.eml").write_bytes(b"Subject: terima kasih\n\nya")

    result = CliRunner().invoke(cli, ["bounce", str(tmp_path / "a.eml"), str(tmp_path / "b.eml")])

    assert result.exit_code == 0
    assert "1 bounced" in result.output
    assert "1 no bounces" in result.output
    assert "siti" not in result.output
