"""Who may call which view, and what a browser must prove: the checks that stand before every request.

Every view says who may call it with `@allow(...)`; a view that says nothing is closed to everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.errors import AlurError, ForbiddenError
from web import csrf
from web.context import current_actor, services

View = TypeVar("View", bound=Callable[..., object])

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
DEFAULT_BODY = 1024 * 1024


@dataclass(frozen=True)
class Rule:
    """Who may call a view: anybody, anybody signed in, or holders of one of `roles` (in any instansi)."""

    name: str
    anonymous: bool = False
    roles: tuple[str, ...] = ()

    def admits(self, actor: Actor | None) -> bool:
        if self.anonymous:
            return True
        if actor is None:
            return False
        return not self.roles or any(grant.role in self.roles for grant in actor.grants)


public = Rule("public", anonymous=True)
signed_in = Rule("signed_in")


def role(*names: str) -> Rule:
    """Holders of any of these roles."""
    return Rule("role:" + ",".join(names), roles=names)


class NoDecisionError(AlurError):
    """No decision was made about who may open this page, so nobody may."""

    indonesian = "Belum ditetapkan siapa yang boleh membuka halaman ini, maka tidak seorang pun boleh."
    code = "no_decision"
    http_status = 403


class CrossSiteError(AlurError):
    """This form is no longer valid, or was sent from another site. Go back, reload the page and send it again."""

    indonesian = "Formulir ini tidak berlaku lagi atau dikirim dari situs lain. Kembali, muat ulang, lalu kirim lagi."
    code = "cross_site"
    http_status = 403


def allow(rule: Rule, *, max_body: int = DEFAULT_BODY, foreign: bool = False) -> Callable[[View], View]:
    """Decide who may call a view, and how many bytes they may send to it.

    `foreign`: also from elsewhere, without a token of our page. Only where the address itself proves who asks, and no
    cookie counts.
    """

    def decide(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        view.max_body = max_body  # type: ignore[attr-defined]
        view.foreign = foreign  # type: ignore[attr-defined]
        return view

    return decide


def install(app: Flask) -> None:
    """Put the checks before every request and the headers behind it."""
    app.before_request(_check_host)
    app.before_request(_check_session)
    app.before_request(_limit_body)
    app.before_request(_check_text)
    app.before_request(_check_origin)
    app.before_request(_check_access)
    app.jinja_env.globals["csrf_token"] = csrf.token


def local_target(value: str | None, default: str) -> str:
    """`value` if it is a path on this site, else `default`: a redirect never leaves the site."""
    if not value or not value.startswith("/") or value[1:2] in ("/", "\\"):
        return default
    if any(ord(char) < 33 for char in value) or urlsplit(value).netloc:
        return default
    return value


def _check_host() -> None:
    host = urlsplit(f"//{request.host}").hostname or ""
    settings = services().settings
    if host.lower() not in {*settings.allowed_hosts, urlsplit(settings.base_url).hostname}:
        abort(400)


def _check_session() -> None:
    if session.unread:
        abort(503)


def _limit_body() -> None:
    limit = getattr(_view(), "max_body", DEFAULT_BODY)
    request.max_content_length = limit
    request.max_form_memory_size = min(limit, 4 * DEFAULT_BODY)
    request.max_form_parts = 5000


def _check_text() -> None:
    """No keyboard types a NUL, PostgreSQL keeps none, and what follows one is hidden from many programs."""
    given = [request.path, *request.args.keys(), *(value for _key, value in request.args.items(multi=True))]
    if request.method in UNSAFE_METHODS and request.endpoint is not None:
        given += [*request.form.keys(), *(value for _key, value in request.form.items(multi=True))]
    if any("\0" in text for text in given):
        abort(400)


def _check_origin() -> None:
    """A request that changes something comes from our own page: by its origin, and by a token only our page knows."""
    if request.method not in UNSAFE_METHODS or request.endpoint is None or getattr(_view(), "foreign", False):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in _own_origins():
        raise CrossSiteError
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CrossSiteError
    if not csrf.valid(request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")):
        raise CrossSiteError


def _own_origins() -> set[str]:
    return {f"{request.scheme}://{request.host}".lower(), services().settings.base_url.lower()}


def _check_access() -> Response | None:
    if request.endpoint is None:
        return None  # the router answers 404 or 405 by itself
    rule: Rule | None = getattr(_view(), "access_rule", None)
    if rule is None:
        current_app.logger.error("view without a decision", extra={"action": "no_decision"})
        raise NoDecisionError
    actor = current_actor()
    if rule.admits(actor):
        return None
    if actor is None:
        return _to_login()
    raise ForbiddenError(why=_("halaman ini untuk peran lain."))


def _to_login() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    url = url_for("auth.login", next=target)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("auth.login")})
    return redirect(url, 303)


def _view() -> object:
    return current_app.view_functions.get(request.endpoint) if request.endpoint else None
