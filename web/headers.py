"""Headers of every answer: what a browser may load, who may frame us, what may be kept."""

from flask import Flask, g, request
from flask.wrappers import Response

CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def relax(directive: str, sources: str) -> None:
    """Let the page of this request alone load something more; say in the view why it must."""
    g.setdefault("relaxed_policy", {})[directive] = sources


def install(app: Flask, *, tls: bool) -> None:
    @app.after_request
    def _headers(response: Response) -> Response:
        policy = CONTENT_POLICY | g.get("relaxed_policy", {})
        response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
        for name, value in FIXED.items():
            response.headers[name] = value
        if tls:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static" or response.status_code >= 400:
            # Pages hold personal data: neither a proxy nor the next person at this computer gets them from a cache.
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response
