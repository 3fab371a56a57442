"""Checks the folder mails/: every template can be filled, is used, and tells nobody what no mail may carry."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from engine.expressions import check, read
from engine.forms.interpolation import expressions_in
from engine.gate.activities import handler_of
from engine.gate.catalogue import report
from engine.gate.diagram import Diagram, Node
from engine.gate.findings import Findings
from engine.gate.package import Package
from engine.gate.vocabulary import SPIFF
from engine.mail.templates import MailTemplate, MailTemplateError, parse_template
from engine.registry import Registry

KIND = "mail"
"""The type of a handler's input that names a template."""
MASK = "masked"

_SECRET = re.compile(
    r"(?:^|_)(nik|npwp|password|passwd|passphrase|kata_sandi|sandi|pin|otp|secret|rahasia|token)(?:_|$)", re.IGNORECASE
)


def check_mails(package: Package, diagrams: list[Diagram], registry: Registry | None) -> list[Findings]:
    """Findings about templates are answered; those about who names one go to the diagrams."""
    paths = sorted(package.of_kind(".txt"))
    named = set(_texts(diagrams))
    about = [_check(path, package.files[path]) for path in paths]
    for path, findings in zip(paths, about, strict=True):
        if path not in package.lent and diagrams and PurePosixPath(path).stem not in named:
            report(findings, "mail_unused")
    known = {PurePosixPath(path).stem for path in paths}
    for diagram in diagrams:
        for _, node in diagram.nodes():
            _check_named(diagram, node, known, registry)
    return about


def _check(path: str, body: bytes) -> Findings:
    findings = Findings(path)
    try:
        template = parse_template(PurePosixPath(path).stem, body)
    except (MailTemplateError, UnicodeDecodeError):
        report(findings, "mail_form")
        return findings
    for source in dict.fromkeys(_sources(template)):
        for fault in check(source):
            report(findings, "mail_expression", source=source, why=fault.text, cure=fault.cure)
        for name in sorted(set(_secrets(source))):
            report(findings, "mail_secret", name=name)
    return findings


def _sources(template: MailTemplate) -> Iterator[str]:
    for text in (template.subject, template.body):
        yield from expressions_in(text.id)
        yield from expressions_in(text.en)


def _secrets(source: str) -> Iterator[str]:
    """What it shows by a name that tells: a number of a person or of a firm, or a secret; masked ones are none."""
    tree = read(source).tree
    pending: list[ast.AST] = [] if tree is None else [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == MASK:
            continue
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value  # get(person, "nik")
        if name is not None and len(name) <= 60 and _SECRET.search(name):
            yield name
        pending.extend(ast.iter_child_nodes(node))


def _check_named(diagram: Diagram, node: Node, known: set[str], registry: Registry | None) -> None:
    handler = handler_of(node, registry) if node.tag == "serviceTask" else None
    operator = node.extension("serviceTaskOperator")
    if handler is None or operator is None:
        return
    names = {field.name for field in handler.inputs if field.type == KIND}
    for parameter in operator.iter(f"{SPIFF}parameter"):
        tree = read(parameter.get("value") or "").tree if parameter.get("id") in names else None
        if tree is not None and isinstance(tree, ast.Expression):
            for name in _chosen(tree.body):
                if name not in known:
                    diagram.say("mail_unknown", parameter, name=name)


def _chosen(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may give, as far as they are written in it: 'a', or 'a' if … else 'b'."""
    if isinstance(node, ast.IfExp):
        yield from _chosen(node.body)
        yield from _chosen(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _texts(diagrams: Iterable[Diagram]) -> Iterator[str]:
    """Every text that a service task is given: any of them may name a template."""
    for diagram in diagrams:
        for parameter in diagram.root.iter(f"{SPIFF}parameter"):
            tree = read(parameter.get("value") or "").tree
            if tree is not None:
                yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
