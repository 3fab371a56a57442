"""The audit: pages where any case is found, replayed, proved, taken along and looked at, by who may only read."""

from web.audit import anchors, bundles, find, looking, masking, proofs, replay, retention, seen, story, subjects

AREAS = (anchors, bundles, find, looking, masking, proofs, replay, retention, seen, story, subjects)
"""Every area of the audit brings a `blueprint`; a line of its own here puts it into the application."""
