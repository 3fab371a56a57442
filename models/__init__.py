"""Every table, by subject. Import from here; `metadata` is what the migrations must equal."""

from sqlmodel import SQLModel

from models.calendars import CalendarEntry, CalendarVersion, CalendarYear, UnitClosingDay, UnitWeek
from models.definitions import Definition, DefinitionFile, DefinitionVersion
from models.documents import Attachment, Document, DocumentReading
from models.history import HistoryEvent, HistoryPayload
from models.instances import Deadline, Instance, InstanceData, TaskDraft, Token, UserTask
from models.jobs import Incident, Job, OutgoingMail
from models.people import AccountEvent, Instansi, LoginFailure, Membership, OneTimeLink, SatuanKerja, User, WebSession

metadata = SQLModel.metadata

__all__ = [
    "AccountEvent",
    "Attachment",
    "CalendarEntry",
    "CalendarVersion",
    "CalendarYear",
    "Deadline",
    "Definition",
    "DefinitionFile",
    "DefinitionVersion",
    "Document",
    "DocumentReading",
    "HistoryEvent",
    "HistoryPayload",
    "Incident",
    "Instance",
    "InstanceData",
    "Instansi",
    "Job",
    "LoginFailure",
    "Membership",
    "OneTimeLink",
    "OutgoingMail",
    "SatuanKerja",
    "TaskDraft",
    "Token",
    "UnitClosingDay",
    "UnitWeek",
    "User",
    "UserTask",
    "WebSession",
    "metadata",
]
