"""Imports: a file of many rows is uploaded, looked at, run in the background, and ends with a report."""

from web.imports.views import blueprint

__all__ = ["blueprint"]
