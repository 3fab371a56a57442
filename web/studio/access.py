"""Who may do what in the studio: owners edit; those who oversee may read."""

from web.security import role

OWNERS = role("owner")
READERS = role("owner", "auditor", "admin")
EDITORS = frozenset({"owner"})
