"""Registration as a visitor meets it: Daftar, Lanjut, the form, Tinjau, Ajukan, the mail, the first login."""

import io

import pytest
from sqlmodel import col, select
from werkzeug.datastructures import FileStorage

from engine.people import create_user
from models import Attachment, Instance, Instansi, Job, Membership, OutgoingMail, User, UserTask
from tests.support.pages import PageClient
from tests.web.agency import agency_database, agency_template, copied_agency, make_agency, paper, photo
from web.inpassing import enrolment

__all__ = ["agency_database", "agency_template", "copied_agency"]

DATA = "/inpassing/daftar/data-diri"
REVIEW = "/inpassing/daftar/tinjau"
SENT = "/inpassing/daftar/terkirim"
PASSWORD = "kuda-laut-menari-72"


@pytest.fixture
def agency(copied_agency):
    return copied_agency


@pytest.fixture
def visitor(agency):
    return PageClient(agency.app)


def answers(agency, **more):
    return {
        "name": "Rina Wulandari", "nip": "198703122010012004", "position": "Analis SDM", "unit_kind": "kepegawaian",
        "unit_name": "BKPSDM", "instansi_kind": "kabupaten", "instansi": agency.instansi.id,
        "email": "rina@kapuas.contoh.go.id", "email_again": "Rina@kapuas.contoh.go.id", "phone": "0812 3456 7890",
        "phone_again": "+6281234567890", **more,
    }  # fmt: skip


def files(photo_body=None):
    return {
        "photo--file": FileStorage(io.BytesIO(photo_body or photo()), "foto.jpg"),
        "assignment_letter--file": FileStorage(io.BytesIO(paper()), "sk.pdf"),
    }


def fill_in(visitor, agency, **more):
    return visitor.post(DATA, {**answers(agency, **more), **files()}, content_type="multipart/form-data")


def apply(visitor, agency, **more):
    """The whole way up to Ajukan."""
    assert fill_in(visitor, agency, **more).location == REVIEW
    return visitor.post(REVIEW, {"confirmed": "1"})


def mails(agency, to):
    with agency.parts.database.read() as unit:
        query = select(OutgoingMail).where(OutgoingMail.recipient == to).order_by(col(OutgoingMail.created_at))
        return list(unit.session.exec(query).all())


def link_in(mail):
    words = mail.text.replace("(", " ").replace(")", " ").split()
    return next(w for w in words if "/aktivasi/" in w).removeprefix("http://localhost")


def test_the_guides_way_from_daftar_to_the_first_login(agency, visitor):
    assert "Daftar" in visitor.get("/inpassing/").text
    assert visitor.get("/inpassing/daftar").one("a", href=DATA) is not None
    assert visitor.get(DATA).heading == "Isi Data Diri"

    page = visitor.follow(fill_in(visitor, agency))
    assert page.heading == "Tinjau dan Ajukan"
    assert "Rina Wulandari" in page.text
    assert "foto.jpg" in page.text
    assert page.text.count("rina@kapuas.contoh.go.id") == 1, "asked twice, shown once"

    done = visitor.post(REVIEW, {"confirmed": "1"})
    assert done.location == SENT
    assert "Klik di Sini" in visitor.follow(done).text
    [mail] = mails(agency, "rina@kapuas.contoh.go.id")
    assert "Klik di Sini" in mail.html

    link = link_in(mail)
    assert visitor.get(link).status == 200
    welcome = visitor.post(link, {"password": PASSWORD, "password_again": PASSWORD})
    assert welcome.location == "/"
    [user] = agency.rows(User, User.email == "rina@kapuas.contoh.go.id")
    assert (user.state, user.phone) == ("active", "+6281234567890")


def activate(visitor, agency, email="rina@kapuas.contoh.go.id"):
    link = link_in(mails(agency, email)[0])
    return visitor.post(link, {"password": PASSWORD, "password_again": PASSWORD})


def test_the_first_admin_of_an_instansi_is_one_at_the_first_login(app, database, clock):
    """On both databases: the waiting case is told in the same request, and only once."""
    agency = make_agency(app)
    with database.write() as unit:
        unit.session.add(Instansi(id="k" * 32, kind="kota", name="Kota Palangka Raya", zone="Asia/Jakarta"))
    visitor = PageClient(app)
    apply(visitor, agency, instansi_kind="kota", instansi="k" * 32)
    activate(visitor, agency)
    assert visitor.get("/").location == "/inpassing/peserta"
    [held] = agency.rows(Membership, Membership.instansi_id == "k" * 32)
    assert held.role == "admin_instansi"
    [job] = agency.rows(Job, Job.name == "account_activated")
    assert job.state == "done"


def test_a_second_admin_waits_for_lkpp(agency, visitor):
    apply(visitor, agency)
    activate(visitor, agency)
    assert visitor.get("/").location == "/permohonan"
    assert agency.rows(UserTask, UserTask.element_id == "check_letter", UserTask.state == "open")


