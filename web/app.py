"""The composition root: puts the parts together and hands them to Flask."""

import logging
import time
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Flask, g, request
from flask.wrappers import Response

from engine import anchors, moving, retention
from engine.backtest.work import chore as backtest_chore
from engine.bundles.runs import chore as exports_chore
from engine.chores import Chore
from engine.clock import Clock, SystemClock
from engine.definitions import Definitions
from engine.documents import Documents, Previews
from engine.imports.incoming import Incoming
from engine.letters.signing import signer_for
from engine.looking import looking_chore
from engine.mail import transport_for
from engine.mail.digest import send_digests
from engine.mail.maildir import take_in_new
from engine.proof.schedules import chore as proof_schedule_chore
from engine.proof.working import Installation as ProofInstallation
from engine.proof.working import chore as proof_chore
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import Settings
from engine.studio.publishing import start_due
from engine.studio.trials.theatre import Theatre
from engine.unit_of_work import Database
from engine.worker import EMBEDDED, Ticker
from handlers import register_all, seeds
from web import (
    admin,
    applicant,
    audit,
    auth,
    bps,
    calendars,
    cases,
    companies,
    compression,
    errors,
    headers,
    i18n,
    imports,
    inbox,
    inpassing,
    kemnaker,
    letters,
    lkpp,
    looks,
    lpse,
    mailbox,
    mails,
    navigation,
    overview,
    portal,
    privacy,
    processes,
    programmes,
    security,
    static_files,
    studio,
)
from web import documents as document_pages
from web.audit.bundles.store import store_for
from web.audit.frame import tabs as audit_tabs
from web.context import EXTENSION, Services, current_actor, current_user
from web.sessions import DatabaseSessions

log = logging.getLogger(__name__)

AREAS = (
    navigation,
    auth,
    portal,
    admin,
    inbox,
    cases,
    applicant,
    processes,
    calendars,
    programmes,
    imports,
    overview,
    companies,
    inpassing,
    lkpp,
    lpse,
    bps,
    kemnaker,
    letters,
    document_pages,
    mails,
    privacy,
    *studio.AREAS,
    *audit.AREAS,
)


def create_app(
    settings: Settings, *, clock: Clock | None = None, database: Database | None = None, start_ticker: bool = False
) -> Flask:
    """A ready application. Tests hand in their own clock and database."""
    app = Flask("web", static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    parts = make_services(settings, clock=clock, database=database)
    app.extensions[EXTENSION] = parts
    app.session_interface = DatabaseSessions(parts.database, parts.clock, tls=settings.tls)
    _time_requests(app)
    headers.install(app, tls=settings.tls)
    compression.install(app)
    static_files.install(app)
    i18n.install(app)
    security.install(app)
    errors.install(app)
    looks.install(app, parts.database)
    _register(app, demo=settings.demo)
    _globals(app, parts)
    if start_ticker:
        _start_ticker(app, parts)
    return app


def make_services(settings: Settings, *, clock: Clock | None = None, database: Database | None = None) -> Services:
    """The engine's parts, put together for this installation."""
    clock = clock or SystemClock()
    database = database or Database(settings.database_url)
    registry = Registry()
    documents = Documents(settings.documents_folder)
    signer = signer_for(settings.signing, settings.signing_folder)
    register_all(registry, base_url=settings.base_url, documents=documents, signer=signer)
    registry.imports.documents = documents
    registry.imports.incoming = Incoming(settings.documents_folder / "incoming")
    _add_mail_chores(registry, settings)
    registry.chores.add(backtest_chore())
    registry.chores.add(looking_chore())
    _add_studio_chores(registry)
    outlets = anchors.Outlets.of(settings)
    registry.chores.add(anchors.chore(signer, outlets))
    registry.chores.add(proof_chore(ProofInstallation(documents, settings.base_url, signer.roots)))
    registry.chores.add(proof_schedule_chore())
    anchors.add_errands(registry.errands, outlets)
    retention.add_errand(registry.errands, documents)
    pages = partial(create_app, settings, clock=clock, database=database)
    registry.chores.add(exports_chore(store_for(settings, database, signer, pages)))
    definitions = Definitions(database)
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        registry=registry,
        definitions=definitions,
        runner=Runner(database, registry, definitions, clock),
        documents=documents,
        previews=Previews(documents),
        signer=signer,
        mailer=transport_for(settings),
        theatre=_theatre(settings),
    )


def _theatre(settings: Settings) -> Theatre:
    """Handlers as scenarios have them: what they write is no document of this installation."""
    registry = Registry()
    register_all(registry, base_url=settings.base_url)
    return Theatre(registry, seeds.prepare)


def _add_studio_chores(registry: Registry) -> None:
    """What an owner began in the studio and may leave."""
    registry.chores.add(Chore("moves", moving.work_off, every=timedelta()))
    registry.chores.add(Chore("publications", start_due, every=timedelta(seconds=10)))


def _add_mail_chores(registry: Registry, settings: Settings) -> None:
    """Digests every day, and what comes back into the folder of bounces if there is one."""
    registry.chores.add(Chore("digests", lambda runner, now: send_digests(runner.database, now)))
    folder = settings.bounces_folder
    if folder is not None:
        registry.chores.add(Chore("bounces", lambda runner, now: take_in_new(runner.database, folder, now)))


def _register(app: Flask, *, demo: bool) -> None:
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    if demo:
        app.register_blueprint(mailbox.blueprint)


def _globals(app: Flask, parts: Services) -> None:
    app.jinja_env.globals.update(
        navigation=navigation.navigation,
        server_time=parts.clock.now,
        demo=parts.settings.demo,
        here=_here,
        audit_tabs=audit_tabs,
    )

    @app.context_processor
    def _person() -> dict[str, Any]:
        return {"current_user": current_user(), "current_actor": current_actor()}


def _here() -> str:
    """This page's own address, for coming back to it; the front page where it cannot be opened again."""
    if request.method != "GET" or request.endpoint is None:
        return "/"
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")


def _time_requests(app: Flask) -> None:
    """One line per request, without a personal value: the route's name, never its address."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        if request.endpoint != "static" and "started" in g:
            took = round((time.perf_counter() - g.started) * 1000, 1)
            log.info(
                "%s %s %d %.1f ms",
                request.method,
                request.endpoint,
                response.status_code,
                took,
                extra={"action": "request", "endpoint": request.endpoint, "ms": took},
            )
        return response


def _start_ticker(app: Flask, parts: Services) -> None:
    """The embedded profile: deadlines, jobs and mail are seen to by a thread of this process."""
    ticker = Ticker(parts.runner, parts.registry, parts.mailer, parts.clock, name=EMBEDDED)
    app.extensions["alur_ticker"] = ticker
    ticker.start()
