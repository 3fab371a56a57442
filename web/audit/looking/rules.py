"""The rules page: what broke which rule, and the owner's own rules with every wording they ever had."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotFoundError
from engine.looking.keeping import RuleFaultError, Wording, read_rule, withdraw_rule, wordings, write_rule
from engine.looking.rules import FOUR_EYES, MOST, ORDER, REQUIRED, TIME
from engine.looking.shape import GATEWAY, START, shape_of
from engine.privacy import masking_of_lists
from models import PaperRule
from web.audit.access import RESULTS
from web.audit.looking.choosing import arguments
from web.audit.looking.conformance import rule_sections, rule_text
from web.audit.looking.frame import Looking, blueprint, look
from web.audit.looking.views import page
from web.cases.steps import ordered
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow, role

OWNERS = role("owner")
FIELDS = {"kind": "jenis", "title": "judul", "basis": "dasar", "one": "langkah", "other": "lain", "number": "jumlah"}
"""Of a wording, as the form calls them."""


@dataclass(frozen=True)
class Written:
    """One wording as the page tells it."""

    rule_id: str
    version: int
    title: str
    text: str
    basis: str
    reason: str
    withdrawn: bool
    newest: bool
    at: Any
    by: str


@blueprint.get("/<key>/aturan")
@allow(RESULTS)
def rules(key: str) -> str:
    """Each rule with the cases that broke it."""
    return _rules(look(key))


@blueprint.post("/<key>/aturan")
@allow(OWNERS)
def add_rule(key: str) -> Response | tuple[str, int]:
    """Write a rule down; the cases are looked at again by it."""
    return _save(look(key), None)


@blueprint.get("/<key>/aturan/<rule>")
@allow(OWNERS)
def edit_rule(key: str, rule: str) -> str:
    """The form of one rule, as it is worded now."""
    found = look(key)
    with services().database.read() as unit:
        row = read_rule(unit, key, rule)
    if row.withdrawn:
        raise NotFoundError
    return _form(found, row, _typed_of(row), [])


@blueprint.post("/<key>/aturan/<rule>")
@allow(OWNERS)
def change_rule(key: str, rule: str) -> Response | tuple[str, int]:
    """A new wording; the one before stays readable."""
    return _save(look(key), rule)


@blueprint.post("/<key>/aturan/<rule>/cabut")
@allow(OWNERS)
def remove_rule(key: str, rule: str) -> Response:
    """From now on no case is held against it."""
    parts, actor = services(), require_actor()
    reason = request.form.get("alasan", "").strip()
    with parts.database.read() as unit:
        read_rule(unit, key, rule)
    if not reason:
        flash(_("Tuliskan alasan pencabutan."), "error")
        return redirect(url_for("audit_looking.edit_rule", key=key, rule=rule), 303)
    with parts.database.write() as unit:
        withdraw_rule(unit, key, rule, by=actor.user_id or "", now=parts.clock.now(), reason=reason)
    flash(_("Aturan dicabut; rumusannya tetap dapat dibaca."))
    return redirect(url_for("audit_looking.rules", key=key, **arguments()), 303)


def _save(found: Looking, rule_id: str | None) -> Response | tuple[str, int]:
    parts, actor = services(), require_actor()
    try:
        with parts.database.write() as unit:
            before = None if rule_id is None else read_rule(unit, found.key, rule_id)
            write_rule(unit, found.key, _wording(), dict(_steps(found)), by=actor.user_id or "", rule_id=rule_id,
                       now=parts.clock.now(), reason=request.form.get("alasan", ""))  # fmt: skip
            if parts.runner.wake is not None:
                unit.after_commit(parts.runner.wake)
    except RuleFaultError as error:
        faults = [(FIELDS[field], _fault(field)) for field in error.fields]
        typed = request.form.to_dict()
        if before is not None:
            return _form(found, before, typed, faults), 422
        return _rules(found, typed, faults), 422
    flash(_("Aturan disimpan; kasus-kasus diperiksa kembali."))
    return redirect(url_for("audit_looking.rules", key=found.key, **arguments()), 303)


def _wording() -> Wording:
    form = request.form
    amount = form.get("jumlah", "").strip()
    return Wording(
        kind=form.get("jenis", ""),
        title=form.get("judul", ""),
        basis=form.get("dasar", ""),
        one=form.get("langkah", ""),
        other=form.get("lain", ""),
        number=int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 6 else None,
        working=form.get("satuan", "kerja") == "kerja",
    )


def _fault(field: str) -> str:
    return {
        "kind": _("Pilih jenis aturan."),
        "title": _("Isi judul, paling panjang 200 huruf."),
        "basis": _("Dasar aturan paling panjang 300 huruf."),
        "one": _("Pilih langkahnya."),
        "other": _("Pilih langkah kedua yang berbeda dari yang pertama."),
        "number": _("Isi jumlah hari atau kali, bilangan bulat mulai 1."),
    }[field]


# --- pages -----------------------------------------------------------------------------------------------------------


def _rules(found: Looking, typed: dict[str, str] | None = None, faults: list[tuple[str, str]] | None = None) -> str:
    return page(
        found, "aturan", rule_sections(found), "rules", written=_written(found), may_write=_may_write(found),
        typed=typed or {}, faults=faults or [], **_choices(found),
    )  # fmt: skip


def _form(found: Looking, row: PaperRule, typed: dict[str, str], faults: list[tuple[str, str]]) -> str:
    return render_template("audit/looking/rule.html", found=found, rule=row, typed=typed, faults=faults,
                           args=arguments(), **_choices(found))  # fmt: skip


def _choices(found: Looking) -> dict[str, Any]:
    return {"kinds": kinds(), "steps": _steps(found)}


def kinds() -> list[tuple[str, str]]:
    """What an owner's rule can be."""
    return [
        (ORDER, _("Urutan: langkah kedua hanya sesudah langkah pertama")),
        (FOUR_EYES, _("Empat mata: kedua langkah oleh orang yang berbeda")),
        (TIME, _("Waktu: dari langkah pertama sampai langkah kedua paling lama … hari")),
        (REQUIRED, _("Wajib: kasus yang selesai melalui langkah ini")),
        (MOST, _("Batas: langkah ini paling banyak … kali")),
    ]


