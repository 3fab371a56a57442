"""Forms: read from form-js files, validated on the server from the same file that is rendered."""

from engine.forms.form import Form
from engine.forms.formfaults import FormFault
from engine.forms.model import (
    AttachedFile,
    Check,
    Fault,
    Field,
    FormContext,
    Node,
    Option,
    Paragraph,
    Repeat,
    Rules,
    Section,
    Validated,
)
from engine.forms.parse import FormFileError, ReadForm, parse_form, read_form
from engine.forms.sources import FieldLookups, FieldSource, FieldSources

__all__ = [
    "AttachedFile", "Check", "Fault", "Field", "FieldLookups", "FieldSource", "FieldSources", "Form", "FormContext",
    "FormFault", "FormFileError", "Node", "Option", "Paragraph", "ReadForm", "Repeat", "Rules", "Section", "Validated",
    "parse_form", "read_form",
]  # fmt: skip
