"""Pages on which an auditor finds cases, and the page of one."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from engine.authorisation import AUDITORS as AUDITOR_ROLES
from engine.errors import ForbiddenError
from web.audit.access import ROLES
from web.audit.frame import tabs
from web.context import require_actor
from web.security import allow, role

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit")
@allow(role(*ROLES))
def index() -> Response | str:
    """Cases, for an auditor; who may see only a part of the audit is led there."""
    if not any(grant.role in AUDITOR_ROLES for grant in require_actor().grants):
        return _elsewhere()
    return render_template("audit/find/index.html")


def _elsewhere() -> Response:
    open_to_them = [tab for tab in tabs() if not tab.current]
    if not open_to_them:
        raise ForbiddenError(why="")
    return redirect(open_to_them[0].url)
