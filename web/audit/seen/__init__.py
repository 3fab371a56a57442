"""Siapa melihat apa: every look at personal data, by case, by who looked, by whose data it was."""

from web.audit.seen.views import blueprint

__all__ = ["blueprint"]
