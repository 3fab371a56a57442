"""Running and finished cases: the instance, its live tokens and the base document of its data."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Float, Index, text
from sqlmodel import Field, SQLModel

from models.types import Bytes, JsonText, UtcDateTime


class Instance(SQLModel, table=True):
    """A case. What the engine must lock, and what lists show without loading anything else."""

    __tablename__ = "instance"
    __table_args__ = (
        Index("ix_instance_started", "started_at", "id"),
        Index("ix_instance_ended", "ended_at", "id"),
        Index("ix_instance_starter", "starter_id", "started_at"),
        Index("ix_instance_definition", "definition_key", "status", "started_at"),
        Index("ix_instance_instansi", "instansi_id", "started_at"),
        Index("ix_instance_business_key", "definition_key", "business_key"),
        Index("ix_instance_programme", "programme_id", "definition_key", "started_at"),
    )
    id: str = Field(primary_key=True, max_length=32)
    number: str = Field(unique=True, max_length=24)
    """The case number people say to each other."""
    definition_key: str = Field(foreign_key="definition.key", max_length=80)
    version_id: str = Field(foreign_key="definition_version.id", max_length=64)
    title: str = Field(default="", max_length=300)
    business_key: str | None = Field(default=None, max_length=200)
    status: str = Field(default="active", max_length=16)
    """active | suspended | completed | cancelled"""
    outcome: str | None = Field(default=None, max_length=80)
    """Id of the end event reached last, once completed."""
    stage: str = Field(default="", max_length=300)
    """The one status line shown to the applicant, in the words of the diagram."""
    stage_element: str | None = Field(default=None, max_length=80)
    """The element whose `stage` that is, to show it in the reader's language."""
    starter_id: str | None = Field(default=None, max_length=32)
    instansi_id: str | None = Field(default=None, max_length=32)
    completers: dict = Field(default_factory=dict, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """Who completed the elements that a four-eyes rule names: element id → user ids."""
    parent_id: str | None = Field(default=None, max_length=32)
    programme_id: str | None = Field(default=None, foreign_key="programme.id", max_length=32)
    programme: dict | None = Field(default=None, sa_column=Column(JsonText))  # type: ignore[type-arg]
    """What expressions may know of it, and whose calendar counts in it: id, key, period, instansi."""
    parameters: dict | None = Field(default=None, sa_column=Column(JsonText))  # type: ignore[type-arg]
    """What the programme set otherwise than `process.toml` when the case began. Written as the engine writes values."""
    zone: str = Field(default="Asia/Jakarta", max_length=40)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = Field(sa_column=Column(BigInteger, nullable=False))
    """Optimistic lock. Its low 20 bits are random, so a rolled-back save never looks like another worker's commit."""
    meta: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """Engine state outside the tokens (workflow data, correlations, last task)."""
    base_number: int = 0
    act_count: int = 0
    event_count: int = 0
    chain_head: bytes = Field(sa_column=Column(Bytes, nullable=False))
    state_digest: bytes = Field(sa_column=Column(Bytes, nullable=False))


class Token(SQLModel, table=True):
    """One task of the live frontier. Finished tasks nothing can look at any more are not here."""

    __tablename__ = "token"
    __table_args__ = (
        Index(
            "ix_token_event",
            "event",
            "correlation",
            sqlite_where=text("event IS NOT NULL"),
            postgresql_where=text("event IS NOT NULL"),
        ),
    )
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    id: str = Field(primary_key=True, max_length=32)
    scope: str | None = Field(default=None, max_length=32)
    """Token that owns the sub-process this one runs in; None at the top."""
    parent: str | None = Field(default=None, max_length=32)
    position: float = Field(sa_column=Column(Float(53), nullable=False))
    spec: str = Field(max_length=120)
    state: int
    triggered: bool = False
    changed_at: float = Field(sa_column=Column(Float(53), nullable=False))
    internal: bytes | None = Field(default=None, sa_column=Column(Bytes))
    predicted: bytes | None = Field(default=None, sa_column=Column(Bytes))
    base: int = 0
    """1: `data` is a difference to the case's base document; 0: it is complete."""
    data: bytes = Field(sa_column=Column(Bytes, nullable=False))
    digest: bytes = Field(sa_column=Column(Bytes, nullable=False))
    """Of the whole data, so that a token nobody touched need not be read to know what the case is."""
    subprocess: bytes | None = Field(default=None, sa_column=Column(Bytes))
    """For the owner of a running sub-process: its spec name and engine state."""
    event: str | None = Field(default=None, max_length=200)
    """`message:<name>`, `signal:<name>` … this token waits for."""
    correlation: str | None = Field(default=None, max_length=64)


class InstanceData(SQLModel, table=True):
    """The base document of a case's data, against which tokens keep top-level differences."""

    __tablename__ = "instance_data"
    instance_id: str = Field(foreign_key="instance.id", primary_key=True, max_length=32)
    number: int
    body: bytes = Field(sa_column=Column(Bytes, nullable=False))


class UserTask(SQLModel, table=True):
    """What a person has to do: a row of the inbox. `id` is the token's id."""

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_assignee", "assignee_id", "state", "due_at", "id"),
        Index("ix_user_task_closed_by", "closed_by"),
        Index("ix_user_task_group", "role", "instansi_id", "state", "due_at", "id"),
        Index("ix_user_task_instance", "instance_id", "state"),
        Index(
            "ix_user_task_late",
            "instance_id",
            sqlite_where=text("closed_at > due_at"),
            postgresql_where=text("closed_at > due_at"),
        ),
    )
    id: str = Field(primary_key=True, max_length=32)
    instance_id: str = Field(foreign_key="instance.id", max_length=32)
    definition_key: str = Field(max_length=80)
    element_id: str = Field(max_length=80)
    name: str = Field(max_length=300)
    case_title: str = Field(default="", max_length=300)
    lane: str | None = Field(default=None, max_length=200)
    form: str | None = Field(default=None, max_length=80)
    role: str | None = Field(default=None, max_length=60)
    """Candidate role; None when the task belongs to one person from the start."""
    instansi_id: str | None = Field(default=None, max_length=32)
    """Only holders of the role in this instansi; None: the role in any instansi."""
    excluded: list = Field(default_factory=list, sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    """User ids that may not take it (four eyes)."""
    assignee_id: str | None = Field(default=None, max_length=32)
    state: str = Field(default="open", max_length=16)
    """open | completed | cancelled | suspended"""
    version: int = 1
    """Raised by every claim, release, assignment and completion: a stale form is recognised by it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = Field(default=None, max_length=32)


class TaskDraft(SQLModel, table=True):
    """What one person has typed in one task and not (or not successfully) submitted."""

    __tablename__ = "task_draft"
    task_id: str = Field(foreign_key="user_task.id", primary_key=True, max_length=32)
    user_id: str = Field(primary_key=True, max_length=32)
    data: dict = Field(sa_column=Column(JsonText, nullable=False))  # type: ignore[type-arg]
    saved_at: datetime = Field(sa_type=UtcDateTime)


class Deadline(SQLModel, table=True):
    """An instant something is due, why it is that instant, and whether it fired. The only thing the ticker reads."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index(
            "ix_deadline_due",
            "due_at",
            sqlite_where=text("state = 'pending' AND kind = 'timer'"),
            postgresql_where=text("state = 'pending' AND kind = 'timer'"),
        ),
        Index("ix_deadline_instance", "instance_id", "state"),
    )
    id: str = Field(primary_key=True, max_length=32)
    """The token's id for a BPMN timer; `t` + 31 digits of the task's id for the due date of a user task."""
    instance_id: str = Field(foreign_key="instance.id", max_length=32)
    token_id: str = Field(max_length=32)
    element_id: str = Field(max_length=80)
    name: str = Field(default="", max_length=300)
    kind: str = Field(max_length=16)
    """timer: fires an event of the diagram | due: the due date of a user task, shown and reminded of"""
    due_at: datetime = Field(sa_type=UtcDateTime)
    zone: str = Field(default="Asia/Jakarta", max_length=40)
    state: str = Field(default="pending", max_length=16)
    """pending | suspended (with its case) | fired | done | cancelled | failed"""
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    calendar_version: int | None = None
    explanation: dict | None = Field(default=None, sa_column=Column(JsonText))  # type: ignore[type-arg]
