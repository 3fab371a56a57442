"""What a form looks at and does not ask: the case has to know it before the form is shown."""

from typing import Any

from engine.expressions import READ_ONLY, read
from engine.expressions.paths import leaves, paths_read
from engine.forms.form import Form
from engine.forms.model import Field, Node, Paragraph
from engine.forms.ordering import all_expressions


def names_wanted(form: Form) -> list[str]:
    """Names, and fields of records, in the order in which conditions and words read them."""
    own = {node.key for node in _named(form.children) if node.key}
    found = [path for source in all_expressions(form.children) for path in paths_read(read(source).tree)]
    return leaves([path for path in found if path.partition(".")[0] not in own | READ_ONLY])


def _named(nodes: tuple[Node, ...]) -> list[Any]:
    """Everything that has a name, at whatever depth."""
    found = []
    for node in nodes:
        if not isinstance(node, Paragraph):
            found.append(node)
            if not isinstance(node, Field):
                found += _named(node.children)
    return found
