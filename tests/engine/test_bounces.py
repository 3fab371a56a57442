"""What comes back: reports of several mail servers mark the mail and tell of the case; anything else changes nothing.

The reports in the folder bounces are shaped as Postfix, Exim and Exchange write them.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from engine.mail import Mail, SmtpTransport, queue_mails
from engine.mail.bounces import envelope_sender, read_bounce, take_in
from engine.mail.maildir import take_in_new
from engine.mail.unsubscribing import Unsubscribing
from models import Incident, OutgoingMail
from tests.support.smtp import running_mailbox

FOLDER = Path(__file__).parent / "bounces"
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
TOKEN = Mail("", "", "", "", "k").id


def report(name, token=TOKEN):
    return (FOLDER / f"{name}.eml").read_bytes().replace(b"@TOKEN@", token.encode())


@pytest.fixture
def sent(database):
    """A mail of a case that went out."""
    with database.write() as unit:
        queue_mails(unit, [Mail("siti@kapuaskab.go.id", "Permohonan diterima", "isi", "", "k", "case")], NOW)
    return database


def taken(database, raw):
    with database.write() as unit:
        return take_in(unit, raw, NOW)


def the_mail(database):
    with database.read() as unit:
        return unit.session.get(OutgoingMail, TOKEN)


def incidents(database):
    with database.read() as unit:
        return list(unit.session.scalars(select(Incident)))


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("postfix", "5.1.1 550 5.1.1 <…>: Recipient address rejected: User unknown in virtual mailbox table"),
        ("exim", "5.0.0 552 5.2.2 Mailbox full"),
        ("exchange", "5.1.10 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    ],
)
def test_a_report_marks_the_mail_and_tells_of_the_case_once(sent, server, said):
    assert taken(sent, report(server)) == "bounced"
    assert taken(sent, report(server)) == "known"

    mail = the_mail(sent)
    assert (mail.bounced_at, mail.bounce) == (NOW, said)
    [incident] = incidents(sent)
    assert (incident.instance_id, incident.cause, incident.state) == ("case", "mail_bounced", "open")
    assert incident.job_id
    assert "@" not in incident.message + mail.bounce


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_not_for_good_changes_nothing(sent, action):
    raw = report("postfix").replace(b"Action: failed", f"Action: {action}".encode())

    assert taken(sent, raw) == "no_bounce"
    assert the_mail(sent).bounced_at is None


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff", b"Subject: Halo\n\nSaya sedang cuti.", b"Content-Type: multipart/report\n\nx",
        b"To: alur+" + TOKEN.encode() + b"@contoh.go.id\nSubject: Out of office\nAuto-Submitted: auto-replied\n\ncuti",
        report("postfix").replace(TOKEN.encode(), b"x"),
        report("postfix")[:900],
    ],
)  # fmt: skip
def test_a_person_s_answer_is_no_bounce(sent, raw):
    assert taken(sent, raw) == "no_bounce"
    assert the_mail(sent).bounced_at is None


def test_a_report_about_another_s_mail_is_told_apart(sent):
    assert taken(sent, report("postfix", "0" * 32)) == "unknown_mail"
    assert incidents(sent) == []


def test_a_visitor_s_mistyped_address_is_no_incident(database):
    with database.write() as unit:
        queue_mails(unit, [Mail("siti@kapuaskab.go.id", "Aktivasi", "isi", "", "k")], NOW)

    assert taken(database, report("postfix")) == "bounced"
    assert incidents(database) == []


@given(st.binary(max_size=400), st.integers(0, 2_000), st.integers(0, 400))
def test_no_message_whatever_breaks_the_reading(noise, place, length):
    raw = report("exim")
    read_bounce(raw[:place] + noise + raw[place + length :])


def test_what_a_server_says_is_kept_printable(sent):
    raw = report("postfix").replace(b"User unknown", b"tak dikenal \x00\xff\xfe")

    assert taken(sent, raw) == "bounced"
    assert "tak dikenal" in the_mail(sent).bounce
    assert the_mail(sent).bounce.isprintable()


def test_reports_in_the_folder_are_taken_in_and_put_aside(sent, tmp_path):
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.mx").write_bytes(report("postfix"))
    (tmp_path / "new" / "2.mx").write_bytes(b"Subject: Halo\n\nterima kasih")
    (tmp_path / "new" / "3.mx").symlink_to("/etc/hostname")

    assert take_in_new(sent, tmp_path, NOW) == 2
    assert take_in_new(sent, tmp_path, NOW) == 0
    assert the_mail(sent).bounced_at == NOW
    assert sorted(p.name for p in (tmp_path / "cur").iterdir()) == ["1.mx:2,S", "2.mx:2,S"]


def test_a_folder_that_is_not_there_is_no_fault(sent, tmp_path):
    assert take_in_new(sent, tmp_path / "nowhere", NOW) == 0


def test_the_envelope_names_the_mail_at_a_real_server():
    mail = OutgoingMail(id=TOKEN, idempotency_key="k", recipient="siti@contoh.go.id", subject="Judul", text="isi",
                        html="", courtesy=False)  # fmt: skip
    with running_mailbox() as box:
        transport = SmtpTransport(box.url, "Alur <alur@contoh.go.id>", bounces_to="pantulan@contoh.go.id",
                                  unsubscribing=Unsubscribing("https://alur.contoh.go.id", b"s"))  # fmt: skip
        transport.send(mail, NOW)
        SmtpTransport(box.url, "Alur <alur@contoh.go.id>").send(mail, NOW)

    assert box.senders == [f"pantulan+{TOKEN}@contoh.go.id", "alur@contoh.go.id"]
    assert box.received[0][1]["X-Alur-Mail"] == TOKEN
    assert len(envelope_sender("pantulan@contoh.go.id", TOKEN).partition("@")[0]) <= 64
