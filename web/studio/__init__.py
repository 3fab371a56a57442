"""The studio: pages where a process owner changes a procedure, tries it, and publishes it."""

from web.studio import (
    backtest,
    comparing,
    decisions,
    drafts,
    editor,
    forms,
    library,
    moving,
    properties,
    publishing,
    scenarios,
    settings,
    trials,
)
from web.studio.papers import letter_views, mail_views

AREAS = (
    library,
    drafts,
    settings,
    editor,
    properties,
    forms,
    decisions,
    letter_views,
    mail_views,
    trials,
    scenarios,
    comparing,
    backtest,
    moving,
    publishing,
)
"""Every area of the studio brings a `blueprint`; a line of its own here puts it into the application."""
