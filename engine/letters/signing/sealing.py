"""Signatures on what is no PDF (the statement of an anchor, the contents of a bundle): plain RSA, so that a few lines
of any language check them without a library."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from engine.letters.signing.interface import Signatory
from engine.letters.signing.pades import LoadedSigner

INSTALLATION = Signatory("seal", "installation", "Alur, catatan sistem")
"""Whose key it is: the installation's own."""


@dataclass(frozen=True)
class Sealed:
    """Bytes with a signature over them (RSA PKCS#1 v1.5, SHA-256), and the certificate of its key."""

    body: bytes
    signature: bytes
    certificate: bytes
    """PEM"""
    issuer: str
    service: str

    @property
    def key(self) -> dict[str, str]:
        """The public key, as whoever has no library for certificates needs it: modulus and exponent in hexadecimal."""
        return key_of(x509.load_pem_x509_certificate(self.certificate))

    def to_json(self) -> dict[str, Any]:
        """The signed file. What was signed stands in it as one text, so that nobody has to guess its bytes."""
        return {
            "statement": self.body.decode(),
            "signature": base64.b64encode(self.signature).decode(),
            "key": self.key,
            "certificate": self.certificate.decode(),
            "issuer": self.issuer,
            "service": self.service,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Sealed":
        """KeyError, TypeError or ValueError where it is no signed file."""
        signature = base64.b64decode(str(values["signature"]), validate=True)
        certificate, issuer = str(values["certificate"]).encode(), str(values["issuer"])
        return cls(str(values["statement"]).encode(), signature, certificate, issuer, str(values["service"]))

    def is_good(self) -> bool:
        """Does the signature fit, by the key of its own certificate?"""
        try:
            key = _public_key(x509.load_pem_x509_certificate(self.certificate))
            key.verify(self.signature, self.body, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True

    def is_issued_by(self, roots: list[bytes]) -> bool:
        """Was the certificate issued by one of these (DER)?"""
        for root in roots:
            try:
                x509.load_pem_x509_certificate(self.certificate).verify_directly_issued_by(
                    x509.load_der_x509_certificate(root)
                )
            except (InvalidSignature, ValueError, TypeError):
                continue
            return True
        return False


def seal_with(signer: LoadedSigner, body: bytes, *, issuer: str, service: str) -> Sealed:
    """Sign these bytes with a key that is in memory."""
    return Sealed(body, signer.sign(body), signer.certificate.public_bytes(Encoding.PEM), issuer, service)


def key_of(certificate: x509.Certificate) -> dict[str, str]:
    """Modulus and exponent of a certificate's key."""
    numbers = _public_key(certificate).public_numbers()
    return {"n": f"{numbers.n:x}", "e": f"{numbers.e:x}"}


def fingerprint(key: Mapping[str, str]) -> str:
    """What an installation publishes of its key, and what people compare."""
    return hashlib.sha256(f"{key['n']}:{key['e']}".encode()).hexdigest()


def _public_key(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError
    return key
