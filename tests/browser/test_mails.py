"""Days of mail with a real server: a wish, a digest, the way out, what is required anyway, and what comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine.definitions import deploy, read_package
from engine.mail.bounces import take_in
from engine.settings import ROOT
from handlers.seeds import prepare
from models import OutgoingMail, UserTask
from tests.engine.test_bounces import report
from tests.support.live import Site
from tests.support.smtp import running_mailbox
from tests.web.conftest import person  # noqa: F401 -- a fixture
from tests.web.procedures import acting, case_of

pytestmark = pytest.mark.browser
DUE = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
"""Thursday, 15.00 WIB."""


@pytest.fixture
def database(sqlite_database):
    """What a browser shows does not depend on the database."""
    return sqlite_database


@pytest.fixture
def mailbox():
    with running_mailbox() as box:
        yield box


@pytest.fixture
def office(database, clock, tmp_path, mailbox):
    """A site that mails by SMTP, with the example of the shared reminders as its procedure."""
    with Site(tmp_path, database, clock, smtp_url=mailbox.url) as site:
        with database.write() as unit:
            prepare(unit, clock.now())
            deploy(unit, read_package(ROOT / "bpmn/pengingat"), site.parts.registry, "tests", "", clock.now(),
                   rehearsal=True)  # fmt: skip
        yield site


def waiting_task(site, ani) -> str:
    """A case of Ani's whose check is due on Thursday; its number."""
    runner, actor = site.parts.runner, acting(site.app, ani)
    case = runner.start("pengingat", actor)
    with site.database.read() as unit:
        task = unit.session.scalars(select(UserTask).filter_by(instance_id=case, state="open")).one()
    runner.complete(task.id, actor, {"due_at": DUE, "superior": "atasan"}, task.version)
    return case_of(site.app, case).number


def test_a_day_of_mail(office, mailbox, person, open_tab):  # noqa: F811 -- the fixture above
    ani, budi, dewi = person("Ani"), person("Budi", roles=["petugas"]), person("Dewi", roles=["atasan", "petugas"])
    officer = open_tab(office, budi.email)

    # Budi wants notices once a day; by keyboard alone.
    officer.go("/akun")
    officer.follow("Atur surel")
    officer.check(name="surel-pilihan")
    officer.page.get_by_label("Langsung", exact=True).focus()
    officer.page.keyboard.press("ArrowDown")
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.press("Enter")
    expect(officer.page.get_by_text("Perubahan disimpan.")).to_be_visible()
    expect(officer.page.get_by_label("Sekali sehari")).to_be_checked()

    number = waiting_task(office, ani)
    office.move_to(DUE - timedelta(hours=31))  # Wednesday, 08.00: a working day before
    office.tick()
    assert mailbox.to(budi.email) == []
    assert [m["Subject"] for m in mailbox.to(dewi.email)] == [
        f"Pengingat: Periksa permohonan ({number}) paling lambat 4 Juni 2026 pukul 15.00 WIB"
    ]
    officer = open_tab(office, budi.email)  # signed in anew: days have passed
    officer.go(f"/kasus/{number}")
    expect(officer.page.get_by_text("Menunggu ringkasan harian")).to_be_visible()

    office.move_to(DUE - timedelta(hours=8))  # Thursday, 07.00
    office.tick()
    [digest] = mailbox.to(budi.email)
    assert digest["Subject"] == "Ringkasan Alur 4 Juni 2026: 1 kabar"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    # Dewi follows the link of the mail, in a browser where she is not signed in.
    link = mailbox.to(dewi.email)[0]["List-Unsubscribe"].strip("<>")
    visitor = open_tab(office)
    visitor.go(link)
    visitor.check(name="surel-berhenti")
    visitor.press("Simpan pilihan")
    expect(visitor.page.get_by_text("Kabar tidak lagi dikirim")).to_be_visible()

    # Due: nothing more for her as an officer. Overdue: the escalation is required, and goes to her all the same.
    office.move_to(DUE)
    office.tick()
    assert len(mailbox.to(dewi.email)) == 1
    office.move_to(DUE + timedelta(hours=17))  # Friday, 08.00
    office.tick()
    escalation = mailbox.to(dewi.email)[-1]
    assert escalation["Subject"] == f"Eskalasi: Periksa permohonan ({number}) lewat tenggat"
    assert escalation["List-Unsubscribe"] is None

    # It comes back; an officer sees it, and sends it again.
    with office.database.write() as unit:
        mail = unit.session.scalars(select(OutgoingMail).filter_by(template="pengingat_eskalasi")).one()
        assert take_in(unit, report("exim", mail.id), office.clock.now()) == "bounced"
    officer = open_tab(office, budi.email)
    officer.go(f"/kasus/{number}")
    expect(officer.page.get_by_text("Kembali, tidak sampai")).to_be_visible()
    officer.check(name="surel-kasus")
    row = officer.page.get_by_role("row").filter(has_text="Kembali, tidak sampai")
    row.get_by_role("button", name="Kirim ulang").click()
    expect(officer.page.get_by_text("Surel dikirim ulang.")).to_be_visible()
    office.tick()
    assert [m["Subject"] for m in mailbox.to(dewi.email)][-2:] == [escalation["Subject"]] * 2
