"""Judging a refusal: a step that must not be accepted, and the reasons that must be given for it."""

from collections.abc import Iterator, Mapping, Sequence

from engine.errors import AlurError, InvalidDataError
from engine.forms import Fault
from engine.scenarios.expected import by_name, listed, text_of
from engine.scenarios.model import Expectation
from engine.scenarios.outcome import Mismatch
from engine.scenarios.words import YES
from engine.scenarios.yamltree import Scalar, Tree
from engine.texts import Text

REFUSAL = Text("penolakan", "refusal")
ACCEPTED = Text("diterima", "accepted")


def judge_refusal(expectation: Expectation, refusal: AlurError | None) -> list[Mismatch]:
    """Was the step before refused, at these fields or with these words?"""
    actual = describe(refusal) if refusal is not None else ACCEPTED
    value = expectation.value
    if refusal is None:
        return [Mismatch(expectation.line, REFUSAL, listed(name for name, _ in by_name(value)), actual)]
    if isinstance(value, Scalar):
        said = f"{actual.id} {actual.en}".casefold()
        as_expected = value.text.lower() in YES or value.text.casefold() in said
        return [] if as_expected else [Mismatch(expectation.line, REFUSAL, Text(value.text), actual)]
    faults = refusal.faults if isinstance(refusal, InvalidDataError) else {}
    return list(_field_refusals(value, faults, actual))


def _field_refusals(value: Tree, faults: Mapping[str, Sequence[Fault]], actual: Text) -> Iterator[Mismatch]:
    """Exactly these fields are refused; with words beside a field, for that reason."""
    wanted = by_name(value)
    if {name for name, _ in wanted} != set(faults):
        yield Mismatch(value.line, REFUSAL, listed(name for name, _ in wanted), actual)
        return
    for name, words in wanted:
        said = " ".join(f"{fault.message('id')} {fault.message('en')}" for fault in faults[name])
        if words is not None and text_of(words).casefold() not in said.casefold():
            yield Mismatch(words.line, REFUSAL, Text(text_of(words)), Text(said))


def describe(refusal: AlurError) -> Text:
    """A refusal in words, every field with its reasons."""
    return Text(_in_words(refusal, "id"), _in_words(refusal, "en"))


def _in_words(refusal: AlurError, locale: str) -> str:
    faults = refusal.faults if isinstance(refusal, InvalidDataError) else {}
    if not faults:
        return refusal.message(locale)
    whole = Text("formulir", "form").in_locale(locale)
    told = (f"{path or whole}: {' '.join(f.message(locale) for f in found)}" for path, found in faults.items())
    return "; ".join(told)
