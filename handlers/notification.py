"""Notices by mail: a template of the package, filled for each person it is meant for, queued with the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engine.expressions import EvaluationContext
from engine.forms.words import show_value
from engine.mail import queue_mail
from engine.registry import Field, Handler, HandlerContext, Registry
from engine.unit_of_work import UnitOfWork
from handlers.mail_templates import MailTemplate, MailTemplateError, parse_template, write
from handlers.recipients import STARTER, Recipient, Recipients, person
from models import DefinitionFile, Instance, Instansi, User

INBOX_PAGE = "/kotak-masuk"
APPLICANT_PAGE = "/permohonan/{number}"
AGENCY_PAGE = "/inpassing/kasus/{number}"
AGENCY = "admin_instansi"
"""Holders of this role have pages of their own: participants, proposals, schedules."""


@dataclass
class Notices:
    """The handler `send_notice`. Templates are kept by version: a version's files never change."""

    base_url: str
    _templates: dict[tuple[str, str], MailTemplate] = field(default_factory=dict)
    _recipients: Recipients = field(default_factory=Recipients)

    def send(
        self,
        context: HandlerContext,
        *,
        template: str,
        to: str | Sequence[str],
        instansi: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write to everybody named: the starter, the participant, or the holders of a role (in the agency)."""
        case = _case(context, template)
        self._template(context.unit, case.version_id, template)  # a missing one is a fault though nobody is written to
        told: dict[str, tuple[str, Recipient]] = {}
        for whom in [to] if isinstance(to, str) else to:
            for reader in self._recipients.of(context, case.version_id, whom, instansi):
                told.setdefault(reader.email, (whom, reader))
        for whom, reader in told.values():
            self._queue(context, case, template, reader, {"link": self._link(case, whom, reader)})
        return {"sent_at": context.now, "recipients": len(told)}

    def _link(self, case: Instance, whom: str, reader: Recipient) -> str:
        """Empty for a participant who has no account: the mail says whom to ask instead."""
        return self.base_url + _page(case, whom) if reader.has_account else ""

    def write_to(self, context: HandlerContext, template: str, user: User, more: Mapping[str, Any]) -> None:
        """Write to one person, with `more` beside the case's data: what the case itself is not to know."""
        self._queue(context, _case(context, template), template, person(user), more)

    def _queue(
        self, context: HandlerContext, case: Instance, template: str, reader: Recipient, more: Mapping[str, Any]
    ) -> None:
        zone = ZoneInfo(case.zone)
        starter = context.unit.session.get(User, context.starter_id) if context.starter_id else None
        agency = context.unit.session.get(Instansi, context.instansi_id) if context.instansi_id else None
        facts = {
            "number": case.number,
            "applicant": starter.name if starter else "",
            "instansi_name": agency.name if agency else "",
        }
        names = {**context.data, **facts, **more, "recipient": reader.name}
        written = write(
            self._template(context.unit, case.version_id, template),
            reader.locale,
            names,
            EvaluationContext(context.now),
            lambda v, locale: show_value(v, zone, locale),
        )
        queue_mail(
            context.unit,
            recipient=reader.email,
            subject=written.subject,
            text=written.text,
            html=written.html,
            key=f"{context.idempotency_key}:{reader.key}",
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


def _case(context: HandlerContext, template: str) -> Instance:
    case = context.unit.session.get(Instance, context.instance_id)
    if case is None:
        raise MailTemplateError(name=template)
    return case


def _page(case: Instance, whom: str) -> str:
    """Where the reader finds it."""
    if whom == AGENCY:
        return AGENCY_PAGE.format(number=case.number)
    return APPLICANT_PAGE.format(number=case.number) if whom == STARTER else INBOX_PAGE


def register(registry: Registry, notices: Notices) -> None:
    registry.add(
        Handler(
            name="send_notice",
            mode="inline",
            function=notices.send,
            title_id="Kirim pemberitahuan lewat surat elektronik",
            title_en="Send a notice by mail",
            inputs=(
                Field("template", "text", "Nama berkas di folder mails", "Name of the file in the folder mails"),
                Field(
                    "to",
                    "text",
                    "“starter” (pemohon), “participant” (surel peserta pada data kasus), id sebuah akun, nama peran, "
                    "atau daftar dari itu",
                    "“starter” (the applicant), “participant” (the e-mail in the case's data), the id of an account, "
                    "a role, or a list of those",
                ),
                Field(
                    "instansi",
                    "record",
                    "Hanya pemegang peran di instansi ini; kosong: menurut lajur peran itu",
                    "Only holders in this agency; empty: as the role's lane says",
                    required=False,
                ),
            ),
            outputs=(
                Field("sent_at", "date", "Saat surat diserahkan untuk dikirim", "When it was handed over"),
                Field("recipients", "number", "Banyaknya penerima", "How many were written to"),
            ),
        )
    )
