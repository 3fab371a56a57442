"""Proofs of a draft's letters and mails: what a reader would get, with the template's sample or a real case's values.

A proof changes nothing and sends nothing. Values of a case are those it has now; a letter that the case wrote before is
shown with what was told to its template then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine import store
from engine.definitions import Definitions
from engine.expressions import EvaluationContext, names_used
from engine.forms.interpolation import expressions_in
from engine.forms.words import show_value
from engine.letters.book import letter_by_id, told
from engine.letters.errors import LetterUnknownError
from engine.letters.offices import office_of
from engine.letters.samples import sample_of, set_sample
from engine.mail.templates import Written, parse_template, write
from engine.spiff.values import decode
from engine.unit_of_work import UnitOfWork
from models import Instance, Instansi, Job, User

LETTERS, MAILS = "letters/", "mails/"
WRITES = "write_letter"
"""The handler whose orders say what a letter of a case was told."""
SAMPLE_LINK = "https://contoh.go.id/permohonan/2606-CONTOH"
ORDERS = 50
ZONE = ZoneInfo("Asia/Jakarta")

Origin = Literal["sample", "letter", "case"]


@dataclass(frozen=True)
class Known:
    """What a proof is made with: of a letter as it was written, of a case as it is, or nothing but the sample."""

    values: Mapping[str, Any]
    origin: Origin
    zone: ZoneInfo = ZONE


SAMPLE = Known({}, "sample")


def letter_proof(files: Mapping[str, bytes], name: str, known: Known, *, at: datetime) -> bytes:
    """The PDF of `letters/<name>.typ` of these files of a package. Raises LetterError."""
    letters = {PurePosixPath(path).name: body for path, body in files.items() if path.startswith(LETTERS)}
    file, values = f"{name}.typ", known.values
    if known.origin == "case":
        sample = sample_of(letters[file], file) or {}
        values = {key: value for key, value in values.items() if key in sample}
    return set_sample(letters, file, at=at.astimezone(known.zone), known=values)


def mail_proof(body: bytes, name: str, known: Known, *, now: datetime) -> dict[str, Written]:
    """The mail in both languages, by locale. Raises MailTemplateError, UnicodeDecodeError."""
    template = parse_template(name, body)
    words = {**_places(f"{template.subject.id} {template.body.id} {template.body.en}"), **known.values}
    context = EvaluationContext(now)
    return {
        locale: write(template, locale, words, context, lambda value, own: show_value(value, known.zone, own))
        for locale in ("id", "en")
    }


def _places(words: str) -> dict[str, Any]:
    """Every name that the words read, standing for itself: “[nip]” shows where a value will be."""
    found = (name for source in expressions_in(words) for name in names_used(source))
    return {name: f"[{name}]" for name in found} | {"link": SAMPLE_LINK}


def known_of_case(unit: UnitOfWork, definitions: Definitions, case: Any) -> Known:
    """What mails of a case may say now: its data, its number, its applicant, its agency."""
    specs = definitions.version(case.version_id, unit).specs
    instance = unit.session.get_one(Instance, case.id)
    data = store.load(unit, instance, specs).data()
    starter = unit.session.get(User, instance.starter_id) if instance.starter_id else None
    agency = unit.session.get(Instansi, instance.instansi_id) if instance.instansi_id else None
    facts = {
        "number": instance.number,
        "applicant": starter.name if starter else "",
        "instansi_name": agency.name if agency else "",
        "recipient": starter.name if starter else "",
        "link": SAMPLE_LINK,
    }
    return Known({**data, **facts}, "case", ZoneInfo(instance.zone))


def known_of_letter(unit: UnitOfWork, definitions: Definitions, case: Any, name: str) -> Known:
    """What the newest letter `name` of a case was told; where it wrote none, what the case knows by the same names."""
    jobs = select(Job).where(col(Job.instance_id) == case.id, col(Job.kind) == "handler", col(Job.name) == WRITES)
    newest = jobs.order_by(col(Job.created_at).desc()).limit(ORDERS)
    for job in unit.session.scalars(newest):
        inputs = decode(job.payload["inputs"].encode())
        if inputs.get("template") == name:
            values = {**(inputs.get("data") or {}), **_of_letter(unit, inputs.get("letter"))}
            return Known(values, "letter", ZoneInfo(case.zone))
    return known_of_case(unit, definitions, case)


def _of_letter(unit: UnitOfWork, given: Any) -> dict[str, Any]:
    """`letter` and `office` as its template saw them."""
    try:
        letter = letter_by_id(unit, str(given.get("id", "")) if isinstance(given, Mapping) else str(given))
    except LetterUnknownError:
        return {}
    return {"letter": told(letter, SAMPLE_LINK), "office": office_of(unit, letter.office).to_data()}
