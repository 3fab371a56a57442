"""What protects every page: headers, form tokens and origin, hosts, body limits, closed by default, silent logs."""

import logging
import re

import pytest
from flask import Blueprint, request
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from engine.settings import Settings
from tests.support.pages import PageClient
from web.app import create_app
from web.security import allow, local_target, public, role, signed_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.fixture
def database(sqlite_database):
    """Nothing here depends on the kind of database."""
    return sqlite_database


@pytest.fixture
def make_app(tmp_path, database, clock):
    """An application with other settings, or with views of the test's own."""

    def make(blueprint: Blueprint | None = None, **environment: str):
        settings = Settings.from_environment(
            {
                "ALUR_DATA": str(tmp_path / "other"),
                "ALUR_SECRET_KEY": "for tests only",
                "ALUR_BASE_URL": "http://localhost",
            }
            | environment
        )
        app = create_app(settings, clock=clock, database=database)
        if blueprint is not None:
            app.register_blueprint(blueprint)
        return app

    return make


def views(**decided):
    """A blueprint with one view per name; `None` decides nothing."""
    blueprint = Blueprint("trial", __name__)
    for name, rule in decided.items():

        def view() -> str:
            return "<!doctype html>open"

        view.__name__ = name
        decorated = view if rule is None else allow(rule)(view)
        blueprint.add_url_rule(f"/trial/{name}", name, decorated, methods=["GET", "POST"])
    return blueprint


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/", "/masuk", "/tidak-ada", "/akun", "/static/css/alur.css", "/static/tidak-ada.css"])
def test_every_answer_carries_the_strict_headers(app, url):
    answer = app.test_client().get(url)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_pages_are_kept_by_no_cache_and_assets_for_good(app):
    client = app.test_client()
    assert client.get("/masuk").headers["Cache-Control"] == "no-store"
    assert client.get("/static/tidak-ada.css").headers["Cache-Control"] == "no-store"
    address = re.search(r'href="(/static/css/alur[^"]+)"', client.get("/masuk").text)[1]
    kept = client.get(address).headers["Cache-Control"]
    assert "immutable" in kept
    assert "max-age=31536000" in kept


def test_under_tls_the_cookie_is_host_bound_and_the_site_insists_on_tls(make_app):
    app = make_app(ALUR_BASE_URL="https://alur.contoh.go.id")
    answer = app.test_client().get("/masuk", base_url="https://alur.contoh.go.id")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-alur=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_cookie_cannot_be_read_by_scripts(app):
    assert "HttpOnly" in app.test_client().get("/masuk").headers["Set-Cookie"]


# --- hosts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["jahat.example", "localhost.jahat.example", "127.0.0.1.nip.example", "local host"])
def test_another_host_name_is_refused(app, host):
    assert app.test_client().get("/masuk", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "LOCALHOST"])
def test_our_own_host_names_are_served(app, host):
    assert app.test_client().get("/masuk", headers={"Host": host}).status_code == 200


# --- forms -----------------------------------------------------------------------------------------------------------


def test_a_form_without_a_token_is_refused(browser):
    page = browser().post("/lupa-sandi", {"email": "a@contoh.go.id"}, token=None)
    assert page.status == 403
    assert "tidak berlaku lagi" in page.text


def test_another_browsers_token_is_refused(browser):
    theirs = browser().token()
    mine = browser()
    mine.token()
    assert mine.post("/lupa-sandi", {"email": "a@contoh.go.id"}, token=theirs).status == 403


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é" * 20, "A" * 88])
def test_a_made_up_token_is_refused(browser, token):
    mine = browser()
    mine.token()
    assert mine.post("/lupa-sandi", {"email": "a@contoh.go.id"}, token=token).status == 403


def test_tokens_look_different_at_every_showing_and_all_work(browser):
    mine = browser()
    tokens = [mine.token() for _ in range(3)]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert mine.post("/lupa-sandi", {"email": "a@contoh.go.id"}, token=token).status == 303


@pytest.mark.parametrize(
    "origin", ["https://jahat.example", "http://localhost.jahat.example", "null", "https://localhost"]
)
def test_another_origin_is_refused_even_with_a_token(browser, origin):
    page = browser().post("/lupa-sandi", {"email": "a@contoh.go.id"}, headers={"Origin": origin})
    assert page.status == 403


