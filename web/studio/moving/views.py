"""Pages of a move: from where to where, the dry run, the steps that take another's place, the yes, the report."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import moving
from engine.errors import AlurError, NotFoundError
from engine.moving.errors import ReasonMissingError
from engine.unit_of_work import UnitOfWork
from models import MoveRun
from web.context import require_actor, services
from web.export import table_response
from web.i18n import locale_code
from web.paging import Page
from web.processes.queries import versions as versions_of
from web.progress import led_to
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.frame import is_editor
from web.studio.library import queries as library
from web.studio.moving import present, queries
from web.words.names import process_title

blueprint = Blueprint("studio_moving", __name__, url_prefix="/studio/proses/<key>/pindah")

WORKING = ("checking", "moving")


@blueprint.get("")
@allow(READERS)
def index(key: str) -> str:
    """Where a move begins, and what was moved before."""
    with services().database.read() as unit:
        return _index(unit, key)


@blueprint.post("")
@allow(OWNERS)
def begin(key: str) -> Response | tuple[str, int]:
    """Look at all cases first. Nothing is moved yet."""
    try:
        with services().database.write() as unit:
            run_id = moving.open_run(
                unit,
                services().definitions,
                key=key,
                from_version=request.form.get("dari") or None,
                to_version=request.form.get("ke", ""),
                by=require_actor(),
                now=services().clock.now(),
            )
            _wake_after(unit)
    except NotFoundError:
        raise
    except AlurError as error:
        with services().database.read() as unit:
            return _index(unit, key, fault=error.message(locale_code())), error.http_status
    return redirect(url_for("studio_moving.show", key=key, run=run_id), 303)


@blueprint.get("/<run>")
@allow(READERS)
def show(key: str, run: str) -> str:
    """What the dry run says; what is asked; while it works, how far it is; at its end, the report."""
    with services().database.read() as unit:
        return _show(unit, key, run)


@blueprint.get("/<run>/kemajuan")
@allow(READERS)
def progress(key: str, run: str) -> Response | str:
    """How far it is: the part of the page that asks for itself again. At the end the whole page is loaded anew."""
    here = url_for("studio_moving.show", key=key, run=run)
    with services().database.read() as unit:
        found = moving.read_run(unit, key, run)
        return led_to(here, working=found.state in WORKING) or render_template(
            "studio/moving_progress.html", key=key, run=found, **_counted(unit, found)
        )


@blueprint.post("/<run>/pengganti")
@allow(OWNERS)
def choose(key: str, run: str) -> Response:
    """These steps take the place of those that are gone; all cases are looked at again."""
    mapping = {
        name.removeprefix("langkah:"): value
        for name, value in request.form.items()
        if name.startswith("langkah:") and value
    }
    with services().database.write() as unit:
        found = moving.read_run(unit, key, run)
        moving.choose(unit, services().definitions, found, mapping)
        _wake_after(unit)
    return redirect(url_for("studio_moving.show", key=key, run=run), 303)


@blueprint.post("/<run>/jalankan")
@allow(OWNERS)
def start(key: str, run: str) -> Response | tuple[str, int]:
    """The owner's yes: what moves by itself is moved, in the background."""
    try:
        with services().database.write() as unit:
            found = moving.read_run(unit, key, run)
            moving.start(unit, found, request.form.get("alasan", ""), services().clock.now())
            _wake_after(unit)
    except ReasonMissingError as error:
        with services().database.read() as unit:
            return _show(unit, key, run, fault=error.message(locale_code())), error.http_status
    return redirect(url_for("studio_moving.show", key=key, run=run), 303)


@blueprint.post("/<run>/hentikan")
@allow(OWNERS)
def cancel(key: str, run: str) -> Response:
    """Stop: what was moved stays moved."""
    with services().database.write() as unit:
        moving.cancel(unit, moving.read_run(unit, key, run), services().clock.now())
    flash(_("Pemindahan dihentikan. Yang sudah dipindahkan tetap pada versi barunya."), "info")
    return redirect(url_for("studio_moving.show", key=key, run=run), 303)


