"""The page of one decision table of a draft, what is said about it while it is edited, and its try-out."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lxml import etree
from werkzeug.wrappers import Response

from engine.decisions import domains_of
from engine.errors import AlurError, NotFoundError
from engine.expressions import is_reserved
from engine.gate.coverage import read_table
from engine.gate.dmn import read_decision
from engine.gate.findings import Findings
from engine.gate.xml import MAX_BYTES
from engine.studio.drafts import save_file
from web.context import require_actor, services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.decisions import blueprint, trying
from web.studio.decisions.checking import messages
from web.studio.decisions.words import aggregations, policies, types, words
from web.studio.drawing_board import board_of, names_of
from web.studio.frame import open_draft, render_draft

FOLDER, SUFFIX = "decisions/", ".dmn"
SENT = "decision-file"


@blueprint.get("/<name>")
@allow(READERS)
def show(draft: str, name: str) -> str:
    """The table of one decision."""
    view = open_draft(draft)
    if f"{FOLDER}{name}{SUFFIX}" not in view.files:
        raise NotFoundError
    return render_draft(
        "studio/decision.html",
        view,
        name=name,
        names=names_of(view, FOLDER, SUFFIX),
        policies=policies(),
        aggregations=aggregations(),
        types=types(),
        table={
            "path": f"{FOLDER}{name}{SUFFIX}",
            "name": name,
            "check": url_for("studio_decisions.check", draft=draft, name=name),
            "try": url_for("studio_decisions.try_out", draft=draft, name=name),
            "types": types(),
            "words": words(),
        },
    )


@blueprint.post("/<name>/periksa")
@allow(READERS, max_body=2 * MAX_BYTES)
def check(draft: str, name: str) -> Response:
    """What the table in this request covers, what is wrong with it, and what its try-out asks."""
    board = board_of(open_draft(draft))
    body = request.form.get(SENT, "").encode()
    table = read_table(body)
    domains = domains_of(board.forms().values())
    told: dict[str, Any] = {
        "messages": messages(f"{FOLDER}{name}{SUFFIX}", body, table, domains, board.parameters),
        "asked": "",
        "examples": {},
    }
    if table is not None:
        wanted = trying.asked(table, domains, board.parameters)
        told["asked"] = render_template("studio/decision_asked.html", asked=wanted, prefix=trying.PREFIX)
        told["examples"] = trying.examples(table, domains, board.parameters)
    return jsonify(told)


@blueprint.post("/<name>/coba")
@allow(READERS, max_body=2 * MAX_BYTES)
def try_out(draft: str, name: str) -> Response:
    """What the engine decides for these values, and row by row why."""
    board = board_of(open_draft(draft))
    body = request.form.get(SENT, "").encode()
    findings, table = Findings(name), read_table(body)
    read_decision(body, findings)
    if table is None or any(f.is_error for f in findings):
        return jsonify(html=render_template("studio/decision_tried.html", broken=True), rows={}, unreadable=[])
    with services().database.read() as unit:
        context = board.evaluation(unit)
    wanted = trying.asked(table, domains_of(board.forms().values()), board.parameters)
    names, unreadable = trying.values_from(request.form, wanted, context)
    try:
        tried = trying.trial(body, table, names, board.externals(), context)
    except AlurError as error:
        return jsonify(html=error.message(locale_code()), rows={}, unreadable=unreadable)
    html = render_template("studio/decision_tried.html", tried=tried, table=table, unreadable=unreadable)
    rows = {row.number: "decides" if row.decides else "matches" for row in tried.rows if row.matches}
    return jsonify(html=html, rows=rows, unreadable=unreadable)


@blueprint.post("")
@allow(OWNERS)
def create(draft: str) -> Response:
    """A new table with one input, one output and one row, to be built on."""
    name, title = request.form.get("name", "").strip(), request.form.get("title", "").strip()[:200]
    if is_reserved(name) or not name.islower():
        flash(_("Nama keputusan terdiri dari huruf kecil, angka, dan garis bawah, diawali huruf."), "error")
    elif f"{FOLDER}{name}{SUFFIX}" in open_draft(draft).files:
        flash(_("Sudah ada keputusan bernama %(name)s.", name=name), "error")
    else:
        with services().database.write() as unit:
            by, now = require_actor().user_id or "", services().clock.now()
            body = empty_table(name, title or name)
            save_file(unit, draft, f"{FOLDER}{name}{SUFFIX}", body, seen=None, by=by, now=now)
        return redirect(url_for("studio_decisions.show", draft=draft, name=name))
    back = request.form.get("from", "")
    if back and not is_reserved(back):
        return redirect(url_for("studio_decisions.show", draft=draft, name=back))
    return redirect(url_for("studio_drafts.show", draft=draft))


def empty_table(name: str, title: str) -> bytes:
    """What a new table begins as, in the shape that the packages have."""
    space = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    root = etree.Element(f"{{{space}}}definitions", nsmap={None: space})
    root.attrib.update({"id": f"{name}_definitions", "name": title, "namespace": "https://alur.go.id/dmn"})

    def add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
        element = etree.SubElement(parent, f"{{{space}}}{tag}", attributes)
        element.text = text
        return element

    decision = add(root, "decision", id=name, name=title)
    table = add(decision, "decisionTable", id=f"{name}_table", hitPolicy="UNIQUE")
    asked = add(table, "input", id=f"{name}_input_1", label=_("Masukan"))
    add(add(asked, "inputExpression", id=f"{name}_input_1_expression", typeRef="string"), "text", "masukan")
    add(table, "output", id=f"{name}_output_1", label=_("Hasil"), name="hasil", typeRef="string")
    rule = add(table, "rule", id=f"{name}_rule_1")
    add(add(rule, "inputEntry", id=f"{name}_1_in_1"), "text", "-")
    add(add(rule, "outputEntry", id=f"{name}_1_out_1"), "text", '"…"')
    etree.indent(root, "  ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(etree.tostring(root, encoding="UTF-8")) + b"\n"
