"""Finding cases: by reference, person, process, programme, time, state, lateness and deviation."""

from web.audit.find.views import blueprint

__all__ = ["blueprint"]
