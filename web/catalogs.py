"""For developers: `python -m web.catalogs [AREA…]` finds messages without a translation and notes them in the
catalogue of their area (`translations/en/<area>.po`), where an empty line waits for the words."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from web.i18n import FOLDER, LOCALES, catalogue

WEB = Path(__file__).parent
METHODS = [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
OPTIONS = {
    "jinja2": {
        "trimmed": "false",
        "silent": "false",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}

Message = str | tuple[str, ...]


def messages() -> Iterator[tuple[Message, str, int]]:
    """Every message of the interface, with the file (below web/) and line that says it."""
    options = {pattern: OPTIONS.get(method, {}) for pattern, method in METHODS}
    found = extract_from_dir(str(WEB), method_map=METHODS, options_map=options, keywords=KEYWORDS)
    for filename, line, message, _comments, _context in found:
        yield message, filename, line


def area_of(filename: str) -> str:
    """`inbox` for templates/inbox/… and inbox/…, `shell` for what belongs to none."""
    parts = Path(filename).parts
    parts = parts[1:] if parts[0] == "templates" else parts
    return parts[0] if len(parts) > 1 else "shell"


def untranslated(locale: str) -> dict[str, dict[Message, str]]:
    """By area, the messages that `locale` lacks, each with the place that says it."""
    translations = catalogue(locale)
    missing: dict[str, dict[Message, str]] = defaultdict(dict)
    for message, filename, line in messages():
        if not _translated(translations, message):
            missing[area_of(filename)][message] = f"{filename}:{line}"
    return missing


def _translated(translations: object, message: Message) -> bool:
    known = getattr(translations, "_catalog", {})
    if isinstance(message, tuple):
        return bool(known.get((message[0], 0)) and known.get((message[0], 1)))
    return bool(known.get(message))


def note_missing(locale: str, areas: list[str]) -> int:
    """Write the missing messages of these areas (all, if none is named) down; returns how many there are."""
    count = 0
    for area, missing in untranslated(locale).items():
        if areas and area not in areas:
            continue
        path = FOLDER / locale / f"{area}.po"
        catalog = Catalog(locale=locale, domain=area)
        if path.exists():
            with path.open("rb") as source:
                catalog = read_po(source, locale=locale)
        for message in missing:
            catalog.add(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, catalog, omit_header=True, width=110, no_location=True)
        count += len(missing)
    return count


if __name__ == "__main__":
    total = sum(note_missing(locale, sys.argv[1:]) for locale in LOCALES if locale != "id")
    sys.stdout.write(f"{total} messages wait for a translation\n")
