"""Python behind service tasks, one module per subject. `register_all` is called by the composition roots."""

from engine.documents import Documents
from engine.letters.signing import Signer, passing_signer
from engine.registry import Registry
from handlers import (
    access,
    access_adoption,
    access_colleagues,
    access_facts,
    access_life,
    accounts,
    appointment,
    assessment,
    booking,
    branches,
    certificates,
    companies,
    company_facts,
    exam_choice,
    facts,
    formasi,
    imports,
    instansi,
    invitations,
    letter_tasks,
    lpse_people,
    notification,
    participants,
    periods,
    powers,
    profiles,
    proposals,
    recommendation,
    retention,
    reuse,
    satuan_kerja,
    scheduling,
    signatories,
    standard_items,
    standards,
    team_facts,
    teams,
    ujikom,
    verification,
)
from handlers.letters import Letters
from handlers.registers import SimulatedDukcapil, SimulatedOss

DEFAULT_BASE_URL = "http://127.0.0.1:8000"


def register_all(
    registry: Registry,
    *,
    base_url: str = DEFAULT_BASE_URL,
    documents: Documents | None = None,
    signer: Signer | None = None,
) -> None:
    """Put every handler and field source of this installation into `registry`.

    `base_url` begins links in mails and QR codes; letters are written into `documents`, signed by `signer`.
    """
    notices, letters = notification.Notices(base_url), Letters(documents, base_url, signer or passing_signer())
    instansi.register(registry)
    satuan_kerja.register(registry)
    exam_choice.register(registry)
    access.register(registry)
    for module in (access_adoption, access_colleagues, access_facts, access_life):
        module.register(registry)
    notification.register(registry, notices)
    accounts.register(registry, notices)
    invitations.register(registry, notices)
    for module in (formasi, proposals, participants, periods, verification, scheduling, booking, ujikom, appointment):
        module.register(registry)
    for module in (teams, assessment, reuse, signatories, team_facts):
        module.register(registry)
    lpse_people.register(registry)
    standards.register(registry)
    standard_items.register(registry, notices)
    profiles.register(registry, SimulatedDukcapil())
    companies.register(registry, SimulatedOss())
    powers.register(registry, notices)
    branches.register(registry)
    company_facts.register(registry)
    facts.register(registry)
    letter_tasks.register(registry, letters)
    certificates.register(registry, letters)
    recommendation.register(registry, letters)
    imports.register(registry)
    retention.register(registry)
