"""The form itself: its tree of fields, and the questions one asks of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.forms.model import Fault, Field, FormContext, Node, Paragraph, Shown, Validated
from engine.forms.ordering import names_watched
from engine.forms.validate import present, validate
from engine.forms.values import initial_values, review_notes
from engine.texts import NO_TEXT, Text


@dataclass(frozen=True)
class Form:
    """A form file of a package, read and checked. Shared between threads; holds no values."""

    name: str
    children: tuple[Node, ...]
    title: Text = NO_TEXT
    submit: Text = NO_TEXT
    """The word on the button (`Kirim`, `Ajukan Akses`)."""
    notes_from: str | None = None
    """Name of a review in the case's data whose notes are shown at the fields (`Perlu Perbaikan`)."""
    keeps_hidden: bool = False
    """What is hidden stays in the case as it is, instead of becoming empty (`Input Ulang Berkas`)."""

    def validate(self, submitted: Mapping[str, Any], context: FormContext) -> Validated:
        """Type and check everything at once. Never raises for what a person could send."""
        return validate(self.children, submitted, context, keeps_hidden=self.keeps_hidden)

    def present(
        self, raw: Mapping[str, Any], context: FormContext, faults: Mapping[str, list[Fault]] | None = None
    ) -> tuple[Shown, ...]:
        """The form as it is asked for what is typed so far: hidden parts left out, words filled, options found."""
        return present(self.children, raw, context, faults)

    def initial(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What to show before anybody typed: the case's values of the same names, else the form's defaults."""
        return initial_values(self.children, data)

    def notes(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What a verifier wrote about the fields of this form, by path."""
        return review_notes(self.notes_from, data)

    def fields(self) -> Iterator[Field]:
        """Every field, in reading order, those of sections and lists included."""
        yield from _fields(self.children)

    @cached_property
    def watched(self) -> frozenset[str]:
        """Names of fields whose change can change what else is asked: a page asks for the form anew after it."""
        return names_watched(self.children)

    @property
    def has_documents(self) -> bool:
        return any(f.kind == "document" for f in self.fields())

    @property
    def lists(self) -> frozenset[str]:
        """Names of the forms whose answers this one lists."""
        return frozenset(_listed(self.children))

    @property
    def sources(self) -> frozenset[str]:
        """Names of the field sources this form needs."""
        return frozenset(f.source for f in self.fields() if f.source)


def _fields(nodes: tuple[Node, ...]) -> Iterator[Field]:
    for node in nodes:
        if isinstance(node, Field):
            yield node
        elif not isinstance(node, Paragraph):
            yield from _fields(node.children)


def _listed(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Paragraph):
            if node.values_of:
                yield node.values_of
        elif not isinstance(node, Field):
            yield from _listed(node.children)
