"""Reports to persons about their data, and the requests that ask for them: the data officer's desk."""

from web.audit.subjects.views import blueprint

__all__ = ["blueprint"]
