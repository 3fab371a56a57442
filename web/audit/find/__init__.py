"""Finding cases: by reference, person, process, programme, time, state, lateness and deviation."""

from web.audit.find import case as _case  # noqa: F401 -- the page of a case stands on the same blueprint
from web.audit.find.views import blueprint

__all__ = ["blueprint"]
