"""Who uses Alur: accounts, passwords and one-time links, signing in, and memberships with their dates."""

from engine.people.accounts import (
    EmailTakenError,
    InvalidAddressError,
    create_user,
    disable,
    enable,
    end_sessions,
    find_by_email,
    normal_email,
    search_users,
    set_password,
)
from engine.people.journal import record
from engine.people.links import LinkInvalidError, issue_link, open_link, use_link
from engine.people.login import LoginResult, authenticate, may_send_mail, may_try, may_upload
from engine.people.memberships import (
    SOON,
    SYSTEM_ROLES,
    HeldRole,
    MembershipDatesError,
    SoleHolderError,
    actor_for,
    add_membership,
    end_membership,
    expire_memberships,
    membership_status,
    memberships_of,
    status_of,
)
from engine.people.passwords import password_faults

__all__ = [
    "SOON",
    "SYSTEM_ROLES",
    "EmailTakenError",
    "HeldRole",
    "InvalidAddressError",
    "LinkInvalidError",
    "LoginResult",
    "MembershipDatesError",
    "SoleHolderError",
    "actor_for",
    "add_membership",
    "authenticate",
    "create_user",
    "disable",
    "enable",
    "end_membership",
    "end_sessions",
    "expire_memberships",
    "find_by_email",
    "issue_link",
    "may_send_mail",
    "may_try",
    "may_upload",
    "membership_status",
    "memberships_of",
    "normal_email",
    "open_link",
    "password_faults",
    "record",
    "search_users",
    "set_password",
    "status_of",
    "use_link",
]
