"""What a case is besides its data: number, starter, instansi, zone, title. Everything here follows from its acts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from engine.expressions import EvaluationContext, ExpressionError, evaluate
from engine.history.chain import instant
from engine.manifest import Manifest
from engine.spiff.values import canonical, untagged

TITLE_LENGTH = 300
KEY_LENGTH = 200
ID_LENGTH = 32


@dataclass(frozen=True)
class Facts:
    """`completers`: who completed the elements that a four-eyes rule names, by element id.

    `programme` (id, key, period, instansi) and `parameters` (what it sets otherwise than the manifest, as JSON) are
    those of the case's beginning: a programme that changes later changes no case.
    """

    instance_id: str
    number: str
    definition_key: str
    version_id: str
    started_at: datetime
    starter_id: str | None
    zone: str
    instansi_id: str | None = None
    business_key: str | None = None
    title: str = ""
    stage: str = ""
    stage_element: str | None = None
    completers: Mapping[str, list[str]] = field(default_factory=dict)
    programme: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] | None = None

    @classmethod
    def of_row(cls, row: Any) -> "Facts":
        """As the case's row has them."""
        return cls(row.id, *(getattr(row, name) for name in _NAMES[1:]))

    def sealing(self, state: bytes) -> bytes:
        """The digest of all that a case is: the engine's state, and these facts with it."""
        whole = hashlib.sha256(state)
        own = {name: getattr(self, name) for name in _NAMES}
        whole.update(canonical({**own, "started_at": instant(self.started_at)}))
        return whole.digest()

    @property
    def programme_id(self) -> str | None:
        return None if self.programme is None else self.programme["id"]

    @property
    def calendar_of(self) -> str | None:
        """The instansi whose working week and closing days count: the programme's (None: nobody's), or the case's."""
        return self.instansi_id if self.programme is None else self.programme["instansi"]

    def parameter_values(self, manifest: Manifest) -> dict[str, Any]:
        """The manifest's parameters, as the programme set them when the case began."""
        return {**manifest.parameter_values(), **untagged(dict(self.parameters or {}))}

    def externals(self, manifest: Manifest) -> dict[str, Any]:
        """The read-only names `case`, `parameters` and `programme` of every expression."""
        case = {
            "id": self.instance_id,
            "number": self.number,
            "starter": self.starter_id,
            "started_at": self.started_at,
            "instansi": self.instansi_id,
        }
        programme = self.programme and {name: self.programme[name] for name in ("id", "key", "period")}
        return {"case": case, "parameters": self.parameter_values(manifest), "programme": programme}

    def after(self, manifest: Manifest, data: Mapping[str, Any], context: EvaluationContext) -> "Facts":
        """These facts once the case's data are `data`: the manifest says how a case is called and whose it is."""
        names = {**data, **self.externals(manifest)}
        title = _text(manifest.case.title, names, context, TITLE_LENGTH)
        instansi = _text(manifest.case.instansi, names, context, ID_LENGTH)
        key = _text(manifest.case.business_key, names, context, KEY_LENGTH)
        starter = self.starter_id or _text(manifest.case.starter, names, context, ID_LENGTH)
        return replace(
            self,
            starter_id=starter,
            title=title or self.title or manifest.title.id[:TITLE_LENGTH],
            instansi_id=instansi or self.instansi_id,
            business_key=key or self.business_key,
        )

    def with_completer(self, element_id: str, user_id: str | None) -> "Facts":
        """Remember that this person completed this element."""
        known = self.completers.get(element_id, [])
        if user_id is None or user_id in known:
            return self
        return replace(self, completers={**self.completers, element_id: sorted([*known, user_id])})


_NAMES = tuple(f.name for f in fields(Facts))


def _text(source: str | None, names: Mapping[str, Any], context: EvaluationContext, longest: int) -> str | None:
    """The expression as text; None while what it reads is not there yet."""
    if not source:
        return None
    try:
        value = evaluate(source, names, context)
    except ExpressionError:
        return None  # what it reads is not there yet: the case keeps what it has
    return None if value is None or value == "" else str(value)[:longest]
