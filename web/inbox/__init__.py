"""Kotak Masuk: what a person has to do, and the page on which it is done."""

from web.inbox import task
from web.inbox.views import blueprint

__all__ = ["blueprint", "task"]
