"""A browser for tests that refuses a bad page: every answer in HTML is parsed strictly and looked over."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from lxml import etree
from werkzeug.datastructures import Headers, MultiDict

from models import User, WebSession
from web.sessions import digest

HTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = ("input", "select", "textarea")
UNLABELLED_TYPES = ("hidden", "submit", "button", "image", "reset")


@dataclass
class Page:
    """One answer: its status, its text as read, its tree."""

    status: int
    headers: Headers
    html: str
    tree: etree._Element | None

    @property
    def text(self) -> str:
        """What a person reads, white space pressed together."""
        return " ".join("".join(self.all("body")[0].itertext()).split()) if self.tree is not None else self.html

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def all(self, tag: str, **attributes: str) -> list[etree._Element]:
        """Elements of a tag whose attributes are these."""
        found = [] if self.tree is None else self.tree.iter(HTML + tag)
        return [e for e in found if all(e.get(k.rstrip("_").replace("_", "-")) == v for k, v in attributes.items())]

    def one(self, tag: str, **attributes: str) -> etree._Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × {tag} {attributes} in:\n{self.text[:800]}"
        return found[0]

    @property
    def heading(self) -> str:
        return " ".join("".join(self.one("h1").itertext()).split())

    def links(self) -> list[str]:
        return [a.get("href", "") for a in self.all("a")]


class PageClient:
    """Follows nothing by itself; sends form tokens and the origin as a browser would."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.parts = app.extensions["alur"]

    def sign_in(self, user: User) -> None:
        value = secrets.token_urlsafe(32)
        now = self.parts.clock.now()
        with self.parts.database.write() as unit:
            unit.session.add(
                WebSession(
                    digest=digest(value),
                    user_id=user.id,
                    data={},
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(hours=12),
                )
            )
        self.client.set_cookie("alur", value)

    def get(self, url: str, **kwargs) -> Page:
        return self._page(self.client.get(url, **kwargs))

    def post(self, url: str, data=None, *, token: str | None = "fresh", **kwargs) -> Page:  # noqa: S107 -- a word, no secret
        """`token="fresh"`: as from a page just opened; None: without one."""
        fields = MultiDict(data or {})
        if token == "fresh":
            fields["csrf_token"] = self.token()
        elif token is not None:
            fields["csrf_token"] = token
        headers = kwargs.pop("headers", {"Origin": "http://localhost"})
        answer = self.client.post(url, data=fields, headers=headers, **kwargs)
        answer.request.environ["wsgi.input"].close()  # of large uploads it is a temporary file
        return self._page(answer)

    def send(self, method: str, url: str, data=None, *, headers=None) -> Page:
        """As a script of our page sends it: the token in a header."""
        own = {"Origin": "http://localhost", "X-CSRF-Token": self.token(), **(headers or {})}
        return self._page(self.client.open(url, method=method, data=data, headers=own))

    def follow(self, page: Page) -> Page:
        """To where it redirects."""
        assert page.status in (302, 303), (page.status, page.text[:400])
        return self.get(page.location)

    def token(self) -> str:
        """A form token of this browser, read from a page that every visitor may open."""
        page = self._page(self.client.get("/surel-terkirim"))
        return page.all("input", name="csrf_token")[0].get("value")

    def _page(self, response) -> Page:
        is_page = response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308)
        html = response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""
        page = Page(response.status_code, response.headers, html, parse(html) if is_page and html else None)
        check_headers(page)
        if page.tree is not None and not response.request.headers.get("HX-Request"):
            check_page(page, self.app)
        return page


def parse(html: str) -> etree._Element:
    """Strictly: a browser forgives, we do not."""
    return html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), strict=True).parse(html).getroot()


def check_headers(page: Page) -> None:
    policy = page.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers.get("X-Content-Type-Options") == "nosniff"
    assert page.headers.get("Cache-Control")


def check_page(page: Page, app: Flask) -> None:
    _check_outline(page)
    _check_ids(page)
    _check_scripts_and_styles(page)
    _check_forms(page)
    _check_addresses(page, app)


def _check_outline(page: Page) -> None:
    title = page.one("title").text or ""
    assert title.strip(), "a page without a title"
    assert not title.strip().startswith("–"), "a page without a title of its own"
    assert page.heading, "an empty h1"
    assert page.tree.get("lang") in ("id", "en")
    assert len(page.all("main")) == 1
    levels = [int(e.tag[-1]) for e in page.tree.iter() if str(e.tag)[len(HTML) :] in ("h1", "h2", "h3", "h4", "h5")]
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert not jumps, f"heading levels jump: {levels}"


def _check_ids(page: Page) -> None:
    ids = [e.get("id") for e in page.tree.iter() if e.get("id") is not None]
    assert all(i and not any(c.isspace() for c in i) for i in ids), ids
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for element in page.tree.iter():
            for name in (element.get(attribute) or "").split():
                assert name in ids, f"{attribute} names {name!r}, which is not on the page"
    for address in page.links():
        if address.startswith("#"):
            assert address[1:] in ids, f"link to {address}, which is not on the page"


def _check_scripts_and_styles(page: Page) -> None:
    for element in page.tree.iter():
        assert element.get("style") is None, f"inline style at {element.tag}"
        handlers = [name for name in element.attrib if str(name).startswith("on")]
        assert not handlers, f"inline handler at {element.tag}: {handlers}"
    assert all(script.get("src") for script in page.all("script")), "an inline script"
    assert not page.all("style"), "an inline style sheet"


def _check_forms(page: Page) -> None:
    for form in page.all("form"):
        fields = [e.get("name") for e in form.iter(HTML + "input")]
        if form.get("method", "get").lower() == "post":
            assert "csrf_token" in fields, f"a form without a token: {form.get('action')}"
    labelled = {label.get("for") for label in page.all("label")}
    for tag in LABELLED:
        for field in page.all(tag):
            if field.get("type") in UNLABELLED_TYPES:
                continue
            inside = any(parent.tag == HTML + "label" for parent in field.iterancestors())
            named = field.get("aria-label") or field.get("aria-labelledby")
            assert inside or named or field.get("id") in labelled, f"a field without a label: {field.get('name')}"
    for tag in ("button", "a"):
        for element in page.all(tag):
            words = "".join(element.itertext()).strip() or element.get("aria-label")
            assert words or element.find(f".//{HTML}img[@alt]") is not None, f"a {tag} without words"


def _check_addresses(page: Page, app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    targets = [(url, "GET") for url in page.links()]
    targets += [(f.get("action"), f.get("method", "get").upper()) for f in page.all("form") if f.get("action")]
    for url, method in targets:
        parts = urlsplit(url or "")
        if parts.scheme or parts.netloc or not parts.path:
            continue
        adapter.match(parts.path, method=method)
