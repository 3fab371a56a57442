"""Inpassing at LKPP for the agencies: registration of an Admin Instansi, formasi, participants and exam schedules."""

from web.inpassing import formasi, participants, registration, results, riwayat, schedules, tasks
from web.inpassing.area import blueprint

__all__ = ["blueprint", "formasi", "participants", "registration", "results", "riwayat", "schedules", "tasks"]