@blueprint.get("/<run>/kasus.csv", defaults={"kind": "csv"})
@blueprint.get("/<run>/kasus.xlsx", defaults={"kind": "xlsx"})
@allow(READERS)
def export(key: str, run: str, kind: str) -> Response:
    """Every case of the move, or (`keadaan`) some, for a spreadsheet."""
    state = present.VIEWS.get(request.args.get("keadaan", ""), "")
    with services().database.read() as unit:
        found = moving.read_run(unit, key, run)
        rows = [
            (row.number, row.title, ", ".join(present.standing_names(unit, row.version_id, row.standing)),
             present.case_state(row.state), " ".join(present.reasons(row.obstacles)))
            for row in queries.all_cases(unit.connection, found.id, state)
        ]  # fmt: skip
    header = [_("Nomor kasus"), _("Judul"), _("Berada pada"), _("Hasil"), _("Keterangan")]
    return table_response(f"pindah-{key}", header, rows, kind)


# --- what the views share --------------------------------------------------------------------------------------------


def _index(unit: UnitOfWork, key: str, *, fault: str = "") -> str:
    versions = versions_of(unit.connection, key)
    if not versions:
        raise NotFoundError
    running = library.running(unit.connection, key).get(key, {})
    current = next((row for row in versions if row.is_current), versions[0])
    target = request.form.get("ke") or request.args.get("ke") or current.id
    source = request.form.get("dari") or request.args.get("dari") or ""
    return render_template(
        "studio/moving_index.html",
        key=key,
        title=process_title(services().definitions.version(versions[0].id, unit)),
        versions=versions,
        running=running,
        elsewhere=sum(number for version, number in running.items() if version != target),
        source=source,
        target=target,
        fault=fault,
        runs=queries.runs(unit.connection, key),
        run_state=present.run_state,
        run_tones=present.RUN_TONES,
        edits=is_editor(),
    )


def _show(unit: UnitOfWork, key: str, run_id: str, *, fault: str = "") -> str:
    run = moving.read_run(unit, key, run_id)
    definitions = services().definitions
    shown = request.args.get("keadaan", "")
    state = present.VIEWS.get(shown, "")
    groups = queries.groups(unit.connection, run.id)
    page = queries.cases(
        unit.connection, run.id, state, after=request.args.get("sesudah"), before=request.args.get("sebelum")
    )
    new = definitions.version(run.to_version, unit)
    counted = _counted(unit, run)
    return render_template(
        "studio/moving_run.html",
        key=key,
        run=run,
        title=process_title(new),
        old=definitions.version(run.from_version, unit) if run.from_version else None,
        new=new,
        by=queries.name_of(unit.connection, run.created_by),
        run_text=present.run_state(run.state),
        run_tone=present.RUN_TONES[run.state],
        places=present.places(unit, groups),
        choices=present.choices(unit, run, groups),
        cases=[
            (row, present.standing_names(unit, row.version_id, row.standing), present.reasons(row.obstacles))
            for row in page.rows
        ],
        case_state=present.case_state,
        tones=present.TONES,
        shown=shown if state else "",
        views=_views(counted["counts"]),
        fault=fault,
        edits=is_editor(),
        compares="studio_compare.show" in current_app.view_functions,
        previous_url=_neighbour(key, run_id, shown, page, "sebelum"),
        next_url=_neighbour(key, run_id, shown, page, "sesudah"),
        **counted,
    )


def _counted(unit: UnitOfWork, run: MoveRun) -> dict[str, Any]:
    """Cases by state, and how far the work is."""
    counts = moving.counts(unit, run.id)
    total = sum(counts.values())
    done = total - counts["new"] if run.state == "checking" else counts["moved"]
    of = total if run.state == "checking" else counts["moved"] + counts["ready"]
    return {"counts": counts, "total": total, "done": done, "of": of, "share": 100 * done // of if of else 100}


def _views(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    found = [(name, present.case_state(state), counts[state]) for name, state in present.VIEWS.items()]
    return [("", _("Semua kasus"), sum(counts.values())), *(view for view in found if view[2])]


def _neighbour(key: str, run: str, shown: str, page: Page, name: str) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    chosen = {"keadaan": shown} if shown else {}
    return url_for("studio_moving.show", key=key, run=run, **chosen, **{name: cursor}) if cursor else None


def _wake_after(unit: UnitOfWork) -> None:
    wake = services().runner.wake
    if wake is not None:
        unit.after_commit(wake)
