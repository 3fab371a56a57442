"""Every table, by subject. Import from here; `metadata` is what the migrations must equal."""

from sqlmodel import SQLModel

from models.anchors import Anchor, AnchorDelivery, AnchorLeaf
from models.backtests import BacktestCase, BacktestRun
from models.bulk import BulkRow, BulkRun
from models.calendars import CalendarEntry, CalendarVersion, CalendarYear, UnitClosingDay, UnitWeek
from models.companies import Branch, Company, Director, PersonProfile, PowerOfAttorney
from models.definitions import Definition, DefinitionFile, DefinitionVersion
from models.documents import Attachment, Document, DocumentReading
from models.drafts import Draft, DraftFile, DraftPresence, DraftSave
from models.exams import Booking, ExamResult, ExamSchedule
from models.exports import ExportRun
from models.guides import ProgrammeGuide
from models.history import HistoryEvent, HistoryPayload
from models.instances import Deadline, Instance, InstanceData, TaskDraft, Token, UserTask
from models.jobs import Incident, Job
from models.ledger import LedgerEntry, LedgerHead
from models.letters import Letter, LetterCounter, LetterEvent, LetterFile, LetterOffice
from models.looking import LookedBreak, LookedCase, PaperRule
from models.mails import MailPreference, OutgoingMail
from models.moves import MoveCase, MoveRun
from models.participants import (
    Appointment,
    Certificate,
    Formasi,
    Participant,
    ParticipantStage,
    Recommendation,
    RecommendedParticipant,
)
from models.people import AccountEvent, Instansi, LoginFailure, Membership, OneTimeLink, SatuanKerja, User, WebSession
from models.privacy import SubjectRequest, Unmasking
from models.programmes import CaseLink, Programme, ProgrammeEvent
from models.proofs import CaseProof, ProofCertificate, ProofFinding, ProofRun, ProofSchedule
from models.publications import Publication, PublicationAct
from models.recaps import AgencyRecap, RoleRecap
from models.retention import Disposal, DisposalItem, RetentionHold, RetentionRule
from models.searches import SavedSearch
from models.standards import Lpse, LpseEvent, LpseEvidence, LpseItem, LpsePhase
from models.teams import Assessment, Team, TeamMember
from models.trials import ScenarioResult, Trial

metadata = SQLModel.metadata

__all__ = [
    "AccountEvent",
    "AgencyRecap",
    "Anchor",
    "AnchorDelivery",
    "AnchorLeaf",
    "Appointment",
    "Assessment",
    "Attachment",
    "BacktestCase",
    "BacktestRun",
    "Booking",
    "Branch",
    "BulkRow",
    "BulkRun",
    "CalendarEntry",
    "CalendarVersion",
    "CalendarYear",
    "CaseLink",
    "CaseProof",
    "Certificate",
    "Company",
    "Deadline",
    "Definition",
    "DefinitionFile",
    "DefinitionVersion",
    "Director",
    "Disposal",
    "DisposalItem",
    "Document",
    "DocumentReading",
    "Draft",
    "DraftFile",
    "DraftPresence",
    "DraftSave",
    "ExamResult",
    "ExamSchedule",
    "ExportRun",
    "Formasi",
    "HistoryEvent",
    "HistoryPayload",
    "Incident",
    "Instance",
    "InstanceData",
    "Instansi",
    "Job",
    "LedgerEntry",
    "LedgerHead",
    "Letter",
    "LetterCounter",
    "LetterEvent",
    "LetterFile",
    "LetterOffice",
    "LoginFailure",
    "LookedBreak",
    "LookedCase",
    "Lpse",
    "LpseEvent",
    "LpseEvidence",
    "LpseItem",
    "LpsePhase",
    "MailPreference",
    "Membership",
    "MoveCase",
    "MoveRun",
    "OneTimeLink",
    "OutgoingMail",
    "PaperRule",
    "Participant",
    "ParticipantStage",
    "PersonProfile",
    "PowerOfAttorney",
    "Programme",
    "ProgrammeEvent",
    "ProgrammeGuide",
    "ProofCertificate",
    "ProofFinding",
    "ProofRun",
    "ProofSchedule",
    "Publication",
    "PublicationAct",
    "Recommendation",
    "RecommendedParticipant",
    "RetentionHold",
    "RetentionRule",
    "RoleRecap",
    "SatuanKerja",
    "SavedSearch",
    "ScenarioResult",
    "SubjectRequest",
    "TaskDraft",
    "Team",
    "TeamMember",
    "Token",
    "Trial",
    "UnitClosingDay",
    "UnitWeek",
    "Unmasking",
    "User",
    "UserTask",
    "WebSession",
    "metadata",
]
