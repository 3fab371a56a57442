"""Handlers as a story wants them: their own work, a given answer, or a given refusal, from one step to the next.

What a handler asks of the world outside (is this NIP known?) is not at hand in a scenario; a story says the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from engine.registry import BusinessError, Handler, Registry
from engine.scenarios.filling import plain
from engine.scenarios.model import Entry, Pretend
from engine.scenarios.outcome import StepError
from engine.scenarios.words import read_instant
from engine.scenarios.yamltree import Scalar
from engine.texts import Text


class PretendedRefusalError(BusinessError):
    """The handler refuses, as the story wants it: {code}"""

    indonesian = "Penangan menolak, sesuai cerita: {code}"


@dataclass
class Understudies(Registry):
    """The handlers of an installation, some of which answer as the story says. Each world has its own."""

    said: dict[str, Pretend] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Registry) -> Self:
        known = {name: handler for handler in registry.all() for name in (handler.name, *handler.aliases)}
        return cls(registry.fields, registry.imports, registry.facts, registry.chores, registry.errands, known)

    def get(self, name: str) -> Handler:
        handler = super().get(name)
        said = self.said.get(handler.name)
        return handler if said is None else replace(handler, function=_acting(handler, said), prepare=None)


def pretended(registry: Registry, told: Pretend, line: int) -> None:
    """Let the handler answer so from now on."""
    if not isinstance(registry, Understudies) or told.handler not in registry:
        known = ", ".join(handler.name for handler in registry.all())
        words = Text("tidak ada penangan “{name}”; yang ada: {known}", "no handler “{name}”; there are: {known}")
        raise StepError(line, words.filled(name=told.handler, known=known))
    handler = registry.get(told.handler)
    if told.error is not None and handler.errors and told.error not in handler.errors:
        words = Text("“{name}” tidak pernah gagal dengan “{error}”; kodenya: {known}",
                     "“{name}” never refuses with “{error}”; its codes: {known}")  # fmt: skip
        raise StepError(line, words.filled(name=handler.name, error=told.error, known=", ".join(handler.errors)))
    if told.really:
        registry.said.pop(handler.name, None)
    else:
        registry.said[handler.name] = told


def _acting(handler: Handler, said: Pretend) -> Callable[..., dict[str, Any]]:
    types = {output.name: output.type for output in handler.outputs}
    outputs = {entry.name: _value(entry, types.get(entry.name, "")) for entry in said.outputs}

    def act(_context: object, **_inputs: object) -> dict[str, Any]:
        if said.error is not None:
            raise PretendedRefusalError(said.error, code=said.error)
        return dict(outputs)

    return act


def _value(entry: Entry, kind: str) -> Any:
    """As the handler declares its output: text stays text, dates are read, else numbers and Ya/Tidak are meant."""
    tree = entry.value
    if not isinstance(tree, Scalar) or kind not in ("text", "date"):
        return plain((entry,))[entry.name]
    if kind == "text":
        return tree.text
    try:
        return read_instant(tree.text) or date.fromisoformat(tree.text)
    except ValueError:
        return None
