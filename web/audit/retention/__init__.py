"""Retention in the audit: schedules, lists of what is to be destroyed and what became of them, cases that are held."""

from web.audit.retention.views import blueprint

__all__ = ["blueprint"]
