"""Kinds of ledger entries, as `subject:action`. They are stored: a kind is never renamed and never reused."""

from enum import StrEnum


class Kind(StrEnum):
    """What happened. Beside each: what its `ref` and `digest` are of."""

    CASE_REGISTERED = "case:registered"
    """ref: the case's number; digest: the hash of its first event"""
    VERSION_DEPLOYED = "version:deployed"
    """ref: the version's id, which is the digest of its files; digest: of the version's row"""
    CALENDAR_PUBLISHED = "calendar:published"
    """ref: the number; digest: of everything that the version brought and revoked"""
    DOCUMENT_KEPT = "document:kept"
    """ref: the attachment's id; digest: of its row and of its file's digest, which `detail` names as `file`"""
    DOCUMENT_READ = "document:read"
    """ref: the attachment's id; digest: of the row of the reading, which `detail` names as `reading`"""
    CASE_READ = "case:read"
    LIST_EXPORTED = "list:exported"
    """ref: what the file was called"""
    DATA_UNMASKED = "data:unmasked"
    """ref: the id of the unmasking; digest: of what its row says from its beginning"""
    DATA_MASKED = "data:masked"
    """ref: the unmasking that was ended"""
    PERSON_SEARCHED = "person:searched"
    REPORT_MADE = "report:made"
    BUNDLE_EXPORTED = "bundle:exported"
    ANCHOR_MADE = "anchor:made"
    """ref: the anchor's number; digest: of its statement"""
    PROOF_RUN = "proof:run"
    PAYLOAD_DESTROYED = "payload:destroyed"
