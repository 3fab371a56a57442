"""Mail: written once with its cause, composed safely, and handed to a real SMTP server."""

import smtplib

import pytest
from sqlalchemy import select

from engine.mail import (
    BadAddressError,
    MailDeferredError,
    MailRefusedError,
    SmtpTransport,
    SpoolTransport,
    queue_mail,
    transport_for,
)
from engine.mail.transports import BadMailUrlError, compose
from engine.settings import Settings
from models import Job, OutgoingMail
from tests.support.postgresql import free_port
from tests.support.smtp import running_mailbox


@pytest.fixture
def now(clock):
    return clock.now()


def a_mail(**changed):
    given = {
        "id": "1", "idempotency_key": "case:1:approved", "recipient": "siti@contoh.go.id",
        "subject": "Selamat! Registrasi Anda Telah Diverifikasi", "text": "Halo Siti", "html": "<p>Halo Siti</p>",
    }  # fmt: skip
    return OutgoingMail(**(given | changed))


@pytest.fixture
def mailbox():
    with running_mailbox() as box:
        yield box


def transport(mailbox):
    return SmtpTransport(mailbox.url, "Alur <alur@contoh.go.id>")


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_mail_and_its_job_are_one_transaction(database, now):
    with database.write() as unit:
        mail_id = queue_mail(unit, "siti@contoh.go.id", "Judul", "isi", "", "k1", None, now)
    with database.read() as unit:
        job = unit.session.scalars(select(Job)).one()
        assert (job.kind, job.payload, job.state) == ("mail", {"mail": mail_id}, "ready")
        assert unit.session.get(OutgoingMail, mail_id).sent_at is None


def test_the_same_key_is_the_same_mail(database, now):
    with database.write() as unit:
        first = queue_mail(unit, "siti@contoh.go.id", "Judul", "isi", "", "k1", None, now)
        again = queue_mail(unit, "siti@contoh.go.id", "Judul lain", "isi", "", "k1", None, now)
    assert first == again
    with database.read() as unit:
        assert len(unit.session.scalars(select(OutgoingMail)).all()) == 1
        assert len(unit.session.scalars(select(Job)).all()) == 1


def test_a_subject_is_one_line_of_bounded_length(database, now):
    with database.write() as unit:
        mail_id = queue_mail(unit, "a@b.id", "Judul\r\nBcc: x@y.id " + "a" * 400, "isi", "", "k", None, now)
    with database.read() as unit:
        subject = unit.session.get(OutgoingMail, mail_id).subject
    assert subject.startswith("Judul Bcc: x@y.id a")
    assert len(subject) == 300


@pytest.mark.parametrize(
    "address", ["", "siti", "a@b@c", "a@b.id\nBcc: x@y.id", "a b@c.id", "siti <a@b.id>", "a@-b.id"]
)
def test_what_is_no_address_is_refused(database, now, address):
    with pytest.raises(BadAddressError), database.write() as unit:
        queue_mail(unit, address, "Judul", "isi", "", "k", None, now)


# --- composing and sending -----------------------------------------------------------------------------------------


def test_a_mail_arrives_with_text_and_html(mailbox, now):
    transport(mailbox).send(a_mail(), now)

    ((recipients, message),) = mailbox.received
    assert recipients == ["siti@contoh.go.id"]
    assert message["Subject"] == "Selamat! Registrasi Anda Telah Diverifikasi"
    assert message["From"] == "Alur <alur@contoh.go.id>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "Halo Siti"
    assert message.get_body(("html",)).get_content().strip() == "<p>Halo Siti</p>"


def test_a_mail_sent_twice_after_a_crash_has_one_id(now):
    ids = {compose(a_mail(), "alur@contoh.go.id", now)["Message-ID"] for _ in range(2)}
    assert len(ids) == 1
    assert compose(a_mail(idempotency_key="other"), "alur@contoh.go.id", now)["Message-ID"] not in ids


def test_a_refusal_for_good_is_told_apart_from_a_delay(mailbox, now):
    mailbox.answers = {"RCPT": "550 no such user siti@contoh.go.id"}
    with pytest.raises(MailRefusedError) as refused:
        transport(mailbox).send(a_mail(), now)
    mailbox.answers = {"RCPT": "451 try later"}
    with pytest.raises(MailDeferredError):
        transport(mailbox).send(a_mail(), now)
    mailbox.answers = {"DATA": "554 spam"}
    with pytest.raises(MailRefusedError):
        transport(mailbox).send(a_mail(), now)
    # No address in what operators and logs see.
    assert "siti" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_server_that_is_away_is_a_delay(now):
    with pytest.raises(MailDeferredError, match="ConnectionRefusedError"):
        SmtpTransport(f"smtp://127.0.0.1:{free_port()}", "alur@contoh.go.id").send(a_mail(), now)


def test_a_wrong_password_of_ours_is_a_delay_not_the_mail_s_fault(now):
    class Picky(smtplib.SMTP):
        def login(self, *_given, **_options):
            raise smtplib.SMTPAuthenticationError(535, b"bad credentials")

    with running_mailbox() as box:
        sender = SmtpTransport(box.url.replace("//", "//alur:rahasia@"), "alur@contoh.go.id")
        sender._connect = lambda: Picky("127.0.0.1", int(box.url.rpartition(":")[2]))
        with pytest.raises(MailDeferredError, match="535"):
            sender.send(a_mail(), now)


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail.contoh.go.id"])
def test_a_wrong_address_of_the_server_is_told_at_the_start(url):
    with pytest.raises(BadMailUrlError):
        SmtpTransport(url, "alur@contoh.go.id")


def test_the_settings_choose_the_transport(tmp_path):
    spool = Settings.from_environment({"ALUR_DATA": str(tmp_path)})
    smtp = Settings.from_environment({"ALUR_DATA": str(tmp_path), "ALUR_SMTP_URL": "smtps://u:p%40ss@mail.go.id"})
    assert isinstance(transport_for(spool), SpoolTransport)
    chosen = transport_for(smtp)
    assert (chosen.host, chosen.port, chosen.user, chosen.password) == ("mail.go.id", 465, "u", "p@ss")