def _steps(found: Looking) -> list[tuple[str, str]]:
    """Steps that a rule can be about, in the order of the diagram."""
    shape = shape_of(found.shown)
    return [(e.id, found.step(e.id)) for e in ordered(found.shown) if shape.kinds[e.id] not in (GATEWAY, START)]


def _may_write(found: Looking) -> bool:
    return OWNERS.admits(found.actor)


def _written(found: Looking) -> list[Written]:
    masking = masking_of_lists(found.actor, locale_code())
    with services().database.read() as unit:
        rows = wordings(unit, found.key)
    newest = {row.PaperRule.id: max(r.PaperRule.version for r in rows if r.PaperRule.id == row.PaperRule.id)
              for row in rows}  # fmt: skip
    return [
        Written(
            rule_id=rule.id,
            version=rule.version,
            title=rule.title,
            text=rule_text(found, rule.kind, rule.terms),
            basis=rule.basis,
            reason=masking.free_text(rule.reason),
            withdrawn=rule.withdrawn,
            newest=rule.version == newest[rule.id],
            at=rule.at,
            by=masking.person(rule.by_id, row.by),
        )
        for row in rows
        for rule in (row.PaperRule,)
    ]


def _typed_of(row: PaperRule) -> dict[str, str]:
    """The form's fields as the rule has them."""
    terms = row.terms
    return {
        "jenis": row.kind,
        "judul": row.title,
        "dasar": row.basis,
        "langkah": terms.get("one", ""),
        "lain": terms.get("other", ""),
        "jumlah": str(terms.get("number", "")),
        "satuan": "kerja" if terms.get("working", True) else "jam",
    }