def test_a_cross_site_form_is_refused_where_the_browser_tells(browser):
    page = browser().post("/lupa-sandi", {"email": "a@contoh.go.id"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status == 403


def test_a_token_may_come_in_a_header(browser):
    mine = browser()
    page = mine.post(
        "/lupa-sandi",
        {"email": "a@contoh.go.id"},
        token=None,
        headers={"X-CSRF-Token": mine.token(), "Origin": "http://localhost"},
    )
    assert page.status == 303


def test_a_body_over_the_limit_is_refused(browser):
    page = browser().post("/lupa-sandi", {"email": "x" * 1_200_000})
    assert page.status == 413
    assert page.heading == "Berkas atau isian terlalu besar"


# --- closed by default -----------------------------------------------------------------------------------------------


def test_a_view_that_decides_nothing_is_closed_to_everybody(make_app, person):
    app = make_app(views(forgotten=None))
    for user in (None, person("Ani"), person("Dewi", roles=["admin"])):
        client = PageClient(app)
        if user is not None:
            client.sign_in(user)
        assert client.get("/trial/forgotten").status == 403


def test_a_role_rule_admits_its_holders_only(make_app, person):
    app = make_app(views(mine=role("auditor", "owner")))
    expected = {(): 403, ("admin",): 403, ("auditor",): 200, ("owner",): 200}
    for roles, status in expected.items():
        client = PageClient(app)
        client.sign_in(person("Ani", roles=roles))
        assert client.client.get("/trial/mine").status_code == status


def test_a_visitor_is_led_to_the_login_and_an_htmx_part_leads_the_whole_page(make_app):
    app = make_app(views(mine=signed_in, ours=public))
    client = app.test_client()
    assert client.get("/trial/ours").status_code == 200
    assert client.get("/trial/mine?a=1").headers["Location"] == "/masuk?next=/trial/mine?a%3D1"
    part = client.get("/trial/mine", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/masuk")


def test_a_membership_that_ended_yesterday_admits_nobody(browser, person, clock):
    gone = person("Dewi", roles=["admin"], until=clock.now().date())
    assert browser(gone).get("/pengelolaan/orang").status == 200
    clock.move_to(clock.now().replace(hour=17))  # 00.00 WIB of the next day
    again = browser(gone)
    assert again.get("/pengelolaan/orang").status == 403


# --- redirects -------------------------------------------------------------------------------------------------------


@given(st.text(max_size=40))
def test_a_redirect_target_is_a_path_of_ours_or_the_default(value):
    target = local_target(value, "/default")
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert all(ord(char) >= 33 for char in target)


@given(
    st.sampled_from(["//", "/\\", "https://", "http:", "\t//", "/\t/", "javascript:", "\\\\", "/%0d%0a"]),
    st.text(max_size=20),
)
def test_no_trick_leads_off_the_site(trick, rest):
    target = local_target(trick + "jahat.example/" + rest, "/default")
    assert target == "/default" or re.match(r"/[^/\\]", target)


# --- faults and logs -------------------------------------------------------------------------------------------------


def test_our_own_fault_shows_a_reference_and_logs_no_value(make_app, person, caplog):
    blueprint = Blueprint("trial", __name__)

    @blueprint.get("/trial/fault")
    @allow(public)
    def fault() -> str:
        raise RuntimeError(f"NIK {request.args['nik']} was refused")

    client = PageClient(make_app(blueprint))
    with caplog.at_level(logging.INFO):
        page = client.get("/trial/fault?nik=3515140508680001")
    assert page.status == 500
    reference = page.one("strong").text
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
    assert reference in caplog.text
    assert "RuntimeError" in caplog.text
    assert "3515140508680001" not in caplog.text
    assert "Traceback" not in page.html


def test_requests_are_logged_by_route_not_by_address(browser, person, caplog):
    siti = person("Siti Rahmawati")
    with caplog.at_level(logging.INFO):
        browser(siti).get("/akun?email=siti@contoh.go.id")
        browser().post("/masuk", {"email": "siti@contoh.go.id", "password": "rahasia sekali"})
    assert "auth.account" in caplog.text
    for personal in ("siti@", "rahasia", "Rahmawati", "/akun"):
        assert personal not in caplog.text


def test_without_the_database_nobody_is_served_as_somebody_else(app, person, browser, monkeypatch):
    client = browser(person("Siti"))

    def unreachable(*_args, **_kwargs):
        raise OperationalError("SELECT", {}, ConnectionError())

    monkeypatch.setattr(app.extensions["alur"].database, "read", unreachable)
    page = client.get("/akun")
    assert page.status == 503
    assert "Siti" not in page.text
