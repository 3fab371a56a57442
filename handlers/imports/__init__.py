"""What may be imported: participants of inpassing, their documents and results; accesses and recaps of INAPROC."""

from engine.registry import Registry
from handlers.imports import documents, exam_results, inaproc_accounts, inaproc_totals, participants, submission


def register(registry: Registry) -> None:
    """Put every kind of import into `registry`, in the order of the work."""
    for module in (participants, documents, submission, exam_results):
        registry.imports.add(module.KIND)
    for kind in (inaproc_accounts.KIND, inaproc_totals.TOTALS, inaproc_totals.ROLE_TOTALS):
        registry.imports.add(kind)
