"""Accounts: signing in and out, registering, activating, setting a password."""

from web.auth.views import blueprint

__all__ = ["blueprint"]
