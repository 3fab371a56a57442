"""Reads foreign XML without believing it: UTF-8 only, no DTD, no entity, nothing fetched, bounded in every way."""

import re
from typing import Any

from lxml import etree

from engine.gate.catalogue import report
from engine.gate.findings import Findings, quoted

MAX_BYTES = 1_048_576
MAX_ELEMENTS = 10_000
MAX_DEPTH = 60
MAX_ATTRIBUTES = 60

_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ENCODING = re.compile(r"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,60})")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_xml(body: bytes, findings: Findings) -> Any | None:
    """The root element, or None and a finding that says why not."""
    text = _decoded(body, findings)
    if text is None or _has_doctype(text, findings):
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        report(findings, "xml", line=getattr(error, "lineno", None), why=error)
        return None
    return None if _too_much(root, findings) else root


def _decoded(body: bytes, findings: Findings) -> str | None:
    if len(body) > MAX_BYTES:
        report(findings, "too_large")
        return None
    if not body.strip():
        report(findings, "empty")
        return None
    if body.startswith(_BOMS) or b"\x00" in body[:200]:
        report(findings, "encoding", found="UTF-16/UTF-32")
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report(findings, "encoding", found=f"byte {error.start + 1}")
        return None
    declared = _ENCODING.match(text)
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        report(findings, "encoding", line=1, found=quoted(declared[1]))
        return None
    return text


def _has_doctype(text: str, findings: Findings) -> bool:
    """A DTD, and with it every entity, can only stand before the root element."""
    position = 0
    while skipped := _PROLOG.match(text, position):
        position = skipped.end()
    rest = text[position:].lstrip()
    if not rest.startswith("<!") or rest.startswith("<!--"):
        return False
    report(findings, "doctype", "DOCTYPE", text.count("\n", 0, len(text) - len(rest)) + 1)
    return True


def _too_much(root: Any, findings: Findings) -> bool:
    if root.getroottree().docinfo.internalDTD is not None:
        report(findings, "doctype", "DOCTYPE")
        return True
    depth, count = 0, 0
    for event, node in etree.iterwalk(root, events=("start", "end", "pi")):
        if event == "pi":
            report(findings, "instruction", line=node.sourceline, found=node.target)
            return True
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS or len(node.attrib) > MAX_ATTRIBUTES:
            report(findings, "too_many", line=node.sourceline)
            return True
    return False
