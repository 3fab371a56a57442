"""Pages of back-tests: choose recorded cases, follow the run, read its result, take it away."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.backtest import runs
from engine.backtest.runs import Choice
from engine.backtest.work import candidate_of_run
from engine.definitions import LoadedVersion
from engine.errors import AlurError, NotFoundError
from engine.studio.drafts import DraftView, findings_of
from engine.studio.sources import read_source
from models import BacktestRun
from web.cases import present
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.progress import led_to
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.backtest import figures, queries
from web.studio.backtest.words import (
    RUN_TONES,
    TONES,
    choice_text,
    run_state,
    span,
    verdict_text,
    working_days,
)
from web.studio.frame import open_draft, render_draft
from web.words.names import in_locale

blueprint = Blueprint("studio_backtest", __name__, url_prefix="/studio/draf/<draft>/kasus-lama")

MOST_SAMPLED = 50_000
ALL = "semua"


@blueprint.get("")
@allow(READERS)
def index(draft: str) -> str:
    """What was tested so far, and the choice of cases for the next run."""
    return _index(open_draft(draft))


@blueprint.post("")
@allow(OWNERS)
def begin(draft: str) -> Response | tuple[str, int]:
    """Write the run down; a worker does it."""
    view = open_draft(draft)
    choice, faults = _choice()
    if faults:
        return _index(view, faults), 422
    parts = services()
    try:
        with parts.database.read() as unit:
            source = read_source(unit, parts.definitions, view.id)
        runs.check_ready(source, parts.registry, view.key)
        with parts.database.write() as unit:
            run_id = runs.begin(unit, source, view.key, choice, revision=view.revision,
                                by=require_actor().user_id or "", now=parts.clock.now())  # fmt: skip
            if parts.runner.wake is not None:
                unit.after_commit(parts.runner.wake)
    except AlurError as error:
        return _index(view, [("choose-title", error.message(locale_code()))]), error.http_status
    return redirect(url_for("studio_backtest.show", draft=view.id, run=run_id), 303)


@blueprint.get("/<run>")
@allow(READERS)
def show(draft: str, run: str) -> str:
    """What was found, as far as it is."""
    view, found = open_draft(draft), _run(draft, run)
    version, then = _versions(found)
    names = figures.Names(version, then)
    chosen = request.args.get("putusan", "")
    if chosen not in (*queries.VERDICTS, ALL):  # what parts is what one came for
        chosen = next((v for v in ("differs", "missing", "failed") if getattr(found, v)), ALL)
    element = request.args.get("langkah", "")[:80]
    heats, every = figures.heat(version, found.summary), request.args.get("diagram") == ALL
    with services().database.read() as unit:
        page = queries.cases(unit.connection, run, chosen, element, after=request.args.get("sesudah"),
                             before=request.args.get("sebelum"))  # fmt: skip
        programmes = _programmes(unit.connection, view.key)
    narrowed = {"putusan": chosen, "langkah": element or None}
    return render_draft(
        "studio/backtest/run.html",
        view,
        run=found,
        state=run_state(found.state),
        tone=RUN_TONES[found.state],
        chosen_text=choice_text(found.choice, programmes),
        older=found.revision != view.revision,
        bars=figures.bars(found),
        firsts=figures.first_differences(found.summary, names),
        heats=heats if every else heats[: max(1, sum(any(step.heat for step in steps) for _d, steps in heats))],
        diagrams=len(heats),
        deadlines=figures.deadlines(found.summary, names),
        lengths=_lengths(found.summary.get("lengths")),
        remarks=figures.remarks(found.summary, names),
        rows=[_case(row) for row in page.rows],
        tones=TONES,
        shown=chosen,
        element=element,
        element_name=names(element) if element else "",
        previous_url=_neighbour(view.id, run, narrowed, "sebelum", page.previous),
        next_url=_neighbour(view.id, run, narrowed, "sesudah", page.next),
        **_progress(found),
    )


@blueprint.get("/<run>/kemajuan")
@allow(READERS)
def progress(draft: str, run: str) -> Response | str:
    """How far it is: the part of the page that asks for itself again; at the end the whole page is loaded anew."""
    found = _run(draft, run)
    here = url_for("studio_backtest.show", draft=draft, run=run)
    return led_to(here, working=found.state == "running") or render_template(
        "studio/backtest/progress.html", run=found, draft_id=draft, **_progress(found)
    )


@blueprint.post("/<run>/berhenti")
@allow(OWNERS)
def cancel(draft: str, run: str) -> Response:
    """Stop; what was found so far stays."""
    _run(draft, run)
    with services().database.write() as unit:
        runs.cancel(unit, run, services().clock.now())
    flash(_("Uji dihentikan; yang sudah diperiksa tetap tersimpan."))
    return redirect(url_for("studio_backtest.show", draft=draft, run=run), 303)


@blueprint.get("/<run>/diagram/<path:path>")
@allow(READERS)
def drawing(draft: str, run: str, path: str) -> Response:
    """A diagram as it was when the run began."""
    return present.drawing(_versions(_run(draft, run))[0], path)


@blueprint.get("/<run>/kasus.csv", defaults={"form": "csv"})
@blueprint.get("/<run>/kasus.xlsx", defaults={"form": "xlsx"})
@allow(READERS)
def report(draft: str, run: str, form: str) -> Response:
    """Every case (or those of one verdict) with its first difference and what changes for it."""
    found = _run(draft, run)
    names = figures.Names(*_versions(found))
    chosen, element = request.args.get("putusan", ""), request.args.get("langkah", "")[:80]
    header = [_("Kasus"), _("Mulai"), _("Putusan"), _("Langkah"), _("Perbedaan pertama"), _("Lama dulu (menit)"),
              _("Lama dengan perubahan (menit)"), _("Hari kerja dulu"), _("Hari kerja dengan perubahan"),
              _("Terlambat dulu"), _("Terlambat dengan perubahan"), _("Tenggat bergeser")]  # fmt: skip
    rows = (
        (r.case_number, r.started_at, verdict_text(r.verdict), names(r.element_id) if r.text else "",
         in_locale(r.text), r.minutes_before, r.minutes_after, r.days_before, r.days_after, r.late_before,
         r.late_after, r.detail.get("moved", 0))
        for r in queries.all_cases(services().database, run, chosen, element)
    )  # fmt: skip
    return table_response(f"kasus-lama-{run[:8]}", header, rows, form)


# --- what the views share --------------------------------------------------------------------------------------------


def _index(view: DraftView, faults: list[tuple[str, str]] | None = None) -> str:
    parts = services()
    with parts.database.read() as unit:
        recorded = queries.recorded(unit.connection, view.key)
        rows = queries.runs(unit.connection, view.id)
        programmes = _programmes(unit.connection, view.key)
    errors = sum(finding.is_error for finding in findings_of(view, parts.registry))
    return render_draft(
        "studio/backtest/index.html",
        view,
        recorded=recorded,
        programmes=programmes,
        errors=errors,
        faults=faults or [],
        typed=request.form,
        most=MOST_SAMPLED,
        runs=[(row, choice_text(row.choice, programmes), run_state(row.state), RUN_TONES[row.state]) for row in rows],
    )


def _run(draft: str, run: str) -> BacktestRun:
    with services().database.read() as unit:
        return runs.read_run(unit, run, draft)


def _versions(run: BacktestRun) -> tuple[LoadedVersion, LoadedVersion | None]:
    """The files of the run, and the process as it is published now, for the names of steps that are gone."""
    parts = services()
    now = candidate_of_run(run, parts.registry).version
    try:
        return now, parts.definitions.current(run.key)
    except NotFoundError:
        return now, None


def _programmes(connection: Any, key: str) -> dict[str, str]:
    return {row.id: in_locale({"id": row.title_id, "en": row.title_en}) for row in queries.programmes(connection, key)}


def _choice() -> tuple[Choice, list[tuple[str, str]]]:
    """What was chosen, and what is wrong with it."""
    faults: list[tuple[str, str]] = []
    since, until = _day("sejak", faults), _day("sampai", faults)
    if since and until and until < since:
        faults.append(("sampai", _("Hari terakhir lebih awal daripada hari pertama.")))
    sample = request.form.get("contoh", "").strip()
    count = int(sample) if sample.isascii() and sample.isdigit() and len(sample) < 7 else None
    if sample and (count is None or not 1 <= count <= MOST_SAMPLED):
        faults.append(("contoh", _("Banyaknya contoh harus bilangan bulat mulai dari 1.")))
    programme = request.form.get("program") or None
    ended = request.form.get("berakhir") == "1"
    return Choice(since, until, None if faults else count, programme, ended), faults


def _day(name: str, faults: list[tuple[str, str]]) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.append((name, _("Tulis tanggal seperti 2026-07-31.")))
        return None


def _progress(run: BacktestRun) -> dict[str, Any]:
    done = run.same + run.differs + run.missing + run.failed
    return {"done": done, "share": 100 * done // run.total if run.total else 0}


def _lengths(found: dict[str, Any] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        **found,
        "spans": [span(minutes) for minutes in found["minutes"]],
        "working": [working_days(days) for days in found["days"]] if found["days"] else ["–", "–"],
    }


def _case(row: Any) -> dict[str, Any]:
    longer = row.minutes_before is not None and row.minutes_before != row.minutes_after
    return {
        "number": row.case_number,
        "title": row.title,
        "started_at": row.started_at,
        "verdict": row.verdict,
        "verdict_text": verdict_text(row.verdict),
        "text": in_locale(row.text) if row.text else "",
        "length": f"{working_days(row.days_before)} → {working_days(row.days_after)}" if longer else "",
        "moved": row.detail.get("moved", 0),
        "late": f"{row.late_before} → {row.late_after}" if row.late_before != row.late_after else "",
    }


def _neighbour(draft: str, run: str, narrowed: dict[str, Any], name: str, cursor: str | None) -> str | None:
    return url_for("studio_backtest.show", draft=draft, run=run, **narrowed, **{name: cursor}) if cursor else None
