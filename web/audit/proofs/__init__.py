"""Proofs: begun for a case, a selection or everything; their progress, results, certificates and schedule."""

from web.audit.proofs import schedule as _schedule  # noqa: F401 -- its pages stand on the same blueprint
from web.audit.proofs.views import blueprint

__all__ = ["blueprint"]
