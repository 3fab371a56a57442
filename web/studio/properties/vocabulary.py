"""The vocabulary of a draft as JSON, in the reader's language."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from engine.expressions import FUNCTIONS, LAZY
from engine.gate.letters import is_letter
from engine.gate.parts import Parts
from engine.manifest import BY_INSTANSI, Lane, Manifest
from engine.registry import Field, Handler, Registry
from engine.studio.vocabulary import Choice, Known, message_names, processes, tasks
from engine.texts import Text
from web.i18n import in_locale, zone_name
from web.studio.properties.words import lane_words, name_origin, type_word


def vocabulary_json(parts: Parts, files: Iterable[str], registry: Registry) -> dict[str, Any]:
    """All that does not depend on the element."""
    used, letters = _handlers_used(parts), _stems(files, "letters", ".typ")
    return {
        "lanes": _lanes(parts.manifest),
        "roles": _roles(parts.manifest),
        "forms": [{"id": name, "name": in_locale(form.title) or name} for name, form in sorted(parts.forms.items())],
        "decisions": [
            {"id": d.id, "name": d.id, "file": PurePosixPath(d.file).stem}
            for d in sorted(parts.decisions, key=lambda d: d.id)
        ],
        "mails": [{"id": stem, "name": stem} for stem in _stems(files, "mails", ".txt")],
        "letters": [{"id": stem, "name": stem} for stem in letters if is_letter(f"{stem}.typ")],
        "handlers": [_handler(handler, used) for handler in registry.all()],
        "processes": [_choice(choice) for choice in processes(parts)],
        "tasks": [_choice(choice) for choice in tasks(parts)],
        "messages": message_names(parts),
        "functions": [function_json(f) for f in (*LAZY.values(), *sorted(FUNCTIONS.values(), key=lambda f: f.name))],
        "zone": _zone(parts.manifest),
    }  # fmt: skip


def name_json(known: Known) -> dict[str, Any]:
    """A name, with where it comes from in words."""
    return {
        "name": known.name,
        "type": known.type,
        "type_text": type_word(known.type),
        "label": in_locale(known.label),
        "from": name_origin(known),
        "options": list(known.options),
        "when": known.when,
    }


def _lanes(manifest: Manifest | None) -> list[dict[str, Any]]:
    return [] if manifest is None else [_lane(lane, manifest) for lane in manifest.lanes.values()]


def _lane(lane: Lane, manifest: Manifest) -> dict[str, Any]:
    title = in_locale(manifest.role_title(lane.role)) if lane.role else ""
    return {"name": lane.name, "text": lane_words(lane, title), "role": lane.role, "exclude": list(lane.exclude)}


def _roles(manifest: Manifest | None) -> list[dict[str, str]]:
    roles = {} if manifest is None else manifest.roles
    return [{"id": key, "name": in_locale(title) or key} for key, title in roles.items()]


def _stems(files: Iterable[str], folder: str, suffix: str) -> list[str]:
    found = [PurePosixPath(path) for path in files]
    return sorted(path.stem for path in found if path.suffix == suffix and path.parts[0] == folder)


def _handler(handler: Handler, used: set[str]) -> dict[str, Any]:
    return {
        "id": handler.name,
        "name": in_locale(Text(handler.title_id, handler.title_en)),
        "used": handler.name in used,
        "inputs": [_field(f) for f in handler.inputs],
        "outputs": [_field(f) for f in handler.outputs],
        "errors": list(handler.errors),
    }


def _field(field: Field) -> dict[str, Any]:
    text = in_locale(Text(field.description_id, field.description_en))
    return {"name": field.name, "type": field.type, "type_text": type_word(field.type), "text": text,
            "required": field.required}  # fmt: skip


def _handlers_used(parts: Parts) -> set[str]:
    operators = (node.extension("serviceTaskOperator") for d in parts.diagrams for _, node in d.nodes())
    return {o.get("id") or "" for o in operators if o is not None}


def _choice(choice: Choice) -> dict[str, str]:
    return {"id": choice.id, "name": choice.name or choice.id, "file": choice.file}


def function_json(function: Any) -> dict[str, str]:
    return {"name": function.name, "signature": function.signature, "text": in_locale(function.text),
            "example": function.example, "gives": function.gives}  # fmt: skip


def _zone(manifest: Manifest | None) -> Mapping[str, Any]:
    """The zone that the process counts in; empty where every case has its agency's."""
    name = BY_INSTANSI if manifest is None else manifest.zone
    return {"id": "" if name == BY_INSTANSI else name, "name": "" if name == BY_INSTANSI else zone_name(name)}
