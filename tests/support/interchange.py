"""Diagrams of other tools, and what is in a file however it is written."""

import os
from collections import Counter
from pathlib import Path

from lxml import etree

from engine.studio.encoding import in_utf8

FOLDER = Path(__file__).resolve().parents[1] / "interchange"


def interchange_files() -> list[Path]:
    """Those in the repository, and a checkout of the whole public suite where one is named."""
    elsewhere = os.environ.get("ALUR_INTERCHANGE")
    return sorted([*FOLDER.glob("*.bpmn"), *(Path(elsewhere).glob("*.bpmn") if elsewhere else ())])


def read(file: Path) -> bytes:
    """As an upload brings it into a draft."""
    return in_utf8(file.read_bytes())


def contents(text: bytes) -> Counter[tuple[object, ...]]:
    """Every element with its parent's name, attributes and words, every comment: in any order and any spelling."""
    found: Counter[tuple[object, ...]] = Counter()
    for node in etree.fromstring(text).getroottree().iter():
        if not isinstance(node.tag, str):
            found[("note", node.text)] += 1
            continue
        parent = node.getparent()
        attributes = tuple(sorted((name, _plain(value)) for name, value in node.attrib.items()))
        words = " ".join("".join([node.text or "", *(child.tail or "" for child in node)]).split())
        found[(None if parent is None else parent.tag, node.tag, attributes, words)] += 1
    return found


def _plain(value: str) -> str:
    """`30.0` is `30`."""
    try:
        return str(float(value))
    except ValueError:
        return value
