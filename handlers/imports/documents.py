"""Bulk upload of documents: `NIP_jenisdokumen.pdf` finds its participant and becomes a draft of the open task."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.documents import check_document
from engine.errors import NotFoundError
from engine.forms.model import Field, Option
from engine.imports import Column, ImportContext, ImportKind, Row, RowFault, RowRefusedError
from engine.imports.intake import FILE, SIZE
from engine.imports.kinds import Values
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.imports.asking import (
    ADMIN,
    DOCUMENT_TASKS,
    Asked,
    case_number,
    instansi_scopes,
    open_tasks,
    participants_of,
    task_form,
    typed_so_far,
)
from handlers.imports.missing import missing_documents, missing_words
from models import Attachment, Participant, UserTask

KINDS = (
    Option("surat_keterangan_pengadaan", Text("Surat keterangan bertugas di bidang pengadaan paling sedikit 2 tahun",
                                              "Statement of at least 2 years in procurement")),
    Option("sk_peran_pengadaan", Text("SK peran dalam pengadaan", "Decrees of roles in procurement")),
    Option("ijazah", Text("Ijazah paling rendah S-1/D-4", "Degree, at least S-1/D-4")),
    Option("sk_pangkat", Text("SK kenaikan pangkat terakhir", "Latest decree of rank")),
    Option("sk_jabatan", Text("SK jabatan terakhir", "Latest decree of position")),
    Option("sertifikat_dasar", Text("Sertifikat dasar PBJ", "Basic procurement certificate")),
    Option("skp", Text("SKP bernilai “Baik” 2 tahun terakhir", "Performance (SKP) rated “Baik” in the last 2 years")),
    Option("surat_pernyataan", Text("Surat pernyataan", "Statement on discipline, study and unpaid leave")),
    Option("formulir", Text("Formulir penyesuaian/inpassing", "Inpassing form")),
    Option("sk_cpns", Text("SK CPNS", "CPNS decree")),
    Option("sk_pns", Text("SK PNS", "PNS decree")),
    Option("ktp", Text("KTP", "Identity card (KTP)")),
    Option("pas_foto", Text("Pas foto (JPG/JPEG)", "Photograph (JPG/JPEG)")),
    Option("surat_bersedia", Text("Surat pernyataan bersedia diangkat", "Statement of willingness to be appointed")),
)  # fmt: skip
KNOWN = frozenset(option.value for option in KINDS)
ALIASES = {"foto": "pas_foto", "pasfoto": "pas_foto", "pas_photo": "pas_foto", "sertifikat": "sertifikat_dasar",
           "suket": "surat_keterangan_pengadaan", "surat_keterangan": "surat_keterangan_pengadaan"}  # fmt: skip
_NAME = re.compile(r"\s*((?:\d[ .]?){17}\d)[ _\-.]+(.+?)\s*(?:\(\d+\))?\.([A-Za-z]+)\Z", re.ASCII)
_KIND_OF = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg"}

BAD_NAME = Text(
    "Nama berkas bukan NIP_jenisdokumen, mis. 198001012005011001_ijazah.pdf.",
    "The name is not NIP_kind, e.g. 198001012005011001_ijazah.pdf.",
)
BAD_KIND = Text("Jenis dokumen “{kind}” tidak dikenal.", "There is no kind of document “{kind}”.")
NOBODY = Text(
    "NIP {nip} bukan peserta instansi ini pada program ini.",
    "NIP {nip} is no participant of this instansi in this programme.",
)
NOT_OPEN = Text(
    "Dokumen {name} sedang tidak diminta: sudah diajukan, atau belum sampai tahap itu.",
    "No documents of {name} are asked for now: submitted already, or not at that stage yet.",
)
NOT_ASKED = Text(
    "Dokumen ini tidak perlu diunggah ulang untuk {name}.", "This document of {name} needs not be uploaded again."
)
WRONG_EXTENSION = Text("Dokumen ini hanya menerima {accepted}.", "This document takes only {accepted}.")
SMALL = Text(
    "Ukuran berkas {size} byte; paling kecil {limit} byte karena di bawah itu kemungkinan tidak terbaca.",
    "The file has {size} bytes; at least {limit} are needed, for a smaller one is probably unreadable.",
)
LARGE = Text(
    "Ukuran berkas {size} byte; paling besar {limit} byte.", "The file has {size} bytes; at most {limit} are taken."
)
TWICE = Text("Dokumen yang sama sudah ada di baris {row}.", "The same document stands in row {row} already.")
MATCHED = Text("Dipasangkan: {name}, {document}. {missing}", "Matched: {name}, {document}. {missing}")


@dataclass(frozen=True)
class Target:
    """Where a file belongs."""

    participant: Participant
    task: UserTask
    asked: Asked
    field: Field


class RefusedName(Exception):  # noqa: N818 -- it is an answer
    """The file's name says nothing that can be used; the argument is why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__()


def read_name(name: str) -> tuple[str, str, str]:
    """NIP, kind of document, and kind of file that a name tells."""
    found = _NAME.match(name)
    if found is None:
        raise RefusedName(BAD_NAME)
    kind = re.sub(r"[^a-z0-9]+", "_", found[2].lower()).strip("_")
    kind = ALIASES.get(kind, kind)
    if kind not in KNOWN:
        raise RefusedName(BAD_KIND.filled(kind=found[2][:60]))
    return re.sub(r"\D", "", found[1]), kind, _KIND_OF.get(found[3].lower(), found[3].lower())


