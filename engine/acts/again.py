"""Doing an act again from its beginning when the database gave it up for the sake of another.

Two acts that wait for each other's rows would wait for ever: PostgreSQL ends one of them. Nothing of it is left, so it
can be done again as a whole, with the rows as the other act left them; nobody need hear of it.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

MOST_TIMES = 5
DEADLOCK, NOT_SERIALIZABLE = "40P01", "40001"
GIVEN_UP = frozenset({DEADLOCK, NOT_SERIALIZABLE})

P = ParamSpec("P")
R = TypeVar("R")


def given_up(error: BaseException) -> bool:
    """Was the transaction ended only because it stood in another's way?"""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, psycopg.Error) and cause.sqlstate in GIVEN_UP


def whole_act(act: Callable[P, R]) -> Callable[P, R]:
    """The act, done again when it was given up: all of it, its transaction included, never a part of it."""

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(MOST_TIMES - 1):
            try:
                return act(*args, **kwargs)
            except (DBAPIError, psycopg.Error) as error:
                if not given_up(error):
                    raise
                log.info("act is done again", extra={"action": "act_again", "act": act.__name__})
        return act(*args, **kwargs)

    return done
