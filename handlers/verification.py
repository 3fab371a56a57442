"""Verification of a participant's documents: the check-list is kept, and what was found wanting is named."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.registry import Field, Handler, HandlerContext, Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.inpassing import enter_state, participant_of
from models import DefinitionFile


@dataclass
class Verification:
    """The handler `record_verification`. A document is called as the forms of the package call it."""

    _titles: dict[str, Mapping[str, Text]] = field(default_factory=dict)
    """By version: its files never change."""

    def record(
        self,
        context: HandlerContext,
        *,
        checklist: Mapping[str, Any],
        note: str | None = None,
        incomplete_state: str = "tidak_lengkap",
    ) -> dict[str, Any]:
        """Keep what the verifier found. Complete when every row is Ya; else the faulty ones are named with notes."""
        participant_of(context)
        faulty = [key for key, row in checklist.items() if not row.get("ok")]
        notes = {key: str(checklist[key].get("note") or "") for key in faulty}
        titles = self._titles_of(context)
        named = {key: titles.get(key, Text(key, key)) for key in faulty}
        detail = {"faulty": [{"key": k, "id": named[k].id, "en": named[k].en, "note": notes[k]} for k in faulty]}
        if faulty:
            enter_state(context, incomplete_state, note or "", detail, documents="incomplete")
        else:
            enter_state(context, "lengkap", note or "", documents="complete", verified_at=context.now)
        return {
            "documents_complete": not faulty,
            "faulty": faulty,
            "faulty_titles": [named[key].id for key in faulty],
            "notes": notes,
            "faulty_list": _lines(named, notes, "id"),
            "faulty_list_en": _lines(named, notes, "en"),
        }

    def _titles_of(self, context: HandlerContext) -> Mapping[str, Text]:
        version_id = context.version_id
        if version_id not in self._titles:
            self._titles[version_id] = _read_titles(context.unit, version_id)
        return self._titles[version_id]


def _lines(named: Mapping[str, Text], notes: Mapping[str, str], locale: str) -> str:
    """One line for each faulty document, for a mail."""
    return "\n".join(
        f"• {title.in_locale(locale)}" + (f": {notes[key]}" if notes[key] else "") for key, title in named.items()
    )


def _read_titles(unit: UnitOfWork, version_id: str) -> dict[str, Text]:
    """What the fields of all forms of a version are called, by key."""
    forms = select(DefinitionFile).where(
        col(DefinitionFile.version_id) == version_id, col(DefinitionFile.path).startswith("forms/")
    )
    found = {}
    for file in unit.session.execute(forms.order_by(col(DefinitionFile.path))).scalars():
        for component in _components(json.loads(file.body)):
            label = str(component.get("label") or "")
            if component.get("key") and label:
                english = (component.get("properties") or {}).get("label_en") or label
                found[str(component["key"])] = Text(label, str(english))
    return found


def _components(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for component in form.get("components") or ():
        yield component
        yield from _components(component)


def check_completeness(context: HandlerContext) -> dict[str, Any]:
    """Are the participant's documents found complete by now?"""
    return {"complete": participant_of(context).documents == "complete"}


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="record_verification",
            mode="inline",
            function=Verification().record,
            title_id="Catat hasil verifikasi dokumen",
            title_en="Record the verification of the documents",
            inputs=(
                Field("checklist", "record", "Daftar periksa: Ya/Tidak dan keterangan per dokumen",
                      "The check-list: yes/no and a note for each document"),
                Field("note", "text", "Catatan umum", "General note", required=False),
                Field("incomplete_state", "text", "Status bila ada yang kurang; kosong: tidak_lengkap",
                      "State when something is wanting; empty: tidak_lengkap", required=False),
            ),
            outputs=(
                Field("documents_complete", "boolean", "Lengkap?", "Complete?"),
                Field("faulty", "list", "Dokumen yang harus diunggah ulang", "Documents to upload again"),
                Field("faulty_titles", "list", "Nama dokumen itu", "What they are called"),
                Field("notes", "record", "Keterangan per dokumen", "Note for each document"),
                Field("faulty_list", "text", "Daftar untuk surat", "List for a mail"),
                Field("faulty_list_en", "text", "Daftar untuk surat, bahasa Inggris", "List for a mail, in English"),
            ),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="check_completeness",
            mode="inline",
            function=check_completeness,
            title_id="Periksa apakah dokumen sudah Lengkap",
            title_en="Are the documents complete?",
            outputs=(Field("complete", "boolean", "Lengkap?", "Complete?"),),
        )
    )
