"""What of the tables of the record is proved and by what, and what is no part of the record and why.

Every column of these tables is in one of the two lists; a test sees to it. JSON is proved by what it means, not by its
spaces. What other tables hold (drafts, mails, lists of agencies, participants …) is what procedures work with: what
they did with it stands in the records of the cases.
"""

from collections.abc import Mapping

CHAIN = "hash of the event, chained to the case's head, which anchors and the ledger know"
STORED = "digest of the stored rows, in the newest event that moved the engine (before 0004: digest of the state)"
ENTERED = "digest in the ledger's entry"
EVENTS = "the events that tell of it"
DIAGRAM = "the element of the version, whose files are its id"

PROVED: Mapping[str, Mapping[str, str]] = {
    "instance": {
        "id": CHAIN,
        "number": f"{STORED}; the ledger registered it",
        **dict.fromkeys(
            ("definition_key", "version_id", "title", "business_key", "stage", "stage_element", "starter_id",
             "instansi_id", "completers", "programme", "parameters", "zone", "started_at", "meta", "base_number"),
            STORED,
        ),
        **dict.fromkeys(("status", "outcome", "programme_id", "ended_at"), EVENTS),
        "parent_id": "is always empty",
        **dict.fromkeys(("act_count", "event_count", "chain_head", "state_digest"), "the last events"),
    },
    "token": dict.fromkeys(
        ("instance_id", "id", "scope", "parent", "position", "spec", "state", "triggered", "changed_at", "internal",
         "predicted", "base", "data", "digest", "subprocess", "event", "correlation"),
        STORED,
    ),
    "instance_data": dict.fromkeys(("instance_id", "number", "body"), STORED),
    "user_task": {
        **dict.fromkeys(
            ("id", "instance_id", "element_id", "role", "instansi_id", "assignee_id", "state", "created_at", "due_at",
             "closed_at", "closed_by"),
            EVENTS,
        ),
        "definition_key": "the case's row",
        "case_title": "the case's row, while the task is open; --replay proves it of closed ones, too",
        **dict.fromkeys(("name", "lane", "form"), DIAGRAM),
        "excluded": f"{DIAGRAM}, and {EVENTS}",
    },
    "deadline": {
        **dict.fromkeys(
            ("id", "instance_id", "token_id", "element_id", "kind", "due_at", "zone", "state", "fired_at",
             "calendar_version"),
            EVENTS,
        ),
        "name": DIAGRAM,
    },
    "history_event": dict.fromkeys(
        ("instance_id", "seq", "act", "at", "kind", "actor_id", "on_behalf_of", "element_id", "token_id", "detail",
         "payload_digest", "state_digest", "hash"),
        CHAIN,
    ),
    "history_payload": {
        **dict.fromkeys(("instance_id", "seq", "salt", "body"), "digest in its event"),
        "destroyed_at": "an entry of the ledger names what was destroyed",
    },
    "attachment": dict.fromkeys(
        ("id", "digest", "filename", "field", "instance_id", "user_task_id", "uploaded_by", "uploaded_at", "submitted"),
        "the event of the form that names it, or the ledger where Alur wrote it",
    ),
    "document": dict.fromkeys(("digest", "kind", "size"), "the file itself, and the event that names it"),
    "document_reading": dict.fromkeys(("id", "attachment_id", "user_id", "at"), ENTERED),
    "letter_file": dict.fromkeys(("letter_id", "stage", "digest", "attachment_id"), "the document it names"),
    "definition_version": dict.fromkeys(
        ("id", "definition_key", "number", "main_process", "manifest", "deployed_at", "deployed_by", "note"), ENTERED
    ),
    "definition_file": dict.fromkeys(("version_id", "path", "body"), "the version's id is the digest of its files"),
    "calendar_version": dict.fromkeys(("number", "created_at", "created_by", "note"), ENTERED),
    "calendar_entry": dict.fromkeys(
        ("id", "day", "name", "name_en", "kind", "legal_source", "tentative", "added_in", "revoked_in"), ENTERED
    ),
    "calendar_year": dict.fromkeys(("year", "legal_source", "added_in"), ENTERED),
    "unit_week": dict.fromkeys(("instansi_id", "added_in", "weekdays"), ENTERED),
    "unit_closing_day": dict.fromkeys(
        ("id", "instansi_id", "day", "name", "name_en", "legal_source", "added_in", "revoked_in"), ENTERED
    ),
    "ledger_head": dict.fromkeys(("id", "count", "hash"), "the entries of the ledger; anchors know it"),
    "ledger_entry": dict.fromkeys(
        ("seq", "at", "kind", "instance_id", "actor_id", "ref", "digest", "detail", "hash"), "chain of the ledger"
    ),
}  # fmt: skip
"""By table and column: proved by what."""

LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "instance": {"revision": "an optimistic lock, with random bits of its own"},
    "user_task": {
        "version": "tells a page that it is out of date; each change it counts is an event or follows from one"
    },
    "deadline": {
        "attempts": "how often the ticker has tried",
        "retry_at": "when the ticker tries again",
        "explanation": "words for a date that is proved, from a calendar that is proved",
    },
    "document": {"stored_at": "when the file was first written; who gave it when stands in the attachment"},
    "letter_file": {
        "key": "what asked for it, so that it is made once",
        "signatures": "a list of what stands in the file itself",
        "written_at": "the document says when it was kept",
    },
}
"""By table and column: why it is no part of the record."""
