"""What the previews of a draft share: its manifest, its other forms, and a case made up to show them with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from calendars.zones import DEFAULT_ZONE
from engine.calendar import load_calendar
from engine.expressions import EvaluationContext
from engine.forms import Form, read_form
from engine.gate.toml import read_manifest
from engine.manifest import BY_INSTANSI, FILE, Manifest
from engine.studio.drafts import DraftView
from engine.unit_of_work import UnitOfWork
from web.context import services


@dataclass(frozen=True)
class Board:
    """A draft, looked at now."""

    view: DraftView
    manifest: Manifest | None
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        known = self.manifest.zone if self.manifest is not None else BY_INSTANSI
        return ZoneInfo(DEFAULT_ZONE if known == BY_INSTANSI else known)

    @property
    def parameters(self) -> dict[str, Any]:
        return self.manifest.parameter_values() if self.manifest is not None else {}

    def externals(self) -> dict[str, Any]:
        """What every expression may read, as in the first case of this process."""
        case = {"id": "contoh", "number": f"{self.view.key}-1", "starter": "", "started_at": self.now, "instansi": None}
        return {"case": case, "parameters": self.parameters, "programme": None}

    def evaluation(self, unit: UnitOfWork) -> EvaluationContext:
        calendar = load_calendar(unit, None, self.zone.key, now=self.now)
        return EvaluationContext(now=self.now, calendar=calendar)

    def forms(self) -> dict[str, Form]:
        """The forms that can be read, by name."""
        sources = services().registry.fields.names()
        found: dict[str, Form] = {}
        for path, body in self.view.bodies.items():
            if path.startswith("forms/") and path.endswith(".json"):
                form = _form(body, PurePosixPath(path).stem, sources)
                if form is not None:
                    found[form.name] = form
        return found


def board_of(view: DraftView) -> Board:
    """The draft as it is now; without a manifest that can be read there are no parameters."""
    body = view.files[FILE].body if FILE in view.files else None
    return Board(view, _manifest(body, view.key), services().clock.now())


@lru_cache(maxsize=64)
def _manifest(body: bytes | None, key: str) -> Manifest | None:
    return read_manifest(body, key)[0]


@lru_cache(maxsize=512)
def _form(body: bytes, name: str, sources: frozenset[str]) -> Form | None:
    return read_form(body, name, sources).form


def names_of(view: DraftView, folder: str, suffix: str) -> list[str]:
    """The files of a kind, by the names people know them by."""
    return [
        path.removeprefix(folder).removesuffix(suffix)
        for path in view.files
        if path.startswith(folder) and path.endswith(suffix)
    ]


def known_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only such names as data can have, so that nothing typed stands in for `case` or `parameters`."""
    return {k: v for k, v in values.items() if k.partition(".")[0] not in ("case", "parameters", "programme")}
