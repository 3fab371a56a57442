"""Remembers while a page is made that its reader saw a case or took a list away, and enters it in the ledger after.

The entry is written when the answer is sent: a page waits for no lock because of it, and never fails because of it.
What could not be written is tried again with the next one.
"""

import logging
import threading
from collections import OrderedDict
from functools import partial

from flask import Flask, current_app, g, request
from flask.wrappers import Response
from sqlalchemy.exc import SQLAlchemyError

from engine.ledger import Kind
from engine.privacy.seen import Look, enter, roles_of
from engine.unit_of_work import Database
from web.context import current_actor, services

log = logging.getLogger(__name__)

EXTENSION = "alur_looks"
REMEMBERED = 4096
"""Looks of this process that are entered already: most pages of a case need no question to the database."""
MOST_LEFT = 1000


class Looks:
    """The looks of this process that are still to be entered, and those that are."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entered: OrderedDict[object, None] = OrderedDict()
        self._left: list[Look] = []
        self._lock = threading.Lock()

    def is_entered(self, look: Look) -> bool:
        with self._lock:
            return look.kind is Kind.CASE_READ and look.slot in self._entered

    def write(self, looks: list[Look]) -> None:
        """Enter these, and what was left over from before."""
        with self._lock:
            looks, self._left = [*self._left, *looks], []
        try:
            with self._database.write() as unit:
                enter(unit, looks)
        except SQLAlchemyError:
            log.exception("looks not entered", extra={"action": "looks_left", "count": len(looks)})
            with self._lock:
                self._left = [*looks, *self._left][-MOST_LEFT:]
            return
        with self._lock:
            self._entered.update(dict.fromkeys(look.slot for look in looks if look.kind is Kind.CASE_READ))
            while len(self._entered) > REMEMBERED:
                self._entered.popitem(last=False)


def install(app: Flask, database: Database) -> None:
    app.extensions[EXTENSION] = Looks(database)
    app.after_request(_send)


def saw_case(instance_id: str) -> None:
    """The signed-in person is shown something of this case."""
    _remember(Kind.CASE_READ, instance_id=instance_id)


def took_list(name: str) -> None:
    """The signed-in person takes a list away as a file."""
    _remember(Kind.LIST_EXPORTED, ref=name)


def _remember(kind: Kind, *, instance_id: str | None = None, ref: str | None = None) -> None:
    actor = current_actor()
    if actor is None or actor.user_id is None or "alur_services" in g:  # a visitor; a trial, where nobody is real
        return
    now, page = services().clock.now(), request.endpoint or ""
    look = Look(kind, now, actor.user_id, roles_of(actor), page, instance_id, ref)
    g.setdefault("alur_looks", []).append(look)


def _send(response: Response) -> Response:
    found: list[Look] = g.pop("alur_looks", [])
    looks: Looks = current_app.extensions[EXTENSION]
    new = [look for look in dict.fromkeys(found) if not looks.is_entered(look)]
    if new and response.status_code < 400:
        response.call_on_close(partial(looks.write, new))
    return response
