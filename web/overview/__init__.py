"""Overview Akun INAPROC: accounts by role and by region, as of a day and as they are now."""

from web.overview.views import blueprint

__all__ = ["blueprint"]