def test_all_faults_come_at_once_and_nothing_typed_or_uploaded_is_lost(agency, visitor):
    page = fill_in(visitor, agency, nip="1", email_again="lain@contoh.go.id", phone_again="0813 0000 0000")
    assert page.status == 422
    assert {"#f-nip", "#f-email_again", "#f-phone_again"} <= set(page.links())
    assert page.one("input", name="name").get("value") == "Rina Wulandari"
    again = visitor.get(DATA)
    assert "foto.jpg" in again.text
    assert again.one("input", name="position").get("value") == "Analis SDM"
    assert visitor.get(REVIEW).location == DATA, "nothing to review yet"
    assert agency.rows(Instance, col(Instance.definition_key) == "lkpp_admin") == []


def test_a_picture_of_the_wrong_kind_is_refused_with_its_reason(agency, visitor):
    body = {**answers(agency), **files(paper())}
    page = visitor.post(DATA, body, content_type="multipart/form-data")
    assert page.status == 422
    assert "#f-photo" in page.links()
    assert "sk.pdf" in page.text, "the good one is kept"


def test_uploads_belong_to_one_browser(agency, visitor):
    fill_in(visitor, agency)
    [photo_id] = [a.id for a in agency.rows(Attachment, Attachment.field == "photo")]
    stranger = PageClient(agency.app)
    assert "foto.jpg" not in stranger.get(DATA).text
    page = stranger.post(DATA, {**answers(agency), "photo": photo_id, "assignment_letter": photo_id})
    assert page.status == 422
    assert "foto.jpg" not in page.text


def test_the_confirmation_must_be_ticked(agency, visitor):
    fill_in(visitor, agency)
    page = visitor.post(REVIEW, {})
    assert page.status == 422
    assert "#confirmed" in page.links()
    assert agency.rows(User, User.email == "rina@kapuas.contoh.go.id") == []


def test_a_known_address_gets_the_same_answer_and_its_owner_a_mail(agency, visitor, clock):
    with agency.parts.database.write() as unit:
        create_user(unit, email="rina@kapuas.contoh.go.id", name="Rina", password=PASSWORD, now=clock.now())
    done = apply(visitor, agency)
    assert done.location == SENT
    [mail] = mails(agency, "rina@kapuas.contoh.go.id")
    assert "sudah mempunyai akun" in mail.text
    assert agency.rows(Instance, col(Instance.definition_key) == "lkpp_admin") == []


def test_ajukan_twice_is_one_application(agency, visitor):
    fill_in(visitor, agency)
    visitor.post(REVIEW, {"confirmed": "1"})
    assert visitor.post(REVIEW, {"confirmed": "1"}).location == DATA, "the draft is gone with the first"
    other = PageClient(agency.app)
    assert apply(other, agency).location == SENT
    assert len(agency.rows(Instance, col(Instance.definition_key) == "lkpp_admin")) == 1
    assert len(agency.rows(User, User.email == "rina@kapuas.contoh.go.id")) == 1


def test_an_application_that_a_crash_cut_off_goes_on_where_it_stopped(agency, visitor, monkeypatch):
    fill_in(visitor, agency)
    with monkeypatch.context() as patch:
        patch.setattr(enrolment, "_submit", lambda *_: None)  # the power fails after the case has begun
        visitor.post(REVIEW, {"confirmed": "1"})
    assert mails(agency, "rina@kapuas.contoh.go.id") == []
    assert apply(visitor, agency, position="Kepala Bidang").location == SENT
    [mail] = mails(agency, "rina@kapuas.contoh.go.id")
    assert "Klik di Sini" in mail.html
    assert len(agency.rows(Instance, col(Instance.definition_key) == "lkpp_admin")) == 1


def test_without_a_script_a_button_keeps_the_draft_and_another_asks_anew(agency, visitor):
    kept = visitor.post(DATA, {"name": "Rina", "keep": "1"})
    assert visitor.follow(kept).one("input", name="name").get("value") == "Rina"
    anew = visitor.post(DATA, {"name": "Rina", "instansi_kind": "kabupaten", "form-action": "refresh"})
    assert anew.status == 200
    assert "Kabupaten Kapuas" in anew.text


def test_nobody_fills_the_disk_from_one_address(agency, visitor, monkeypatch):
    monkeypatch.setattr("engine.people.login.UPLOADS_PER_ADDRESS", 3)
    assert fill_in(visitor, agency).status == 303
    assert fill_in(PageClient(agency.app), agency).status == 429


def test_without_the_procedure_the_registration_says_it_is_not_open(browser):
    visitor = browser()
    assert "belum dibuka" in visitor.get("/inpassing/daftar").text
    for path in (DATA, REVIEW):
        assert visitor.get(path).location == "/inpassing/daftar"
        assert visitor.post(path, {}).location == "/inpassing/daftar"
