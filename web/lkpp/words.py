"""How the states of the inpassing flow look on LKPP's pages; what they are called stands in web.inpassing.words."""

from typing import Literal

from web.inpassing.words import (
    booking_text,
    documents_text,
    jenjang_text,
    kind_text,
    method_text,
    outcome_text,
    schedule_state_text,
    schedule_tone,
    state_text,
    state_tone,
)

__all__ = [
    "OUTCOMES", "SCHEDULE_STATES", "booking_text", "booking_tone", "documents_text", "documents_tone", "jenjang_text",
    "kind_text", "method_text", "outcome_text", "outcome_tone", "schedule_state_text", "schedule_tone", "state_text",
    "state_tone",
]  # fmt: skip

Tone = Literal["neutral", "good", "warn", "bad", "busy"]
SCHEDULE_STATES = ("open", "closed", "held", "finished", "cancelled")
OUTCOMES = ("lulus", "tidak_lulus", "tidak_hadir")


def documents_tone(state: str) -> Tone:
    tones: dict[str, Tone] = {"waiting": "busy", "incomplete": "warn", "complete": "good"}
    return tones.get(state, "neutral")


def booking_tone(state: str) -> Tone:
    tones: dict[str, Tone] = {"booked": "busy", "done": "good", "dropped": "warn"}
    return tones.get(state, "neutral")


def outcome_tone(outcome: str | None) -> Tone:
    tones: dict[str, Tone] = {"lulus": "good", "tidak_lulus": "bad", "tidak_hadir": "bad"}
    return tones.get(outcome or "", "neutral")
