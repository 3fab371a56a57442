"""Siapa membuka data saya: what the record says to a person about who looked at their own cases."""

from web.privacy.views import blueprint

__all__ = ["blueprint"]
