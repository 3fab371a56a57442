"""Decision tables as an owner sees them: what a file says, where rows overlap or are missing, and which one matches."""

from engine.decisions.asking import Asked, UnreadableValueError, asked_by, names_from, value_of
from engine.decisions.coverage import Case, Coverage, Gap, Overlap, Shadow, coverage_of
from engine.decisions.dimensions import dimensions_of, example_of
from engine.decisions.domains import Domain, Domains, Stray, domains_of, stray_values
from engine.decisions.table import Column, Rule, Table, table_of

__all__ = [
    "Asked", "Case", "Column", "Coverage", "Domain", "Domains", "Gap", "Overlap", "Rule", "Shadow", "Stray", "Table",
    "UnreadableValueError", "asked_by", "coverage_of", "dimensions_of", "domains_of", "example_of", "names_from",
    "stray_values", "table_of", "value_of",
]  # fmt: skip
