"""The expressions of a form: where they stand, and that none looks ahead.

Conditions may look at what is asked above them, never below: what a person sees cannot depend on the unseen.
"""

from collections.abc import Iterator

from engine.expressions import names_used
from engine.forms.formfaults import FormFault, problem
from engine.forms.interpolation import expressions_in
from engine.forms.model import Field, Node, Paragraph, Repeat, Section


def order_faults(nodes: tuple[Node, ...]) -> list[FormFault]:
    """A fault for each expression that uses a field asked later in the same record."""
    return list(_scope(nodes))


def names_watched(nodes: tuple[Node, ...]) -> frozenset[str]:
    """Names whose change can change what else is asked, shown or offered."""
    found: set[str] = set()
    for node in nodes:
        for _, source, _own in _expressions(node, checks=False):
            found |= names_used(source)
        if isinstance(node, Paragraph):
            for source in (*expressions_in(node.text.id), *expressions_in(node.text.en)):
                found |= names_used(source)
        elif not isinstance(node, Field):
            found |= names_watched(node.children)
    return frozenset(found)


def all_expressions(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Every source text of a form, in reading order."""
    for node in nodes:
        yield from (source for _, source, _own in _expressions(node))
        if isinstance(node, Paragraph):
            yield from (*expressions_in(node.text.id), *expressions_in(node.text.en))
        elif not isinstance(node, Field):
            yield from all_expressions(node.children)


def _scope(nodes: tuple[Node, ...]) -> Iterator[FormFault]:
    flat = list(_flat(nodes))
    names = [n.key for n in flat if not isinstance(n, Paragraph) and n.key]
    seen: set[str] = set()
    for node in flat:
        later = set(names) - seen
        yield from _faults(node, later)
        if not isinstance(node, Paragraph) and node.key:
            seen.add(node.key)
            if not isinstance(node, Field):
                yield from _scope(node.children)


def _flat(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Sections without a name lie in the record around them."""
    for node in nodes:
        yield node
        if isinstance(node, Section) and not node.key:
            yield from _flat(node.children)


def _faults(node: Node, later: set[str]) -> Iterator[FormFault]:
    where = getattr(node, "path", "") or "text"
    for attribute, source, own in _expressions(node):
        for name in sorted(names_used(source) & (later - own)):
            yield problem("later_field", where, attribute=attribute, name=name)


def _expressions(node: Node, *, checks: bool = True) -> Iterator[tuple[str, str, set[str]]]:
    """Attribute, source, and the names it may use although they are not asked before: a check sees its own field."""
    if node.hide:
        yield "conditional.hide", node.hide, set()
    if isinstance(node, (Paragraph, Section, Repeat)):
        return
    for check in node.checks if checks else ():
        yield "check", check.expression, {node.key}
    if node.options_from:
        yield "valuesExpression", node.options_from, set()
    for option in node.options:
        if option.hide:
            yield "values.hide", option.hide, set()
    for attribute in ("required_when", "earliest", "latest"):
        source = getattr(node.rules, attribute)
        if source:
            yield attribute, source, set()