class Finder:
    """Finds the open task and field of each file; asks once for each participant, however many files they have."""

    def __init__(self, unit: UnitOfWork, context: ImportContext, nips: set[str]) -> None:
        self._unit, self._context = unit, context
        self._people = {person.nip: person for person in participants_of(unit, context.scope, nips)}
        self._tasks = open_tasks(unit, [p.id for p in self._people.values()], DOCUMENT_TASKS)
        self._asked: dict[str, Asked] = {}

    def target(self, nip: str, kind: str) -> Target:
        """Raises RefusedName when nobody waits for it."""
        person = self._people.get(nip)
        if person is None:
            raise RefusedName(NOBODY.filled(nip=nip))
        task = self._tasks.get(person.id)
        if task is None:
            raise RefusedName(NOT_OPEN.filled(name=person.name))
        if task.id not in self._asked:
            self._asked[task.id] = task_form(self._unit, self._context, task)
        asked = self._asked[task.id]
        field = asked.shown(asked.form.initial(asked.context.data)).get(kind)
        if field is None or field.kind != "document":
            raise RefusedName(NOT_ASKED.filled(name=person.name))
        return Target(person, task, asked, field)


def check(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """Everything that a name and a size tell; what is inside is looked at when the import runs."""
    names: dict[int, tuple[str, str, str]] = {}
    found: dict[int, list[RowFault]] = {}
    for number, values in rows.items():
        try:
            names[number] = read_name(values[FILE])
        except RefusedName as refused:
            found[number] = [RowFault(FILE, refused.text)]
    finder = Finder(unit, context, {nip for nip, _kind, _file in names.values()})
    first: dict[tuple[str, str], int] = {}
    for number, (nip, kind, file) in names.items():
        try:
            text = _misfit(finder.target(nip, kind).field, file, int(rows[number][SIZE]))
        except RefusedName as refused:
            text = refused.text
        if text is None and first.setdefault((nip, kind), number) != number:
            text = TWICE.filled(row=first[nip, kind])
        if text is not None:
            found[number] = [RowFault(FILE, text)]
    return found


def _misfit(field: Field, file: str, size: int) -> Text | None:
    rules = field.rules
    if file not in rules.accept:
        return WRONG_EXTENSION.filled(accepted=", ".join(kind.upper() for kind in rules.accept))
    if size < rules.min_bytes:
        return SMALL.filled(size=size, limit=rules.min_bytes)
    return LARGE.filled(size=size, limit=rules.max_bytes) if size > rules.max_bytes else None


def apply(runner: Runner, context: ImportContext, row: Row) -> dict[str, Any]:
    """Check the file as any upload, attach it to the task, and put it into this person's draft of the task."""
    documents, incoming = context.registry.imports.documents, context.registry.imports.incoming
    if documents is None or incoming is None or context.actor.user_id is None:
        raise NotFoundError
    try:
        nip, kind, _file = read_name(row.values[FILE])
        with runner.database.read() as unit:
            target = Finder(unit, context, {nip}).target(nip, kind)
    except RefusedName as refused:
        raise RowRefusedError(why=refused.text) from None
    checked = check_document(row.values[FILE], incoming.get(row.run_id, row.number), target.field.rules)
    now = runner.clock.now()
    with runner.database.write() as unit:
        kept = (
            _kept_before(unit, target, checked.digest)
            or documents.keep(
                unit, checked, actor_id=context.actor.user_id, task_id=target.task.id, field=target.field.path, now=now
            ).id
        )
    return _drafted(runner, context, target, kept)


def _kept_before(unit: UnitOfWork, target: Target, digest: str) -> str | None:
    """The same file given for the same field before: by an attempt whose worker died, or by hand."""
    same = select(col(Attachment.id)).where(
        col(Attachment.user_task_id) == target.task.id,
        col(Attachment.field) == target.field.path,
        col(Attachment.digest) == digest,
        col(Attachment.submitted).is_(False),
    )
    return unit.connection.execute(same.limit(1)).scalar()


def _drafted(runner: Runner, context: ImportContext, target: Target, attachment_id: str) -> dict[str, Any]:
    with runner.database.read() as unit:
        asked = task_form(unit, context, target.task)
        typed = typed_so_far(unit, context, target.task, asked)
        number = case_number(unit, target.participant.id)
    typed[target.field.key] = attachment_id
    runner.save_draft(target.task.id, context.actor, typed)
    words = MATCHED.filled(
        name=target.participant.name,
        document=target.field.label,
        missing=missing_words(missing_documents(asked, typed)),
    )
    return {"text": words.to_json(), "case": number}


KIND = ImportKind(
    name="participant_documents",
    title=Text("Unggah dokumen banyak peserta", "Upload the documents of many participants"),
    description=Text(
        "Banyak berkas sekaligus, dipasangkan menurut namanya: NIP_jenisdokumen. Setelah lengkap, ajukan bersama.",
        "Many files at once, matched by their names: NIP_kind. Once complete, they are submitted together.",
    ),
    noun=Text("berkas", "files"),
    roles=(ADMIN,),
    columns=(Column(FILE, Text("Berkas", "File"), options=KINDS), Column(SIZE, Text("Ukuran (byte)", "Size (bytes)"))),
    scopes=instansi_scopes,
    check=check,
    apply=apply,
    source="files",
    follows="submit_documents",
)
