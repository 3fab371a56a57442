"""A form as the officer will see it, from what stands in the builder now: the same macros, the same checks."""

import json
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request

from engine.decisions import UnreadableValueError, names_from, value_of
from engine.expressions import EvaluationContext
from engine.forms import AttachedFile, Fault, Form, FormContext, read_form
from engine.forms.formfaults import FormFault
from engine.forms.wanted import names_wanted
from engine.studio.trials.examples import with_examples
from engine.unit_of_work import UnitOfWork
from web.context import services
from web.forms import Reader, edited, form_page, read_submission
from web.i18n import locale_code
from web.studio.drawing_board import Board, known_names

SENT, VALUES, CHECK = "form-file", "form-values", "form-check"
"""Names beside those of the form's own fields, which hold no hyphen."""
FIRST = "form-first"
MAX_VALUES = 100


@dataclass(frozen=True)
class Preview:
    """What the builder shows: the form, what is wrong with its file, and what it wants to know of the case."""

    html: str
    faults: list[FormFault]
    wanted: list[str]
    unreadable: list[str]
    """Names whose sample value could not be read."""


def preview(unit: UnitOfWork, board: Board, name: str) -> Preview:
    """The form in this request's body, filled as far as it was filled in the preview."""
    body = request.form.get(SENT, "").encode()
    read = read_form(body, name, services().registry.fields.names())
    if read.form is None:
        return Preview("", read.faults, [], [])
    evaluation = board.evaluation(unit)
    values, unreadable = _values(evaluation)
    forms = {**board.forms(), name: read.form}
    context = _context(unit, board, evaluation)
    context = replace(context, data={**_of_other_forms(read.form, forms, context), **values})
    html = _html(read.form, forms, context)
    return Preview(html, read.faults, names_wanted(read.form), unreadable)


def _html(form: Form, forms: dict[str, Form], context: FormContext) -> str:
    first = FIRST in request.form
    raw = form.initial(context.data) if first else read_submission(form, request.form)
    if not first:
        edited(form, request.form, raw)
    checked = CHECK in request.form
    faults: dict[str, list[Fault]] = form.validate(raw, context).faults if checked else {}
    reader = Reader(locale=locale_code(), zone=context.zone)
    page = form_page(form, raw, context, reader, faults=faults, forms=forms)
    return render_template("studio/form_preview.html", page=page, passed=checked and not faults)


def _context(unit: UnitOfWork, board: Board, evaluation: EvaluationContext) -> FormContext:
    return FormContext(
        now=board.now,
        zone=board.zone,
        evaluation=evaluation,
        externals=board.externals(),
        lookups=services().registry.fields.bound(unit),
    )


def _of_other_forms(form: Form, forms: dict[str, Form], context: FormContext) -> dict[str, Any]:
    """Made-up answers to the forms whose answers this one shows, as the case would hold them."""
    shown = {field.properties.get("of", "") for field in form.fields()} | form.lists
    found: dict[str, Any] = {}
    for name in sorted(shown & forms.keys() - {form.name}):
        found |= _answered(forms[name], context)
    return found


def _answered(form: Form, context: FormContext) -> dict[str, Any]:
    files: dict[str, AttachedFile] = {}

    def attach(path: str, filename: str) -> str:
        files[path] = AttachedFile(path, path, filename, filename.rpartition(".")[2], 240_000, "")
        return path

    raw = form.initial({})
    parts = form.present(raw, context)
    raw = with_examples(parts, raw, today=context.now.date(), attach=attach)
    return {k: v for k, v in form.validate(raw, replace(context, attachments=files)).data.items() if v is not None}


def _values(evaluation: EvaluationContext) -> tuple[dict[str, Any], list[str]]:
    """What was given for names of the case; an empty one is not there, as before anything filled it."""
    try:
        sent = json.loads(request.form.get(VALUES, "") or "{}")
    except ValueError:
        sent = {}
    given = {k: v for k, v in sent.items() if isinstance(v, str) and v.strip()} if isinstance(sent, dict) else {}
    found: dict[str, Any] = {}
    unreadable = []
    for path, raw in list(known_names(given).items())[:MAX_VALUES]:
        try:
            found[path] = value_of(raw, "any", evaluation)
        except UnreadableValueError:
            unreadable.append(path)
    return names_from(found), unreadable
