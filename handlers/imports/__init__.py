"""What may be imported in inpassing: participants, their documents, results of the written test."""

from engine.registry import Registry
from handlers.imports import documents, exam_results, participants, submission


def register(registry: Registry) -> None:
    """Put every kind of import into `registry`, in the order of the work."""
    for module in (participants, documents, submission, exam_results):
        registry.imports.add(module.KIND)
