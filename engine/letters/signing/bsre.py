"""Signatures by BSrE (BSSN), the certificate authority of Indonesia's government: its service, and a simulation of it.

The service takes a PDF with the NIK and the passphrase of who signs and gives the signed PDF back. There is no access
to the real one here. The simulation has its shape and says “simulasi” wherever it shows: in the reason of the
signature, in the certificate, on the public page.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

from engine.letters.errors import SigningRefusedError
from engine.letters.signing.authority import Authority
from engine.letters.signing.interface import Signatory, Signature, Signed
from engine.letters.signing.pades import sign_pdf
from engine.letters.signing.sealing import INSTALLATION, Sealed, key_of, seal_with

NOTE = "SIMULASI BSrE, bukan sertifikat BSrE"
SHORTEST = 8
"""Of a passphrase."""


@dataclass(frozen=True)
class Credentials:
    """What the service asks for. Never in process data, in a log, or in a history."""

    nik: str
    passphrase: str

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True)
class Answer:
    """What the service gives back: the signed file, and the certificate it was signed with."""

    body: bytes
    certificate: Certificate


class BsreService(Protocol):
    """The service as an HTTP client or a simulation offers it."""

    def sign_pdf(self, body: bytes, who: Signatory, given: Credentials, *, reason: str, at: datetime) -> Answer:
        """SigningRefusedError where NIK or passphrase are not accepted."""

    def seal(self, body: bytes, who: Signatory, given: Credentials) -> Sealed:
        """A signature on bytes that are no PDF."""

    def certificate(self, who: Signatory) -> Certificate:
        """Whoever signs has this one."""

    def root(self) -> Certificate:
        """Where its certificates end."""


class CredentialStore(Protocol):
    """Whose NIK and passphrase are used for a signature: an agency keeps them, not Alur."""

    def of(self, who: Signatory) -> Credentials:
        """SigningRefusedError where there are none."""


class BsreSimulation:
    """The service, simulated: it refuses as the real one does, and signs with certificates of its own."""

    name = "BSrE, BSSN (simulasi)"

    def __init__(self, folder: Path) -> None:
        self._authority = Authority(folder, self.name, NOTE)

    def sign_pdf(self, body: bytes, who: Signatory, given: Credentials, *, reason: str, at: datetime) -> Answer:
        _accept(given)
        signer = self._authority.signer_of(who)
        return Answer(sign_pdf(body, signer, name=who.name, reason=reason, at=at), signer.certificate)

    def seal(self, body: bytes, who: Signatory, given: Credentials) -> Sealed:
        _accept(given)
        return seal_with(self._authority.signer_of(who), body, issuer=self.name, service=BsreSigner.service)

    def certificate(self, who: Signatory) -> Certificate:
        return self._authority.signer_of(who).certificate

    def root(self) -> Certificate:
        return self._authority.root


def _accept(given: Credentials) -> None:
    if len(given.nik) != 16 or not given.nik.isdigit():
        raise SigningRefusedError(why="NIK")
    if len(given.passphrase) < SHORTEST:
        raise SigningRefusedError(why="passphrase")


class SimulatedCredentials:
    """Everybody has the same: a simulation has no secrets."""

    def of(self, who: Signatory) -> Credentials:  # noqa: ARG002 -- the shape of the store
        return Credentials("0000000000000000", "simulasi BSrE")


class BsreSigner:
    """Signs through the service."""

    service = "bsre-simulasi"
    issuer = BsreSimulation.name

    def __init__(self, service: BsreService, credentials: CredentialStore) -> None:
        self._bsre, self._credentials = service, credentials

    @classmethod
    def simulated(cls, folder: Path) -> "BsreSigner":
        return cls(BsreSimulation(folder / cls.service), SimulatedCredentials())

    def sign(self, body: bytes, who: Signatory, *, reason: str, at: datetime) -> Signed:
        """As the interface says; the reason tells that it is a simulation."""
        reason = f"{reason} (simulasi BSrE)"
        answer = self._bsre.sign_pdf(body, who, self._credentials.of(who), reason=reason, at=at)
        serial = f"{answer.certificate.serial_number:x}"
        signature = Signature(who.kind, who.name, who.title, reason, at, self.issuer, self.service, serial)
        return Signed(answer.body, signature)

    def seal(self, body: bytes) -> Sealed:
        """As the interface says; issuer and service tell that it is a simulation."""
        return self._bsre.seal(body, INSTALLATION, self._credentials.of(INSTALLATION))

    def key(self) -> dict[str, str]:
        """As the interface says."""
        return key_of(self._bsre.certificate(INSTALLATION))

    def roots(self) -> list[bytes]:
        return [self._bsre.root().public_bytes(Encoding.DER)]
