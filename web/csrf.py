"""Tokens that prove a form came from our own page. Bound to the browser's session value, masked at each showing.

The mask makes every token look different, so that a compressed page gives nothing away about it.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from flask import session

from web.context import services

_SIZE = 32


def token() -> str:
    """A fresh mask over this browser's secret; used as a hidden field `csrf_token` or header `X-CSRF-Token`."""
    pad = secrets.token_bytes(_SIZE)
    return base64.urlsafe_b64encode(pad + _mix(pad, _secret(session.anchor()))).decode()


def valid(given: str) -> bool:
    """Was `given` shown to this browser?"""
    if session.value is None:
        return False
    try:
        raw = base64.urlsafe_b64decode(given.encode())
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 2 * _SIZE:
        return False
    return hmac.compare_digest(_mix(raw[:_SIZE], raw[_SIZE:]), _secret(session.value))


def _secret(value: str) -> bytes:
    return hmac.new(services().settings.secret_key, b"csrf:" + value.encode(), hashlib.sha256).digest()


def _mix(pad: bytes, text: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(pad, text, strict=True))
