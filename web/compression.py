"""Pages leave compressed where the browser takes it: an applicant's phone may be on a slow link.

Form tokens are masked anew at each showing (see csrf.py), so the length of a compressed page betrays none.
"""

import gzip

from flask import Flask, request
from flask.wrappers import Response

SMALLEST = 1024
KINDS = ("text/html", "text/csv", "application/json")


def install(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in KINDS or response.direct_passthrough or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if response.content_encoding or "gzip" not in request.accept_encodings or response.content_length is None:
        return response
    if response.content_length >= SMALLEST:
        response.set_data(gzip.compress(response.get_data(), 6))
        response.content_encoding = "gzip"
    return response
