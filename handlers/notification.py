"""Notices by mail: a template of the package, filled for each person it is meant for, queued with the act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import false, or_, select, true
from sqlmodel import col

from engine.expressions import EvaluationContext
from engine.forms.words import show_value
from engine.mail import queue_mail
from engine.people import membership_status
from engine.registry import Field, Handler, HandlerContext, Registry
from engine.unit_of_work import UnitOfWork
from handlers.mail_templates import MailTemplate, MailTemplateError, parse_template, write
from models import DefinitionFile, Instance, Instansi, Membership, User

STARTER = "starter"
INBOX_PAGE = "/kotak-masuk"
APPLICANT_PAGE = "/permohonan/{number}"
OPEN = ("active", "ending")


@dataclass
class Notices:
    """The handler `send_notice`. Templates are kept by version: a version's files never change."""

    base_url: str
    _templates: dict[tuple[str, str], MailTemplate] = field(default_factory=dict)

    def send(
        self, context: HandlerContext, *, template: str, to: str, instansi: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Write to the starter of the case, or to everybody who holds the role `to` (in the agency) but the starter."""
        case = context.unit.session.get(Instance, context.instance_id)
        if case is None:
            raise MailTemplateError(name=template)
        starter = context.unit.session.get(User, context.starter_id) if context.starter_id else None
        readers = [starter] if to == STARTER else _holders(context, to, instansi)
        mail = self._template(context.unit, case.version_id, template)
        page = APPLICANT_PAGE.format(number=case.number) if to == STARTER else INBOX_PAGE
        facts = {"number": case.number, "applicant": starter.name if starter else "", "link": self.base_url + page}
        told = [r for r in readers if r is not None and r.state == "active"]
        for reader in told:
            self._queue(context, mail, reader, facts, ZoneInfo(case.zone))
        return {"sent_at": context.now, "recipients": len(told)}

    def _queue(
        self, context: HandlerContext, mail: MailTemplate, reader: User, facts: Mapping[str, Any], zone: ZoneInfo
    ) -> None:
        names = {**context.data, **facts, "recipient": reader.name}
        written = write(
            mail, reader.locale, names, EvaluationContext(context.now), lambda v, locale: show_value(v, zone, locale)
        )
        queue_mail(
            context.unit,
            recipient=reader.email,
            subject=written.subject,
            text=written.text,
            html=written.html,
            key=f"{context.idempotency_key}:{reader.id}",
            instance_id=context.instance_id,
            now=context.now,
        )

    def _template(self, unit: UnitOfWork, version_id: str, name: str) -> MailTemplate:
        key = (version_id, name)
        if key not in self._templates:
            file = unit.session.get(DefinitionFile, {"version_id": version_id, "path": f"mails/{name}.txt"})
            if file is None:
                raise MailTemplateError(name=name)
            self._templates[key] = parse_template(name, file.body)
        return self._templates[key]


def _holders(context: HandlerContext, role: str, instansi: Mapping[str, Any] | None) -> list[User]:
    """Who may take the task on the day it is: holders of the role, in the agency if one is given, never the starter."""
    place = str(instansi["id"]) if instansi else None
    rows = context.unit.session.execute(
        select(User, Membership, col(Instansi.zone))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .outerjoin(Instansi, col(Instansi.id) == col(Membership.instansi_id))
        .where(
            col(Membership.role) == role,
            col(Membership.state) == "active",
            or_(
                true() if place is None else false(),
                col(Membership.instansi_id).is_(None),
                col(Membership.instansi_id) == place,
            ),
            col(User.id) != (context.starter_id or ""),
        )
        .order_by(col(User.email))
    ).all()
    holding = {u.id: u for u, m, zone in rows if membership_status(m, context.now, zone or "Asia/Jakarta") in OPEN}
    return list(holding.values())


def register(registry: Registry, base_url: str) -> None:
    registry.add(
        Handler(
            name="send_notice",
            mode="inline",
            function=Notices(base_url).send,
            title_id="Kirim pemberitahuan lewat surat elektronik",
            title_en="Send a notice by mail",
            inputs=(
                Field("template", "text", "Nama berkas di folder mails", "Name of the file in the folder mails"),
                Field("to", "text", "“starter” (pemohon) atau nama peran", "“starter” (the applicant) or a role"),
                Field(
                    "instansi",
                    "record",
                    "Hanya pemegang peran di instansi ini",
                    "Only holders in this agency",
                    required=False,
                ),
            ),
            outputs=(
                Field("sent_at", "date", "Saat surat diserahkan untuk dikirim", "When it was handed over"),
                Field("recipients", "number", "Banyaknya penerima", "How many were written to"),
            ),
        )
    )
