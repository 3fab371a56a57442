"""Time-stamps by RFC 3161: a service outside signs that these bytes existed at an instant of its own clock."""

import base64
import hashlib
import http.client
import secrets
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from engine.errors import AlurError

TIMEOUT_SECONDS = 20
LARGEST = 65_536
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class TimestampError(AlurError):
    """The time-stamping service gave no usable time-stamp: {why}"""

    indonesian = "Layanan stempel waktu tidak memberi stempel yang dapat dipakai: {why}"
    code = "timestamp"


@dataclass(frozen=True)
class Timestamp:
    """What a token says: when, and by whose certificate."""

    at: datetime
    authority: str


def ask_timestamp(url: str, body: bytes) -> bytes:
    """A token over these bytes (DER, with the certificates that it takes to check it). TimestampError otherwise."""
    nonce = secrets.randbits(64)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(body).digest()}
    asked = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    try:
        answer = tsp.TimeStampResp.load(_post(url, asked.dump()))
        status = answer["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise TimestampError(why=str(status))
        token: bytes = answer["time_stamp_token"].dump()
        given = _told(token)["nonce"].native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampError(why=type(error).__name__) from None
    if given != nonce:
        raise TimestampError(why="nonce")
    read_timestamp(token, body)
    return token


def read_timestamp(token: bytes, body: bytes) -> Timestamp:
    """What the token says of these bytes. TimestampError where it is of others, or its signature does not fit.

    Whether its authority is to be trusted is for the reader: `openssl ts -verify -CAfile …` says it.
    """
    try:
        told = _told(token)
        signed = cms.ContentInfo.load(token)["content"]
        imprint = told["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            raise TimestampError(why="hash")
        if imprint["hashed_message"].native != hashlib.sha256(body).digest():
            raise TimestampError(why="of other bytes")
        return Timestamp(told["gen_time"].native, _checked(signed))
    except (ValueError, TypeError, KeyError, IndexError, InvalidSignature) as error:
        raise TimestampError(why=type(error).__name__) from None


def _told(token: bytes) -> tsp.TSTInfo:
    return cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed


def _checked(signed: cms.SignedData) -> str:
    """The name on the certificate whose key signed; InvalidSignature where none did."""
    signer = signed["signer_infos"][0]
    attributes = {a["type"].native: a["values"][0].native for a in signer["signed_attrs"]}
    content = signed["encap_content_info"]["content"].contents
    if attributes["message_digest"] != hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest():
        raise InvalidSignature
    # What is signed is the attributes as a set, not as they are tagged inside of the envelope (RFC 5652, 5.4).
    message = b"\x31" + signer["signed_attrs"].dump()[1:]
    certificate = next(c.chosen for c in signed["certificates"] if c.chosen.serial_number == _serial(signer))
    key = x509.load_der_x509_certificate(certificate.dump()).public_key()
    hashed = _HASHES[_hash_of(signer["signature_algorithm"], signer)]
    signature = signer["signature"].native
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), hashed)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(hashed))
    else:
        raise InvalidSignature
    return str(certificate.subject.human_friendly)[:300]


def _serial(signer: cms.SignerInfo) -> int:
    return int(signer["sid"].chosen["serial_number"].native)


def _hash_of(algorithm: algos.SignedDigestAlgorithm, signer: cms.SignerInfo) -> str:
    try:
        return str(algorithm.hash_algo)
    except ValueError:  # plain "rsaEncryption": the digest's own algorithm is meant
        return str(signer["digest_algorithm"]["algorithm"].native)


def _post(url: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise TimestampError(why=parts.scheme)
    credentials, _, host = parts.netloc.rpartition("@")
    headers = {"Content-Type": QUERY, "Accept": REPLY}
    if credentials:
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(credentials).encode()).decode()
    address = parts._replace(netloc=host).geturl()
    asked = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 -- http and https alone
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 -- the same
            return bytes(answer.read(LARGEST))
    except (http.client.HTTPException, OSError) as error:
        raise TimestampError(why=type(error).__name__) from None
