"""The studio: pages where a process owner changes a procedure, tries it, and publishes it."""

from web.studio import drafts, library

AREAS = (
    library,
    drafts,
)
"""Every area of the studio brings a `blueprint`; a line of its own here puts it into the application."""
