"""Accounts from the visitor's side: signing in, brakes, registering, one-time links, the own account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.actors import SYSTEM
from engine.people import create_user, disable, issue_link
from models import AccountEvent, LoginFailure, OneTimeLink, OutgoingMail, User, WebSession

PASSWORD = "kuda-laut-menari-72"
REGISTRATION = {
    "name": "Siti Rahmawati",
    "email": "siti@contoh.go.id",
    "email_again": "Siti@contoh.go.id",
    "phone": "0812 3456 7890",
    "phone_again": "+6281234567890",
}


@pytest.fixture
def account(database, clock):
    with database.write() as unit:
        return create_user(unit, email="budi@contoh.go.id", name="Budi Santoso", password=PASSWORD, now=clock.now())


def login(browser, email="budi@contoh.go.id", password=PASSWORD, **more):
    return browser.post("/masuk", {"email": email, "password": password, **more})


def mails(database):
    with database.read() as unit:
        return unit.session.execute(select(OutgoingMail).order_by(OutgoingMail.created_at)).scalars().all()


def link_in(mail):
    return next(line for line in mail.text.split() if line.startswith("http://localhost/")).removeprefix(
        "http://localhost"
    )


def sessions(database):
    with database.read() as unit:
        return unit.session.execute(select(WebSession)).scalars().all()


# --- signing in ------------------------------------------------------------------------------------------------------


def test_the_right_password_signs_in_and_leads_to_the_work(browser, account):
    visitor = browser()
    page = login(visitor, email=" Budi@Contoh.go.id ")
    assert (page.status, page.location) == (303, "/")
    assert "Budi Santoso" in visitor.get("/akun").text


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(browser, account):
    wrong = login(browser(), password="bukan ini sandinya")
    unknown = login(browser(), email="nobody@contoh.go.id")
    assert wrong.status == unknown.status == 422
    summaries = [page.all("div", role="alert")[0] for page in (wrong, unknown)]
    assert len({"".join(s.itertext()) for s in summaries}) == 1
    assert "tidak cocok" in wrong.text


def test_the_password_never_comes_back_in_the_page(browser, account):
    assert "bukan ini sandinya" not in login(browser(), password="bukan ini sandinya").html


def test_after_five_failures_even_the_right_password_waits(browser, account, clock):
    visitor = browser()
    for _ in range(5):
        assert login(visitor, password="salah salah salah").status == 422
    page = login(visitor)
    assert page.status == 429
    assert "Coba lagi setelah pukul 09.15" in page.text
    clock.move_to(clock.now() + timedelta(minutes=15, seconds=1))
    assert login(visitor).status == 303


def test_a_success_forgets_the_failures_of_this_person_only_as_far_as_they_were_theirs(browser, account, database):
    visitor = browser()
    login(visitor, password="salah salah salah")
    assert login(visitor).status == 303
    with database.read() as unit:
        left = unit.session.execute(select(LoginFailure)).scalars().all()
    assert len(left) == 3, "the one failure, under its three keys; the success left none"


def test_failures_are_kept_without_a_name(browser, account, database):
    login(browser(), password="salah salah salah")
    with database.read() as unit:
        keys = [row.key for row in unit.session.execute(select(LoginFailure)).scalars()]
    assert keys
    assert not any("budi" in key or "127.0.0.1" in key for key in keys)


def test_a_disabled_account_is_told_so_only_with_the_right_password(browser, account, database, clock):
    with database.write() as unit:
        disable(unit, account.id, by=SYSTEM, reason="pindah tugas", now=clock.now())
    assert "dinonaktifkan" in login(browser()).text
    assert "tidak cocok" in login(browser(), password="salah salah salah").text


def test_signing_in_changes_the_browsers_value(browser, account):
    visitor = browser()
    visitor.get("/masuk")
    before = visitor.client.get_cookie("alur").value
    login(visitor)
    assert visitor.client.get_cookie("alur").value != before


def test_a_value_planted_before_the_login_opens_nothing_after_it(browser, account):
    visitor, thief = browser(), browser()
    planted = "x" * 43
    for one in (visitor, thief):
        one.client.set_cookie("alur", planted)
    login(visitor)
    assert thief.get("/akun").status == 303


@pytest.mark.parametrize(
    "target",
    ["//jahat.example", "https://jahat.example/", "/\\jahat.example", "javascript:alert(1)", "/\tjahat", "jahat"],
)
def test_after_the_login_nobody_is_led_off_the_site(browser, account, target):
    assert login(browser(), next=target).location == "/"


def test_after_the_login_one_comes_back_to_the_page_one_wanted(browser, account):
    visitor = browser()
    asked = visitor.get("/akun?a=1")
    assert asked.status == 303
    form = visitor.follow(asked)
    target = form.all("input", name="next")[0].get("value")
    assert login(visitor, next=target).location == "/akun?a=1"


# --- sessions --------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_in_the_database(browser, account, database):
    visitor = browser()
    login(visitor)
    assert len(sessions(database)) == 1
    assert visitor.post("/keluar").status == 303
    assert sessions(database) == []
    assert visitor.get("/akun").status == 303


def test_an_idle_session_ends_after_two_hours(browser, account, clock):
    visitor = browser()
    login(visitor)
    clock.move_to(clock.now() + timedelta(hours=1, minutes=59))
    assert visitor.get("/akun").status == 200
    clock.move_to(clock.now() + timedelta(hours=1, minutes=59))
    assert visitor.get("/akun").status == 200, "use keeps it open"
    clock.move_to(clock.now() + timedelta(hours=2))
    assert visitor.get("/akun").status == 303


def test_a_session_in_constant_use_ends_after_twelve_hours(browser, account, clock):
    visitor = browser()
    login(visitor)
    for _ in range(11):
        clock.move_to(clock.now() + timedelta(hours=1))
        assert visitor.get("/akun").status == 200
    clock.move_to(clock.now() + timedelta(hours=1))
    assert visitor.get("/akun").status == 303


def test_a_visitor_costs_no_row(browser, database):
    visitor = browser()
    visitor.get("/masuk")
    visitor.get("/daftar")
    assert sessions(database) == []


def test_the_table_keeps_no_value_that_would_open_a_session(browser, account, database):
    visitor = browser()
    login(visitor)
    value = visitor.client.get_cookie("alur").value
    assert value not in repr([row.model_dump() for row in sessions(database)])


def test_disabling_an_account_signs_it_out_at_once(browser, account, database, clock):
    visitor = browser()
    login(visitor)
    with database.write() as unit:
        disable(unit, account.id, by=SYSTEM, reason="pindah tugas", now=clock.now())
    assert visitor.get("/akun").status == 303


# --- registering -----------------------------------------------------------------------------------------------------


def test_from_registration_to_the_first_page(browser, database):
    visitor = browser()
    sent = visitor.post("/daftar", REGISTRATION)
    assert sent.status == 303
    assert visitor.follow(sent).heading == "Periksa surel Anda"
    (mail,) = mails(database)
    assert (mail.recipient, mail.subject) == ("siti@contoh.go.id", "Aktifkan akun Anda")
    assert "kata sandi Anda adalah" not in mail.text.lower()

    form = visitor.get(link_in(mail))
    assert form.heading == "Aktifkan akun"
    done = visitor.post(link_in(mail), {"password": PASSWORD, "password_again": PASSWORD})
    assert done.status == 303
    assert "Siti Rahmawati" in visitor.get("/akun").text
    assert login(browser(), email="siti@contoh.go.id").status == 303


def test_a_link_works_once_and_looking_at_it_does_not_use_it_up(browser, database):
    browser().post("/daftar", REGISTRATION)
    link = link_in(mails(database)[0])
    for _ in range(3):
        assert browser().get(link).status == 200
    new = {"password": PASSWORD, "password_again": PASSWORD}
    assert browser().post(link, new).status == 303
    second = browser().post(link, {"password": "lain sekali 12345", "password_again": "lain sekali 12345"})
    assert second.status == 404
    assert "sudah dipakai" in second.text
    assert login(browser(), email="siti@contoh.go.id").status == 303


def test_a_link_dies_after_its_time(browser, database, clock):
    browser().post("/daftar", REGISTRATION)
    clock.move_to(clock.now() + timedelta(days=3))
    assert browser().get(link_in(mails(database)[0])).status == 404


def test_the_database_keeps_no_token_that_works(browser, database):
    browser().post("/daftar", REGISTRATION)
    token = link_in(mails(database)[0]).rsplit("/", 1)[1]
    with database.read() as unit:
        kept = unit.session.execute(select(OneTimeLink)).scalars().all()
    assert len(kept) == 1
    assert token not in repr(kept[0].model_dump())


def test_a_known_address_gets_the_same_page_and_only_its_owner_learns_it(browser, database, account):
    known = browser().post("/daftar", REGISTRATION | {"email": "budi@contoh.go.id", "email_again": "budi@contoh.go.id"})
    fresh = browser().post("/daftar", REGISTRATION)
    assert (known.status, known.location) == (fresh.status, fresh.location)
    assert {m.recipient: m.subject for m in mails(database)} == {
        "budi@contoh.go.id": "Anda sudah mempunyai akun",
        "siti@contoh.go.id": "Aktifkan akun Anda",
    }


def test_registering_again_sends_a_new_link_and_voids_the_old(browser, database):
    browser().post("/daftar", REGISTRATION)
    browser().post("/daftar", REGISTRATION)
    first, second = (link_in(mail) for mail in mails(database))
    assert browser().get(first).status == 404
    assert browser().get(second).status == 200


def test_mails_to_one_address_are_few(browser, database):
    for _ in range(6):
        assert browser().post("/daftar", REGISTRATION).status == 303
    assert len(mails(database)) == 3


def test_all_faults_of_a_registration_are_said_at_once_each_at_its_field(browser, database):
    page = browser().post(
        "/daftar",
        {
            "name": "S",
            "email": "siti@contoh",
            "email_again": "lain@contoh.go.id",
            "phone": "021 555",
            "phone_again": "0812 3456 7890",
        },
    )
    assert page.status == 422
    summary = page.one("div", role="alert")
    targets = [a.get("href") for a in summary.iter("{http://www.w3.org/1999/xhtml}a")]
    assert targets == ["#name", "#email", "#email_again", "#phone", "#phone_again"]
    assert all(page.one("input", id=t[1:]).get("aria-invalid") == "true" for t in targets)
    assert page.one("input", id="email").get("value") == "siti@contoh", "nothing typed is lost"
    assert mails(database) == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("pendek", "paling sedikit 12"),
        ("aaaaaaaaaaaaaaaa", "terlalu sedikit karakter"),
        ("siti1234567890x", "memuat nama"),
        ("bismillah12345678", "mudah ditebak"),
        ("123456789012345", "mudah ditebak"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(browser, database, password, said):
    browser().post("/daftar", REGISTRATION)
    link = link_in(mails(database)[0])
    page = browser().post(link, {"password": password, "password_again": password})
    assert page.status == 422
    assert said in page.text
    assert password not in page.html


# --- forgetting ------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_and_other_browsers_are_signed_out(browser, account, database):
    elsewhere = browser()
    login(elsewhere)
    visitor = browser()
    visitor.post("/lupa-sandi", {"email": "budi@contoh.go.id"})
    link = link_in(mails(database)[0])
    new = "payung merah di hujan"
    assert visitor.post(link, {"password": new, "password_again": new}).status == 303
    assert visitor.get("/akun").status == 200
    assert elsewhere.get("/akun").status == 303
    assert login(browser()).status == 422
    assert login(browser(), password=new).status == 303


def test_forgetting_for_an_unknown_address_looks_the_same_and_sends_nothing(browser, account, database):
    known = browser().post("/lupa-sandi", {"email": "budi@contoh.go.id"})
    unknown = browser().post("/lupa-sandi", {"email": "nobody@contoh.go.id"})
    assert (known.status, known.location) == (unknown.status, unknown.location)
    assert [m.recipient for m in mails(database)] == ["budi@contoh.go.id"]


def test_a_reset_link_does_not_activate_and_the_reverse(browser, account, database, clock):
    with database.write() as unit:
        token = issue_link(unit, unit.session.get(User, account.id), "reset", clock.now())
    assert browser().get(f"/aktivasi/{token}").status == 404
    assert browser().get(f"/sandi/{token}").status == 200


# --- the own account -------------------------------------------------------------------------------------------------


def test_a_person_changes_name_language_and_zone(browser, account, database):
    visitor = browser(account)
    changed = {"name": "Budi  Santosa", "phone": "0813-1111-2222", "locale": "en", "zone": "Asia/Makassar"}
    page = visitor.follow(visitor.post("/akun", changed))
    assert "Changes saved." in page.text
    assert "10:00 WITA" in page.text, "09.00 WIB is 10.00 WITA"
    with database.read() as unit:
        kept = unit.session.get(User, account.id)
        events = unit.session.execute(select(AccountEvent.kind)).scalars().all()
    assert (kept.name, kept.phone, kept.zone) == ("Budi Santosa", "+6281311112222", "Asia/Makassar")
    assert events == ["account:changed"]


def test_a_made_up_zone_is_refused(browser, account):
    page = browser(account).post(
        "/akun", {"name": "Budi", "phone": "081311112222", "locale": "id", "zone": "Mars/Olympus"}
    )
    assert page.status == 422


def test_the_mail_is_in_the_persons_language(browser, person, database):
    alex = person("Alex Wijaya", locale="en")
    browser().post("/lupa-sandi", {"email": alex.email})
    (mail,) = mails(database)
    assert mail.subject in ("Reset your password", "Activate your account")
    assert "Dear Alex Wijaya," in mail.text
    assert "Open the following link" in mail.html
