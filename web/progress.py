"""The part of a page that asks for itself again while long work runs (`run_progress` in ui.html)."""

from flask import redirect, request
from werkzeug.wrappers import Response


def led_to(page: str, *, working: bool) -> Response | None:
    """Who opens the part's address by itself is led to its page, and so is the part once the work has ended.

    None: the part is asked for by its page, and the work goes on.
    """
    if not request.headers.get("HX-Request"):
        return redirect(page, 303)
    return None if working else Response(status=204, headers={"HX-Redirect": page})
