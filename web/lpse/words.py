"""What the states, phases and stages of the standards are called, as the source calls them."""

from flask_babel import gettext as _

PHASES = ("dasar", "menengah", "atas", "faktual")
STAGES = ("policy", "perencanaan", "pelaksanaan")
STATES = ("belum", "berjalan", "diajukan", "perlu_perbaikan", "terpenuhi")
TONES = {"belum": "neutral", "berjalan": "busy", "diajukan": "busy", "perlu_perbaikan": "warn", "terpenuhi": "good"}


def phase_text(phase: str) -> str:
    return {
        "dasar": _("Standar Dasar"),
        "menengah": _("Standar Menengah"),
        "atas": _("Standar Atas"),
        "faktual": _("Standar Faktual"),
    }.get(phase, phase)


def stage_text(stage: str) -> str:
    return {
        "policy": _("Policy"),
        "perencanaan": _("Perencanaan"),
        "pelaksanaan": _("Pelaksanaan"),
    }.get(stage, stage)


def team_text(stage: str) -> str:
    return {
        "policy": _("PIC/Tim Policy"),
        "perencanaan": _("PIC/Tim Tahap Perencanaan"),
        "pelaksanaan": _("PIC/Tim Tahap Pelaksanaan"),
    }.get(stage, stage)


def state_text(state: str) -> str:
    return {
        "belum": _("Belum"),
        "berjalan": _("Berjalan"),
        "diajukan": _("Diajukan"),
        "perlu_perbaikan": _("Perlu Perbaikan"),
        "terpenuhi": _("Terpenuhi"),
    }.get(state, state)


def tone(state: str) -> str:
    return TONES.get(state, "neutral")


def phase_state_text(state: str) -> str:
    return {
        "waiting": _("Menunggu tahap sebelumnya"),
        "open": _("Terbuka"),
        "done": _("Terpenuhi"),
    }.get(state, state)


def phase_tone(state: str) -> str:
    return {"open": "busy", "done": "good"}.get(state, "neutral")


def standard_text(number: int, title: str) -> str:
    """Standar 1: Kebijakan Layanan"""
    return _("Standar %(number)s: %(title)s", number=number, title=title)
