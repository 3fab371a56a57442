"""Pages of proofs: begin one, follow it, read what it found, take its certificate."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.authorisation import AUDITORS as AUDITOR_ROLES
from engine.errors import AlurError, NotFoundError
from engine.proof import runs
from engine.proof.certificates import certificate_of, issue
from engine.proof.runs import Choice, Kind
from engine.proof.schedules import schedules
from engine.studio.presence import names_of
from models import ProofRun
from web.audit.access import AUDITORS, RESULTS
from web.audit.find.views import chosen_cases
from web.audit.frame import may_open
from web.audit.proofs import queries, words
from web.context import require_actor, services
from web.export import file_response, table_response
from web.i18n import locale_code
from web.paging import Page
from web.progress import led_to
from web.security import allow
from web.words.names import in_locale

blueprint = Blueprint("audit_proofs", __name__, url_prefix="/audit/bukti")

MOST_NAMED = 30
MOST_EXPORTED = 50_000


@blueprint.get("")
@allow(RESULTS)
def index() -> str:
    """What was proved so far, what is scheduled, and the way to prove everything now."""
    with services().database.read() as unit:
        page = queries.runs(unit, after=request.args.get("sesudah"), before=request.args.get("sebelum"))
        known = schedules(unit)
        return render_template(
            "audit/proofs/index.html",
            rows=[(row, words.kind_text(row.kind), words.scope_text(row), words.result(row)) for row in page.rows],
            alarms=runs.alarms(unit),
            schedules=[(words.kind_text(kind), words.schedule_text(known.get(kind)), known.get(kind))
                       for kind in runs.KINDS],
            may_begin=may_open("audit_proofs.begin"),
            may_schedule=may_open("audit_proofs.schedule"),
            **_neighbours(page, "audit_proofs.index"),
        )  # fmt: skip


@blueprint.post("")
@allow(AUDITORS)
def begin() -> Response:
    """Write a run down: over everything this auditor may look at, or over the cases that were chosen."""
    actor, now, parts = require_actor(), services().clock.now(), services()
    kind: Kind = "reproduce" if request.form.get("jenis") == "reproduce" else "verify"
    everything = request.form.get("lingkup") == "semua"
    try:
        with parts.database.write() as unit:
            choice = _everything(actor) if everything else Choice(
                cases=tuple(chosen_cases(unit, actor, request.form, now)))  # fmt: skip
            if not everything and not choice.cases:
                raise runs.NothingToProveError
            run_id = runs.begin(unit, kind, choice, by=actor.user_id, now=now)
            if parts.runner.wake is not None:
                unit.after_commit(parts.runner.wake)
    except AlurError as error:
        flash(error.message(locale_code()), "error")
        return redirect(url_for("audit.index"), 303)
    return redirect(url_for("audit_proofs.show", run=run_id), 303)


@blueprint.get("/<run>")
@allow(RESULTS)
def show(run: str) -> str:
    """What a run came to, as far as it is: findings that name case and event."""
    found = _run(run)
    with services().database.read() as unit:
        page = queries.findings(unit, run, after=request.args.get("sesudah"), before=request.args.get("sebelum"))
        made = certificate_of(unit, run)
        return render_template(
            "audit/proofs/run.html",
            run=found,
            kind=words.kind_text(found.kind),
            scope=words.scope_text(found),
            result=words.result(found),
            by=_name(unit, found.created_by),
            cases=queries.cases(unit, found, MOST_NAMED),
            rows=[(row, words.subject_text(row), in_locale(row.text)) for row in page.rows],
            certificate=made,
            service=words.service_text(made.service) if made else "",
            links_cases=may_open("audit.case"),
            replays="audit_replay.show" if may_open("audit_replay.show") else "",
            may_begin=may_open("audit_proofs.begin"),
            **_neighbours(page, "audit_proofs.show", run=run),
        )


@blueprint.get("/<run>/kemajuan")
@allow(RESULTS)
def progress(run: str) -> Response | str:
    """How far it is: the part of the page that asks for itself again; at the end the whole page is loaded anew."""
    found = _run(run)
    here = url_for("audit_proofs.show", run=run)
    return led_to(here, working=found.state == "running") or render_template("audit/proofs/progress.html", run=found)


@blueprint.post("/<run>/berhenti")
@allow(AUDITORS)
def cancel(run: str) -> Response:
    """Stop; what was found so far stays."""
    _run(run)
    with services().database.write() as unit:
        runs.cancel(unit, run, services().clock.now())
    flash(_("Pembuktian dihentikan; yang sudah diperiksa tetap tersimpan."))
    return redirect(url_for("audit_proofs.show", run=run), 303)


@blueprint.post("/<run>/sertifikat")
@allow(AUDITORS)
def certify(run: str) -> Response:
    """Have the run's certificate made and signed; it is made once."""
    parts = services()
    try:
        issue(parts.database, parts.signer, run, base_url=parts.settings.base_url,
              by=require_actor().user_id or "", now=parts.clock.now())  # fmt: skip
        flash(_("Sertifikat dibuat dan ditandatangani."), "success")
    except NotFoundError:
        raise
    except AlurError as error:
        flash(error.message(locale_code()), "error")
    return redirect(url_for("audit_proofs.show", run=run), 303)


@blueprint.get("/<run>/sertifikat.pdf")
@allow(RESULTS)
def certificate(run: str) -> Response:
    """The certificate, byte for byte as it was signed."""
    with services().database.read() as unit:
        made = certificate_of(unit, run)
    if made is None:
        raise NotFoundError
    return file_response(f"{made.number}.pdf", made.body, "application/pdf")


@blueprint.get("/<run>/temuan.csv", defaults={"kind": "csv"})
@blueprint.get("/<run>/temuan.xlsx", defaults={"kind": "xlsx"})
@allow(RESULTS)
def report(run: str, kind: str) -> Response:
    """Every finding."""
    _run(run)
    with services().database.read() as unit:
        page = queries.findings(unit, run, after=None, before=None, size=MOST_EXPORTED)
    header = [_("Kasus atau hal"), _("Peristiwa"), _("Kode"), _("Temuan")]
    cells = [(words.subject_text(row), row.seq or "", row.code, in_locale(row.text)) for row in page.rows]
    return table_response(f"pembuktian-{run[:8]}", header, cells, kind)


def _everything(actor: Actor) -> Choice:
    """Of an auditor of some instansi: their cases."""
    held = {grant.instansi_id for grant in actor.grants if grant.role in AUDITOR_ROLES}
    return Choice() if None in held else Choice(instansi=tuple(sorted(i for i in held if i)))


def _run(run: str) -> ProofRun:
    with services().database.read() as unit:
        return runs.read_run(unit, run)


def _name(unit: Any, user_id: str | None) -> str:
    return names_of(unit, [user_id]).get(user_id, "") if user_id else _("jadwal")


def _neighbours(page: Page, endpoint: str, **arguments: str) -> dict[str, str | None]:
    return {
        "previous_url": url_for(endpoint, **arguments, sebelum=page.previous) if page.previous else None,
        "next_url": url_for(endpoint, **arguments, sesudah=page.next) if page.next else None,
    }
