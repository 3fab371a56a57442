"""How somebody wants to be written to: the page of one's wishes, and the way out that stands in courtesy mails."""

from web.mails.views import blueprint

__all__ = ["blueprint"]
