"""The working calendar on pages: a month on the wall, and a date computed day by day."""

from web.calendars.views import blueprint

__all__ = ["blueprint"]
