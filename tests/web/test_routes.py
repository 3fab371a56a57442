"""The route table: every route has a decision about who may call it, and keeps to it for everybody else."""

from pathlib import Path

import pytest

from web.security import Rule

PUBLIC = {
    "static",
    "home.index",
    "home.language",
    "auth.login",
    "auth.enter",
    "auth.logout",
    "auth.register",
    "auth.create",
    "auth.mail_sent",
    "auth.forgot",
    "auth.send_link",
    "auth.activate",
    "auth.reset",
    "mailbox.index",
    "mails.way_out",
    "mails.unsubscribe",
    "mailbox.show",
    "programmes.guide_list",
    "programmes.guide_file",
    "companies.power",
    "letters.ask",
    "letters.check",
    "letters.check_any",
    "letters.show_public",
    "inpassing.front",
    "inpassing.register",
    "inpassing.personal_data",
    "inpassing.send_personal_data",
    "inpassing.ask_personal_data",
    "inpassing.keep_personal_data",
    "inpassing.review",
    "inpassing.submit",
    "inpassing.submitted",
    "audit_bundles.verifier",
}
"""What a visitor may call. A new one is a decision: it is made here too."""

ADDRESSES = Path(__file__).parent / "addresses.txt"
"""Every address that was ever published: people keep them as bookmarks and in mails."""


@pytest.fixture
def database(sqlite_database):
    """Decisions are made before a database is asked."""
    return sqlite_database


def routes(app):
    """(endpoint, method, an address with made-up values) of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: 1 if "Integer" in type(conv).__name__ else "0" * 32 for name, conv in rule._converters.items()}
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
        found += [(rule.endpoint, method, url) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def rule_of(app, endpoint) -> Rule:
    return app.view_functions[endpoint].access_rule


def call(client, method, url):
    return client.get(url) if method == "GET" else client.post(url) if method == "POST" else client.send(method, url)


def test_every_route_has_a_decision(app):
    undecided = [
        e for e in app.view_functions if not isinstance(getattr(app.view_functions[e], "access_rule", None), Rule)
    ]
    assert undecided == []


def test_what_is_public_was_meant_to_be(app):
    assert {endpoint for endpoint in app.view_functions if rule_of(app, endpoint).anonymous} == PUBLIC


def test_nothing_else_answers_a_visitor(app, browser):
    visitor = browser()
    for endpoint, method, url in routes(app):
        if endpoint in PUBLIC:
            continue
        page = call(visitor, method, url)
        assert (page.status, page.location[:6]) == (303, "/masuk"), f"{method} {url} answers a visitor: {page.status}"


@pytest.mark.parametrize("roles", [(), ("auditor",), ("owner",), ("vai",)])
def test_pages_of_a_role_are_closed_to_every_other(app, browser, person, instansi, roles):
    stranger = browser(person("Ani", roles=roles, instansi=instansi("Kabupaten Contoh") if roles == ("vai",) else None))
    for endpoint, method, url in routes(app):
        rule = rule_of(app, endpoint)
        if rule.roles and not set(rule.roles) & set(roles):
            assert call(stranger, method, url).status == 403, f"{method} {url} answers {roles}"


@pytest.mark.parametrize("roles", [(), ("auditor",), ("owner",), ("admin",)])
def test_what_is_not_there_or_not_yours_is_the_same_404(app, browser, person, roles):
    """An identifier that fits nothing: whoever asks, the answer is 404 (or a refusal that came before looking)."""
    asker = browser(person("Ani", roles=roles))
    for endpoint, method, url in routes(app):
        if "0" * 32 not in url or endpoint == "static":
            continue
        page = call(asker, method, url)
        rule = rule_of(app, endpoint)
        expected = {404} if rule.admits(None) or not rule.roles or set(rule.roles) & set(roles) else {403}
        assert page.status in expected, f"{method} {url}: {page.status}"


def test_no_published_address_vanished(app):
    known = {f"{'/'.join(sorted(r.methods - {'HEAD', 'OPTIONS'}))} {r.rule}" for r in app.url_map.iter_rules()}
    published = set(ADDRESSES.read_text(encoding="utf-8").splitlines())
    assert published <= known, "an address that people keep is gone: redirect it"
    assert known <= published, "note the new address in tests/web/addresses.txt"
