"""What still lacks before a participant's documents can be submitted."""

from collections.abc import Mapping
from typing import Any

from engine.texts import Text
from handlers.imports.asking import Asked

COMPLETE = Text("Semua dokumen sudah ada.", "All documents are there.")
MISSING = Text("Masih kurang {count}: {names}.", "{count} still missing: {names}.")
MANY_MISSING = Text("Masih kurang {count} dokumen.", "{count} documents are still missing.")
NAMED = 4
"""More than these are counted, not named: whoever begins knows that nearly all are missing."""


def missing_documents(asked: Asked, typed: Mapping[str, Any]) -> list[Text]:
    """Labels of the documents that the form asks for and does not have."""
    faults = asked.form.validate(typed, asked.context).faults
    known = asked.context.attachments
    labels = []
    for path, field in asked.shown(typed).items():
        given = typed.get(field.key)
        # A file that was attached a moment ago is not among those the context was read with.
        if path in faults and field.kind == "document" and (not given or given in known):
            labels.append(field.label)
    return labels


def missing_words(labels: list[Text]) -> Text:
    """Those labels in a sentence."""
    if not labels:
        return COMPLETE
    if len(labels) > NAMED:
        return MANY_MISSING.filled(count=len(labels))
    names = Text("; ".join(label.id for label in labels), "; ".join(label.in_locale("en") for label in labels))
    return MISSING.filled(count=len(labels), names=names)
