"""A text in the two languages of the interface: Indonesian first, English beside it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """`en` may be empty where an owner wrote Indonesian only; then Indonesian is shown in both."""

    id: str = ""
    en: str = ""

    def in_locale(self, locale: str = "id") -> str:
        """The text for a reader of `locale` ("id" or "en", or longer tags that begin so)."""
        return self.id if locale.startswith("id") or not self.en else self.en

    def filled(self, **values: Any) -> "Text":
        """Both texts with `{name}` replaced (by a Text in its own language); values are never read as templates."""
        return Text(self._fill("id", values), self._fill("en", values))

    def _fill(self, locale: str, values: dict[str, Any]) -> str:
        template = self.id if locale == "id" else self.en
        chosen = {k: v.in_locale(locale) if isinstance(v, Text) else str(v) for k, v in values.items()}
        return template.format_map(chosen)

    def to_json(self) -> dict[str, str]:
        return {"id": self.id, "en": self.en}

    def __bool__(self) -> bool:
        return bool(self.id or self.en)


NO_TEXT = Text()
