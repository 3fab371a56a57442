"""Penyedia: how far a person's Akun INAPROC is, whom a company has as Admins, and the Pemberi Kuasa's one question."""

from web.companies import powers
from web.companies.views import blueprint

__all__ = ["blueprint", "powers"]
