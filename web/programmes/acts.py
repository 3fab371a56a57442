"""What the owner does: open a programme, change its parameters, take up new versions, extend it, close it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import Form

from engine import programmes
from engine.errors import ForbiddenError, NotFoundError
from engine.flows import flows, manifests_of, parameters_of
from engine.programmes import ProgrammeFaultError
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Programme
from web.auth.forms import faults_of
from web.context import require_actor, services
from web.i18n import locale_code
from web.programmes import blueprint, queries
from web.programmes.access import may_change
from web.programmes.forms import ExtendForm, ProgrammeForm, WhyForm
from web.programmes.parameters import parts_of, shown, typed, values_of, with_parameters
from web.programmes.views import back_to, window
from web.security import allow, role
from web.words.names import in_locale

Answer = Response | str | tuple[str, int]


@blueprint.route("/baru", methods=["GET", "POST"])
@allow(role("owner"))
def new() -> Answer:
    """Open a period of a flow."""
    if not may_change(require_actor()):
        raise ForbiddenError(why=_("hanya pemilik proses seluruh instansi yang membuka program."))
    with services().database.read() as unit:
        there = flows(unit)
        flow = request.args.get("alur") or next(iter(there), "")
        if flow not in there:
            return render_template("programmes/new.html", flow=None, flows=[], form=None, faults=[])
        manifests = manifests_of(unit, there[flow])
        parts = list(parts_of(parameters_of(unit, there[flow])))
        named = [(one, ", ".join(in_locale(m.title) for m in manifests_of(unit, there[one]).values())) for one in there]
    basis = "\n".join(dict.fromkeys(basis for m in manifests.values() for basis in m.legal_basis))
    form_class = with_parameters(ProgrammeForm, parts)
    begun = {"legal_basis": basis, "zone": "Asia/Jakarta", **typed(parts, {})}
    form = form_class(request.form if request.method == "POST" else None, data=begun)
    page = {"flow": flow, "flows": named, "form": form, "parts": parts}
    if request.method == "GET":
        return render_template("programmes/new.html", faults=[], **page)
    faults = [] if form.validate() else faults_of(form)
    opened = None if faults else _try(form, "key", lambda unit: _open(unit, flow, form, values_of(form, parts)))
    if opened is None:
        return render_template("programmes/new.html", faults=faults or faults_of(form), **page), 422
    flash(_("Program dibuka. Kasus baru dimulai di dalamnya."), "success")
    return redirect(url_for("programmes.show", key=opened.key), 303)


@blueprint.route("/<key>/parameter", methods=["GET", "POST"])
@allow(role("owner"))
def parameters(key: str) -> Answer:
    """Set what cases started from now on go by."""
    with services().database.read() as unit:
        programme = _changeable(unit, key)
        parts = list(parts_of(parameters_of(unit, programme.versions)))
        now_valid = programmes.parameter_values(unit, programme)
    form_class = with_parameters(WhyForm, parts)
    form = form_class(request.form if request.method == "POST" else None, data=typed(parts, now_valid))
    page = {"programme": programme, "title": queries.name_of(programme), "form": form, "parts": parts, "shown": shown}
    if request.method == "GET":
        return render_template("programmes/parameters.html", faults=[], **page)
    if not form.validate():
        return render_template("programmes/parameters.html", faults=faults_of(form), **page), 422
    changed = {**now_valid, **values_of(form, parts)}
    done = _try(form, "reason", lambda unit: _change(programmes.change_parameters, unit, programme, form, changed))
    if done is None:
        return render_template("programmes/parameters.html", faults=faults_of(form), **page), 422
    flash(_("Ketentuan diubah; berlaku untuk kasus yang dimulai sesudah ini."), "success")
    return redirect(back_to(programme), 303)


@blueprint.route("/<key>/versi", methods=["GET", "POST"])
@allow(role("owner"))
def versions(key: str) -> Answer:
    """Take up the versions that are deployed now."""
    with services().database.read() as unit:
        programme = _changeable(unit, key)
        rows = queries.versions(unit, programme)
    form = WhyForm(request.form if request.method == "POST" else None)
    page = {"programme": programme, "title": queries.name_of(programme), "form": form, "versions": rows}
    if request.method == "GET":
        return render_template("programmes/versions.html", faults=[], **page)
    if not form.validate():
        return render_template("programmes/versions.html", faults=faults_of(form), **page), 422
    with services().database.write() as unit:
        _change(programmes.use_versions, unit, programme, form)
    flash(_("Versi terbaru dipakai oleh kasus yang dimulai sesudah ini."), "success")
    return redirect(back_to(programme), 303)


@blueprint.route("/<key>/perpanjang", methods=["GET", "POST"])
@allow(role("owner"))
def extend(key: str) -> Answer:
    """A later end, and why."""
    now = services().clock.now()
    with services().database.read() as unit:
        programme = _changeable(unit, key)
        present = window(unit, programme, now)
    local = programme.closes_at.astimezone(ZoneInfo(programme.zone))
    form = ExtendForm(
        request.form if request.method == "POST" else None, closes_on=local.date(), closes_time=local.time()
    )
    page = {"programme": programme, "title": queries.name_of(programme), "form": form, "window": present}
    if request.method == "GET":
        return render_template("programmes/extend.html", faults=[], **page)
    if not form.validate():
        return render_template("programmes/extend.html", faults=faults_of(form), **page), 422
    later = form.at(programme.zone)
    if _try(form, "closes_on", lambda unit: _change(programmes.extend, unit, programme, form, later)) is None:
        return render_template("programmes/extend.html", faults=faults_of(form), **page), 422
    flash(_("Program diperpanjang."), "success")
    return redirect(back_to(programme), 303)


@blueprint.route("/<key>/tutup", methods=["GET", "POST"])
@allow(role("owner"))
def close(key: str) -> Answer:
    """Close before its time; the page says what becomes of whom."""
    with services().database.read() as unit:
        programme = _changeable(unit, key)
        tallies = queries.tallies(unit, programme)
    form = WhyForm(request.form if request.method == "POST" else None)
    told = sum(tally.told for tally in tallies)
    running = sum(tally.running for tally in tallies)
    page = {"programme": programme, "title": queries.name_of(programme), "form": form, "tallies": tallies}
    page |= {"told": told, "running": running}
    if request.method == "GET":
        return render_template("programmes/close.html", faults=[], **page)
    if not form.validate():
        return render_template("programmes/close.html", faults=faults_of(form), **page), 422
    with services().database.write() as unit:
        _change(programmes.close, unit, programme, form)
    wake = services().runner.wake
    if wake is not None:
        wake()
    flash(_("Program ditutup. Kasus yang bergantung padanya diberi tahu."), "success")
    return redirect(back_to(programme), 303)


# --- parts -----------------------------------------------------------------------------------------------------------


def _changeable(unit: UnitOfWork, key: str) -> Programme:
    """The programme, if it is still open and this person's to change."""
    programme = queries.programme_of(unit, key)
    if programme.state != "open":
        raise NotFoundError
    if not may_change(require_actor(), programme):
        raise ForbiddenError(why=_("program ini bukan milik Anda."))
    return programme


def _open(unit: UnitOfWork, flow: str, form: Any, values: Mapping[str, Any]) -> Programme:
    return programmes.open_programme(
        unit,
        key=form.key.data,
        flow=flow,
        title=Text(form.title.data, form.title_en.data or form.title.data),
        period=form.period.data,
        legal_basis=form.legal_bases,
        opens_at=form.opens_at,
        closes_at=form.closes_at,
        zone=form.zone.data,
        parameters=values,
        by=require_actor().user_id,
        now=services().clock.now(),
    )


def _change(act: Any, unit: UnitOfWork, programme: Programme, form: Any, *terms: Any) -> Any:
    now = services().clock.now()
    return act(unit, programme.id, *terms, by=require_actor().user_id, reason=form.reason.data, now=now)


def _try(form: Form, field: str, work: Any) -> Any:
    """Do it in a transaction; what the engine finds wrong is told at the field it is about, and the answer is None."""
    try:
        with services().database.write() as unit:
            return work(unit)
    except ProgrammeFaultError as fault:
        form[field].errors = [*form[field].errors, fault.message(locale_code())]
        return None
