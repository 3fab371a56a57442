"""Notices by mail: a template of the package, filled for each person it is meant for, queued with the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engine.expressions import EvaluationContext
from engine.forms.words import show_value
from engine.mail import Mail, queue_mails
from engine.mail.templates import MailTemplate, MailTemplateError, parse_template, write
from engine.registry import Field, Handler, HandlerContext, Registry
from engine.unit_of_work import UnitOfWork
from handlers.recipients import STARTER, CaseFacts, Recipient, Recipients, facts_of, person
from models import DefinitionFile, User

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
            for reader in self._recipients.of(context, case, whom, instansi):
                told.setdefault(reader.email, (whom, reader))
        mails = [
            self._written(context, case, template, reader, {"link": self._link(case, whom, reader)})
            for whom, reader in told.values()
        ]
        queue_mails(context.unit, mails, context.now)
        return {"sent_at": context.now, "recipients": len(told)}

    def _link(self, case: CaseFacts, whom: str, reader: Recipient) -> str:
        """Empty for a participant who has no account: the mail says whom to ask instead."""
        return self.base_url + _page(case, whom) if reader.has_account else ""

    def write_to(self, context: HandlerContext, template: str, user: User, more: Mapping[str, Any]) -> None:
        """Write to one person, with `more` beside the case's data: what the case itself is not to know."""
        written = self._written(context, _case(context, template), template, person(user), more)
        queue_mails(context.unit, [written], context.now)

    def _written(
        self, context: HandlerContext, case: CaseFacts, template: str, reader: Recipient, more: Mapping[str, Any]
    ) -> Mail:
        zone = ZoneInfo(case.zone)
        facts = {
            "number": case.number,
            "applicant": case.starter.name if case.starter else "",
            "instansi_name": case.agency,
        }
        used = self._template(context.unit, case.version_id, template)
        written = write(
            used,
            reader.locale,
            {**context.data, **facts, **more, "recipient": reader.name},
            EvaluationContext(context.now),
            lambda v, locale: show_value(v, zone, locale),
        )
        return Mail(
            recipient=reader.email,
            subject=written.subject,
            text=written.text,
            html=written.html,
            key=f"{context.idempotency_key}:{reader.key}",
            instance_id=context.instance_id,
            template=template,
            reader=reader.reader,
            courtesy=used.courtesy,
        )

    def _template(self, unit: UnitOfWork, version_id: str, name: str) -> MailTemplate:
        key = (version_id, name)
        if key not in self._templates:
            file = unit.session.get(DefinitionFile, {"version_id": version_id, "path": f"mails/{name}.txt"})
            if file is None:
                raise MailTemplateError(name=name)
            self._templates[key] = parse_template(name, file.body)
        return self._templates[key]


def _case(context: HandlerContext, template: str) -> CaseFacts:
    case = facts_of(context)
    if case is None:
        raise MailTemplateError(name=template)
    return case


def _page(case: CaseFacts, whom: str) -> str:
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
                Field("template", "mail", "Nama berkas di folder mails", "Name of the file in the folder mails"),
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
