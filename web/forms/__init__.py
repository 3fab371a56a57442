"""Forms on pages: read from a request, drawn accessibly, validated only by `engine.forms`.

A view does: `raw = read_submission(form, request.form)`; `faults = receive_uploads(…)`; if `edited(…)` show it again;
else validate by completing the task; and shows `form_page(…)` with `{{ render_form(page) }}`.
"""

from web.forms.actions import edited
from web.forms.page import FormPage, form_page
from web.forms.reading import read_submission
from web.forms.uploads import receive_uploads
from web.forms.values import File, Reader, Value, Values, field_value, form_values

__all__ = [
    "File", "FormPage", "Reader", "Value", "Values", "edited", "field_value", "form_page", "form_values",
    "read_submission", "receive_uploads",
]  # fmt: skip
