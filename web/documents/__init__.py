"""Documents in the page: the pages of a PDF or a photograph as pictures, beside what is decided about them."""

from web.documents.views import blueprint

__all__ = ["blueprint"]
