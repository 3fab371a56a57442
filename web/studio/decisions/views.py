"""The page of one decision table of a draft, what is said about it while it is edited, and its try-out."""

from typing import Any

from flask import jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.decisions import domains_of
from engine.errors import AlurError, NotFoundError
from engine.gate.coverage import read_table
from engine.gate.dmn import MAX_ROWS, read_decision
from engine.gate.findings import Findings
from engine.gate.xml import MAX_BYTES
from web.context import services
from web.i18n import locale_code
from web.security import allow
from web.studio.access import READERS
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
    if table is not None and len(table.rules) <= MAX_ROWS:
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
