"""Wishes about mail, the way out without signing in, and the mails of a case with sending again."""

import pytest
from sqlalchemy import select, update

from engine.mail import Mail, queue_mails
from engine.mail.bounces import take_in
from engine.mail.preferences import choose, wish_of
from engine.mail.unsubscribing import Unsubscribing
from models import Incident, Job, MailPreference, OutgoingMail
from tests.engine.test_bounces import report
from tests.web.procedures import OFFICER, apply_for, by_number, deploy_permit

LINKS = Unsubscribing("http://localhost", b"for tests only")


def wish(database, reader):
    with database.read() as unit:
        return wish_of(unit, reader)


# --- one's own wishes ----------------------------------------------------------------------------------------------


def test_a_person_chooses_how_to_be_told(browser, person, database):
    ani = person("Ani")
    window = browser(ani)

    page = window.get("/akun/surel")
    assert "Yang selalu dikirim" in page.text
    assert window.post("/akun/surel", {"wish": "digest"}).status == 303
    assert wish(database, ani.id) == "digest"
    checked = [e.get("value") for e in window.get("/akun/surel").all("input") if e.get("checked") is not None]
    assert checked == ["digest"]
    assert "/akun/surel" in window.get("/akun").html


@pytest.mark.parametrize("given", [{}, {"wish": ""}, {"wish": "sometimes"}])
def test_a_wish_that_is_none_is_asked_again(browser, person, database, given):
    ani = person("Ani")

    page = browser(ani).post("/akun/surel", given)

    assert page.status == 422
    assert "Pilih salah satu." in page.text
    assert wish(database, ani.id) == "now"


# --- the way out ---------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing(app, browser, person, database):
    ani = person("Ani")

    page = browser().get(f"/surel/berhenti/{LINKS.token(ani.id)}")

    assert page.status == 200
    assert ani.email not in page.html
    assert f"{ani.email[0]}•••@contoh.go.id" in page.text
    assert wish(database, ani.id) == "now"


