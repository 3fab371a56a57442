"""What expressions of a form can say: names of the case by where they come from, and functions."""

from typing import Any

from flask_babel import gettext as _

from engine.expressions import FUNCTIONS, LAZY
from web.studio.drawing_board import Board
from web.studio.properties.vocabulary import function_json
from web.words.names import in_locale


def vocabulary(board: Board, name: str) -> dict[str, Any]:
    """Names that other forms and the process give, for completion; the script adds the fields above."""
    names = [
        _name(field.path, in_locale(field.label), _("formulir %(name)s", name=other.name))
        for other in board.forms().values()
        if other.name != name
        for field in other.fields()
    ]
    given = board.manifest.parameters.values() if board.manifest is not None else []
    names += [_name(f"parameters.{p.name}", in_locale(p.title), _("ketentuan proses")) for p in given]
    names.append(_name("case.number", "", _("kasus")))
    return {
        "names": list({one["name"]: one for one in names}.values()),
        "functions": [function_json(f) for f in (*LAZY.values(), *sorted(FUNCTIONS.values(), key=lambda f: f.name))],
    }


def _name(path: str, label: str, origin: str) -> dict[str, str]:
    return {"name": path, "type_text": "", "label": label, "from": origin, "when": ""}
