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
    CASE_READ = "case:read"
    DATA_UNMASKED = "data:unmasked"
    PERSON_SEARCHED = "person:searched"
    REPORT_MADE = "report:made"
    BUNDLE_EXPORTED = "bundle:exported"
    ANCHOR_MADE = "anchor:made"
    """ref: the anchor's number; digest: of its statement"""
    PROOF_RUN = "proof:run"
    PAYLOAD_DESTROYED = "payload:destroyed"
