"""Kinds of events, as `subject:action`. They are stored: a kind is never renamed and never reused."""

from enum import StrEnum


class Kind(StrEnum):
    """What happened. The first group are acts, the entries that a replay re-executes; the second what they led to."""

    CASE_STARTED = "case:started"
    CASE_SUSPENDED = "case:suspended"
    CASE_RESUMED = "case:resumed"
    CASE_CANCELLED = "case:cancelled"
    CASE_MIGRATED = "case:migrated"
    TASK_COMPLETED = "task:completed"
    TASK_CLAIMED = "task:claimed"
    TASK_RELEASED = "task:released"
    TASK_ASSIGNED = "task:assigned"
    MESSAGE_RECEIVED = "message:received"
    SIGNAL_RECEIVED = "signal:received"
    DEADLINE_FIRED = "deadline:fired"
    SERVICE_REPORTED = "service:reported"
    SERVICE_FAILED = "service:failed"
    TIMER_MOVED = "timer:moved"
    DEADLINE_MOVED = "deadline:moved"
    INCIDENT_RETRIED = "incident:retried"
    INCIDENT_SKIPPED = "incident:skipped"

    ELEMENT_COMPLETED = "element:completed"
    ELEMENT_CANCELLED = "element:cancelled"
    TASK_CREATED = "task:created"
    TASK_CANCELLED = "task:cancelled"
    TASK_MOVED = "task:moved"
    DEADLINE_SET = "deadline:set"
    DEADLINE_CLEARED = "deadline:cleared"
    SERVICE_REQUESTED = "service:requested"
    SERVICE_ANSWERED = "service:answered"
    MESSAGE_SENT = "message:sent"
    SIGNAL_SENT = "signal:sent"
    ESCALATION_RAISED = "escalation:raised"
    CASE_COMPLETED = "case:completed"


JOURNAL_KINDS = frozenset(
    {
        Kind.CASE_STARTED,
        Kind.CASE_SUSPENDED,
        Kind.CASE_RESUMED,
        Kind.CASE_CANCELLED,
        Kind.CASE_MIGRATED,
        Kind.TASK_COMPLETED,
        Kind.TASK_CLAIMED,
        Kind.TASK_RELEASED,
        Kind.TASK_ASSIGNED,
        Kind.MESSAGE_RECEIVED,
        Kind.SIGNAL_RECEIVED,
        Kind.DEADLINE_FIRED,
        Kind.SERVICE_REPORTED,
        Kind.SERVICE_FAILED,
        Kind.TIMER_MOVED,
        Kind.DEADLINE_MOVED,
        Kind.INCIDENT_RETRIED,
        Kind.INCIDENT_SKIPPED,
    }
)
"""Each act writes exactly one of these, as its first event; it alone carries a payload and a state digest."""
