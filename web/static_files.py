"""Our own and vendor assets: addressed by content, so that browsers keep them for good, and compressed once."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, abort, request, url_for
from werkzeug.wrappers import Response

from web.security import allow, public

FOLDER = Path(__file__).parent / "static"
COMPRESSIBLE = {".css", ".js", ".svg", ".json"}


@dataclass(frozen=True)
class Asset:
    """A file as served: its body, its body compressed (if that helps), its fingerprint."""

    body: bytes
    packed: bytes | None
    fingerprint: str
    kind: str


class Assets:
    """Reads each file once per change of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._known: dict[str, tuple[int, Asset]] = {}

    def get(self, name: str) -> Asset | None:
        try:
            path = (self.folder / name).resolve()
            found = path.is_file()
        except (OSError, ValueError):  # a name that no file system takes
            return None
        if not found or not path.is_relative_to(self.folder) or path.name.startswith("."):
            return None
        changed = path.stat().st_mtime_ns
        known = self._known.get(name)
        if known is None or known[0] != changed:
            known = self._known[name] = (changed, _read(path))
        return known[1]


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSIBLE else None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".js":
        kind = "text/javascript"
    return Asset(body, packed, hashlib.sha256(body).hexdigest()[:16], kind)


def install(app: Flask) -> None:
    """Serve `/static/...` and give templates `asset('css/alur.css')` and the icon sprite's address."""
    assets = Assets(FOLDER)

    @app.get("/static/<path:filename>", endpoint="static")
    @allow(public)
    def static(filename: str) -> Response:
        asset = assets.get(filename)
        if asset is None:
            abort(404)
        packed = asset.packed is not None and "gzip" in request.accept_encodings
        response = Response(asset.packed if packed else asset.body, content_type=asset.kind)
        if asset.kind.startswith("text/"):
            response.content_type = f"{asset.kind}; charset=utf-8"
        if packed:
            response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(asset.fingerprint + ("-gz" if packed else ""))
        forever = request.args.get("v") == asset.fingerprint
        response.cache_control.public = True
        response.cache_control.max_age = 31536000 if forever else 60
        response.cache_control.immutable = forever or None
        return response.make_conditional(request)

    def address(name: str) -> str:
        asset = assets.get(name)
        if asset is None:
            raise FileNotFoundError(name)
        return url_for("static", filename=name, v=asset.fingerprint)

    app.jinja_env.globals["asset"] = address
