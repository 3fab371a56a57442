"""Does the title of a process's cases name people? Lists ask, where no case's data are read to look for them."""

from engine.definitions import LoadedVersion
from engine.expressions import read
from engine.expressions.paths import paths_read
from engine.privacy.concealing import Sort
from engine.privacy.fields import knowledge_of


def names_people(version: LoadedVersion) -> bool:
    """Does the expression that makes the title read anything personal?"""
    source = version.manifest.case.title
    if not source:
        return False
    knowledge = knowledge_of(version)
    return any(knowledge.sort(path) is not Sort.PLAIN for path in paths_read(read(source).tree))
