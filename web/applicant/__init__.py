"""The applicant's pages: where my applications stand, what is needed from me, and starting a new one."""

from web.applicant.views import blueprint

__all__ = ["blueprint"]
