"""Mail templates of a package: `mails/<name>.txt`, Indonesian first, then `--- en`, then English.

Each half is `Subjek: …` (or `Subject: …`), an empty line and the body; `{{ expression }}` is replaced by the case's
values, in the reader's language. `[words]({{ link }})` is a link with a name of its own. A first line `Jenis: kabar`
(or `wajib`, as without it) says whether the mail is only good to know. The result is plain text; the HTML beside it is
made from that text, escaped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from engine.errors import DefinitionError
from engine.expressions import EvaluationContext
from engine.forms.interpolation import interpolate
from engine.texts import Text

_KIND = re.compile(r"Jenis:[ \t]*(wajib|kabar)[ \t]*\n")
_SUBJECT = re.compile(r"(?:Subjek|Subject):[ \t]*(\S[^\n]*)\n[ \t]*\n(.*\S)", re.DOTALL)
_ENGLISH = re.compile(r"^--- en[ \t]*$", re.MULTILINE)
LINK = re.compile(r"https?://[^\s<>\"]+")
_NAMED = re.compile(r"\[([^][{}\n]+)\]\((\{\{[^{}]+\}\})\)")
_MARKS = re.compile("[\x02\x03\x04]")
_MARKED = re.compile("\x02([^\x02-\x04]*)\x03([^\x02-\x04]*)\x04")
"""A link with a name, while values are filled in: only a template can write one, never a value."""


class MailTemplateError(DefinitionError):
    """The mail "{name}" cannot be used: it needs "Subjek: …", an empty line, the words, and the same after "--- en"."""

    indonesian = "Surat “{name}” tidak dapat dipakai: perlu “Subjek: …”, satu baris kosong, isinya, dan hal yang sama setelah “--- en”."  # noqa: E501
    code = "mail_template"


@dataclass(frozen=True)
class MailTemplate:
    """A mail in both languages, places for values still open."""

    name: str
    subject: Text
    body: Text
    courtesy: bool = False
    """`Jenis: kabar`: good to know, so that a reader may have it in a digest or not at all. Else it is always sent."""


@dataclass(frozen=True)
class Written:
    """A mail for one reader."""

    subject: str
    text: str
    html: str


def parse_template(name: str, body: bytes) -> MailTemplate:
    """The template in a file's bytes, or MailTemplateError."""
    halves = _ENGLISH.split(body.decode("utf-8").replace("\r\n", "\n"))
    kind = _KIND.match(halves[0])
    indonesian = _SUBJECT.fullmatch(halves[0][kind.end() if kind else 0 :].strip())
    english = _SUBJECT.fullmatch(halves[1].strip()) if len(halves) == 2 else None
    if indonesian is None or english is None:
        raise MailTemplateError(name=name)
    subject, words = Text(indonesian[1], english[1]), Text(indonesian[2], english[2])
    return MailTemplate(name, subject, words, courtesy=kind is not None and kind[1] == "kabar")


def write(
    template: MailTemplate,
    locale: str,
    names: Mapping[str, Any],
    context: EvaluationContext,
    show: Callable[[Any, str], str],
) -> Written:
    """The template filled for a reader of `locale`. A value never brings a second line into the subject."""

    def shown(value: Any) -> str:
        return _MARKS.sub("", show(value, locale))

    def filled(words: str) -> str:
        return interpolate(_NAMED.sub("\x02\\1\x03\\2\x04", words), names, context, shown)

    body = filled(template.body.in_locale(locale)) + "\n"
    subject = " ".join(filled(template.subject.in_locale(locale)).split())
    return Written(subject[:300], _MARKED.sub(r"\1: \2", body), as_html(body, locale))


def as_html(text: str, locale: str) -> str:
    """The same words as a minimal page: paragraphs, and links that can be followed."""
    paragraphs = (f"<p>{_linked(p)}</p>" for p in text.strip().split("\n\n"))
    language = "id" if locale.startswith("id") else "en"
    return f'<!doctype html>\n<html lang="{language}"><body>\n' + "\n".join(paragraphs) + "\n</body></html>\n"


def _linked(paragraph: str) -> str:
    parts, end = [], 0
    for match in _MARKED.finditer(paragraph):
        words, url = (escape(part) for part in match.groups())
        parts += [_with_addresses(paragraph[end : match.start()]), f'<a href="{url}">{words}</a>']
        end = match.end()
    return "".join([*parts, _with_addresses(paragraph[end:])]).replace("\n", "<br>\n")


def _with_addresses(words: str) -> str:
    """Escaped, and addresses that stand in it can be followed."""
    parts, end = [], 0
    for match in LINK.finditer(words):
        url = escape(match.group().rstrip(".,;:)"))
        parts += [escape(words[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.start() + len(match.group().rstrip(".,;:)"))
    return "".join([*parts, escape(words[end:])])
