"""What a view may use: the services of this installation, and the person of this request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import current_app, g, session

from engine.actors import Actor
from engine.clock import Clock
from engine.definitions import Definitions
from engine.documents import Documents, Previews
from engine.letters.signing import Signer
from engine.mail import Transport
from engine.people import actor_for
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import Settings
from engine.studio.trials.theatre import Theatre
from engine.unit_of_work import Database
from models import User

EXTENSION = "alur"


@dataclass(frozen=True)
class Services:
    """The parts that the composition root put together."""

    settings: Settings
    database: Database
    clock: Clock
    registry: Registry
    definitions: Definitions
    runner: Runner
    documents: Documents
    previews: Previews
    signer: Signer
    mailer: Transport
    theatre: Theatre
    """Where drafts are tried, beside everything that is real."""


def services() -> Services:
    """The services of the running application; inside of `playing`, those of a trial's own world."""
    return cast("Services", g.get("alur_services") or current_app.extensions[EXTENSION])


@contextmanager
def playing(parts: Services) -> Iterator[None]:
    """Let what pages show of cases be that of a trial: the same words and forms, from another database."""
    g.alur_services = parts
    try:
        yield
    finally:
        del g.alur_services


def current_user() -> User | None:
    """Who is signed in; None for a visitor, and for an account that was disabled meanwhile."""
    _load()
    return cast("User | None", g.alur_user)


def current_actor() -> Actor | None:
    """The signed-in person with the roles held at this moment."""
    _load()
    return cast("Actor | None", g.alur_actor)


def require_actor() -> Actor:
    """The signed-in person, in a view that `@allow` opened to signed-in people only."""
    actor = current_actor()
    if actor is None:
        raise LookupError("a view open to visitors asked for the signed-in person")
    return actor


def _load() -> None:
    if "alur_user" in g:
        return
    g.alur_user = g.alur_actor = None
    if session.user_id is None:
        return
    with services().database.read() as unit:
        user = unit.session.get(User, session.user_id)
        if user is not None and user.state == "active":
            g.alur_user = user
            g.alur_actor = actor_for(unit, user.id, services().clock.now())
