"""Mails as they were written, what became of each, and how people want to have what is only good to know."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.types import UtcDateTime

WAITING = sql("delivery = 'digest' AND digest_id IS NULL")


class OutgoingMail(SQLModel, table=True):
    """A mail as it was or will be sent. With the spool transport the demo's mailbox page shows these rows."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_recipient", "recipient", "created_at"),
        Index("ix_outgoing_mail_instance", "instance_id", "created_at"),
        Index("ix_outgoing_mail_waiting", "reader", sqlite_where=WAITING, postgresql_where=WAITING),
    )
    id: str = Field(primary_key=True, max_length=32)
    idempotency_key: str = Field(unique=True, max_length=120)
    instance_id: str | None = Field(default=None, max_length=32)
    recipient: str = Field(max_length=320)
    subject: str = Field(max_length=300)
    text: str
    html: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str | None = Field(default=None, max_length=1000)
    template: str | None = Field(default=None, max_length=80)
    """The file in the package's folder mails."""
    reader: str | None = Field(default=None, max_length=320)
    """Whose wishes about mail count: the account's id, or the address of somebody without one."""
    courtesy: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    """Only good to know: the reader may have it in a digest, or not at all."""
    delivery: str = Field(default="now", max_length=8, sa_column_kwargs={"server_default": "now"})
    """now | digest | never"""
    digest_id: str | None = Field(default=None, max_length=32)
    """The digest that it went with."""
    bounced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    bounce: str | None = Field(default=None, max_length=300)
    """What the other side's mail server answered."""
    resent_from: str | None = Field(default=None, max_length=32)
    """The mail that this one repeats."""
    resent_by: str | None = Field(default=None, max_length=32)


class MailPreference(SQLModel, table=True):
    """How somebody wants mails that are only good to know. What the law requires is always sent."""

    __tablename__ = "mail_preference"
    reader: str = Field(primary_key=True, max_length=320)
    """The account's id, or an address without account."""
    courtesy: str = Field(max_length=8)
    """now | digest | never"""
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = Field(max_length=8)
    """self (signed in) | link (the one in a mail)"""
