"""Open the mask of a case with a reason, and close it again before the hour is over."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import AlurError
from engine.privacy.unmasking import LONGEST, SHORTEST, in_force, mask_again, may_unmask, unmask
from web.audit.access import AUDITORS, audited_case
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow, local_target, role

blueprint = Blueprint("audit_masking", __name__)


@dataclass(frozen=True)
class Bar:
    """What a case's pages say of its mask. `until`: it is open till then; `may`: this person may open it."""

    may: bool
    until: datetime | None
    reason: str = ""
    shortest: int = SHORTEST
    longest: int = LONGEST


@blueprint.record_once
def _global(state: BlueprintSetupState) -> None:
    """`audit/masking/bar.html` asks; an included template sees nothing else."""
    state.app.jinja_env.globals["masking_bar"] = bar


def bar(number: str) -> Bar:
    """For a case that this person reads."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        case = audited_case(unit, actor, number)
        lasting = in_force(unit, case.id, actor.user_id, now)
        may = may_unmask(actor, case.instansi_id)
    return Bar(may, lasting.until if lasting and may else None, lasting.reason if lasting else "")


@blueprint.post("/audit/kasus/<number>/samaran")
@allow(role("auditor"))
def open_mask(number: str) -> Response:
    """With a reason: from now on this person sees the case's personal data, for an hour."""
    actor, now = require_actor(), services().clock.now()
    try:
        with services().database.write() as unit:
            case = audited_case(unit, actor, number)
            unmask(unit, case.id, case.instansi_id, actor, reason=request.form.get("alasan", ""), now=now)
        flash(_("Samaran dibuka untuk Anda selama 60 menit. Alasan Anda tercatat di buku besar."), "success")
    except AlurError as error:
        if error.http_status in (403, 404):
            raise
        flash(error.message(locale_code()), "error")
    return _back(number)


@blueprint.post("/audit/kasus/<number>/samaran/tutup")
@allow(AUDITORS)
def close_mask(number: str) -> Response:
    """Masked again, at once."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        case = audited_case(unit, actor, number)
        ended = mask_again(unit, case.id, actor, now=now)
    flash(_("Data pribadi disamarkan kembali.") if ended else _("Samaran kasus ini tidak sedang dibuka."), "success")
    return _back(number)


def _back(number: str) -> Response:
    """To the page of the case on which the button stood."""
    return redirect(local_target(request.form.get("kembali"), url_for("audit.case", number=number)), 303)