def test_one_click_of_a_mail_program_unsubscribes_without_signing_in(app, person, database):
    """RFC 8058: a POST from anywhere, without cookie, referrer or token of ours."""
    ani = person("Ani")

    answer = app.test_client().post(
        f"/surel/berhenti/{LINKS.token(ani.id)}", data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip

    assert answer.status_code == 200
    with database.read() as unit:
        kept = unit.session.get(MailPreference, ani.id)
        assert (kept.courtesy, kept.changed_by) == ("never", "link")


def test_the_page_of_the_link_offers_the_digest_too(app, database):
    url = f"/surel/berhenti/{LINKS.token('ani@contoh.go.id')}"

    assert "sekali sehari" in app.test_client().post(url, data={"wish": "digest"}).text
    assert wish(database, "ani@contoh.go.id") == "digest"


@pytest.mark.parametrize("token", ["x", "YW5p.aaaaaaaaaaaaaaaaaaaaaa", "%2e", "a" * 3000])
def test_a_link_that_was_not_made_here_is_nobody_s(app, database, token):
    client = app.test_client()

    assert client.get(f"/surel/berhenti/{token}").status_code == 404
    assert client.post(f"/surel/berhenti/{token}").status_code == 404
    with database.read() as unit:
        assert unit.session.scalars(select(MailPreference)).all() == []


def test_unsubscribing_never_stops_what_is_required(app, person, database, clock):
    ani = person("Ani")
    app.test_client().post(f"/surel/berhenti/{LINKS.token(ani.id)}")

    with database.write() as unit:
        queue_mails(unit, [Mail(ani.email, "Ditolak", "x", "", "k", reader=ani.id)], clock.now())
    with database.read() as unit:
        assert [j.kind for j in unit.session.scalars(select(Job))] == ["mail"]


# --- the mails of a case -------------------------------------------------------------------------------------------


@pytest.fixture
def office(app, person, clock):
    deploy_permit(app, clock.now())
    return {"ani": person("Ani Wijaya"), "siti": person("Siti Rahma", roles=[OFFICER]),
            "auditor": person("Auditor", roles=["auditor"])}  # fmt: skip


@pytest.fixture
def case(app, office, database, clock):
    """An application with mails to its applicant and to the officer, sent, failed, bounced and wished otherwise."""
    number = apply_for(app, office["ani"])
    ident = by_number(app, number).id
    ani, siti = office["ani"], office["siti"]
    mails = [
        Mail(ani.email, "Diterima", "x", "", "sent", ident, "received", ani.id),
        Mail(siti.email, "Menunggu verifikasi", "x", "", "failed", ident, "asked", siti.id),
        Mail("siti@kapuaskab.go.id", "Tembusan", "x", "", "k", ident, "copy", "siti@kapuaskab.go.id"),
        Mail(siti.email, "Pengingat", "x", "", "waits", ident, "reminder", siti.id, courtesy=True),
        Mail(siti.email, "Baru", "x", "", "new", ident, "asked", siti.id),
    ]
    with database.write() as unit:
        choose(unit, siti.id, "digest", "self", clock.now())
        queue_mails(unit, mails, clock.now())
        sent = col_in([mails[0].id, mails[2].id])
        unit.connection.execute(update(OutgoingMail).where(sent).values(sent_at=clock.now()))
        unit.connection.execute(update(Job).where(Job.idempotency_key == f"mail:{mails[1].id}").values(state="failed"))
        take_in(unit, report("postfix"), clock.now())
    return number, ident, {mail.key: mail.id for mail in mails}


def col_in(ids):
    return OutgoingMail.id.in_(ids)


def lines(page):
    return {row.one("th").text.split("\n")[0].strip().split("Templat")[0].strip(): " ".join(row.text.split())
            for row in page.all("tr") if row.all("th") and row.all("td")}  # fmt: skip


def test_who_looks_after_a_case_sees_what_became_of_its_mails(browser, office, case):
    number, _, _ = case

    text = " ".join(browser(office["siti"]).get(f"/kasus/{number}").text.split())

    for words in (
        "Terkirim",
        "Gagal terkirim",
        "Kembali, tidak sampai",
        "Menunggu ringkasan harian",
        "Menunggu dikirim",
    ):
        assert words in text
    assert "siti@kapuaskab.go.id" in text
    assert "User unknown in virtual mailbox table" in text
    assert "Templat asked" in text


def test_an_applicant_sees_their_own_mails_and_may_not_send_them(browser, office, case):
    number, _, mails = case
    window = browser(office["ani"])

    page = window.get(f"/kasus/{number}")

    assert "Diterima" in page.text
    for hidden in ("Tembusan", "Pengingat", office["siti"].email, "Kirim ulang"):
        assert hidden not in page.text
    assert window.post(f"/kasus/{number}/surel/{mails['sent']}").status == 403


def test_an_auditor_reads_no_mails_and_sends_none(browser, office, case):
    number, _, mails = case
    window = browser(office["auditor"])

    assert window.get(f"/kasus/{number}").location == f"/audit/kasus/{number}"
    assert window.post(f"/kasus/{number}/surel/{mails['sent']}").status == 404


def test_an_officer_sends_one_again_and_what_was_open_about_it_is_settled(browser, office, case, database):
    number, ident, mails = case
    window = browser(office["siti"])

    assert window.post(f"/kasus/{number}/surel/{mails['k']}").status == 303

    with database.read() as unit:
        again = unit.session.scalars(select(OutgoingMail).where(OutgoingMail.resent_from == mails["k"])).one()
        job = unit.session.scalars(select(Job).where(Job.idempotency_key == f"mail:{again.id}")).one()
        incident = unit.session.scalars(select(Incident)).one()
    assert (again.subject, again.recipient, again.instance_id) == ("Tembusan", "siti@kapuaskab.go.id", ident)
    assert (again.resent_by, job.state) == (office["siti"].id, "ready")
    assert (incident.state, incident.resolution) == ("resolved", "resent")
    assert "Dikirim ulang oleh Siti Rahma" in window.get(f"/kasus/{number}").text


def test_a_mail_that_waits_or_is_another_case_s_is_not_sent_again(app, browser, office, case, database):
    number, _, mails = case
    other = apply_for(app, office["ani"])
    window = browser(office["siti"])

    assert window.post(f"/kasus/{number}/surel/{mails['new']}").status == 409
    assert window.post(f"/kasus/{other}/surel/{mails['sent']}").status == 404
    assert window.post(f"/kasus/{number}/surel/{'0' * 32}").status == 404
    with database.read() as unit:
        assert unit.session.scalars(select(OutgoingMail).where(OutgoingMail.resent_from.is_not(None))).all() == []
