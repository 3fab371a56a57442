"""Certificates for development: an authority of one's own, whose keys are made when they are first needed.

Kept in the data folder, readable by nobody else. Every certificate says that it is for development: whoever opens a
letter elsewhere sees that no recognised authority stands behind it.
"""

import hashlib
import os
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from engine.letters.signing.interface import Signatory
from engine.letters.signing.pades import Identity, LoadedSigner

KEY_SIZE = 2048
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)
"""A simulated clock stands anywhere: these do not expire in a life."""
LONGEST = 64
"""Of a name in a certificate (X.520)."""
ROOT = "root"


class Authority:
    """Issues a certificate to whoever signs for the first time. `note` stands in each: what it is not."""

    def __init__(self, folder: Path, name: str, note: str) -> None:
        self.folder, self.name, self.note = folder, name, note
        self._signers: dict[str, LoadedSigner] = {}
        self._lock = threading.Lock()

    @property
    def root(self) -> x509.Certificate:
        return self._root().certificate

    def prepare(self) -> None:
        """Make the root now, so that whoever sets up sees that it can be made."""
        self._root()

    def signer_of(self, who: Signatory) -> LoadedSigner:
        """The signer of an office or a person; always the same one."""
        name = hashlib.sha256(f"{who.kind}:{who.ident}:{who.name}".encode()).hexdigest()[:32]
        with self._lock:
            if name not in self._signers:
                self._signers[name] = LoadedSigner(self._kept(name) or self._issue(name, who))
            return self._signers[name]

    def _root(self) -> Identity:
        known = self._kept(ROOT)
        if known is not None:
            return known
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)
        subject = self._named(self.name)
        made = (
            _begun(subject, key.public_key())
            .issuer_name(subject)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        return self._keep(ROOT, Identity(key, made))

    def _issue(self, name: str, who: Signatory) -> Identity:
        root = self._root()
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
        made = (
            _begun(self._named(who.name), key.public_key())
            .issuer_name(root.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(authority, critical=False)
            .sign(root.key, hashes.SHA256())
        )
        return self._keep(name, Identity(key, made))

    def _named(self, name: str) -> x509.Name:
        parts = (
            (NameOID.COUNTRY_NAME, "ID"),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.note),
            (NameOID.COMMON_NAME, name),
        )
        return x509.Name([x509.NameAttribute(kind, value[:LONGEST]) for kind, value in parts])

    def _kept(self, name: str) -> Identity | None:
        try:
            pem = (self.folder / f"{name}.pem").read_bytes()
        except FileNotFoundError:
            return None
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            msg = f"{name}.pem holds no RSA key"
            raise TypeError(msg)
        return Identity(key, x509.load_pem_x509_certificate(pem))

    def _keep(self, name: str, identity: Identity) -> Identity:
        """Written aside, then named, unless another process was first: then its identity is the one."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = identity.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + identity.certificate.public_bytes(serialization.Encoding.PEM)
        aside = self.folder / f".{uuid.uuid4().hex}"
        with open(aside, "xb", opener=_private) as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, self.folder / f"{name}.pem")
        except FileExistsError:
            return self._kept(name) or identity
        finally:
            aside.unlink()
        return identity


def _short(value: str) -> str:
    """Whole words, as many as a certificate takes."""
    return shorten(value, LONGEST, placeholder=" …") if len(value) > LONGEST else value


def _begun(subject: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
