"""How the installation is doing, at a glance."""

from flask import render_template

from web.admin import blueprint
from web.context import services
from web.health import examine, worst
from web.security import allow, role


@blueprint.get("/kesehatan")
@allow(role("admin"))
def health() -> str:
    parts = services()
    checks = examine(parts.settings, parts.database, parts.clock.now())
    return render_template("admin/health.html", checks=checks, verdict=worst(checks))
