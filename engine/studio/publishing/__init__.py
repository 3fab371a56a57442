"""Publishing: a draft becomes what new cases start on, after a second person looked, at its hour, for whom it is meant.

Every act stays: who asked, who approved or refused and why, when it began, what took its place, who took it back.
"""

from engine.studio.publishing.acts import Terms, approve, call_off, refuse, stop, submit_draft, submit_version, withdraw
from engine.studio.publishing.due import start_due
from engine.studio.publishing.records import (
    acts_of,
    of_draft,
    publications_of,
    read_publication,
    running_programmes,
    waiting,
)

__all__ = [
    "Terms",
    "acts_of",
    "approve",
    "call_off",
    "of_draft",
    "publications_of",
    "read_publication",
    "refuse",
    "running_programmes",
    "start_due",
    "stop",
    "submit_draft",
    "submit_version",
    "waiting",
    "withdraw",
]
