"""A sentence in the two languages of the interface: Indonesian first, English beside it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same sentence twice; `in_locale` picks one."""

    id: str
    en: str

    def in_locale(self, locale: str = "id") -> str:
        return self.id if locale.startswith("id") else self.en

    def to_json(self) -> dict[str, str]:
        return {"id": self.id, "en": self.en}
