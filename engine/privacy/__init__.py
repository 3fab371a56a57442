"""Personal data: what of it a reader is shown, why they were shown more, and who saw what."""

from engine.privacy.concealing import Sort, conceal, is_concealed
from engine.privacy.fields import NO_KNOWLEDGE, Knowledge, knowledge_of
from engine.privacy.levels import masking_for, masking_of_lists, standing_level
from engine.privacy.masking import OPEN, Level, Masking
from engine.privacy.people import People, people_of
from engine.privacy.titles import names_people

__all__ = [
    "NO_KNOWLEDGE",
    "OPEN",
    "Knowledge",
    "Level",
    "Masking",
    "People",
    "Sort",
    "conceal",
    "is_concealed",
    "knowledge_of",
    "masking_for",
    "masking_of_lists",
    "names_people",
    "people_of",
    "standing_level",
]
