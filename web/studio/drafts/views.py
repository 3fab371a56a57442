"""The pages of a draft itself."""

from web.security import allow
from web.studio.access import READERS
from web.studio.drafts import blueprint
from web.studio.frame import open_draft, render_draft


@blueprint.get("")
@allow(READERS)
def show(draft: str) -> str:
    """Its files by kind, what the gate says, and what comes next."""
    return render_draft("studio/draft.html", open_draft(draft))
